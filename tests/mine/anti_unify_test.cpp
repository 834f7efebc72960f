// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What anti-unification makes of small trees, seen through the rendered template.
#include <gtest/gtest.h>

#include "mine/template.h"
#include "mine/tree_builder.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::NotedTree;

/// Folds all trees in order and checks that each of them still is an instance.
Template fold(const std::vector<std::string>& notations) {
  const NotedTree first(notations.front());
  Template pattern = template_of(first.tree, first.text);
  for (std::size_t i = 1; i < notations.size(); ++i) {
    const NotedTree next(notations[i]);
    pattern = anti_unify(pattern, next.tree, next.text).result;
  }
  for (const auto& notation : notations) {
    const NotedTree instance(notation);
    EXPECT_TRUE(match(pattern, instance.tree, instance.text)) << notation << " against " << render(pattern);
  }
  return pattern;
}

std::string folded(const std::vector<std::string>& notations) {
  return render(fold(notations));
}

TEST(AntiUnify, ATemplateOfOneTreeIsItsText) {
  const NotedTree tree("(call  foo! (arguments a, 1))");
  EXPECT_EQ(render(template_of(tree.tree, tree.text)), tree.text);
  EXPECT_EQ(fold({tree.text, tree.text}).instances, 2u);
  EXPECT_EQ(folded({tree.text, tree.text}), tree.text);
}

TEST(AntiUnify, DifferentLeavesBecomeTypedHoles) {
  const Template pattern = fold({"(call foo! (arguments a, 1, b))", "(call foo! (arguments c, 2, (call g!)))"});
  EXPECT_EQ(render(pattern), "(call foo! (arguments $1, $2, $3))");
  ASSERT_EQ(pattern.holes.size(), 3u);
  EXPECT_EQ(pattern.holes[0].kind, "identifier");
  EXPECT_EQ(pattern.holes[1].kind, "literal");
  EXPECT_EQ(pattern.holes[2].kind, "expression");
  const std::vector<std::pair<std::string, std::uint32_t>> fillers = {{"(call g!)", 1}, {"b", 1}};
  EXPECT_EQ(pattern.holes[2].fillers, fillers);
}

TEST(AntiUnify, TypeAndStatementHolesAreNamed) {
  const Template pattern = fold({"(block (cast A: x) (return x))", "(block (cast B: x) (throw x))"});
  EXPECT_EQ(render(pattern), "(block (cast $1 x) $2)");
  EXPECT_EQ(pattern.holes[0].kind, "type");
  EXPECT_EQ(pattern.holes[1].kind, "statement");
}

TEST(AntiUnify, TheSameDifferenceIsTheSameHole) {
  EXPECT_EQ(folded({"(binary a (binary a b))", "(binary x (binary x b))"}), "(binary $1 (binary $1 b))");
  EXPECT_EQ(folded({"(binary a (binary a b))", "(binary x (binary y b))"}), "(binary $1 (binary $2 b))");
}

TEST(AntiUnify, ALinkedHoleSplitsWhenAnInstanceBreaksTheLink) {
  const Template pattern = fold({"(binary a a)", "(binary x x)", "(binary y z)"});
  EXPECT_EQ(render(pattern), "(binary $1 $2)");
  const std::vector<std::pair<std::string, std::uint32_t>> first = {{"a", 1}, {"x", 1}, {"y", 1}};
  const std::vector<std::pair<std::string, std::uint32_t>> second = {{"a", 1}, {"x", 1}, {"z", 1}};
  EXPECT_EQ(pattern.holes[0].fillers, first);
  EXPECT_EQ(pattern.holes[1].fillers, second);
}

TEST(AntiUnify, AnInsertedSiblingBecomesASequenceHoleWhicheverTreeLeads) {
  const std::string with = "(block (call a!) (call b!) (call c!))";
  const std::string without = "(block (call a!) (call c!))";
  EXPECT_EQ(folded({with, without}), "(block (call a!) $$$1 (call c!))");
  EXPECT_EQ(folded({without, with}), "(block (call a!) $$$1 (call c!))");
}

TEST(AntiUnify, SequenceHolesCarryTheirSeparator) {
  const Template end = fold({"(call f! (arguments a, b))", "(call f! (arguments a))"});
  EXPECT_EQ(render(end), "(call f! (arguments a, $$$1))");
  EXPECT_EQ(test::value_of(instantiate(end, {""})), "(call f! (arguments a))");
  EXPECT_EQ(test::value_of(instantiate(end, {", c, d"})), "(call f! (arguments a, c, d))");
  const Template front = fold({"(list b, (call c!))", "(list (call c!))"});
  EXPECT_EQ(render(front), "(list $$$1, (call c!))");
  EXPECT_EQ(front.holes[0].fillers.back().first, "b, ");
}

TEST(AntiUnify, LeftoverArgumentsAsManyOnBothSidesArePaired) {
  EXPECT_EQ(folded({"(call f! (arguments 1, a))", "(call f! (arguments (call g!), \"s\"))"}),
            "(call f! (arguments $1, $2))");
}

