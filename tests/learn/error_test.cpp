// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What failed and repaired attempts teach about errors, and what they do not.
#include <gtest/gtest.h>

#include <algorithm>

#include "learn/learner.h"

namespace autodev::learn {
namespace {

using knowledge::ErrorFixed;
using knowledge::ErrorSeen;
using knowledge::Taught;

LearningEvent event(Verdict verdict, std::vector<CheckFailure> failures, Verdict previous = Verdict::unknown) {
  LearningEvent made;
  made.specification.text = "do it";
  made.outcome.verdict = verdict;
  made.outcome.strength = verdict == Verdict::unknown ? EvidenceStrength::none : EvidenceStrength::exit_code;
  made.outcome.command = "gcc -c a.c";
  made.outcome.failures = std::move(failures);
  made.previous_attempt = previous;
  return made;
}

template <typename T>
std::vector<T> all_of(const std::vector<Taught>& taught) {
  std::vector<T> found;
  for (const Taught& item : taught)
    if (const auto* value = std::get_if<T>(&item.observation)) found.push_back(*value);
  return found;
}

const CheckFailure undeclared{"", "a.c", 4, "‘sun’ undeclared (first use in this function)"};
const CheckFailure full_disk{"system", "", 0, "No space left on device"};

TEST(ErrorStudy, AFailureShowsEachErrorOnceWithItsCauseAndRule) {
  const auto taught = study_errors(event(Verdict::failed, {undeclared, {"", "b.c", 9, "‘x’ undeclared (first use in this function)"}, {"", "a.c", 5, "expected ‘;’ before ‘}’ token"}}));
  const auto seen = all_of<ErrorSeen>(taught);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].cause, "missing_symbol");
  EXPECT_EQ(seen[0].rule, "undeclared-name");
  EXPECT_EQ(seen[1].cause, "syntax");
  const auto open = all_of<ErrorFixed>(taught);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_FALSE(open[0].passed);
  EXPECT_FALSE(open[0].got_to_run);
  EXPECT_EQ(open[0].still.size(), 2u);
}

TEST(ErrorStudy, APassAfterAFailureCarriesItsChangeAndAnyOtherPassNothing) {
  LearningEvent passed = event(Verdict::passed, {}, Verdict::failed);
  passed.implementation.diff = "--- a/a.c\n+++ b/a.c\n@@ -1,1 +1,1 @@\n-a\n+b\n";
  const auto fixed = all_of<ErrorFixed>(study_errors(passed));
  ASSERT_EQ(fixed.size(), 1u);
  EXPECT_TRUE(fixed[0].passed);
  EXPECT_EQ(fixed[0].diff, passed.implementation.diff);
  passed.previous_attempt = Verdict::unknown;
  EXPECT_TRUE(study_errors(passed).empty());
}

TEST(ErrorStudy, WithoutADiffTheUnitsGiveOne) {
  LearningEvent passed = event(Verdict::passed, {}, Verdict::failed);
  CodeUnit before;
  before.path = "a.py";
  before.text = "def f():\n    return sun\n";
  CodeUnit after = before;
  after.text = "def f():\n    return sum\n";
  passed.implementation.units = {{before, after}, {std::nullopt, after}};
  const auto fixed = all_of<ErrorFixed>(study_errors(passed));
  ASSERT_EQ(fixed.size(), 1u);
  EXPECT_NE(fixed[0].diff.find("-    return sun\n+    return sum\n"), std::string::npos);
}

TEST(ErrorStudy, FlakyAndUnknownOutcomesShowNoErrorOfTheCode) {
  LearningEvent flaky = event(Verdict::failed, {undeclared});
  flaky.outcome.flaky = true;
  EXPECT_TRUE(study_errors(flaky).empty());
  EXPECT_TRUE(study_errors(event(Verdict::unknown, {undeclared})).empty());
}

TEST(ErrorStudy, WhatTheMachineLacksIsRememberedAndBlamesNobody) {
  const auto seen = all_of<ErrorSeen>(study_errors(event(Verdict::unknown, {full_disk})));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_FALSE(seen[0].of_code);
  EXPECT_EQ(seen[0].cause, "environment");
  LearningEvent failed = event(Verdict::failed, {full_disk});
  CodeUnit unit;
  unit.language = Language::python;
  unit.fingerprint.bytes[0] = 1;
  failed.implementation.units.push_back({std::nullopt, unit});
  EXPECT_TRUE(study_failure(failed).empty());
  failed.outcome.failures.push_back(undeclared);
  EXPECT_EQ(study_failure(failed).size(), 1u);
}

TEST(OwnTests, APassThatOnlyItsOwnTestsSupportIsNotTestedUnlessTheyNoticeFaults) {
  const auto tested = [](const LearningEvent& passed) {
    const auto worked = all_of<knowledge::UnitWorked>(study_success(passed));
    return worked.size() == 1 && worked[0].tested;
  };
  LearningEvent passed = event(Verdict::passed, {});
  passed.outcome.tests_passed = 3;
  CodeUnit unit;
  unit.language = Language::python;
  passed.implementation.units.push_back({std::nullopt, unit});
  EXPECT_TRUE(tested(passed)) << "nothing is known about the tests";
  passed.outcome.tests_passed_before = 2;
  EXPECT_TRUE(tested(passed));
  passed.outcome.tests_passed_before = 0;
  EXPECT_FALSE(tested(passed));
  EXPECT_EQ(study_success(passed).front().rule, "own-tests-pass");
  passed.outcome.mutants_killed = 4;
  passed.outcome.mutants_survived = 1;
  EXPECT_TRUE(tested(passed));
  passed.outcome.mutants_killed = 1;
  passed.outcome.mutants_survived = 4;
  EXPECT_FALSE(tested(passed));
  passed.outcome.tests_passed_before = 2;
  EXPECT_FALSE(tested(passed)) << "tests that let faults through prove little, however old they are";
}

}  // namespace
}  // namespace autodev::learn
