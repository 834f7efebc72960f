// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The truth tables of evidence.h, complete: every kind of command, exit code and report.
#include <gtest/gtest.h>

#include "evidence/evidence.h"

namespace autodev::evidence {
namespace {

using Words = std::vector<std::string>;

const Words shown_test{"pytest"};
const Words hidden_test{"bash", "-c", "pytest | tail"};
const TestReport green{3, 0, 1, {}, false};
const TestReport red{2, 1, 0, {{"test_a", "a.py", 3, "assert"}}, false};
const TestReport empty_report{0, 0, 0, {}, false};
const TestReport only_skipped{0, 0, 4, {}, false};

struct Row {
  const char* name;
  const Words& command;
  int exit_code;
  std::optional<TestReport> report;
  Verdict verdict;
  EvidenceStrength strength;
  std::optional<bool> tests_passed;
};

TEST(Conclude, FollowsItsTruthTable) {
  constexpr auto none = EvidenceStrength::none;
  constexpr auto code = EvidenceStrength::exit_code;
  constexpr auto by_report = EvidenceStrength::report;
  const std::vector<Row> table{
      {"shown 0, no report", shown_test, 0, {}, Verdict::passed, code, true},
      {"shown 1, no report", shown_test, 1, {}, Verdict::failed, code, false},
      {"shown 0, green", shown_test, 0, green, Verdict::passed, by_report, true},
      {"shown 1, green", shown_test, 1, green, Verdict::failed, by_report, false},
      {"shown 0, red", shown_test, 0, red, Verdict::failed, by_report, false},
      {"shown 1, red", shown_test, 1, red, Verdict::failed, by_report, false},
      {"shown 0, nothing ran", shown_test, 0, empty_report, Verdict::passed, code, {}},
      {"shown 0, all skipped", shown_test, 0, only_skipped, Verdict::passed, code, {}},
      {"shown 5, nothing ran", shown_test, 5, empty_report, Verdict::failed, code, {}},
      {"hidden 0, no report", hidden_test, 0, {}, Verdict::unknown, none, {}},
      {"hidden 1, no report", hidden_test, 1, {}, Verdict::unknown, none, {}},
      {"hidden 0, green", hidden_test, 0, green, Verdict::passed, by_report, true},
      {"hidden 1, green", hidden_test, 1, green, Verdict::unknown, none, {}},
      {"hidden 0, red", hidden_test, 0, red, Verdict::failed, by_report, false},
      {"hidden 1, red", hidden_test, 1, red, Verdict::failed, by_report, false},
      {"hidden 0, nothing ran", hidden_test, 0, empty_report, Verdict::unknown, none, {}},
      {"not found", shown_test, 127, {}, Verdict::unknown, none, {}},
      {"not executable", shown_test, 126, {}, Verdict::unknown, none, {}},
      {"interrupted", shown_test, 130, {}, Verdict::unknown, none, {}},
      {"interrupted, green so far", shown_test, 130, green, Verdict::unknown, none, {}},
      {"interrupted, red", shown_test, 130, red, Verdict::failed, by_report, false},
      {"terminated", shown_test, 143, {}, Verdict::unknown, none, {}},
      {"crashed", shown_test, 139, {}, Verdict::failed, code, false},
      {"killed", shown_test, 137, {}, Verdict::failed, code, false},
  };
  for (const Row& row : table) {
    const Outcome outcome = conclude(row.command, row.exit_code, row.report);
    EXPECT_EQ(outcome.verdict, row.verdict) << row.name;
    EXPECT_EQ(outcome.strength, row.strength) << row.name;
    EXPECT_EQ(outcome.exit_code, row.exit_code) << row.name;
    const SuccessMetrics success = success_of(classify_command(row.command), outcome);
    EXPECT_EQ(success.tests_passed, row.tests_passed) << row.name;
    EXPECT_EQ(success.compilation_success, std::nullopt) << row.name;
  }
}

struct KindRow {
  Words command;
  int exit_code;
  std::optional<bool> compilation, tests;
};

TEST(SuccessOf, ClaimsOnlyWhatTheKindOfCommandProves) {
  const std::vector<KindRow> table{
      {{"make"}, 0, true, {}},
      {{"make"}, 2, false, {}},
      {{"cargo", "build"}, 0, true, {}},
      {{"cargo", "test"}, 0, true, true},
      {{"cargo", "test"}, 101, {}, false},
      {{"go", "test", "./..."}, 0, true, true},
      {{"ctest"}, 0, {}, true},
      {{"pytest"}, 0, {}, true},
      {{"tsc", "--noEmit"}, 0, true, {}},
      {{"tsc", "--noEmit"}, 2, false, {}},
      {{"cargo", "check"}, 0, true, {}},
      {{"mypy", "src"}, 0, {}, {}},
      {{"mypy", "src"}, 1, {}, {}},
      {{"eslint", "."}, 0, {}, {}},
      {{"eslint", "."}, 1, {}, {}},
      {{"hyperfine", "a"}, 0, {}, {}},
      {{"ls"}, 0, {}, {}},
      {{"bash", "-c", "make | tail"}, 0, {}, {}},
      {{"bash", "-c", "make || true"}, 0, {}, {}},
  };
  for (const KindRow& row : table) {
    const SuccessMetrics success = success_of(classify_command(row.command), conclude(row.command, row.exit_code, {}));
    EXPECT_EQ(success.compilation_success, row.compilation) << printable_command(row.command) << " -> " << row.exit_code;
    EXPECT_EQ(success.tests_passed, row.tests) << printable_command(row.command) << " -> " << row.exit_code;
    EXPECT_EQ(success.performance_met, std::nullopt);
    EXPECT_EQ(success.security_passed, std::nullopt);
    EXPECT_EQ(success.specification_coverage, std::nullopt);
    EXPECT_EQ(success.implementation_time, std::nullopt);
    EXPECT_EQ(success.llm_calls_used, std::nullopt);
  }
}

TEST(SuccessOf, AReportDecidesAboutTestsWhateverRanThem) {
  const Words build{"gradle", "assemble"};
  const SuccessMetrics success = success_of(classify_command(build), conclude(build, 0, green));
  EXPECT_EQ(success.tests_passed, true);
  EXPECT_EQ(success.compilation_success, true);
  EXPECT_EQ(success_of(classify_command(build), conclude(build, 1, red)).tests_passed, false);
}

TEST(Conclude, CarriesCountsFailuresToolAndCommand) {
  const Outcome outcome = conclude({"env", "A=b c", "pytest"}, 1, red);
  EXPECT_EQ(outcome.tool, "pytest");
  EXPECT_EQ(outcome.command, "env 'A=b c' pytest");
  EXPECT_EQ(outcome.tests_passed, 2u);
  EXPECT_EQ(outcome.tests_failed, 1u);
  EXPECT_EQ(outcome.tests_skipped, 0u);
  EXPECT_EQ(outcome.failures, red.failures);
  EXPECT_FALSE(outcome.flaky);
}

TEST(Conclude, AFlakyReportMakesAFlakyOutcome) {
  TestReport flaky = green;
  flaky.flaky = true;
  EXPECT_TRUE(conclude(shown_test, 0, flaky).flaky);
}

}  // namespace
}  // namespace autodev::evidence
