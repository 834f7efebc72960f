// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Gain against the background, and the rubric of what is kept.
#include "mine/gain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/keep.h"
#include "mine/real_code.h"
#include "mine/tree_builder.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::NotedTree;
using test::tree_of;

/// Ordinary code, so that the background knows what is ordinary.
Background ordinary() {
  Background background;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    const std::string source = "class A:\n    def f" + n + "(self, item):\n        x = g" + n +
                               "(item)\n        if x is None:\n            return self.a" + n + "\n        self.value" +
                               n + " = x\n        for y in x:\n            self.add(y)\n        return len(x)\n";
    for (const CodeUnit& unit : functions_of(source, "f.py")) background.count(tree_of(unit));
  }
  return background;
}

Template joined(std::string_view first, std::string_view second) {
  const auto a = functions_of(first, "f.py").at(0);
  const auto b = functions_of(second, "f.py").at(0);
  return anti_unify(template_of(tree_of(a), a.text), tree_of(b), b.text).result;
}

Template noted(const std::string& a, const std::string& b) {
  const NotedTree left(a);
  const NotedTree right(b);
  return anti_unify(template_of(left.tree, left.text), right.tree, right.text).result;
}

const Template& retry() {
  static const Template made = joined(R"(
def fetch_users(client):
    for attempt in range(3):
        try:
            response = client.get("/users")
            response.raise_for_status()
            return response.json()
        except TimeoutError:
            time.sleep(2 ** attempt)
    raise ConnectionError("users")
)",
                                      R"(
def fetch_orders(api):
    for attempt in range(3):
        try:
            response = api.get("/orders")
            response.raise_for_status()
            return response.json()
        except TimeoutError:
            time.sleep(2 ** attempt)
    raise ConnectionError("orders")
)");
  return made;
}

TEST(Gain, WhatEveryGrammarSaysSavesNothingHoweverOftenItOccurs) {
  const Background background = ordinary();
  const Template assignment = noted("(assignment x (call f! (arguments 1)))", "(assignment x (list 1 2))");
  const Template call =
      noted("(expression_statement (call f! (arguments a)))", "(expression_statement (call g! (arguments (list))))");
  const Template getter = noted("(return (member a b!))", "(return (member c d!))");
  for (const std::uint32_t n : {1u, 2u, 10u, 1000u, 1'000'000u}) {
    EXPECT_LE(gain_of(assignment, background, n, 5000).total, 0) << n;
    EXPECT_LE(gain_of(call, background, n, 5000).total, 0) << n;
    EXPECT_LE(gain_of(getter, background, n, 5000).total, 0) << n;
  }
}

TEST(Gain, ARealPatternSavesFromItsSecondProjectOn) {
  const Background background = ordinary();
  EXPECT_LT(gain_of(retry(), background, 1, 5000).total, 0);
  EXPECT_GT(gain_of(retry(), background, 2, 5000).total, 0);
  EXPECT_GT(gain_of(retry(), background, 3, 5000).total, gain_of(retry(), background, 2, 5000).total);
}

