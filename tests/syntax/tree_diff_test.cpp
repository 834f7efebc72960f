// SPDX-License-Identifier: MIT OR Apache-2.0
#include "syntax/tree_diff.h"

#include <gtest/gtest.h>

#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::syntax {
namespace {

Nast tree_of(const std::string& source, Language language = Language::c) {
  ExtractOptions options;
  options.blocks = options.types = false;
  const auto units = test::value_of(extract_units(source, language, "file", options)).units;
  EXPECT_EQ(units.size(), 1u) << source;
  return test::value_of(decode_nast(units.at(0).tree));
}

std::size_t nodes_in(const SiblingRange& range) { return range.last - range.first; }

TEST(TreeDiff, EqualTreesHaveNoEdit) {
  const Nast tree = tree_of("int f(int n) { return n + 1; }");
  EXPECT_TRUE(diff_trees(tree, tree).edits.empty());
}

TEST(TreeDiff, AChangedOperatorIsOneEditOfThatExpression) {
  const Nast before = tree_of("int f(int n) { int s = 0; for (int i = 0; i <= n; i++) s += i; return s; }");
  const Nast after = tree_of("int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += i; return s; }");
  const TreeDifference difference = diff_trees(before, after);
  ASSERT_EQ(difference.edits.size(), 1u);
  const SiblingRange& range = difference.edits[0].before;
  EXPECT_EQ(before.nodes[range.first].kind, NodeKind::binary);
  EXPECT_EQ(before.symbol(range.first), "<=");
  EXPECT_EQ(nodes_in(range), before.nodes[range.first].size);
}

TEST(TreeDiff, AnAddedStatementIsAnEmptyPlaceBefore) {
  const Nast before = tree_of("void f(int *p) { use(p); done(p); }");
  const Nast after = tree_of("void f(int *p) { use(p); check(p); done(p); }");
  const TreeDifference difference = diff_trees(before, after);
  ASSERT_EQ(difference.edits.size(), 1u);
  EXPECT_TRUE(difference.edits[0].before.empty());
  EXPECT_FALSE(difference.edits[0].after.empty());
}

TEST(TreeDiff, CodeMovedIntoAConditionIsOneEditAndKeepsTheSharedSubtree) {
  const Nast before = tree_of("void f(int *p) { start(); *p = 1; stop(); }");
  const Nast after = tree_of("void f(int *p) { start(); if (p) { *p = 1; } stop(); }");
  const TreeDifference difference = diff_trees(before, after);
  ASSERT_EQ(difference.edits.size(), 1u);
  const std::uint64_t moved = hash_subtrees(before)[difference.edits[0].before.first].exact;
  const auto hashes = hash_subtrees(after);
  bool found = false;
  for (std::uint32_t i = difference.edits[0].after.first; i < difference.edits[0].after.last; ++i) found |= hashes[i].exact == moved;
  EXPECT_TRUE(found);
}

TEST(TreeDiff, DistantChangesAreSeparateEditsInOrder) {
  const Nast before = tree_of("int f(int a, int b) { int x = a + 1; log(x); return x - b; }");
  const Nast after = tree_of("int f(int a, int b) { int x = a + 2; log(x); return b - x; }");
  const TreeDifference difference = diff_trees(before, after);
  ASSERT_GE(difference.edits.size(), 2u);
  for (std::size_t i = 1; i < difference.edits.size(); ++i)
    EXPECT_LE(difference.edits[i - 1].before.first, difference.edits[i].before.first);
}

TEST(TreeDiff, TheWalkEndsAtTheBound) {
  std::string before = "void f() {", after = before;
  for (int i = 0; i < 50; ++i) {
    before += " a(" + std::to_string(i) + "); keep();";
    after += " b(" + std::to_string(i) + "); keep();";
  }
  const TreeDifference difference = diff_trees(tree_of(before + "}"), tree_of(after + "}"), 8);
  EXPECT_FALSE(difference.complete);
  EXPECT_LE(difference.edits.size(), 8u);
}

TEST(TreeDiff, DeepNestingCostsNoStack) {
  // Deeper than any stack of frames that a walk by recursion would need to survive.
  std::string open = "int f(int a) { return ", close;
  for (int i = 0; i < 4000; ++i) {
    open += '(';
    open += '-';
    close += ')';
  }
  const Nast before = tree_of(open + "a" + close + "; }");
  const Nast after = tree_of(open + "1" + close + "; }");
  EXPECT_EQ(diff_trees(before, after).edits.size(), 1u);
}

}  // namespace
}  // namespace autodev::syntax
