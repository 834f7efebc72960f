// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What must hold for every sequence of trees, checked over random ones: covering, monotone, idempotent,
// deterministic, and text that goes in comes out again.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "mine/quality.h"
#include "mine/random_trees.h"
#include "mine/template.h"
#include "mine/tree_builder.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::NotedTree;

/// A family: a random function and edited copies of copies of it.
std::vector<NotedTree> family(std::uint32_t seed, std::size_t size) {
  test::RandomTrees random(seed);
  std::vector<NotedTree> trees;
  trees.emplace_back(random.function());
  while (trees.size() < size) trees.emplace_back(random.edited(trees[random.below(trees.size())].text));
  return trees;
}

/// Counts taken away: what idempotence is about.
Template shape(Template pattern) {
  pattern.instances = 0;
  for (auto& hole : pattern.holes) hole.fillers.clear(), hole.overflow = 0;
  return pattern;
}

constexpr std::uint32_t seeds = 400;

Template fold(const std::vector<NotedTree>& trees) {
  Template pattern = template_of(trees[0].tree, trees[0].text);
  for (const auto& next : trees) pattern = anti_unify(pattern, next.tree, next.text).result;
  return pattern;
}

TEST(TemplateProperties, EveryTreeFoldedInStaysAnInstance) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto trees = family(seed, 6);
    Template pattern = template_of(trees[0].tree, trees[0].text);
    for (std::size_t i = 1; i < trees.size(); ++i) {
      const std::uint32_t before = concrete_nodes(pattern);
      pattern = anti_unify(pattern, trees[i].tree, trees[i].text).result;
      EXPECT_LE(concrete_nodes(pattern), before);
      EXPECT_EQ(pattern.instances, i + 1);
      for (std::size_t k = 0; k <= i; ++k)
        ASSERT_TRUE(match(pattern, trees[k].tree, trees[k].text)) << trees[k].text << "\nagainst " << render(pattern);
    }
  }
}

TEST(TemplateProperties, FoldingInAnInstanceOnlyRaisesCounts) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto trees = family(seed + 1'000'000, 4);
    const Template pattern = fold(trees);
    for (const auto& next : trees) {
      const auto again = anti_unify(pattern, next.tree, next.text);
      EXPECT_EQ(shape(again.result), shape(pattern));
      EXPECT_EQ(again.result.instances, pattern.instances + 1);
      EXPECT_DOUBLE_EQ(again.kept, 1.0);
    }
  }
}

TEST(TemplateProperties, TheSameInputsGiveTheSameBytesAndBytesGiveTheTemplate) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto trees = family(seed + 2'000'000, 4);
    std::string bytes[2];
    for (auto& out : bytes) {
      const Template pattern = fold(trees);
      out = encode_template(pattern);
      EXPECT_EQ(test::value_of(decode_template(out)), pattern);
    }
    EXPECT_EQ(bytes[0], bytes[1]);
  }
}

TEST(TemplateProperties, FillingInWhatWasMatchedGivesTheInstanceBack) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto trees = family(seed + 3'000'000, 4);
    const Template pattern = fold(trees);
    for (const auto& tree : trees) {
      const auto fillers = match(pattern, tree.tree, tree.text);
      ASSERT_TRUE(fillers);
      const NotedTree made(test::value_of(instantiate(pattern, *fillers)));
      EXPECT_EQ(to_sexpr(made.tree), to_sexpr(tree.tree)) << render(pattern);
    }
  }
}

TEST(TemplateProperties, KeptSharesAndHolesAreInTheirRange) {
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto trees = family(seed + 4'000'000, 3);
    Template pattern = template_of(trees[0].tree, trees[0].text);
    for (const auto& next : trees) {
      const auto made = anti_unify(pattern, next.tree, next.text);
      EXPECT_GE(made.kept, 0.0);
      EXPECT_LE(made.kept, 1.0);
      pattern = made.result;
      std::uint32_t seen = 0;
      for (const auto& node : pattern.tree.nodes) {
        if (!syntax::is_hole(node.kind)) continue;
        EXPECT_LE(node.symbol, seen + 1) << "holes are numbered by first appearance";
        seen = std::max(seen, node.symbol);
      }
      EXPECT_EQ(seen, pattern.holes.size());
    }
  }
}

TEST(TemplateProperties, TheRandomFamiliesExerciseEveryKindOfHole) {
  std::map<std::string, std::uint32_t> kinds;
  std::uint32_t linked = 0;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    const Template pattern = fold(family(seed, 5));
    std::uint32_t places = 0;
    for (const auto& node : pattern.tree.nodes) places += syntax::is_hole(node.kind);
    linked += places > pattern.holes.size();
    for (const auto& hole : pattern.holes) ++kinds[hole.kind];
  }
  for (const std::string kind : {"identifier", "literal", "expression", "statement", "sequence"})
    EXPECT_GT(kinds[kind], 20u) << kind;
  EXPECT_GT(linked, 20u);
}

}  // namespace
}  // namespace autodev::mine
