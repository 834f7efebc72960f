// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Input layouts read off examples, and new inputs that keep them.
#include "apply/input_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "apply/repair_probes.h"

namespace autodev::apply {
namespace {

InputShape shape_of(const std::vector<std::string_view>& inputs) {
  auto shape = InputShape::infer(inputs);
  EXPECT_TRUE(shape.has_value());
  return shape.value_or(InputShape());
}

std::vector<std::string> new_inputs(const InputShape& shape, std::size_t count) {
  std::vector<std::string> all;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    if (auto text = shape.near(seed % shape.examples().size(), seed)) all.push_back(std::move(*text));
    if (auto text = shape.fresh(seed, seed % 2 == 0)) all.push_back(std::move(*text));
  }
  EXPECT_GT(all.size(), count) << "most attempts give an input";
  return all;
}

TEST(InputShape, ReadsCountsOffTheExamples) {
  EXPECT_EQ(shape_of({"3\n1 5 2\n", "2\n4 3\n"}).describe(), "1 integer 2..3; #0 integer 1..5");
  EXPECT_EQ(shape_of({"2 3\nab.\n..a\n", "3 1\n.\na\nb\n"}).describe(), "2 integer 1..3; #0 times 1 word of length #1");
  EXPECT_EQ(shape_of({"2\n3 1 3 2\n1 9\n", "1\n2 4 4\n"}).describe(),
            "1 integer 1..2; #0 times 1 + first integer 1..9");
  EXPECT_EQ(shape_of({"2\n1\n7\n3\n7 9 8\n", "1\n2\n5 5\n"}).describe(),
            "1 integer 1..2; #0 times 1 integer 1..3 / block #0 integer 5..9");
  EXPECT_EQ(shape_of({"3\n1 2\n", "5\n1 2 4 3\n"}).describe(), "1 integer 3..5; #0-1 integer 1..4");
}

TEST(InputShape, ADigitStringWithLeadingZerosIsAWord) {
  EXPECT_EQ(shape_of({"4\n0110\n", "3\n111\n"}).describe(), "1 integer 3..4; 1 word of length #0");
}

TEST(InputShape, WhatNoCountExplainsIsLeftOpenOnceAndTwiceIsTooMuch) {
  EXPECT_EQ(shape_of({"1 2 3\n", "1\n"}).describe(), "some integer 1..3");
  EXPECT_FALSE(InputShape::infer({"9 9 9\n9 9\n9\n7 7 7 7\n", "9\n9 9 9 9\n9 9 9\n8 8\n9\n9 9 9 9 9 9\n"}).has_value());
}

TEST(InputShape, NewInputsKeepCountsRangesAndLetters) {
  for (const auto& text : new_inputs(shape_of({"3\n1 5 2\n", "2\n4 3\n", "6\n1 1 2 2 3 9\n"}), 60)) {
    std::istringstream in(text);
    long long n = 0, value = 0;
    in >> n;
    ASSERT_GE(n, 1) << text;
    long long seen = 0;
    for (; in >> value; ++seen) ASSERT_TRUE(value >= 0 && value <= 18) << text;
    ASSERT_EQ(seen, n) << text;
  }
  for (const auto& text : new_inputs(shape_of({"2 3\nab.\n..a\n", "3 1\n.\na\nb\n"}), 60)) {
    std::istringstream in(text);
    std::size_t rows = 0, columns = 0, seen = 0;
    in >> rows >> columns;
    for (std::string row; in >> row; ++seen) {
      ASSERT_EQ(row.size(), columns) << text;
      ASSERT_EQ(row.find_first_not_of(".ab"), std::string::npos) << text;
    }
    ASSERT_EQ(seen, rows) << text;
  }
}

TEST(InputShape, NewInputsKeepWhatAllExamplesHaveInCommon) {
  // n distinct ascending values up to m, with n <= m.
  const auto shape = shape_of({"3 9\n2 5 9\n", "4 6\n1 3 4 6\n", "2 4\n1 4\n"});
  std::set<std::string> different;
  for (const auto& text : new_inputs(shape, 60)) {
    std::istringstream in(text);
    long long n = 0, m = 0, last = 0;
    in >> n >> m;
    ASSERT_LT(n, m) << text;
    for (long long value = 0; in >> value; last = value) ASSERT_TRUE(value > last && value <= m) << text;
    different.insert(text);
  }
  EXPECT_GT(different.size(), 40u);
}

TEST(InputShape, TheSameSeedGivesTheSameInputAndAnotherOneMostlyAnother) {
  const auto shape = shape_of({"3\n1 5 2\n", "2\n4 3\n"});
  EXPECT_EQ(shape.near(0, 7), shape.near(0, 7));
  std::set<std::string> different;
  for (std::uint64_t seed = 0; seed < 20; ++seed) different.insert(shape.fresh(seed, false).value_or(""));
  EXPECT_GT(different.size(), 10u);
}

TEST(InputShape, HostileExamplesEndInBoundedTime) {
  std::string many = "1";
  for (int i = 0; i < 398; ++i) many += "\n1 1";
  EXPECT_NO_FATAL_FAILURE((void)InputShape::infer({many, many + "\n1", many + "\n2 2"}));
  EXPECT_FALSE(InputShape::infer({std::string(5'000, '7')}).has_value()) << "too long";
  EXPECT_FALSE(InputShape::infer({""}).has_value());
  EXPECT_FALSE(InputShape::infer({}).has_value());
  for (const char* huge : {"999999999999999999\n1\n", "-5\n1 2\n", "999999999999999999 -999999999999999999\n"})
    if (const auto shape = InputShape::infer({huge, huge}))
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        EXPECT_LT(shape->near(0, seed).value_or("").size(), 10'000u);
        EXPECT_LT(shape->fresh(seed, true).value_or("").size(), 10'000u);
      }
}

RepairAnswer answer(std::vector<std::uint64_t> outputs) {
  RepairAnswer made;
  made.ran = true;
  made.passed.assign(outputs.size(), true);
  made.timed_out.assign(outputs.size(), false);
  made.crashed = made.timed_out;
  made.outputs = std::move(outputs);
  return made;
}

TEST(RepairProbes, AreNewInputsNearEachTestAndSomeFarFromAll) {
  const std::vector<RepairTest> tests = {{"3\n1 5 2\n", "5", {}}, {"2\n4 3\n", "4", {}}};
  const auto probes = probe_inputs(tests, 1);
  EXPECT_GT(probes.size(), 25u);
  std::set<std::string> inputs = {tests[0].input, tests[1].input};
  std::size_t near[2] = {0, 0}, fresh = 0;
  for (const auto& probe : probes) {
    EXPECT_TRUE(inputs.insert(probe.test.input).second) << "each is new: " << probe.test.input;
    if (probe.near)
      ++near[*probe.near];
    else
      ++fresh;
  }
  EXPECT_GT(near[0], 5u);
  EXPECT_GT(near[1], 5u);
  EXPECT_GT(fresh, 5u);
}

TEST(RepairProbes, WithoutALayoutCharactersAreChanged) {
  const std::vector<RepairTest> tests = {{"9 9 9\n9 9\n9\n7 7 7 7\n", "", {}},
                                         {"9\n9 9 9 9\n9 9 9\n8 8\n9\n9 9 9 9 9 9\n", "", {}}};
  const auto probes = probe_inputs(tests, 1);
  ASSERT_FALSE(probes.empty());
  EXPECT_TRUE(std::all_of(probes.begin(), probes.end(), [](const auto& probe) { return probe.near.has_value(); }));
  EXPECT_TRUE(probe_inputs({{"", "", "assert f(1) == 2"}}, 1).empty()) << "tests that are code have no input";
}

TEST(RepairProbes, AgreementIsTheMeanShareOfOthersWithTheSameOutput) {
  const std::vector<RepairProbe> probes = {{{"1", "", {}}, 0}, {{"2", "", {}}, 1}};
  //                                                  before           two alike         one apart on the second
  const auto verdicts =
      compare_on_probes(probes, {answer({5, 6}), answer({7, 6}), answer({7, 6}), answer({7, 9})}, {true, false});
  ASSERT_EQ(verdicts.size(), 3u);
  EXPECT_DOUBLE_EQ(*verdicts[0].agreement, 0.75);
  EXPECT_DOUBLE_EQ(*verdicts[2].agreement, 0.5);
  EXPECT_DOUBLE_EQ(*verdicts[0].changed_failed, 1);
  EXPECT_DOUBLE_EQ(*verdicts[0].changed_passed, 0);
  EXPECT_DOUBLE_EQ(*verdicts[2].changed_passed, 1);
}

TEST(RepairProbes, WhatDidNotRunSaysNothing) {
  const std::vector<RepairProbe> probes = {{{"1", "", {}}, 0}};
  const auto verdicts = compare_on_probes(probes, {RepairAnswer(), answer({7}), RepairAnswer()}, {true});
  EXPECT_TRUE(verdicts[0].probed);
  EXPECT_FALSE(verdicts[0].agreement.has_value()) << "there is no other";
  EXPECT_FALSE(verdicts[0].changed_failed.has_value()) << "nobody knows what was before";
  EXPECT_FALSE(verdicts[1].probed);
}

TEST(RepairProbes, ACrashIsABehaviourOfItsOwn) {
  const std::vector<RepairProbe> probes = {{{"1", "", {}}, 0}};
  auto crashed = answer({7});
  crashed.crashed[0] = true;
  const auto verdicts = compare_on_probes(probes, {answer({7}), answer({7}), crashed}, {false});
  EXPECT_DOUBLE_EQ(*verdicts[0].agreement, 0);
  EXPECT_DOUBLE_EQ(*verdicts[1].changed_passed, 1);
}

}  // namespace
}  // namespace autodev::apply
