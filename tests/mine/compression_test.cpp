// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Library learning on small corpora: the search is compared with trying every abstraction there is, and what is
// rewritten with what was there.
#include "mine/compression.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <set>

#include "mine/abstraction_search.h"

namespace autodev::mine {
namespace {

TermId parsed(TermBank& bank, const std::string& text) {
  auto term = bank.parse(text);
  EXPECT_TRUE(term) << text << ": " << (term ? "" : term.error().message);
  return term.value_or(0);
}

CompressionReport compressed(const std::vector<std::string>& programs, CompressionOptions options = {}) {
  auto report = compress(programs, options);
  EXPECT_TRUE(report) << (report ? "" : report.error().message);
  return report ? *report : CompressionReport{};
}

// --- every abstraction there is, tried one by one

using Holes = std::vector<TermId>;

class Oracle {
 public:
  Oracle(TermBank& bank, std::vector<TermId> programs, unsigned max_arity)
      : bank_(bank), programs_(std::move(programs)), max_arity_(max_arity) {}

  /// The highest utility of any body that a part of the corpus matches, by matching and rewriting it everywhere.
  std::int64_t best_utility() {
    std::set<TermId> parts;
    for (const TermId program : programs_) collect(program, parts);
    std::set<TermId> bodies;
    for (const TermId part : parts)
      for (const TermId shape : shapes(part)) number_holes(shape, bodies);
    std::int64_t best = 0;
    for (const TermId body : bodies)
      if (bank_.node(body).kind != TermKind::parameter) best = std::max(best, utility(body));
    return best;
  }

 private:
  void collect(TermId term, std::set<TermId>& parts) {
    if (!parts.insert(term).second) return;
    const TermNode node = bank_.node(term);
    if (node.kind != TermKind::application) return;
    collect(node.first, parts);
    collect(node.second, parts);
  }

  /// The term with any choice of its parts replaced by a hole.
  std::vector<TermId> shapes(TermId term) {
    std::vector<TermId> made{bank_.primitive("HOLE"), term};
    const TermNode node = bank_.node(term);
    if (node.kind == TermKind::application)
      for (const TermId first : shapes(node.first))
        for (const TermId second : shapes(node.second)) made.push_back(bank_.application(first, second));
    std::sort(made.begin(), made.end());
    made.erase(std::unique(made.begin(), made.end()), made.end());
    return made;
  }

  void number_holes(TermId shape, std::set<TermId>& bodies) {
    std::vector<unsigned> numbers;
    const std::size_t holes = count_holes(shape);
    if (holes > 4) return;
    const std::function<void(unsigned)> assign = [&](unsigned used) {
      if (numbers.size() == holes) {
        std::size_t next = 0;
        bodies.insert(with_numbers(shape, numbers, next));
        return;
      }
      for (unsigned i = 0; i <= used && i < max_arity_; ++i) {
        numbers.push_back(i);
        assign(std::max(used, i + 1));
        numbers.pop_back();
      }
    };
    assign(0);
  }

  std::size_t count_holes(TermId shape) {
    const TermNode node = bank_.node(shape);
    if (node.kind == TermKind::application) return count_holes(node.first) + count_holes(node.second);
    return shape == bank_.primitive("HOLE") ? 1 : 0;
  }

  TermId with_numbers(TermId shape, const std::vector<unsigned>& numbers, std::size_t& next) {
    const TermNode node = bank_.node(shape);
    if (node.kind == TermKind::application) {
      const TermId first = with_numbers(node.first, numbers, next);
      return bank_.application(first, with_numbers(node.second, numbers, next));
    }
    return shape == bank_.primitive("HOLE") ? bank_.parameter(numbers[next++]) : shape;
  }

  bool matches(TermId body, TermId term, std::map<unsigned, TermId>& values) {
    const TermNode node = bank_.node(body);
    if (node.kind == TermKind::parameter) return values.emplace(node.first, term).first->second == term;
    if (node.kind != TermKind::application) return body == term;
    const TermNode at = bank_.node(term);
    return at.kind == TermKind::application && matches(node.first, at.first, values) &&
           matches(node.second, at.second, values);
  }

