// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/history_bench.h"

#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::app {
namespace {

using test::value_of;

/// A project with words of its own: what is called a "kitty" is in code a ledger, and so on.
NamedHistory project(const std::string& name, int commits) {
  static const char* const own[] = {"kitty", "dossier", "courier", "gangway", "hopper", "lodger"};
  static const char* const code[] = {"ledger", "archive", "socket", "permission", "queue", "session"};
  static const char* const verbs[] = {"open", "close", "count", "reset"};
  NamedHistory history{name, {}};
  for (int i = 0; i < commits; ++i) {
    const std::string noun = code[i % 6], verb = verbs[(i / 6) % 4], number = std::to_string(i);
    StepFunction function;
    function.key = "src/" + noun + ".py\n\n" + verb + "_" + noun + number;
    function.name = verb + "_" + noun + number;
    function.signature = "def " + function.name + "(item)";
    function.code = function.signature + ":\n    " + noun + "." + verb + "(item, " + number + ")\n    return " + noun + ".state\n";
    // A word of its own makes every text another one; the code has none of them.
    const std::string other = std::string("gr") + static_cast<char>('a' + i % 26) + "mbl" + static_cast<char>('a' + i / 26);
    function.description = std::string("The ") + other + " of the " + own[i % 6] + " business";
    function.language = Language::python;
    function.added = true;
    history.steps.push_back({number, std::string(own[i % 6]) + " work, part " + number, {function}, {}});
  }
  return history;
}

TEST(HistoryBench, AProjectsOwnWordsAreLearnedAndChanceTeachesNothing) {
  const auto result = value_of(bench_histories({project("own", 72), project("other", 30)}, {}));
  ASSERT_EQ(result["histories"].size(), 2u);
  const base::Json& own = result["histories"][0];
  EXPECT_EQ(own["commits"], 72);
  EXPECT_EQ(own["descriptions"]["questions"], 72);
  EXPECT_GT(own["descriptions"]["stems"], 6);
  const base::Json& dense = own["descriptions"]["dense"];
  EXPECT_GT(dense["learned"]["low"].get<double>(), 0.02);
  EXPECT_LT(dense["by_chance"]["difference"].get<double>(), dense["learned"]["low"].get<double>());
  EXPECT_EQ(dense["built_in"]["difference"], 0.0);
  EXPECT_NE(history_table(result).find("own"), std::string::npos);
}

TEST(HistoryBench, TheSameFilesGiveTheSameFigures) {
  const std::vector<NamedHistory> histories = {project("own", 20)};
  EXPECT_EQ(value_of(bench_histories(histories, {})), value_of(bench_histories(histories, {})));
}

TEST(HistorySteps, ComeBackFromTheirLines) {
  const NamedHistory history = project("own", 3);
  std::string lines;
  for (const HistoryStep& step : history.steps) lines += to_json_line(step);
  const auto read = value_of(parse_steps(lines, "x.jsonl"));
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[2].subject, history.steps[2].subject);
  EXPECT_EQ(read[2].functions[0].code, history.steps[2].functions[0].code);
  EXPECT_TRUE(read[2].functions[0].added);
}

TEST(HistorySteps, LinesThatAreNoneAreNamed) {
  for (const char* const line : {"{}", "[]", "no json", R"({"revision":"a","subject":"b"})", R"({"revision":"a","subject":"b","functions":[1],"removed":[]})",
                                 R"({"revision":"a","subject":"b","functions":[],"removed":[1]})", R"({"revision":"a","subject":"b","functions":[{}],"removed":[]})"}) {
    const auto read = parse_steps(line, "x.jsonl");
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
    EXPECT_NE(read.error().message.find("x.jsonl"), std::string::npos);
  }
}

}  // namespace
}  // namespace autodev::app