TEST(Gain, IsItsFormula) {
  const PatternGain gain = gain_of(retry(), ordinary(), 3, 5000);
  const auto f = static_cast<std::int64_t>(gain.fragment);
  EXPECT_EQ(gain.total, 3 * (f - static_cast<std::int64_t>(gain.index) - static_cast<std::int64_t>(gain.use)) -
                            static_cast<std::int64_t>(gain.description));
  EXPECT_EQ(gain.description, gain.fragment + 3000 * retry().holes.size());
  EXPECT_EQ(gain.index, 12'287u) << "log2 5000";
}

TEST(Gain, ALargerLibraryMakesNamingDearer) {
  const Background background = ordinary();
  EXPECT_GT(gain_of(retry(), background, 2, 1).total, gain_of(retry(), background, 2, 1'000'000).total);
  EXPECT_EQ(gain_of(retry(), background, 2, 0), gain_of(retry(), background, 2, 1024))
      << "a young library counts as one of 1,024";
}

TEST(Occurrences, CopiesInsideAProjectBuyNothing) {
  PatternEvidence evidence;
  evidence.instances = 500;
  evidence.distinct_instances = 1;
  evidence.projects = 1;
  EXPECT_EQ(counted_occurrences(evidence), 1u);
  evidence.projects = 2;
  EXPECT_EQ(counted_occurrences(evidence), 2u);
  evidence.projects = 1;
  evidence.distinct_instances = 2;
  evidence.places = 9;
  EXPECT_EQ(counted_occurrences(evidence), 1u) << "two forms in one project";
  evidence.distinct_instances = 4;
  EXPECT_EQ(counted_occurrences(evidence), 4u);
  evidence.places = 1;
  EXPECT_EQ(counted_occurrences(evidence), 1u) << "four versions of one function";
  EXPECT_EQ(counted_occurrences({}), 0u);
}

std::string why_trivial(std::string_view source) {
  const auto unit = functions_of(source, "f.py").at(0);
  const auto reason = trivial_because(template_of(tree_of(unit), unit.text), ordinary());
  return reason ? reason->substr(0, reason->find(':')) : "";
}

TEST(Rubric, NamesWhatIsTrivial) {
  EXPECT_EQ(why_trivial("def f(self):\n    pass\n"), "small");
  EXPECT_EQ(why_trivial("def f(a, b, c):\n    if a:\n        return b\n    return c + 1\n"), "nameless");
  EXPECT_EQ(why_trivial("def f(self):\n    return self.connection.latest_cursor\n"), "single");
  EXPECT_EQ(why_trivial("def f(self, a):\n    return self.session.forward(a, timeout=90)\n"), "single");
  EXPECT_EQ(why_trivial("def f(self, alpha, beta):\n    self.first_alpha = alpha\n    self.second_beta = beta\n"),
            "stores");
}

TEST(Rubric, LetsThroughWhatSaysSomething) {
  EXPECT_EQ(why_trivial("def f(path):\n    with open(path) as stream:\n        return yaml.safe_load(stream)\n"), "");
  EXPECT_EQ(why_trivial("def f(self, url):\n    response = self.session.get(url)\n    response.raise_for_status()\n    "
                        "return response.json()\n"),
            "");
  EXPECT_EQ(trivial_because(retry(), ordinary()), std::nullopt);
}

TEST(Rubric, ATemplateWithMoreHolesThanWordsIsOpen) {
  Template open = retry();
  const Substance has = substance_of(open, ordinary());
  TemplateHole hole;
  hole.kind = "expression";
  hole.fillers = {{"a", 1}, {"b", 1}};
  open.holes.resize(open.holes.size() + has.words + 1, hole);
  EXPECT_EQ(trivial_because(open, ordinary())->substr(0, 4), "open");
}

TEST(Rubric, TheMembersOfATypeAreNotStatementsOfAFunction) {
  const auto units = test::value_of(syntax::extract_units(
                                        "struct Opened {\n  StoreLocation location;\n  Configuration configuration;\n"
                                        "  std::unique_ptr<LearningSystem> system;\n};\n",
                                        Language::cpp, "a.h"))
                         .units;
  const auto type =
      std::find_if(units.begin(), units.end(), [](const CodeUnit& unit) { return unit.kind == UnitKind::type; });
  ASSERT_NE(type, units.end());
  EXPECT_EQ(trivial_because(template_of(tree_of(*type), type->text), ordinary()), std::nullopt);
}

TEST(Keep, GeneralPatternsHaveWordsToSpare) {
  const Background background = ordinary();
  EXPECT_GT(substance_of(retry(), background).words, 0u);
  EXPECT_LE(substance_of(retry(), background, bits_to_spare).words, substance_of(retry(), background).words);
  EXPECT_EQ(trivial_because(retry(), background, 1'000'000)->substr(0, 8), "nameless")
      << "no word tells that much";
  PatternEvidence evidence;
  evidence.projects = 4;
  EXPECT_EQ(reach_of(evidence, {}, false), PatternReach::general);
  EXPECT_EQ(reach_of(evidence, {}, true), PatternReach::local);
  EXPECT_EQ(reach_of(evidence, "seldom: 1", false), PatternReach::none);
  evidence.projects = 3;
  EXPECT_EQ(reach_of(evidence, {}, false), PatternReach::local);
}

TEST(Keep, SaysWhyAPatternIsNotKept) {
  const Background background = ordinary();
  PatternEvidence evidence;
  evidence.instances = 4;
  evidence.distinct_instances = 2;
  evidence.projects = 1;
  evidence.places = 1;
  const auto reason = [&] {
    return unkept_because(retry(), background, gain_of(retry(), background, counted_occurrences(evidence), 5000),
                          evidence);
  };
  EXPECT_EQ(reason(),
            "seldom: 2 forms in 1 place of 1 project; two projects, or three forms in three places, are needed");
  evidence.projects = 2;
  EXPECT_EQ(reason(), "");
  const auto getter = functions_of("def f(self):\n    return self.connection.latest_cursor\n", "f.py").at(0);
  const Template small = template_of(tree_of(getter), getter.text);
  EXPECT_EQ(unkept_because(small, background, gain_of(small, background, 50, 5000), evidence).substr(0, 16),
            "trivial: single:");
}

}  // namespace
}  // namespace autodev::mine
