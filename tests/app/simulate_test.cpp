// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The whole loop on small streams written for the purpose, with real programs in the real sandbox.
#include "app/simulate.h"

#include <gtest/gtest.h>

#include "apply/sandbox.h"
#include "apply/toolchain.h"
#include "report/prequential_text.h"
#include "support/support.h"

namespace autodev::app {
namespace {

using apply::Task;
using test::value_of;

class Simulate : public testing::Test {
 protected:
  void SetUp() override {
    if (auto sandbox = apply::Sandbox::open(base::real_env(), {}); !sandbox) GTEST_SKIP() << sandbox.error().message;
    if (auto python = apply::find_toolchain(base::real_env(), Language::python); !python)
      GTEST_SKIP() << python.error().message;
  }
};

Task task(const std::string& id, const std::string& spec, const std::string& signature, const std::string& body,
          const std::string& tests, const std::string& hidden) {
  Task t;
  t.visible.id = id;
  t.visible.stream = "family";
  t.visible.stratum = "R";
  t.visible.spec = spec;
  t.visible.language = Language::python;
  t.visible.signature = signature;
  t.visible.tests = tests;
  t.reference = signature + "\n" + body;
  t.hidden_tests = hidden;
  return t;
}

/// `count` settings readers: one family, every member a substitution away from the others.
std::vector<Task> family(int count) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i) {
    const std::string key = std::string("KEY") + static_cast<char>('A' + i / 26) + static_cast<char>('A' + i % 26);
    const std::string number = std::to_string(i + 3);
    const std::string name = "get_" + key;
    tasks.push_back(task(key, "Read " + key + " from the settings as an int, " + number + " when it is missing.",
                         "def " + name + "(settings):", "    return int(settings.get(\"" + key + "\", \"" + number + "\"))\n",
                         "assert " + name + "({}) == " + number + "\n",
                         "assert " + name + "({\"" + key + "\": \"77\"}) == 77\n"));
  }
  return tasks;
}

const report::StratumSummary& all_of(const report::ArmReport& report) { return report.strata.back(); }

TEST_F(Simulate, OursLearnsAFamilyAndIsNotWrong) {
  SimulateOptions options;
  options.arms = {"none", "nearest", "ours"};
  const auto result = value_of(simulate(base::real_env(), family(45), options));
  ASSERT_EQ(result.reports.size(), 3u);
  EXPECT_TRUE(result.excluded.empty());
  EXPECT_EQ(all_of(result.reports[0]).avoided, 0u);
  EXPECT_EQ(all_of(result.reports[1]).avoided, 0u);  // a verbatim copy reads the wrong key
  EXPECT_GE(all_of(result.reports[2]).avoided, 10u);
  EXPECT_EQ(all_of(result.reports[2]).false_reuse, 0u);
  EXPECT_EQ(result.reports[2].results[0].proposal.action, report::Action::skip);
  EXPECT_GT(result.sandbox_cached, 0u);
}

TEST_F(Simulate, ASpoiltLibrarySavesNothingAndIsNotBelieved) {
  SimulateOptions options;
  options.arms = {"shuffled", "poisoned", "ours", "oracle"};
  const auto result = value_of(simulate(base::real_env(), family(40), options));
  const auto& shuffled = all_of(result.reports[0]);
  const auto& spoilt = all_of(result.reports[1]);
  const auto& ours = all_of(result.reports[2]);
  const auto& oracle = all_of(result.reports[3]);
  EXPECT_EQ(shuffled.false_reuse, 0u);
  EXPECT_EQ(spoilt.false_reuse, 0u);
  EXPECT_LT(shuffled.avoided, ours.avoided);
  EXPECT_LT(spoilt.avoided, ours.avoided);
  EXPECT_GE(oracle.avoided, ours.avoided);
  EXPECT_EQ(oracle.false_reuse, 0u);
}

TEST_F(Simulate, WithoutVisibleTestsAnUnexplainedWordMeansAbstaining) {
  auto tasks = family(20);
  for (auto& t : tasks) {
    t.hidden_tests = t.visible.tests + t.hidden_tests;
    t.visible.tests.clear();
  }
  tasks.push_back(task("squared", "Read ROOT from the settings as an int squared, 3 when it is missing.", "def get_ROOT(settings):",
                       "    return int(settings.get(\"ROOT\", \"3\")) ** 2\n", "", "assert get_ROOT({}) == 9\n"));
  SimulateOptions options;
  options.arms = {"ours"};
  const auto result = value_of(simulate(base::real_env(), tasks, options));
  EXPECT_NE(result.reports[0].results.back().proposal.action, report::Action::apply);
  EXPECT_EQ(all_of(result.reports[0]).false_reuse, 0u);
}