  std::int64_t cost_with(TermId body, TermId term, std::set<std::size_t>& users, std::size_t user) {
    const TermNode node = bank_.node(term);
    std::int64_t cost = leaf_cost;
    if (node.kind == TermKind::application)
      cost = node_cost + cost_with(body, node.first, users, user) + cost_with(body, node.second, users, user);
    std::map<unsigned, TermId> values;
    if (!matches(body, term, values)) return cost;
    std::int64_t call = leaf_cost;
    for (const auto& [index, value] : values) call += node_cost + cost_with(body, value, users, user);
    if (call < cost) users.insert(user);
    return std::min(cost, call);
  }

  std::int64_t body_cost(TermId body) {
    const TermNode node = bank_.node(body);
    if (node.kind == TermKind::parameter) return 0;
    return node.kind == TermKind::application ? node_cost + body_cost(node.first) + body_cost(node.second) : leaf_cost;
  }

  std::int64_t utility(TermId body) {
    std::set<std::size_t> users;
    std::int64_t saved = -body_cost(body);
    for (std::size_t i = 0; i < programs_.size(); ++i)
      saved += bank_.cost(programs_[i]) - cost_with(body, programs_[i], users, i);
    return users.size() < 2 ? 0 : saved;
  }

  TermBank& bank_;
  std::vector<TermId> programs_;
  unsigned max_arity_;
};

std::string random_term(std::mt19937& random, unsigned depth) {
  static const std::vector<std::string> leaves{"a", "b", "f", "g"};
  if (depth == 0 || random() % 4 == 0) return leaves[random() % leaves.size()];
  std::string text = "(" + leaves[2 + random() % 2];
  for (std::uint32_t i = 0, n = 1 + static_cast<std::uint32_t>(random() % 2); i < n; ++i)
    text += " " + random_term(random, depth - 1);
  return text + ")";
}

TEST(AbstractionSearch, FindsExactlyTheBestOfAllAbstractions) {
  int with_parameters = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random(seed);
    const unsigned arity = seed % 3;
    TermBank bank;
    std::vector<TermId> programs;
    for (int i = 0; i < 4; ++i) programs.push_back(parsed(bank, random_term(random, 3)));
    TermBank oracle_bank = bank;
    const std::int64_t expected = Oracle(oracle_bank, programs, arity).best_utility();
    bank = bank.compacted(programs);
    AbstractionSearch search(bank, programs, arity);
    EXPECT_TRUE(search.advance(UINT64_MAX));
    EXPECT_EQ(search.best() ? search.best()->utility : 0, expected) << "seed " << seed;
    if (search.best() && search.best()->arity > 0) ++with_parameters;
  }
  EXPECT_GT(with_parameters, 5);
}

TEST(AbstractionSearch, GoesOnWhereItStopped) {
  std::mt19937 random(7);
  TermBank bank;
  std::vector<TermId> programs;
  for (int i = 0; i < 20; ++i) programs.push_back(parsed(bank, random_term(random, 5)));
  bank = bank.compacted(programs);
  TermBank other = bank;
  AbstractionSearch at_once(bank, programs, 2), in_steps(other, programs, 2);
  EXPECT_TRUE(at_once.advance(UINT64_MAX));
  std::int64_t before = 0;
  std::size_t calls = 1;
  for (; !in_steps.advance(1); ++calls) {
    const std::int64_t now = in_steps.best() ? in_steps.best()->utility : 0;
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_GT(calls, 10u);
  ASSERT_TRUE(at_once.best() && in_steps.best());
  EXPECT_EQ(at_once.best()->utility, in_steps.best()->utility);
  EXPECT_EQ(bank.text(at_once.best()->body), other.text(in_steps.best()->body));
  EXPECT_EQ(at_once.steps(), in_steps.steps());
}

TEST(Compression, GivesASharedPartAParameterWhereProgramsDiffer) {
  const auto report = compressed(
      {"(draw (turn (move 1) left) red)", "(draw (turn (move 2) left) red)", "(draw (turn (move 3) left) red)"});
  ASSERT_EQ(report.abstractions.size(), 1u);
  EXPECT_EQ(report.abstractions[0].body, "(draw (turn (move #0) left) red)");
  EXPECT_EQ(report.abstractions[0].calls, 3);
  // A program costs 6 leaves and 5 applications, a call 2 leaves and 1, the body 5 leaves and 5.
  EXPECT_EQ(report.abstractions[0].utility, 3 * 605 - 3 * 201 - 505);
  EXPECT_EQ(report.rewritten[1], "(fn_0 2)");
  EXPECT_DOUBLE_EQ(report.ratio(), 605.0 / 201.0);
  EXPECT_TRUE(report.faithful);
}

TEST(Compression, OneParameterServesAllPlacesThatAreAlwaysEqual) {
  const auto report = compressed({"(pair (box 1 1) (lid 1))", "(pair (box 2 2) (lid 2))", "(pair (box 3 3) (lid 3))"});
  ASSERT_FALSE(report.abstractions.empty());
  EXPECT_EQ(report.abstractions[0].body, "(pair (box #0 #0) (lid #0))");
}

TEST(Compression, ArgumentsGoFromTheLeastToTheMostVaried) {
  const auto report = compressed({"(seq (go 1 x) (back 1 y))", "(seq (go 2 x) (back 2 y))", "(seq (go 3 x) (back 3 y))",
                                  "(seq (go 4 z) (back 4 y))"});
  ASSERT_FALSE(report.abstractions.empty());
  EXPECT_EQ(report.abstractions[0].body, "(seq (go #1 #0) (back #1 y))");
}

TEST(Compression, AVariableBoundInsideIsNeverAnArgument) {
  const std::vector<std::string> programs{"(map (lam (add (twice $0) 1)) one)", "(map (lam (add (twice $0) 2)) two)",
                                          "(map (lam (add (thrice $0) 3)) three)"};
  const auto report = compressed(programs, {2, 10, UINT64_MAX});
  EXPECT_TRUE(report.faithful);
  for (const LearnedAbstraction& learned : report.abstractions)
    EXPECT_EQ(learned.body.find("(#"), learned.body.find("(#0 $0)")) << learned.body;
}

TEST(Compression, AVariableBoundOutsideIsLoweredOnItsWayOut) {
  const auto report = compressed({"(lam (f (lam (g (h $1 one) $0 tail))))", "(lam (f (lam (g (h $1 two) $0 tail))))",
                                  "(lam (lam (f (lam (g (h $2 one) $0 tail)))))"},
                                 {1, 1, UINT64_MAX});
  ASSERT_EQ(report.abstractions.size(), 1u);
  EXPECT_EQ(report.abstractions[0].body, "(f (lam (g #0 $0 tail)))");
  EXPECT_EQ(report.rewritten[0], "(lam (fn_0 (h $0 one)))");
  EXPECT_EQ(report.rewritten[2], "(lam (lam (fn_0 (h $1 one))))");
  EXPECT_TRUE(report.faithful);
}

TEST(Compression, WhatOnlyOneProgramRepeatsIsNotLearned) {
  const auto report = compressed({"(seq (move 1 left up) (seq (move 1 left up) (move 1 left up)))", "b"});
  EXPECT_TRUE(report.abstractions.empty());
  EXPECT_EQ(report.rewritten[1], "b");
  EXPECT_DOUBLE_EQ(report.ratio(), 1.0);
}

TEST(Compression, ProgramsWithNothingInCommonStayAsTheyAre) {
  const auto report = compressed({"(a b)", "(c d)", "(e f)"});
  EXPECT_TRUE(report.abstractions.empty());
  EXPECT_EQ(report.rewritten, (std::vector<std::string>{"(a b)", "(c d)", "(e f)"}));
}

TEST(Compression, ASearchCutShortSaysSoAndStaysFaithful) {
  std::mt19937 random(3);
  std::vector<std::string> programs;
  for (int i = 0; i < 30; ++i) programs.push_back(random_term(random, 6));
  const auto full = compressed(programs), cut = compressed(programs, {3, 10, 2});
  ASSERT_FALSE(cut.abstractions.empty());
  EXPECT_FALSE(cut.abstractions[0].optimal);
  EXPECT_TRUE(full.abstractions[0].optimal);
  EXPECT_LE(cut.abstractions[0].utility, full.abstractions[0].utility);
  EXPECT_TRUE(cut.faithful);
}

TEST(Compression, EveryRewrittenProgramExpandsToTheOriginalAndCostsAddUp) {
  for (unsigned seed = 1; seed <= 25; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> programs;
    for (int i = 0; i < 25; ++i)
      programs.push_back("(lam (use $0 " + random_term(random, 5) + " (lam (" + random_term(random, 3) + " $1 $0))))");
    const auto report = compressed(programs);
    EXPECT_TRUE(report.faithful) << "seed " << seed;
    EXPECT_FALSE(report.abstractions.empty());
    TermBank bank;
    std::int64_t total = 0;
    for (const std::string& text : report.rewritten) total += bank.cost(parsed(bank, text));
    EXPECT_EQ(total, report.final_cost);
    EXPECT_EQ(report.abstractions.back().cost_after, report.final_cost);
    EXPECT_LT(report.final_cost, report.original_cost);
  }
}

TEST(Compression, ItsNamesAreNotThoseOfTheCorpus) {
  const auto report = compressed(
      {"(fn_0 (turn (move 1) left) red)", "(fn_0 (turn (move 2) left) red)", "(fn_0 (turn (move 3) left) red)"});
  ASSERT_FALSE(report.abstractions.empty());
  EXPECT_NE(report.abstractions[0].name, "fn_0");
  EXPECT_TRUE(report.faithful);
}

TEST(Compression, NothingAtAllIsCompressedToNothing) {
  const auto report = compressed({});
  EXPECT_TRUE(report.abstractions.empty());
  EXPECT_DOUBLE_EQ(report.ratio(), 1.0);
}

TEST(TermBank, WritesWhatItReads) {
  TermBank bank;
  for (const char* text : {"a", "(f a b)", "(lam (f $0 (lam ($1 $0))))", "(f (g a) (lam b))", "(lam (lam $1))"})
    EXPECT_EQ(bank.text(parsed(bank, text)), text);
  EXPECT_EQ(parsed(bank, "((f a) b)"), parsed(bank, "(f a b)"));
  EXPECT_EQ(parsed(bank, " ( lambda\n$0 ) "), parsed(bank, "(lam $0)"));
}

TEST(TermBank, RefusesWhatIsNoTerm) {
  TermBank bank;
  for (const char* text :
       {"", "(", ")", "()", "(f (", "f)", "(lam)", "(lam a b)", "(f lam a)", "$", "$x", "$63", "$99999999999", "#0"})
    EXPECT_FALSE(bank.parse(text)) << text;
  std::string deep;
  for (int i = 0; i < 64; ++i) deep += "(lam ";
  EXPECT_FALSE(bank.parse(deep + "a" + std::string(64, ')')));
}

TEST(TermBank, AHundredThousandLevelsAreNoDanger) {
  TermBank bank;
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "(f ";
  text += "a" + std::string(100'000, ')');
  EXPECT_EQ(bank.text(parsed(bank, text)), text);
  const auto report = compressed({text, text}, {2, 1, 3});
  EXPECT_TRUE(report.faithful);
  EXPECT_EQ(report.rewritten[0], "fn_0");
}

TEST(Compression, TermsNestedThousandsDeepEndTheSearchBeforeTheMemoryDoes) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "(f ";
  const std::string closing(3'000, ')');
  const auto report = compressed({text + "a" + closing, text + "b" + closing}, {2, 1, UINT64_MAX});
  EXPECT_FALSE(report.optimal) << "it says that the search was cut short";
  EXPECT_TRUE(report.faithful);
}

}  // namespace
}  // namespace autodev::mine
