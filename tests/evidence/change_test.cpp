// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a change consists of, what faults it could hold, and which parts of a specification tests name.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "evidence/line_diff.h"
#include "evidence/mutants.h"
#include "evidence/spec_coverage.h"

namespace autodev::evidence {
namespace {

TEST(LineDiff, ShowsWhatChangedAndNothingElse) {
  EXPECT_EQ(line_diff("a.py", "x\n", "x\n", 1'000), "");
  EXPECT_EQ(line_diff("a.py", "one\ntwo\nthree\nfour\nfive\n", "one\ntwo\n3\nfour\nfive\n", 1'000),
            "--- a/a.py\n+++ b/a.py\n@@ -2,3 +2,3 @@\n two\n-three\n+3\n four\n");
  EXPECT_EQ(line_diff("new.py", "", "a\n", 1'000), "--- a/new.py\n+++ b/new.py\n@@ -0,0 +1,1 @@\n+a\n");
  const std::string two = line_diff("a", "1\n2\n3\n4\n5\n6\n7\n8\n", "1\nX\n3\n4\n5\n6\nY\n8\n", 1'000);
  EXPECT_EQ(std::count(two.begin(), two.end(), '@'), 8);
}

TEST(LineDiff, StaysWithinItsBytesByLeavingHunksOut) {
  std::string before, after;
  for (int i = 0; i < 1'000; ++i) before += "line " + std::to_string(i) + "\n", after += (i % 10 == 0 ? "changed " : "line ") + std::to_string(i) + "\n";
  const std::string diff = line_diff("a", before, after, 500);
  EXPECT_LE(diff.size(), 500u);
  EXPECT_NE(diff.find("+changed 0"), std::string::npos);
  EXPECT_EQ(changed_lines(before, after).size(), 100u);
}

TEST(LineDiff, AppliedToTheOldTextGivesTheNewOne) {
  std::uint64_t state = 7;
  const auto next = [&state](std::uint64_t below) { return (state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL), (state >> 33) % below; };
  for (int round = 0; round < 300; ++round) {
    std::string before, after;
    for (std::uint64_t i = 0, n = next(30); i < n; ++i) before += std::string(1, static_cast<char>('a' + next(4))) + "\n";
    for (std::uint64_t i = 0, n = next(30); i < n; ++i) after += std::string(1, static_cast<char>('a' + next(4))) + "\n";
    const std::string diff = line_diff("f", before, after, 1 << 20);
    // Removed and kept lines are the old text, added and kept ones the new, in the stretches that are shown.
    std::string removed, added;
    for (const std::string_view line : base::split_lines(diff)) {
      if (line.starts_with("---") || line.starts_with("+++") || line.starts_with("@@") || line.starts_with(" ")) continue;
      (line.starts_with("-") ? removed : added) += std::string(line.substr(1));
    }
    const auto minus = static_cast<std::ptrdiff_t>(removed.size()), plus = static_cast<std::ptrdiff_t>(added.size());
    EXPECT_EQ(plus - minus, static_cast<std::ptrdiff_t>(after.size() / 2) - static_cast<std::ptrdiff_t>(before.size() / 2));
    EXPECT_EQ(changed_lines(before, after).size(), added.size());
  }
}

TEST(Mutants, ChangeOneThingOnATouchedLineAndLeaveStringsAlone) {
  const std::string text = "def total(prices):\n    if len(prices) == 0:  # == is fine\n        return 0\n    return \"a == b\" + str(sum(prices) + 1)\n";
  const auto all = mutants_of(text, Language::python, {2, 3, 4}, 100);
  std::vector<std::string> what;
  for (const Mutant& mutant : all) {
    what.push_back(std::to_string(mutant.line) + " " + mutant.what);
    EXPECT_NE(mutant.text, text);
    EXPECT_NE(mutant.text.find("\"a == b\""), std::string::npos);
    EXPECT_NE(mutant.text.find("# == is fine"), std::string::npos);
  }
  EXPECT_EQ(what.front(), "2 condition negated");
  EXPECT_NE(std::find(what.begin(), what.end(), "2 == became !="), what.end());
  EXPECT_NE(std::find(what.begin(), what.end(), "3 0 became 1"), what.end());
  EXPECT_NE(std::find(what.begin(), what.end(), "4 + became -"), what.end());
  EXPECT_EQ(mutants_of(text, Language::python, {1}, 100).size(), 0u) << "nothing to mutate on that line";
  EXPECT_EQ(mutants_of(text, Language::python, {2, 3, 4}, 2).size(), 2u);
  EXPECT_TRUE(mutants_of(text, Language::bash, {2, 3, 4}, 9).empty());
}

TEST(Mutants, NegateConditionsOfCWithinTheirParentheses) {
  const auto all = mutants_of("if (a(b) && c) {\n", Language::cpp, {1}, 10);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().text, "if (!(a(b) && c)) {\n");
}

TEST(SpecificationCoverage, APartIsCoveredWhenAPassingTestNamesAllItsWords) {
  const std::vector<std::string> parts{"the empty cart", "discounts", "shipping costs", "@tax19: value added tax"};
  EXPECT_EQ(covered_parts(parts, {"tests.test_cart::test_empty_cart_is_free", "CartTest.AppliesDiscount", "test_tax19"}),
            (std::vector<std::string>{"the empty cart", "discounts", "@tax19: value added tax"}));
  EXPECT_TRUE(covered_parts(parts, {"test_cart", "test_shipping", "value added tax"}).empty());
  EXPECT_TRUE(covered_parts({"", "the", "@"}, {"the"}).empty()) << "a part without words is never covered";
}

TEST(SpecificationCoverage, PartsAreTheItemsUnderTheirHeading) {
  EXPECT_EQ(parts_in("# Cart\n\n- not one\n\n## Acceptance criteria\n- [ ] empty cart\n* discount\n2. tax\n\n## Notes\n- no\n"),
            (std::vector<std::string>{"empty cart", "discount", "tax"}));
  EXPECT_EQ(parts_in("Do it.\n@one first thing\nmail a@b.c\n"), std::vector<std::string>{"@one first thing"});
  EXPECT_TRUE(parts_in("just words").empty());
}

}  // namespace
}  // namespace autodev::evidence
