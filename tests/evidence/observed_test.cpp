// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The one judgement: reports before the exit code before printed text, and what the machine lacks is nobody's failure.
#include "evidence/observed.h"

#include <gtest/gtest.h>

namespace autodev::evidence {
namespace {

const std::string green = "===== 3 passed in 0.03s =====\n";
const std::string red = "FAILED test_a.py::test_x - assert 1 == 2\n===== 1 failed, 2 passed in 0.03s =====\n";
const Report passing = TestReport{2, 0, 0, {}, false, {"a::one", "a::two"}, "junit"};
const Report failing = TestReport{1, 1, 0, {{"a::two", "a.py", 3, "assert 1 == 2"}}, false, {"a::one"}, "junit"};

struct Row {
  const char* name;
  Observed observed;
  Verdict verdict;
  EvidenceStrength strength;
};

TEST(Judge, FollowsItsTable) {
  const std::vector<std::string> shown{"pytest"}, hidden{"sh", "-c", "pytest | tail"}, other{"cat", "log.txt"}, build{"make"};
  constexpr auto none = EvidenceStrength::none;
  constexpr auto code = EvidenceStrength::exit_code;
  constexpr auto report = EvidenceStrength::report;
  for (const Row& row : {
           Row{"green words and 0", {shown, 0, green, {}}, Verdict::passed, code},
           Row{"green words and 1", {shown, 1, green, {}}, Verdict::failed, code},
           Row{"red words and 1", {shown, 1, red, {}}, Verdict::failed, code},
           Row{"red words and 0 contradict each other", {shown, 0, red, {}}, Verdict::unknown, none},
           Row{"green words prove nothing behind a pipe", {hidden, 0, green, {}}, Verdict::unknown, none},
           Row{"red words do", {hidden, 0, red, {}}, Verdict::failed, code},
           Row{"a log that was shown is no test", {other, 0, red, {}}, Verdict::passed, code},
           Row{"a report beats words", {shown, 0, red, {passing}}, Verdict::passed, report},
           Row{"a red report beats 0", {shown, 0, green, {failing}}, Verdict::failed, report},
           Row{"a full disk is no failure of code", {build, 1, "cc1: error: No space left on device\n", {}}, Verdict::unknown, none},
           Row{"but an error beside it is", {build, 1, "a.c:1:1: error: 'x' undeclared\nNo space left on device\n", {}}, Verdict::failed, code},
           Row{"a missing tool", {{"sh", "-c", "pytets"}, 127, "sh: 1: pytets: not found\n", {}}, Verdict::unknown, none},
           Row{"a missing runner", {{"python3", "-m", "pytest"}, 1, "/usr/bin/python3: No module named pytest\n", {}}, Verdict::unknown, none},
           Row{"a missing module of the code", {shown, 1, "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nModuleNotFoundError: No module named 'shop'\n", {}}, Verdict::failed, code},
       }) {
    const Outcome outcome = judge(row.observed).outcome;
    EXPECT_EQ(outcome.verdict, row.verdict) << row.name;
    EXPECT_EQ(outcome.strength, row.strength) << row.name;
  }
}

TEST(Judge, PrintedCountsAreKeptAndFailuresAreNamed) {
  const Judgement judgement = judge({{"pytest"}, 1, red, {}});
  EXPECT_EQ(judgement.outcome.tests_passed, 2u);
  EXPECT_EQ(judgement.outcome.tests_failed, 1u);
  EXPECT_EQ(judgement.success.tests_passed, false);
  ASSERT_EQ(judgement.outcome.failures.size(), 1u);
  EXPECT_EQ(judgement.outcome.failures[0].id, "test_a.py::test_x");
  EXPECT_EQ(judge({{"pytest"}, 0, green, {}}).success.tests_passed, true);
}

TEST(Judge, ProseNeverCounts) {
  for (const char* prose : {"All 12 tests passed!", "Everything works: 3 passed, 0 failed.", "I fixed it. OK", "1 failed earlier, but now fine"}) {
    const Judgement judgement = judge({{"sh", "-c", "./check | tee log"}, 0, prose, {}});
    EXPECT_EQ(judgement.outcome.verdict, Verdict::unknown) << prose;
    EXPECT_FALSE(judgement.tests) << prose;
  }
}

TEST(Judge, CompilersFindingsAreTheFailures) {
  const Judgement judgement = judge({{"gcc", "-c", "a.c"}, 1, "a.c:4:18: error: ‘coutn’ undeclared (first use in this function)\n", {}});
  ASSERT_EQ(judgement.outcome.failures.size(), 1u);
  EXPECT_EQ(judgement.outcome.failures[0].line, 4u);
  EXPECT_EQ(judgement.success.compilation_success, false);
  const Judgement tests = judge({{"cargo", "test"}, 101, "error[E0425]: cannot find value `y` in this scope\n --> a.rs:5:20\n", {}});
  EXPECT_EQ(tests.success.compilation_success, false);
}

TEST(Judge, SecurityIsKnownOnlyWhereSomethingLookedForIt) {
  EXPECT_EQ(judge({{"gosec"}, 0, "", {}}).success.security_passed, std::nullopt);
  EXPECT_EQ(judge({{"gosec"}, 0, "", {Diagnostics{"gosec", 0, 0, 0, {}, true}}}).success.security_passed, true);
  EXPECT_EQ(judge({{"eslint"}, 0, "", {Diagnostics{"eslint", 0, 0, 0, {}, false}}}).success.security_passed, std::nullopt);
  EXPECT_EQ(judge({{"gosec"}, 1, "", {Diagnostics{"gosec", 1, 0, 1, {{Severity::error, "G1", "a.go", 3, "sql", true}}, true}}}).success.security_passed, false);
}

TEST(CompareRuns, ATestThatDidBothIsFlakyAndOneThatAlwaysFailsIsNot) {
  const Judgement first = judge({{"pytest"}, 0, "", {passing}});
  const Judgement second = judge({{"pytest"}, 1, "", {failing}});
  const Repeated flaky = compare_runs({first, second, first});
  EXPECT_TRUE(flaky.verdicts_differ);
  EXPECT_EQ(flaky.flaky, std::vector<std::string>{"a::two"});
  EXPECT_TRUE(compare_runs({second, second}).flaky.empty());
  EXPECT_FALSE(compare_runs({second, second}).verdicts_differ);
  // Summaries that list failures only: what another run does not list as failed has passed there.
  const Judgement red_words = judge({{"pytest"}, 1, red, {}}), green_words = judge({{"pytest"}, 0, green, {}});
  EXPECT_EQ(compare_runs({red_words, green_words}).flaky, std::vector<std::string>{"test_a.py::test_x"});
}

TEST(Performance, ComparesWhatBothReportsHave) {
  const Benchmarks now{"x", {{"a", 10}, {"new", 99}}}, before{"x", {{"a", 20}, {"gone", 5}}};
  const PerformanceMetrics metrics = performance_of(now, before);
  EXPECT_EQ(metrics.runtime_ms, 10);
  EXPECT_EQ(metrics.baseline_runtime_ms, 20);
  EXPECT_EQ(performance_met(metrics), true);
  EXPECT_EQ(performance_met(performance_of(before, now)), false);
  EXPECT_EQ(performance_met(performance_of(now, std::nullopt)), std::nullopt);
}

}  // namespace
}  // namespace autodev::evidence
