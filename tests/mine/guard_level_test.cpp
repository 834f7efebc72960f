// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/guard_level.h"

#include <gtest/gtest.h>

#include <bit>

#include "mine/near_repeat.h"

namespace autodev::mine {
namespace {

GuardCounts counts(std::uint32_t confirmed, std::uint32_t alarms = 0, std::uint32_t wrong = 0) {
  return {confirmed, alarms, 0, wrong};
}

TEST(GuardLevel, SpeaksFromFourAndBlocksFromSixteen) {
  EXPECT_EQ(level_of(counts(3)), GuardLevel::shadow);
  EXPECT_EQ(level_of(counts(4)), GuardLevel::advise);
  EXPECT_EQ(level_of(counts(15)), GuardLevel::advise);
  EXPECT_EQ(level_of(counts(16)), GuardLevel::block);
}

TEST(GuardLevel, FalseAlarmsAndWrongDemote) {
  EXPECT_EQ(level_of(counts(16, 1)), GuardLevel::advise);
  EXPECT_EQ(level_of(counts(4, 1)), GuardLevel::shadow);
  EXPECT_EQ(level_of(counts(4, 0, 1)), GuardLevel::shadow);
}

TEST(GuardLevel, MoreDoubtNeverRaisesAndMoreConfirmationNeverLowers) {
  for (std::uint32_t k = 0; k <= 40; ++k)
    for (std::uint32_t alarms = 0; alarms <= 12; ++alarms) {
      EXPECT_LE(level_of(counts(k, alarms + 1)), level_of(counts(k, alarms)));
      EXPECT_LE(level_of(counts(k, alarms, 1)), level_of(counts(k, alarms)));
      EXPECT_GE(level_of(counts(k + 1, alarms)), level_of(counts(k, alarms)));
    }
}

TEST(GuardLevel, OneExecutedFailureAdvisesAboutItsCopyAndNeverBlocks) {
  EXPECT_EQ(repeat_level(0, 0, 0), GuardLevel::shadow);
  EXPECT_EQ(repeat_level(1, 0, 0), GuardLevel::advise);
  EXPECT_EQ(repeat_level(1, 1, 0), GuardLevel::shadow);
  EXPECT_EQ(repeat_level(1, 0, 1), GuardLevel::shadow);
  EXPECT_EQ(repeat_level(15, 0, 0), GuardLevel::advise);
  EXPECT_EQ(repeat_level(16, 0, 0), GuardLevel::block);
  for (std::uint32_t failures = 1; failures < 30; ++failures)
    for (std::uint32_t passes = 0; passes < 6; ++passes)
      EXPECT_LE(repeat_level(failures, passes + 1, 0), repeat_level(failures, passes, 0));
}

TEST(GuardLevel, AConditionIsChosenOnlyWhenItRemovesMoreThanItCosts) {
  EXPECT_EQ(refine(0b11, {0b10}).required, 0u);
  const Refinement chosen = refine(0b11, {0b10, 0b10, 0b11});
  EXPECT_EQ(chosen.required, 0b01u);
  EXPECT_EQ(chosen.remaining, 1u);
  // A surrounding that some confirmed use lacked is no condition.
  EXPECT_EQ(refine(0b10, {0b10, 0b10, 0b10}).required, 0u);
  EXPECT_LE(std::popcount(refine(UINT64_MAX, std::vector<std::uint64_t>(40, 0)).required), 2);
}

TEST(NearRepeat, IsTheFailedCodeWithoutItsFix) {
  std::vector<std::uint64_t> failed, fixed, variant;
  for (std::uint64_t i = 0; i < 100; ++i) failed.push_back(i);
  fixed = failed;
  fixed.erase(fixed.begin() + 50, fixed.begin() + 54);
  fixed.push_back(200);
  fixed.push_back(201);
  variant = failed;
  variant.push_back(300);
  EXPECT_TRUE(near_repeat(variant, failed, &fixed).has_value());
  EXPECT_FALSE(near_repeat(fixed, failed, &fixed).has_value());
  auto fixed_variant = fixed;
  fixed_variant.push_back(300);
  EXPECT_FALSE(near_repeat(fixed_variant, failed, &fixed).has_value());
  EXPECT_FALSE(near_repeat({1, 2, 3}, failed, &fixed).has_value());
}

}  // namespace
}  // namespace autodev::mine
