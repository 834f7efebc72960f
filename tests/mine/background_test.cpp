// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The grammar background: what is usual costs little, and counting does not depend on order.
#include "mine/background.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mine/random_trees.h"
#include "mine/real_code.h"
#include "mine/template.h"
#include "mine/tree_builder.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::NotedTree;
using test::tree_of;

constexpr std::string_view usual_code = R"(
def total(items):
    result = 0
    for item in items:
        result = result + item.price
    return result

def names(people):
    found = []
    for person in people:
        found.append(person.name)
    return found

def load(path):
    with open(path) as stream:
        return stream.read()
)";

Background trained(std::string_view source) {
  Background background;
  for (const CodeUnit& unit : functions_of(source, "f.py")) background.count(tree_of(unit));
  return background;
}

syntax::Nast function(std::string_view source) {
  return tree_of(functions_of(source, "f.py").at(0));
}

TEST(Background, WhatWasSeenBeforeIsLessOfASurprise) {
  const Background empty;
  const Background background = trained(usual_code);
  const auto seen = function(
      "def names(people):\n    found = []\n    for person in people:\n        found.append(person.name)\n    return "
      "found\n");
  EXPECT_LT(background.millibits(seen), empty.millibits(seen) / 2);
}

TEST(Background, AnUnknownWordCostsMoreThanAUsualOne) {
  const Background background = trained(usual_code);
  const auto usual = function("def f(xs):\n    xs.append(1)\n");
  const auto rare = function("def f(xs):\n    xs.zigzag(1)\n");
  EXPECT_GT(background.millibits(rare), background.millibits(usual));
}

TEST(Background, NamesOfVariablesDoNotCount) {
  const Background background = trained(usual_code);
  EXPECT_EQ(background.millibits(function("def f(a, b):\n    return a + b\n")),
            background.millibits(function("def g(left, right):\n    return left + right\n")));
}

TEST(Background, WhatStandsInAHoleIsNotPaid) {
  const Background background = trained(usual_code);
  const auto one = functions_of("def f(x):\n    log(x.alpha(1))\n    return g(x)\n", "f.py").at(0);
  const auto two = functions_of("def f(x):\n    log(5)\n    return g(x)\n", "f.py").at(0);
  const Template made = anti_unify(template_of(tree_of(one), one.text), tree_of(two), two.text).result;
  ASSERT_EQ(made.holes.size(), 1u);
  EXPECT_LT(background.millibits(made.tree), background.millibits(tree_of(one)));
  EXPECT_LT(background.millibits(made.tree), background.millibits(tree_of(two)));
  EXPECT_GT(background.millibits(made.tree), 0u);
}

TEST(Background, CountsDoNotDependOnTheOrderOfTheTrees) {
  std::mt19937 random(7);
  std::vector<syntax::Nast> trees;
  for (const CodeUnit& unit : functions_of(usual_code, "f.py")) trees.push_back(tree_of(unit));
  for (int i = 0; i < 40; ++i)
    trees.push_back(NotedTree(test::RandomTrees(static_cast<std::uint32_t>(i)).function()).tree);
  Background first;
  for (const auto& tree : trees) first.count(tree);
  std::shuffle(trees.begin(), trees.end(), random);
  Background second;
  for (const auto& tree : trees) second.count(tree);
  for (std::size_t row = 0; row < Background::row_count; ++row) EXPECT_EQ(first.row(row), second.row(row)) << row;
}

TEST(Background, TheRowsOfATreeAreAllThatCountingItChanges) {
  for (const CodeUnit& unit : functions_of(usual_code, "f.py")) {
    Background background;
    background.count(tree_of(unit));
    const auto rows = Background::rows_of(tree_of(unit));
    for (std::size_t row = 0; row < Background::row_count; ++row)
      EXPECT_TRUE(rows.test(row) || background.row(row).empty()) << row;
  }
}

TEST(Background, ProbabilitiesOfTheNextChildSumToOne) {
  const Background background = trained(usual_code);
  for (std::uint8_t parent = 0; parent < 60; parent = static_cast<std::uint8_t>(parent + 3)) {
    for (std::uint8_t previous = 0; previous < 64; previous = static_cast<std::uint8_t>(previous + 3)) {
      std::uint64_t sum = 0;
      for (std::uint8_t child = 0; child < 64; ++child) sum += background.transition(parent, previous, child);
      EXPECT_LE(sum, std::uint64_t{1} << 30);
      EXPECT_GE(sum, (std::uint64_t{1} << 30) - 1000) << int{parent} << " " << int{previous};
    }
  }
}

TEST(Background, LogarithmsAreRight) {
  EXPECT_EQ(log2_thousandths(1), 0u);
  EXPECT_EQ(log2_thousandths(2), 1000u);
  EXPECT_EQ(log2_thousandths(3), 1584u);
  EXPECT_EQ(log2_thousandths(1000), 9965u);
  EXPECT_EQ(log2_thousandths(std::uint64_t{1} << 40), 40'000u);
  EXPECT_EQ(log2_thousandths(UINT64_MAX), 63'999u);
  EXPECT_EQ(surprise_millibits(std::uint64_t{1} << 30), 0u);
  EXPECT_EQ(surprise_millibits(std::uint64_t{1} << 20), 10'000u);
  EXPECT_EQ(surprise_millibits(0), 30'000u) << "nothing is impossible";
}

TEST(BackgroundRow, ReadsWhatItWrites) {
  const Background background = trained(usual_code);
  for (std::size_t row = 0; row < Background::row_count; ++row)
    EXPECT_EQ(test::value_of(decode_background_row(encode_background_row(background.row(row)))), background.row(row));
}

TEST(BackgroundRow, RefusesDamagedBytes) {
  const BackgroundRow row{{3, 5}, {900, 70'000}, {901, 1}};
  const std::string bytes = encode_background_row(row);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(decode_background_row(std::string_view(bytes).substr(0, cut))) << cut;
  EXPECT_FALSE(decode_background_row(bytes + "x"));
  EXPECT_FALSE(decode_background_row("\x02\x05\x01\x00\x01")) << "a key twice";
  EXPECT_FALSE(decode_background_row(std::string_view("\x01\x05\x00", 3))) << "a count of nothing";
  EXPECT_FALSE(decode_background_row("\x01\x80\x80\x04\x01")) << "a key beyond 16 bits";
  EXPECT_FALSE(decode_background_row("\xff\xff\xff\xff\x0f")) << "more entries than bytes";
}

}  // namespace
}  // namespace autodev::mine
