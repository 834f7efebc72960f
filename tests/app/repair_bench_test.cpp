// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The repair bench on a tiny input of its own: the summary's keys, folds, acceptance, resuming, refusals.
#include "app/repair_bench.h"

#include <gtest/gtest.h>

#include "app/repair_baseline.h"
#include "support/support.h"

namespace autodev::app {
namespace {

using test::TemporaryFolder;
using test::value_of;

base::Json task(const std::string& problem, const std::string& name) {
  const std::string head = "#include <stdio.h>\nint main() { int " + name + ", s = 0; scanf(\"%d\", &" + name + "); ";
  const auto body = [&](const std::string& op) { return head + "while (" + name + op + "0) { s += " + name + "; " + name + "--; } printf(\"%d\\n\", s); return 0; }\n"; };
  return {{"id", problem + "-1"}, {"problem", problem}, {"buggy", body(" >= 2 + ")}, {"fixed", body(" > ")}, {"verdict", "WRONG_ANSWER"},
          {"tests", base::Json::array({{{"k", "neg1"}, {"i", "3\n"}, {"o", "6\n"}}, {{"k", "pos1"}, {"i", "0\n"}, {"o", "0\n"}}})},
          {"heldout", base::Json::array({{{"i", "1\n"}, {"o", "1\n"}}, {{"i", "5\n"}, {"o", "15\n"}}})}};
}

std::string lines_of(const std::vector<base::Json>& tasks) {
  std::string text;
  for (const auto& json : tasks) text += base::dump_json(json) + "\n";
  return text;
}

class RepairBenchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = apply::Sandbox::open(base::real_env(), {});
    if (!opened) GTEST_SKIP() << opened.error().message;
    sandbox_ = std::move(opened).value();
  }
  std::unique_ptr<apply::Sandbox> sandbox_;
};

TEST_F(RepairBenchTest, RepairsJudgesAndSummarises) {
  RepairBenchOptions options;
  options.seconds = 60;
  options.threshold = 0;
  TemporaryFolder folder;
  options.resume_file = folder.file("done.jsonl");
  const auto train = lines_of({task("a", "n"), task("b", "count")});
  const auto test = lines_of({task("c", "k")});
  const auto result = value_of(bench_repair(base::real_env(), *sandbox_, train, test, options));
  EXPECT_EQ(result.summary["bench"], "repair");
  EXPECT_EQ(result.summary["tasks"], 1);
  EXPECT_EQ(result.summary["accepted"], 1);
  EXPECT_EQ(result.summary["right"], 1);
  EXPECT_EQ(result.summary["wrong"], 0);
  EXPECT_GT(result.summary["median_s"], 0);
  EXPECT_LT(result.summary["max_s"], 40);
  options.threshold = 1;  // nothing is that sure; finished tasks are not run again
  const auto again = value_of(bench_repair(base::real_env(), *sandbox_, train, test, options));
  EXPECT_EQ(again.summary["accepted"], 0);
  EXPECT_EQ(again.summary["at_threshold_0"]["right"], 1);
  EXPECT_EQ(again.summary["median_s"], result.summary["median_s"]);
}

TEST_F(RepairBenchTest, ProblemsOfTheTestTeachNothing) {
  RepairBenchOptions options;
  options.rank_only = true;
  const auto result = value_of(bench_repair(base::real_env(), *sandbox_, lines_of({task("a", "n"), task("c", "m")}), lines_of({task("c", "k")}), options));
  EXPECT_EQ(result.summary["learned"]["fixes"], 1);
}

TEST_F(RepairBenchTest, RefusesWhatIsNoTask) {
  const RepairBenchOptions options;
  EXPECT_FALSE(bench_repair(base::real_env(), *sandbox_, "{\"problem\": \"a\"}\n", "{}\n", options));
  EXPECT_FALSE(bench_repair(base::real_env(), *sandbox_, "", "", options));
  auto wrong = task("a", "n");
  wrong["tests"] = base::Json::array({7});
  EXPECT_FALSE(bench_repair(base::real_env(), *sandbox_, lines_of({wrong}), lines_of({wrong}), options));
}

TEST(RepairNeighbours, ApplyTheNearestEditWhereItsTextStands) {
  const RepairNeighbours neighbours({{Language::c, "int a; a = b < c;", "int a; a = b <= c;", {}}, {Language::c, "puts(\"x\");", "puts(\"y\");", {}}});
  EXPECT_EQ(neighbours.repaired("int a, z; a = b < c; z = 0;"), "int a, z; a = b <= c; z = 0;");
  EXPECT_EQ(neighbours.repaired("int unlike;"), "");
}

}  // namespace
}  // namespace autodev::app
