// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What events teach, rule by rule: nothing from unknown, flaky or contradicted outcomes; failures only where
// something failed.
#include "learn/learner.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace autodev::learn {
namespace {

using knowledge::PatternApplied;
using knowledge::Taught;
using knowledge::UnitFailed;
using knowledge::UnitWorked;

CodeUnit unit(const std::string& name, std::uint8_t alpha, UnitKind kind = UnitKind::function) {
  CodeUnit made;
  made.language = Language::python;
  made.kind = kind;
  made.name = name;
  made.path = name + ".py";
  made.text = "def " + name + "(): pass";
  made.alpha.bytes[0] = alpha;
  made.exact.bytes[0] = alpha;
  made.fingerprint.bytes[0] = alpha;
  return made;
}

LearningEvent event(Verdict verdict, EvidenceStrength strength) {
  LearningEvent made;
  made.specification.text = "do it";
  made.outcome.verdict = verdict;
  made.outcome.strength = strength;
  made.implementation.units.push_back({std::nullopt, unit("added", 1)});
  return made;
}

std::vector<std::string> rules(const std::vector<Taught>& taught) {
  std::vector<std::string> names;
  for (const Taught& item : taught) names.push_back(item.rule);
  return names;
}

template <typename T>
std::vector<T> all_of(const std::vector<Taught>& taught) {
  std::vector<T> found;
  for (const Taught& item : taught)
    if (const auto* value = std::get_if<T>(&item.observation)) found.push_back(*value);
  return found;
}

TEST(Learner, AnExecutedPassTeachesThatEachChangedUnitWorked) {
  LearningEvent passed = event(Verdict::passed, EvidenceStrength::report);
  passed.outcome.tests_passed = 3;
  const auto worked = all_of<UnitWorked>(study(passed));
  ASSERT_EQ(worked.size(), 1u);
  EXPECT_EQ(worked[0].unit.name, "added");
  EXPECT_TRUE(worked[0].tested);
  EXPECT_EQ(rules(study(passed)), (std::vector<std::string>{"verified-pass", "attempt"}));
}

TEST(Learner, ABuildThatPassedIsNoTest) {
  LearningEvent built = event(Verdict::passed, EvidenceStrength::exit_code);
  built.success.compilation_success = true;
  ASSERT_EQ(all_of<UnitWorked>(study(built)).size(), 1u);
  EXPECT_FALSE(all_of<UnitWorked>(study(built))[0].tested);
}

TEST(Learner, AHistoryIsNeverTestedEvenWhenItClaimsTests) {
  LearningEvent commit = event(Verdict::passed, EvidenceStrength::history);
  commit.outcome.tests_passed = 100;
  ASSERT_EQ(all_of<UnitWorked>(study(commit)).size(), 1u);
  EXPECT_FALSE(all_of<UnitWorked>(study(commit))[0].tested);
}

TEST(Learner, UnknownVerdictsAndMissingEvidenceTeachNothing) {
  EXPECT_TRUE(study(event(Verdict::unknown, EvidenceStrength::report)).empty());
  const auto claimed = study(event(Verdict::passed, EvidenceStrength::none));
  EXPECT_TRUE(all_of<UnitWorked>(claimed).empty());
}

TEST(Learner, FlakyOutcomesTeachNeitherSuccessNorFailure) {
  for (const Verdict verdict : {Verdict::passed, Verdict::failed}) {
    LearningEvent flaky = event(verdict, EvidenceStrength::report);
    flaky.outcome.flaky = true;
    EXPECT_EQ(rules(study(flaky)), (std::vector<std::string>{"attempt"}));
  }
}

TEST(Learner, APassThatItsOwnMetricsContradictIsNoPass) {
  LearningEvent doubtful = event(Verdict::passed, EvidenceStrength::exit_code);
  doubtful.success.tests_passed = false;
  EXPECT_TRUE(all_of<UnitWorked>(study(doubtful)).empty());
}

TEST(Learner, AFailedAttemptBlamesFunctionsButNotTheTypesAndBlocksAroundThem) {
  LearningEvent failed = event(Verdict::failed, EvidenceStrength::exit_code);
  failed.outcome.exit_code = 1;
  failed.outcome.tool = "pytest";
  failed.implementation.units.push_back({std::nullopt, unit("Type", 2, UnitKind::type)});
  failed.implementation.units.push_back({std::nullopt, unit("", 3, UnitKind::block)});
  const auto blamed = all_of<UnitFailed>(study(failed));
  ASSERT_EQ(blamed.size(), 1u);
  EXPECT_EQ(blamed[0].unit.name, "added");
  EXPECT_EQ(blamed[0].cause, "pytest exited with 1");
  EXPECT_TRUE(all_of<UnitWorked>(study(failed)).empty());
}

TEST(Learner, APassAfterAFailureLinksTheReplacementWithoutCountingTheFailureTwice) {
  LearningEvent repaired = event(Verdict::passed, EvidenceStrength::exit_code);
  repaired.previous_attempt = Verdict::failed;
  repaired.implementation.units = {{unit("f", 1), unit("f", 2)}};
  const auto linked = all_of<UnitFailed>(study(repaired));
  ASSERT_EQ(linked.size(), 1u);
  EXPECT_EQ(linked[0].strength, EvidenceStrength::none);
  ASSERT_TRUE(linked[0].replacement);
  EXPECT_EQ(linked[0].replacement->alpha, unit("f", 2).alpha);
}

TEST(Learner, APassWithoutAnEarlierFailureBlamesNobody) {
  LearningEvent changed = event(Verdict::passed, EvidenceStrength::exit_code);
  changed.implementation.units = {{unit("f", 1), unit("f", 2)}};
  EXPECT_TRUE(all_of<UnitFailed>(study(changed)).empty());
}

TEST(Learner, AFixCommitMarksTheCodeItReplacedWeakly) {
  LearningEvent fix = event(Verdict::passed, EvidenceStrength::history);
  fix.outcome.failures = {{"history-fix", "", 0, "Fix crash"}};
  fix.implementation.units = {{unit("f", 1), unit("f", 2)}};
  const auto blamed = all_of<UnitFailed>(study(fix));
  ASSERT_EQ(blamed.size(), 1u);
  EXPECT_EQ(blamed[0].strength, EvidenceStrength::history);
  EXPECT_EQ(blamed[0].unit.alpha, unit("f", 1).alpha);
  EXPECT_EQ(all_of<UnitWorked>(study(fix)).size(), 1u);
}

TEST(Learner, AReformattingInsideAFixBlamesNothing) {
  LearningEvent fix = event(Verdict::passed, EvidenceStrength::history);
  fix.outcome.failures = {{"history-fix", "", 0, "Fix crash"}};
  fix.implementation.units = {{unit("f", 1), unit("renamed", 1)}};
  EXPECT_TRUE(all_of<UnitFailed>(study(fix)).empty());
}

TEST(Learner, ARevertMarksTheCodeItRemoved) {
  LearningEvent revert = event(Verdict::failed, EvidenceStrength::history);
  revert.implementation.units = {{unit("bad", 1), unit("old", 2)}, {unit("gone", 3), std::nullopt}};
  const auto blamed = all_of<UnitFailed>(study(revert));
  ASSERT_EQ(blamed.size(), 2u);
  EXPECT_EQ(blamed[0].unit.name, "bad");
  EXPECT_EQ(blamed[1].unit.name, "gone");
  EXPECT_TRUE(all_of<UnitWorked>(study(revert)).empty());
}

/// An executed failure of functions in one file, ten lines each.
LearningEvent failed_attempt(const std::vector<std::pair<std::string, std::string>>& functions, std::vector<CheckFailure> failures) {
  LearningEvent failed = event(Verdict::failed, EvidenceStrength::report);
  failed.implementation.units.clear();
  for (std::uint8_t i = 0; i < functions.size(); ++i) {
    CodeUnit changed = unit(functions[i].first, static_cast<std::uint8_t>(i + 1));
    changed.text = functions[i].second;
    changed.path = "cart.py";
    changed.first_line = 1 + i * 10u;
    changed.last_line = 10 + i * 10u;
    failed.implementation.units.push_back({std::nullopt, changed});
  }
  failed.outcome.failures = std::move(failures);
  return failed;
}

TEST(Attribution, EachFunctionGetsItsOwnCauseAndWhatNoFailureIsAboutIsNotBlamed) {
  const auto blamed = all_of<UnitFailed>(study(failed_attempt(
      {{"total", "def total(a): return a"}, {"tax_of", "def tax_of(a): return 0"}, {"name", "def name(): return ''"}},
      {{"t.py::test_total_empty", "t.py", 3, "IndexError"}, {"t.py::test_tax_of", "t.py", 9, "assert 0 == 1"}})));
  ASSERT_EQ(blamed.size(), 2u);
  EXPECT_EQ(blamed[0].unit.name, "total");
  EXPECT_EQ(blamed[0].cause, "t.py::test_total_empty: IndexError");
  EXPECT_EQ(blamed[1].unit.name, "tax_of");
  EXPECT_EQ(blamed[1].cause, "t.py::test_tax_of: assert 0 == 1");
}

TEST(Attribution, WhatABlamedFunctionUsesIsBlamedWithIt) {
  const auto blamed = all_of<UnitFailed>(study(failed_attempt(
      {{"total", "def total(a): return sum_up(a)"}, {"sum_up", "def sum_up(a): return 1"}, {"other", "def other(): pass"}},
      {{"", "src/cart.py", 4, "IndexError: list index out of range"}})));
  ASSERT_EQ(blamed.size(), 2u);
  EXPECT_EQ(blamed[1].unit.name, "sum_up");
  EXPECT_EQ(blamed[1].cause, "IndexError: list index out of range");
}

TEST(Attribution, AFailureAboutNothingThatChangedBlamesAll) {
  const auto blamed = all_of<UnitFailed>(study(failed_attempt(
      {{"total", "def total(a): return a"}, {"other", "def other(): pass"}},
      {{"t.py::test_total", "t.py", 3, "assert 1"}, {"t.py::test_empty_cart", "t.py", 9, "assert 2"}})));
  ASSERT_EQ(blamed.size(), 2u);
  EXPECT_EQ(blamed[0].cause, "t.py::test_total: assert 1");
}

TEST(Learner, PatternsAreCreditedOnlyByExecutedOutcomes) {
  LearningEvent used = event(Verdict::failed, EvidenceStrength::report);
  used.patterns_used = {PatternId{}};
  ASSERT_EQ(all_of<PatternApplied>(study(used)).size(), 1u);
  EXPECT_FALSE(all_of<PatternApplied>(study(used))[0].passed);
  used.outcome.strength = EvidenceStrength::history;
  EXPECT_TRUE(all_of<PatternApplied>(study(used)).empty());
}

TEST(Learner, StudyingTwiceGivesTheSame) {
  LearningEvent any = event(Verdict::passed, EvidenceStrength::report);
  any.previous_attempt = Verdict::failed;
  any.implementation.units.push_back({unit("f", 1), unit("f", 2)});
  EXPECT_EQ(rules(study(any)), rules(study(any)));
}

}  // namespace
}  // namespace autodev::learn