TEST(AntiUnify, AnExistingSequenceHoleTakesWhatComesLater) {
  const Template pattern = fold({"(block (call a!) (call b!))", "(block (call a!) (call x!) (call b!))",
                                 "(block (call a!) (call x!) (call y!) (call b!))", "(block (call a!) (call b!))"});
  EXPECT_EQ(render(pattern), "(block (call a!) $$$1 (call b!))");
  EXPECT_EQ(pattern.holes[0].fillers.front().second, 2u);  // twice empty
  EXPECT_EQ(pattern.instances, 4u);
}

TEST(AntiUnify, NothingInCommonIsOneHole) {
  const NotedTree a("(call f!)");
  const NotedTree b("(binary 1 2)");
  const auto made = anti_unify(template_of(a.tree, a.text), b.tree, b.text);
  EXPECT_EQ(render(made.result), "$1");
  EXPECT_EQ(concrete_nodes(made.result), 0u);
  EXPECT_DOUBLE_EQ(made.kept, 0.0);
}

TEST(AntiUnify, LanguagesNeverMix) {
  const NotedTree python("(call f!)");
  const auto go = test::TreeBuilder::build(python.text, Language::go);
  const auto made = anti_unify(template_of(python.tree, python.text), go, python.text);
  EXPECT_DOUBLE_EQ(made.kept, 0.0);
  EXPECT_FALSE(match(template_of(python.tree, python.text), go, python.text));
}

TEST(AntiUnify, AnEmptyTreeIsNotFoldedIn) {
  const NotedTree a("(call f!)");
  const Template pattern = template_of(a.tree, a.text);
  const auto made = anti_unify(pattern, {}, "");
  EXPECT_EQ(made.result, pattern);
  EXPECT_DOUBLE_EQ(made.kept, 0.0);
}

TEST(AntiUnify, RenamingCostsNothingButAnotherCalleeDoes) {
  const NotedTree leader("(binary a (call f! (arguments b)))");
  const NotedTree renamed("(binary x (call f! (arguments y)))");
  const NotedTree other("(binary a (call g! (arguments b)))");
  EXPECT_DOUBLE_EQ(anti_unify(template_of(leader.tree, leader.text), renamed.tree, renamed.text).kept, 1.0);
  EXPECT_LT(anti_unify(template_of(leader.tree, leader.text), other.tree, other.text).kept, 1.0);
}

TEST(AntiUnify, FunctionsAndMethodsAreOneKind) {
  EXPECT_EQ(folded({"(function f (block (call a!)))", "(method g (block (call a!)))"}),
            "(function $1 (block (call a!)))");
}

TEST(AntiUnify, AnOptionalChildIsAGapNotALostNode) {
  EXPECT_EQ(folded({"(function f (parameters a) (block (call g!)))",
                    "(function f (parameters a) (type T:) (block (call g!)))"}),
            "(function f (parameters a)$$$1 (block (call g!)))");
}

TEST(AntiUnify, FillersAreCappedAndTheRestIsCounted) {
  const NotedTree first("(call f! (arguments 0))");
  Template pattern = template_of(first.tree, first.text);
  for (int i = 1; i < 100; ++i) {
    const NotedTree next("(call f! (arguments " + std::to_string(i) + "))");
    pattern = anti_unify(pattern, next.tree, next.text).result;
  }
  EXPECT_EQ(pattern.holes[0].fillers.size(), 64u);
  EXPECT_EQ(pattern.holes[0].overflow, 36u);
  EXPECT_EQ(public_holes(pattern)[0].fillers.size(), 8u);
  EXPECT_EQ(public_holes(pattern)[0].distinct, 64u);
}

TEST(AntiUnify, VeryLongListsKeepTheirEqualEnds) {
  std::string many;
  for (int i = 0; i < 500; ++i) many += " (call f" + std::to_string(i) + "!)";
  EXPECT_EQ(folded({"(block" + many + " (call end!))", "(block" + many + " (call more!) (call end!))"}),
            "(block" + many + " $$$1 (call end!))");
}

TEST(AntiUnify, DeepNestingStaysOffTheStack) {
  const int depth = 20'000;
  std::string open, close;
  for (int i = 0; i < depth; ++i) open += "(unary ", close += ")";
  syntax::Nast a, b;
  for (auto* tree : {&a, &b}) {
    tree->language = Language::python;
    tree->symbols = {tree == &a ? "a" : "b"};
    for (std::uint32_t i = 0; i <= depth; ++i) {
      auto& node = tree->nodes.emplace_back();
      node.kind = i == depth ? syntax::NodeKind::identifier : syntax::NodeKind::unary;
      node.symbol = i == depth;
      node.size = depth + 1 - i;
    }
  }
  const auto made = anti_unify(template_of(a, ""), b, "");
  EXPECT_EQ(concrete_nodes(made.result), 200u);
  EXPECT_TRUE(match(made.result, a, ""));
  EXPECT_TRUE(match(made.result, b, ""));
}

}  // namespace
}  // namespace autodev::mine
