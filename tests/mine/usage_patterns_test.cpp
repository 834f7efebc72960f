// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which sequences are shown as the behaviour of a type, and the behaviour of a batch of files.
#include "mine/usage_patterns.h"

#include <gtest/gtest.h>

#include "mine/real_code.h"

namespace autodev::mine {
namespace {

SequenceMiner mined(const std::vector<std::pair<std::vector<std::string>, int>>& sequences) {
  SequenceMiner miner(SequenceLimits{});
  std::uint64_t source = 0;
  for (const auto& [steps, times] : sequences)
    for (int i = 0; i < times; ++i) miner.add(steps, source++);
  return miner;
}

std::vector<std::vector<std::string>> shown(const std::string& type, const SequenceMiner& miner) {
  const auto closed = miner.closed();
  std::vector<std::vector<std::string>> steps;
  for (const std::size_t number : shown_patterns(type, closed, miner)) steps.push_back(closed[number].events);
  return steps;
}

TEST(ShownPatterns, OfTwoOrdersOfTheSameStepsOnlyTheMoreFrequentIsShown) {
  const auto steps = shown("~entry", mined({{{".getKey", ".getValue"}, 9}, {{".getValue", ".getKey"}, 5}}));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0], (std::vector<std::string>{".getKey", ".getValue"}));
}

TEST(ShownPatterns, FunctionsOfAModuleHaveNoOrderWhenBothAreUsual) {
  EXPECT_TRUE(shown("os.path", mined({{{".join", ".exists"}, 9}, {{".exists", ".join"}, 5}})).empty());
  EXPECT_EQ(shown("gc", mined({{{".disable", ".enable"}, 13}, {{".enable", ".disable"}, 1}})).size(), 1u);
  EXPECT_TRUE(shown("gc", mined({{{".disable", ".enable"}, 9}})).empty()) << "the other order may have come up three times";
}

TEST(TellingSteps, AreRarerThanOneInAFewHundredOfTheLanguage) {
  EXPECT_TRUE(is_telling_step(39, 10'000));
  EXPECT_FALSE(is_telling_step(40, 10'000));
  for (const std::uint64_t all : {20'000u, 1'000'000u})
    for (const std::uint64_t count : {std::uint64_t{0}, all / 400, all / 270, all / 240, all}) EXPECT_EQ(is_telling_so_far(count, all), is_telling_step(count, all)) << count << " of " << all;
}

TEST(TellingSteps, NeedLessWhereLittleCodeIsKnown) {
  EXPECT_TRUE(is_telling_so_far(6, 100)) << "100 ^ 0.4 is 6.3";
  EXPECT_FALSE(is_telling_so_far(7, 100));
  EXPECT_FALSE(is_telling_step(6, 100));
  EXPECT_FALSE(is_telling_so_far(0, 0));
  EXPECT_FALSE(is_telling_so_far(1, 1));
}

TEST(ExtractUsage, FindsHowTheFilesOfABatchUseAnObject) {
  std::vector<CodeUnit> units;
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    for (CodeUnit& unit : test::functions_of("def f" + n + "(p):\n    x" + n + " = lend(p)\n    x" + n + ".use(" + n + ")\n    x" + n + ".give_back()\n",
                                             "file" + n + ".py"))
      units.push_back(std::move(unit));
  }
  const auto found = extract_usage(units);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].type, "lend()");
  EXPECT_EQ(found[0].steps, (std::vector<std::string>{"=lend", ".use", ".give_back"}));
  EXPECT_EQ(found[0].files, 5u);
  EXPECT_EQ(found[0].members.size(), 5u);
  for (CodeUnit& unit : units) unit.path = "one.py";
  EXPECT_TRUE(extract_usage(units).empty()) << "one file is no evidence";
}

TEST(ExtractUsage, UnitsWithoutATreeTeachNothing) {
  EXPECT_TRUE(extract_usage({CodeUnit{}, CodeUnit{}}).empty());
}

}  // namespace
}  // namespace autodev::mine