TEST_F(Simulate, OursAbstainsOnUnrelatedTasks) {
  std::vector<Task> tasks;
  tasks.push_back(task("a", "Area of a circle", "def area(r):", "    return 3 * r * r\n", "", "assert area(2) == 12\n"));
  tasks.push_back(task("b", "Reverse a text", "def reverse(s):", "    return s[::-1]\n", "", "assert reverse('ab') == 'ba'\n"));
  tasks.push_back(task("c", "Count vowels", "def vowels(s):", "    return sum(c in 'aeiou' for c in s)\n", "", "assert vowels('abe') == 2\n"));
  SimulateOptions options;
  options.arms = {"ours", "cache"};
  const auto result = value_of(simulate(base::real_env(), tasks, options));
  for (const auto& report : result.reports) EXPECT_EQ(all_of(report).applied, 0u) << report.arm;
}

TEST_F(Simulate, CacheAnswersOnlyWhatItHasSeen) {
  auto tasks = family(2);
  tasks.push_back(tasks[0]);
  tasks[2].visible.id = "again";
  SimulateOptions options;
  options.arms = {"cache"};
  const auto result = value_of(simulate(base::real_env(), tasks, options));
  EXPECT_EQ(all_of(result.reports[0]).avoided, 1u);
  EXPECT_TRUE(result.reports[0].results[2].avoided());
}

TEST_F(Simulate, ExcludesAndNamesTasksWhoseReferenceFails) {
  auto tasks = family(3);
  tasks[1].hidden_tests = "assert False\n";
  SimulateOptions options;
  options.arms = {"none"};
  const auto result = value_of(simulate(base::real_env(), tasks, options));
  ASSERT_EQ(result.excluded.size(), 1u);
  EXPECT_EQ(result.excluded[0].id, tasks[1].visible.id);
  EXPECT_EQ(result.reports[0].results.size(), 2u);
}

TEST_F(Simulate, JudgesByEqualityWhereAsked) {
  auto tasks = family(2);
  for (auto& t : tasks) {
    t.visible.tests.clear();
    t.hidden_tests.clear();
    t.judge = apply::Judge::equal;
  }
  tasks[1].visible.spec = tasks[0].visible.spec;
  tasks[1].visible.signature = tasks[0].visible.signature;
  tasks[1].reference = tasks[0].reference + "  # the same\n";
  SimulateOptions options;
  options.arms = {"cache"};
  EXPECT_EQ(all_of(value_of(simulate(base::real_env(), tasks, options)).reports[0]).avoided, 1u);
}

TEST_F(Simulate, IsDeterministicButForTime) {
  SimulateOptions options;
  options.arms = {"ours"};
  const auto lines = [&] {
    auto result = value_of(simulate(base::real_env(), family(12), options));
    for (auto& row : result.reports[0].results) row.wall_ms = 0;
    result.reports[0].strata = report::summarise(result.reports[0].results, options.seed);
    return report::render_json_lines(result.reports[0], true);
  };
  EXPECT_EQ(lines(), lines());
}

TEST_F(Simulate, StopsWhenAsked) {
  SimulateOptions options;
  options.arms = {"none"};
  int asked = 0;
  options.stop = [&] { return ++asked > 8; };
  const auto result = value_of(simulate(base::real_env(), family(6), options));
  EXPECT_TRUE(result.stopped);
  EXPECT_LT(result.reports[0].results.size(), 6u);
}

TEST(SimulateOptions, AreChecked) {
  SimulateOptions options;
  options.arms = {"magic"};
  const auto unknown = simulate(base::real_env(), {}, options);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::usage);
  options.arms = {"none"};
  options.epsilon = 0;
  EXPECT_FALSE(simulate(base::real_env(), {}, options).has_value());
}

TEST(Teacher, IsParsed) {
  EXPECT_DOUBLE_EQ(value_of(parse_teacher("reference")), 0);
  EXPECT_DOUBLE_EQ(value_of(parse_teacher("noisy:0.25")), 0.25);
  for (const char* text : {"", "noisy", "noisy:", "noisy:1", "noisy:-1", "noisy:x", "noisy:0.2x", "oracle"})
    EXPECT_FALSE(parse_teacher(text).has_value()) << text;
}

}  // namespace
}  // namespace autodev::app
