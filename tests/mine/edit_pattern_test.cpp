// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/edit_pattern.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "mine/edit_match.h"
#include "mine/edit_samples.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::mine {
namespace {

using test::Code;

Code code_of(const std::string& source, Language language = Language::c) { return test::code_of(source, language); }

std::vector<FixRung> rungs(const std::string& before, const std::string& after) {
  const Code left = code_of(before);
  const Code right = code_of(after);
  return fix_rungs(left.tree, left.text, right.tree, right.text);
}

std::set<Digest> ids(const std::vector<FixRung>& rungs) {
  std::set<Digest> set;
  for (const FixRung& rung : rungs) set.insert(rung.pattern.id);
  return set;
}

std::size_t shared(const std::vector<FixRung>& a, const std::vector<FixRung>& b) {
  const auto left = ids(a), right = ids(b);
  return static_cast<std::size_t>(
      std::count_if(left.begin(), left.end(), [&](const Digest& id) { return right.contains(id); }));
}

std::size_t firing(const std::vector<FixRung>& rungs, const std::string& source) {
  const Code code = code_of(source);
  const UnitShape shape(code.tree);
  return static_cast<std::size_t>(std::count_if(
      rungs.begin(), rungs.end(), [&](const FixRung& rung) { return find_mistake(rung.pattern, shape).has_value(); }));
}

const std::string off_by_one = "int sum(int *a, int n) { int s = 0; for (int i = 0; i <= n; i++) s += a[i]; return s; }";
const std::string off_by_one_fixed = "int sum(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }";

TEST(EditPattern, EveryRungFiresOnItsOwnMistakeAndNotOnItsFix) {
  const auto learned = rungs(off_by_one, off_by_one_fixed);
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, off_by_one), learned.size());
  EXPECT_EQ(firing(learned, off_by_one_fixed), 0u);
}

TEST(EditPattern, RenamedCodeHasTheSameRungs) {
  const auto learned = rungs(off_by_one, off_by_one_fixed);
  const auto renamed = rungs("int sum(int *v, int len) { int t = 0; for (int k = 0; k <= len; k++) t += v[k]; return t; }",
                             "int sum(int *v, int len) { int t = 0; for (int k = 0; k < len; k++) t += v[k]; return t; }");
  EXPECT_EQ(ids(learned), ids(renamed));
}

TEST(EditPattern, TheSameFixElsewhereSharesTheGeneralRungsOnly) {
  const auto learned = rungs(off_by_one, off_by_one_fixed);
  const auto other = rungs("void clear(char *b, int n) { for (int i = 0; i <= n; i++) b[i] = 0; puts(\"done\"); }",
                           "void clear(char *b, int n) { for (int i = 0; i < n; i++) b[i] = 0; puts(\"done\"); }");
  const std::size_t common = shared(learned, other);
  EXPECT_GT(common, 0u);
  EXPECT_LT(common, learned.size());
}

TEST(EditPattern, AWrappedStatementDoesNotFireInsideItsFix) {
  const auto learned = rungs("void f(struct s *p) { p->n = 1; done(); }", "void f(struct s *p) { if (p) { p->n = 1; } done(); }");
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, "void f(struct s *p) { if (p) { p->n = 1; } done(); }"), 0u);
}

TEST(EditPattern, TwoHolesNeverStandForTheSameName) {
  const auto learned = rungs("int f(int a, int b) { return same(a, b); }", "int f(int a, int b) { return !same(a, b); }");
  ASSERT_FALSE(learned.empty());
  EXPECT_GT(firing(learned, "int f(int x, int y) { return same(x, y); }"), 0u);
  EXPECT_EQ(firing(learned, "int f(int a, int b) { return same(a, a); }"), 0u);
}

TEST(EditPattern, AFixThatOnlySwapsNamesGuardsNothing) {
  // Up to renaming, the code before and after are the same.
  EXPECT_TRUE(rungs("int f(int a, int b) { return g(a, b); }", "int f(int a, int b) { return g(b, a); }").empty());
}

TEST(EditPattern, TheNumberOfStatementsAloneIsNoPattern) {
  const auto learned = rungs("int f(int a) { go(a); stop(a); return a + 1; }", "int f(int a) { go(a); stop(a); wait(a); return a + 1; }");
  ASSERT_FALSE(learned.empty());
  EXPECT_EQ(firing(learned, "int g(int b) { run(b, 2); b = b * 3; return send(b); }"), 0u);
}

TEST(EditPattern, BytesRoundTripAndOthersAreRefused) {
  for (const FixRung& rung : rungs(off_by_one, off_by_one_fixed)) {
    const std::string bytes = encode_edit(rung.pattern);
    const EditPattern read = test::value_of(decode_edit(bytes));
    EXPECT_EQ(read.id, rung.pattern.id);
    EXPECT_EQ(read.before.nodes, rung.pattern.before.nodes);
    EXPECT_EQ(encode_edit(read), bytes);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(decode_edit(bytes.substr(0, cut)).has_value()) << cut;
  }
}

TEST(EditPattern, DamagedBytesNeverCrashAMatch) {
  const auto learned = rungs(off_by_one, off_by_one_fixed);
  const Code code = code_of(off_by_one);
  const UnitShape shape(code.tree);
  test::Chance chance(7);
  std::size_t decoded = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = encode_edit(learned[chance.below(learned.size())].pattern);
    for (std::uint64_t flips = 1 + chance.below(3); flips > 0; --flips)
      bytes[chance.below(bytes.size())] = static_cast<char>(chance.below(256));
    const auto pattern = decode_edit(bytes);
    if (!pattern) continue;
    ++decoded;
    (void)find_mistake(*pattern, shape);
    (void)required_atoms(*pattern);
  }
  EXPECT_GT(decoded, 100u);
}

TEST(EditPattern, AUnitWithoutAnAtomNeverMatches) {
  const auto learned = rungs(off_by_one, off_by_one_fixed);
  for (const std::string& source : {off_by_one, off_by_one_fixed, std::string("int f(int a) { return a; }")}) {
    const Code code = code_of(source);
    const UnitShape shape(code.tree);
    for (const FixRung& rung : learned) {
      const auto needed = required_atoms(rung.pattern);
      ASSERT_FALSE(needed.empty());
      const bool all = std::includes(shape.atoms.begin(), shape.atoms.end(), needed.begin(), needed.end());
      EXPECT_TRUE(all || !find_mistake(rung.pattern, shape));
    }
  }
}

TEST(EditPattern, ARewrittenFunctionTeachesNothing) {
  std::string before = "void f() {", after = before;
  for (int i = 0; i < 9; ++i) {
    before += " a(" + std::to_string(i) + "); keep();";
    after += " b(" + std::to_string(i) + "); keep();";
  }
  EXPECT_TRUE(rungs(before + "}", after + "}").empty());
}

}  // namespace
}  // namespace autodev::mine
