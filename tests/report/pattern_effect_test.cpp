// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/pattern_effect.h"

#include <gtest/gtest.h>

#include "support/knowledge_samples.h"

namespace autodev::report {
namespace {

std::vector<Trial> trials_with(double effect, int count, test::Chance& chance) {
  std::vector<Trial> trials;
  for (int i = 0; i < count; ++i) {
    const bool shown = chance.below(100) >= 20;
    const double p = 0.5 + (shown ? effect : 0);
    trials.push_back({shown, static_cast<double>(chance.below(1000)) < p * 1000 ? 1.0 : 0.0, shown ? 0.8 : 0.2});
  }
  return trials;
}

TEST(PatternEffect, TellsPatternsThatHelpFromThoseThatHarm) {
  test::Chance chance(11);
  std::vector<double> good, bad;
  for (int k = 0; k < 30; ++k) {
    good.push_back(pattern_effect(trials_with(0.2, 200, chance))->difference);
    bad.push_back(pattern_effect(trials_with(-0.2, 200, chance))->difference);
  }
  double area = 0;
  for (const double a : good)
    for (const double b : bad) area += a > b ? 1 : 0;
  EXPECT_GE(area / 900, 0.9);
}

TEST(PatternEffect, ItsIntervalHoldsTheTruthNineteenTimesInTwenty) {
  test::Chance chance(12);
  int covered = 0;
  constexpr int repetitions = 400;
  for (int i = 0; i < repetitions; ++i) {
    const PatternEffect effect = pattern_effect(trials_with(0.15, 150, chance)).value();
    covered += effect.low <= 0.15 && effect.high >= 0.15 ? 1 : 0;
  }
  EXPECT_GE(covered, repetitions * 92 / 100);
}

TEST(PatternEffect, SaysNothingWithoutBothSides) {
  EXPECT_FALSE(pattern_effect({}));
  EXPECT_FALSE(pattern_effect({{true, 1, 0.9}, {true, 0, 0.9}, {false, 1, 0.1}}));
}

TEST(PatternEffect, DoesNotDependOnAShareHeldBackThatChanged) {
  // Easy tasks with a tenth held back, then hard ones with half: plain shares would blame the pattern.
  std::vector<Trial> trials;
  for (int i = 0; i < 1000; ++i) trials.push_back({i % 10 != 0, 1, i % 10 != 0 ? 0.9 : 0.1});
  for (int i = 0; i < 1000; ++i) trials.push_back({i % 2 != 0, 0, 0.5});
  EXPECT_NEAR(pattern_effect(trials)->difference, 0, 1e-9);
}

}  // namespace
}  // namespace autodev::report
