// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/edit_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/edit_match.h"
#include "mine/edit_samples.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::Code;
using test::code_of;

/// The rung of a fix at a width and an abstraction.
EditPattern rung(const std::string& before, const std::string& after, std::uint8_t width, std::uint8_t abstraction,
                 Language language = Language::python) {
  const Code left = code_of(before, language), right = code_of(after, language);
  for (FixRung& one : fix_rungs(left.tree, left.text, right.tree, right.text))
    if (one.pattern.width == width && one.pattern.abstraction == abstraction) return std::move(one.pattern);
  ADD_FAILURE() << "no such rung of " << before;
  return {};
}

std::string sentence(const EditPattern& pattern) {
  return edit_sentence(pattern, typed_hole_names(pattern));
}

const std::string unchecked = "def title(book):\n    part = book.get('title')\n    return part.strip()\n";
const std::string checked =
    "def title(book):\n    part = book.get('title')\n    if part is None:\n        return ''\n    return "
    "part.strip()\n";

TEST(EditText, AnAddedCheckIsNamedAfterWhatItAsks) {
  const EditPattern pattern = rung(unchecked, checked, slice_width, 0);
  EXPECT_EQ(edit_name(pattern), "check for None before strip");
  EXPECT_EQ(sentence(pattern),
            "Adds a check for None (`$name1 is None`) that leaves by `return ''` before `$name1.strip()`, with $name1 "
            "from `$name1 = $name2.get('title')`.");
}

TEST(EditText, AReplacedOperatorIsToldWithItsPlace) {
  const std::string before = "int sum(int *a, int n) { int s = 0; for (int i = 0; i <= n; i++) s += a[i]; return s; }";
  const std::string after = "int sum(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }";
  const EditPattern pattern = rung(before, after, slice_width, 0, Language::c);
  EXPECT_EQ(edit_name(pattern), "replace <= by < in for");
  const std::string said = sentence(pattern);
  EXPECT_NE(said.find("Replaces `<=` by `<` in `$name1 <= $name2`"), std::string::npos) << said;
  EXPECT_NE(said.find("in the condition of a `for`"), std::string::npos) << said;
  EXPECT_NE(said.find("with $name1 used next in `$name3[$name1]`"), std::string::npos) << said;
}

TEST(EditText, WhatAFixDoesIsToldByItsForm) {
  const auto told = [](const std::string& before, const std::string& after, std::uint8_t width) {
    return sentence(rung(before, after, width, 0));
  };
  EXPECT_EQ(told("def f(a):\n    log(a)\n    keep(a)\n    return a\n", "def f(a):\n    log(a)\n    return a\n", 0)
                .substr(0, 24),
            "Removes `keep($name1)`.");
  EXPECT_EQ(told("def f(a):\n    return g(a.size)\n", "def f(a):\n    return h(a.size)\n", 3).substr(0, 22),
            "Calls h instead of g, ");
  EXPECT_EQ(told("def f(a):\n    return g(a.size, 1)\n", "def f(a):\n    return g(a.size)\n", 3).substr(0, 7),
            "Removes");
  EXPECT_EQ(told("def f(a):\n    return ready(a, 2)\n", "def f(a):\n    return not ready(a, 2)\n", 0).substr(0, 8),
            "Negates ");
  EXPECT_EQ(told("def f(a):\n    return use(a.size, a.rest)\n", "def f(a):\n    return use(int(a.size), a.rest)\n", 2)
                .substr(0, 36),
            "Passes `$name1.size` through int (`i");
  EXPECT_EQ(told("def f(a):\n    go(a, 3)\n    return a\n", "def f(a):\n    if a:\n        go(a, 3)\n    return a\n", 0)
                .substr(0, 37),
            "Runs `go($name1, 3)` only if `$name1`");
}

TEST(EditText, ATemplateSaysWhatItsHolesAccept) {
  const EditPattern pattern = rung("def f(a, b):\n    if a == 1 and not b:\n        return 2\n    return g(a)\n",
                                   "def f(a, b):\n    if a == 1 or not b:\n        return 2\n    return g(a)\n", 0, 1);
  EXPECT_EQ(named_text(pattern.before, typed_hole_names(pattern)), "$name1 == $number2 and not $name3");
  EXPECT_EQ(hole_restrictions(pattern), (std::vector<std::string>{"a local name", "a literal number", "a local name"}));
  EXPECT_TRUE(find_mistake(
      pattern,
      UnitShape(code_of("def f(x, y):\n    if x == 7 and not y:\n        return 0\n", Language::python).tree)));
  // What the restriction denies.
  EXPECT_FALSE(find_mistake(
      pattern,
      UnitShape(code_of("def f(x, y):\n    if x == 'a' and not y:\n        return 0\n", Language::python).tree)));
  EXPECT_FALSE(find_mistake(
      pattern,
      UnitShape(code_of("def f(x, y):\n    if x == len(y) and not y:\n        return 0\n", Language::python).tree)));
}

TEST(EditText, ADollarOfTheCodeIsNoHole) {
  const EditPattern pattern = rung("f() { local a; a=$(cat -n \"$1\"); echo \"$a\"; }",
                                   "f() { local a; a=$(cat -b \"$1\"); echo \"$a\"; }", 3, 0, Language::bash);
  EXPECT_NE(named_text(pattern.before, std::vector<std::string>(pattern.holes, "NAME")).find("$1"), std::string::npos);
}

TEST(EditText, HolesAreNamedAfterWhatMostFixesShare) {
  const EditPattern pattern = rung(unchecked, checked, slice_width, 1);
  std::vector<std::vector<std::string>> fillers;
  for (const std::string name : {"part", "part", "word"}) {
    std::string before = unchecked, after = checked;
    for (std::string* text : {&before, &after})
      for (std::size_t at = text->find("part"); at != std::string::npos; at = text->find("part", at + 1))
        text->replace(at, 4, name);
    const Code failed = code_of(before, Language::python), passed = code_of(after, Language::python);
    fillers.push_back(hole_fillers(pattern, {failed.tree, failed.text}, {passed.tree, passed.text}));
  }
  const auto holes = edit_holes(pattern, fillers);
  ASSERT_FALSE(holes.empty());
  EXPECT_EQ(holes[0].name, "$part");
  EXPECT_EQ(holes[0].fillers.front(), (std::pair<std::string, std::uint32_t>("part", 2u)));
  const auto empty = std::find_if(holes.begin(), holes.end(), [](const Hole& hole) {
    return !hole.fillers.empty() && hole.fillers[0].first == "''";
  });
  EXPECT_NE(empty, holes.end()) << "a hole of the code after is filled from there";
}

TEST(EditText, DamagedBytesNeverCrashTheirDescription) {
  std::vector<EditPattern> learned;
  for (const std::uint8_t width : {std::uint8_t{1}, std::uint8_t{3}, slice_width})
    learned.push_back(rung(unchecked, checked, width, 1));
  test::Chance chance(5);
  std::size_t decoded = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto pattern = decode_edit(test::damaged(encode_edit(learned[chance.below(learned.size())]), chance));
    if (!pattern) continue;
    ++decoded;
    EXPECT_FALSE(edit_name(*pattern).empty());
    EXPECT_FALSE(sentence(*pattern).empty());
    EXPECT_EQ(edit_holes(*pattern, {}).size(), pattern->holes);
    (void)named_text(pattern->after, hole_restrictions(*pattern));
  }
  EXPECT_GT(decoded, 100u);
}

}  // namespace
}  // namespace autodev::mine
