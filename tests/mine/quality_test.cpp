// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The quality score: known values of the bounds, and what must hold for all evidence.
#include "mine/quality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "mine/tree_builder.h"

namespace autodev::mine {
namespace {

using test::NotedTree;

Template plain_function(std::size_t holes = 0) {
  const NotedTree tree(
      "(function f (parameters a b) (block (assignment c (binary a b)) (return (call g! (arguments c)))))");
  Template pattern = template_of(tree.tree, tree.text);
  pattern.holes.resize(holes);
  return pattern;
}

PatternEvidence proven() {
  PatternEvidence evidence;
  evidence.instances = evidence.distinct_instances = 20;
  evidence.verified_passes = evidence.tested_passes = 20;
  evidence.projects = 3;
  evidence.applied = evidence.applied_passed = 20;
  evidence.best_relative_runtime = 1.0;
  return evidence;
}

PatternEvidence random_evidence(std::mt19937& random) {
  const auto count = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  PatternEvidence evidence;
  evidence.instances = 1 + count(40);
  evidence.distinct_instances = 1 + count(evidence.instances);
  evidence.projects = count(7);
  evidence.verified_passes = count(evidence.instances + 1);
  evidence.tested_passes = count(evidence.verified_passes + 1);
  evidence.history_passes = count(10);
  evidence.failures = count(10);
  evidence.history_failures = count(10);
  evidence.applied = count(30);
  evidence.applied_passed = count(evidence.applied + 1);
  evidence.helped = count(5);
  evidence.wrong = count(5);
  if (count(2) == 1) evidence.best_relative_runtime = 0.5 + count(40) / 10.0;
  return evidence;
}

bool no_term_rose(const QualityScore& before, const QualityScore& after) {
  return after.reusability <= before.reusability && after.simplicity <= before.simplicity &&
         after.test_coverage <= before.test_coverage && after.performance <= before.performance &&
         after.total() <= before.total();
}

TEST(Wilson, LowerBoundsAreTheKnownOnes) {
  EXPECT_EQ(wilson_lower_permille(0, 0), 0u);
  EXPECT_EQ(wilson_lower_permille(0, 10), 0u);
  EXPECT_EQ(wilson_lower_permille(4, 4), 510u);  // k / (k + 3.8416)
  EXPECT_EQ(wilson_lower_permille(16, 16), 806u);
  EXPECT_EQ(wilson_lower_permille(35, 35), 901u);
  EXPECT_EQ(wilson_lower_permille(5, 10), 236u);  // 0.23659
  EXPECT_EQ(wilson_upper_permille(0, 0), 1000u);
  EXPECT_EQ(wilson_upper_permille(0, 4), 490u);
  EXPECT_EQ(wilson_upper_permille(5, 10), 764u);
}

TEST(Wilson, AgreesWithTheFormulaForAllSmallCounts) {
  for (std::uint32_t n = 1; n <= 60; ++n)
    for (std::uint32_t k = 0; k <= n; ++k) {
      const double z2 = 1.96 * 1.96;
      const double p = static_cast<double>(k) / n;
      const double lower = (p + z2 / (2 * n) - 1.96 * std::sqrt(p * (1 - p) / n + z2 / (4.0 * n * n))) / (1 + z2 / n);
      EXPECT_NEAR(wilson_lower_permille(k, n), 1000 * lower, 1.0) << k << " of " << n;
    }
}

TEST(Wilson, HugeAndImpossibleCountsStayInRange) {
  EXPECT_GE(wilson_lower_permille(UINT32_MAX, UINT32_MAX), 999u);
  EXPECT_EQ(wilson_lower_permille(0, UINT32_MAX), 0u);
  EXPECT_EQ(wilson_lower_permille(9, 4), wilson_lower_permille(4, 4));
  EXPECT_NEAR(wilson_lower_permille(2'000'000'000, 4'000'000'000), 496, 1);
}

TEST(BetaShare, MatchesKnownIntervals) {
  const SuccessShare unknown = beta_share(0, 0);
  EXPECT_DOUBLE_EQ(unknown.mean, 0.5);
  EXPECT_NEAR(unknown.lower, 0.025, 2e-4);
  EXPECT_NEAR(unknown.upper, 0.975, 2e-4);
  const SuccessShare mixed = beta_share(8, 2);  // Beta(9, 3): quantiles 0.4822 and 0.9398
  EXPECT_DOUBLE_EQ(mixed.mean, 0.75);
  EXPECT_NEAR(mixed.lower, 0.4822, 2e-4);
  EXPECT_NEAR(mixed.upper, 0.9398, 2e-4);
  EXPECT_NEAR(beta_share(10, 0).lower, 0.7151, 2e-4);  // 0.025^(1/11)
}

TEST(BetaShare, IntervalsHoldTheMeanAndShrinkWithEvidence) {
  for (const auto& [k, f] : {std::pair{3u, 1u}, {30u, 10u}, {300u, 100u}, {3'000u, 1'000u}, {3'000'000u, 1'000'000u}}) {
    const SuccessShare share = beta_share(k, f);
    EXPECT_LT(share.lower, share.mean);
    EXPECT_GT(share.upper, share.mean);
  }
  EXPECT_LT(beta_share(300, 100).upper - beta_share(300, 100).lower,
            beta_share(30, 10).upper - beta_share(30, 10).lower);
  EXPECT_GE(beta_share(UINT32_MAX, UINT32_MAX).lower, 0.48);
}

TEST(Quality, MissingEvidenceIsZero) {
  PatternEvidence evidence;
  evidence.instances = 1;
  const QualityScore quality = score(plain_function(), evidence);
  EXPECT_EQ(quality.reusability, 0u);
  EXPECT_EQ(quality.test_coverage, 0u);
  EXPECT_EQ(quality.performance, 0u);
  EXPECT_EQ(quality.simplicity, 1000u) << "a plain small function is simple";
  EXPECT_EQ(status_of(quality, evidence), PatternStatus::probation);
}

TEST(Quality, TrivialTemplatesHaveNoSimplicityAndHolesCostSome) {
  const NotedTree tiny("(return (call f!))");
  EXPECT_EQ(score(template_of(tiny.tree, tiny.text), proven()).simplicity, 0u);
  EXPECT_EQ(score(plain_function(1), proven()).simplicity, 882u);  // exp(-1/8)
  EXPECT_EQ(score(plain_function(8), proven()).simplicity, 367u);  // exp(-1)
  EXPECT_EQ(score(plain_function(2'000), proven()).simplicity, 0u);
}

TEST(Quality, LongTemplatesAreLessSimple) {
  std::string body;
  for (int i = 0; i < 58; ++i) body += " (call g!)";
  const NotedTree tree("(function f (block" + body + "))");
  ASSERT_EQ(tree.tree.nodes.size(), 119u);
  EXPECT_EQ(score(template_of(tree.tree, tree.text), proven()).simplicity, 60u * 1000 / 119);
}

TEST(Quality, TestedReusedAndTimedPatternsPassTheGate) {
  const PatternEvidence evidence = proven();
  const QualityScore quality = score(plain_function(1), evidence);
  EXPECT_GT(quality.total(), 700u);
  EXPECT_EQ(status_of(quality, evidence), PatternStatus::active);
}

TEST(Quality, UntestedCodeNeverPassesTheGate) {
  std::mt19937 random(1);
  for (int i = 0; i < 5'000; ++i) {
    PatternEvidence evidence = random_evidence(random);
    evidence.tested_passes = 0;
    evidence.projects = 1'000;
    evidence.applied = evidence.applied_passed = 1'000'000;
    evidence.wrong = 0;
    evidence.best_relative_runtime = 1.0;
    EXPECT_LE(score(plain_function(), evidence).total(), 700u);
  }
}

TEST(Quality, CopiesInsideOneProjectBuyNothing) {
  PatternEvidence one;
  one.instances = one.projects = 1;
  PatternEvidence many = one;
  many.instances = many.history_passes = 500;
  EXPECT_EQ(score(plain_function(), one), score(plain_function(), many));
  many.projects = 2;
  EXPECT_EQ(score(plain_function(), many).reusability, 283u);
  many.projects = 1'000;
  EXPECT_EQ(score(plain_function(), many).reusability, 500u) << "spread alone is worth one half at most";
}

TEST(Quality, FailuresAndWrongFeedbackNeverRaiseAnything) {
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const PatternEvidence evidence = random_evidence(random);
    const Template pattern = plain_function(random() % 6);
    const QualityScore before = score(pattern, evidence);
    const auto check = [&](auto change, const char* what) {
      PatternEvidence worse = evidence;
      change(worse);
      const QualityScore after = score(pattern, worse);
      ASSERT_TRUE(no_term_rose(before, after)) << what;
      ASSERT_FALSE(status_of(before, evidence) == PatternStatus::deprecated &&
                   status_of(after, worse) != PatternStatus::deprecated)
          << what;
    };
    check([](auto& e) { ++e.failures; }, "failure");
    check([](auto& e) { ++e.history_failures; }, "history failure");
    check([](auto& e) { ++e.wrong; }, "wrong");
    check([](auto& e) { ++e.applied, ++e.failures; }, "failed application");
  }
}

TEST(Quality, PassesNeverLowerReusabilityOrCoverage) {
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    const PatternEvidence evidence = random_evidence(random);
    PatternEvidence better = evidence;
    ++better.applied, ++better.applied_passed, ++better.instances, ++better.verified_passes, ++better.tested_passes;
    const QualityScore before = score(plain_function(), evidence);
    const QualityScore after = score(plain_function(), better);
    EXPECT_GE(after.reusability, before.reusability);
    EXPECT_GE(after.test_coverage, before.test_coverage);
  }
}

TEST(Quality, ExtremeEvidenceStaysInRange) {
  PatternEvidence evidence;
  evidence.instances = evidence.projects = evidence.failures = evidence.history_failures = UINT32_MAX;
  evidence.verified_passes = evidence.tested_passes = evidence.history_passes = UINT32_MAX;
  evidence.applied = evidence.applied_passed = evidence.wrong = evidence.helped = UINT32_MAX;
  for (const double ratio : {0.0, -1.0, 1e-300, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    evidence.best_relative_runtime = ratio;
    const QualityScore quality = score(plain_function(), evidence);
    EXPECT_LE(quality.total(), 1000u);
    EXPECT_LE(quality.performance, 1000u);
    const bool usable = ratio > 0.0 && std::isfinite(ratio);
    EXPECT_TRUE(usable || quality.performance == 0) << ratio;
  }
}

TEST(Quality, PerformanceIsTheShareOfTheBestRuntime) {
  PatternEvidence evidence = proven();
  evidence.best_relative_runtime = 2.0;
  EXPECT_EQ(score(plain_function(), evidence).performance, 500u);
  evidence.best_relative_runtime = 0.5;  // faster than the best known
  EXPECT_EQ(score(plain_function(), evidence).performance, 1000u);
}

TEST(Status, NegativeFeedbackDeprecatesEvenGoodPatterns) {
  PatternEvidence evidence = proven();
  evidence.wrong = 2;
  evidence.helped = 2;
  EXPECT_NE(status_of(score(plain_function(), evidence), evidence), PatternStatus::deprecated);
  evidence.wrong = 3;
  EXPECT_EQ(status_of(score(plain_function(), evidence), evidence), PatternStatus::deprecated);
}

TEST(Status, FailuresDeprecateOnlyWhenTheyClearlyOutweigh) {
  PatternEvidence evidence;
  evidence.instances = evidence.verified_passes = 1;
  evidence.failures = 3;
  EXPECT_EQ(status_of(score(plain_function(), evidence), evidence), PatternStatus::probation);  // upper bound 0.70
  evidence.history_failures = 6;
  EXPECT_EQ(status_of(score(plain_function(), evidence), evidence), PatternStatus::deprecated);  // 1 of 10: 0.41
}

TEST(Explain, NamesEveryTermWithItsNumbers) {
  PatternEvidence evidence = proven();
  evidence.best_relative_runtime.reset();
  const auto lines = explain(plain_function(1), evidence);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "reusability 838 of 1000 (weight 3): 20 of 20 applications passed, 0 called wrong, 3 projects");
  EXPECT_EQ(lines[1], "simplicity 882 of 1000 (weight 2): 16 concrete nodes, 1 holes");
  EXPECT_EQ(lines[3], "performance 0 of 1000 (weight 2): never timed");
  EXPECT_EQ(lines[4], "total 679 of 1000, not above the gate of 700");
}

}  // namespace
}  // namespace autodev::mine
