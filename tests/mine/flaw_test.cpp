// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/flaw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mine/edit_match.h"
#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::mine {
namespace {

std::vector<std::string> flaws_of(const std::string& source, Language language) {
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  const auto units = test::value_of(syntax::extract_units(source, language, "file", options)).units;
  std::vector<std::string> names;
  for (const CodeUnit& unit : units) {
    const auto tree = test::value_of(syntax::decode_nast(unit.tree));
    for (const Flaw& flaw : find_flaws(tree, syntax::hash_subtrees(tree), syntax::parents_of(tree))) names.push_back(flaw.name);
  }
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Example {
  const char* name;
  const char* flawed;
  const char* sound;
  Language language = Language::c;
};

class FlawRule : public testing::TestWithParam<Example> {};

TEST_P(FlawRule, IsFoundInTheFlawedCodeOnly) {
  const Example& example = GetParam();
  EXPECT_TRUE(has(flaws_of(example.flawed, example.language), example.name)) << example.flawed;
  EXPECT_FALSE(has(flaws_of(example.sound, example.language), example.name)) << example.sound;
}

const Example examples[] = {
    {"always-true", "int f(int a) { return a != 1 || a != 2; }", "int f(int a) { return a != 1 && a != 2; }"},
    {"always-true", "int f(int a) { return a > 1 || a < 5; }", "int f(int a) { return a > 5 || a < 1; }"},
    {"never-true", "int f(int a) { return a > 5 && a < 1; }", "int f(int a) { return a > 1 && a < 5; }"},
    {"never-true", "int f(int a) { return a == 1 && a == 2; }", "int f(int a) { return a == 1 || a == 2; }"},
    {"assigned-condition", "int f(int a, int b) { if (a = b) return 1; return 0; }", "int f(int a, int b) { if (a == b) return 1; return 0; }"},
    {"assigned-literal-condition", "int f(int a) { if (a = 3) return 1; return 0; }", "int f(int a) { while ((a = next())) return 1; return 0; }"},
    {"bits-of-comparison", "int f(int a) { return a & 1 == 0; }", "int f(int a) { return (a & 1) == 0; }"},
    {"bound-is-size", "int f(int n) { int a[10], i; for (i = 0; i <= 10; i++) a[i] = n; return a[n]; }",
     "int f(int n) { int a[10], i; for (i = 0; i < 10; i++) a[i] = n; return a[n]; }"},
    {"bound-is-length", "class A { void f(int[] y) { int i; for (i = 0; i <= y.length; i++) y[i] = 1; } }",
     "class A { void f(int[] y) { int i; for (i = 0; i < y.length; i++) y[i] = 1; } }", Language::java},
    {"bytes-of-int", "int f(void) { int a[9]; memset(a, 1, sizeof a); return a[0]; }", "int f(void) { int a[9]; memset(a, 0, sizeof a); return a[0]; }"},
    {"chained-comparison", "int f(int a) { return 1 < a < 9; }", "int f(int a) { return 1 < a && a < 9; }"},
    {"comma-condition", "int f(int n) { int i, j; for (i = 0, j = 0; i < n, j < 9; i++, j++) n--; return n; }",
     "int f(int n) { int i, j; for (i = 0, j = 0; i < n && j < 9; i++, j++) n--; return n; }"},
    {"compared-argument", "int f(int a, int b) { return abs(a - b != 2); }", "int f(int a, int b) { return abs(a - b) != 2; }"},
    {"condition-asked-before", "int f(int a) { if (a == 1) return 1; else if (a == 1) return 2; return 0; }",
     "int f(int a) { if (a == 1) return 1; else if (a == 2) return 2; return 0; }"},
    {"condition-never-changes", "int f(int n) { int i = 0; while (i < n) n + 1; return i; }", "int f(int n) { int i = 0; while (i < n) i++; return i; }"},
    {"condition-never-changes", "def f(n):\n    i = 0\n    while i < n:\n        print(i + 1)\n        j = i + 1\n",
     "def f(n):\n    i = 0\n    while i < n:\n        i += 1\n", Language::python},
    {"constant-operand", "int f(int c) { return c == 'a' || 'b'; }", "int f(int c) { return c == 'a' || c == 'b'; }"},
    {"counter-changed-in-body", "int f(int n) { int i; for (i = 0; i < n; i++) { i++; } return i; }", "int f(int n) { int i, j = 0; for (i = 0; i < n; i++) { j++; } return j; }"},
    {"counter-of-outer-loop", "int f(int n) { int i; for (i = 0; i < n; i++) { for (i = 0; i < 3; i++) n--; } return n; }",
     "int f(int n) { int i, j; for (i = 0; i < n; i++) { for (j = 0; j < 3; j++) n--; } return n; }"},
    {"counter-runs-away", "int f(int n) { int i, s = 0; for (i = 0; i > n; i++) s += i; return s; }", "int f(int n) { int i, s = 0; for (i = 0; i < n; i++) s += i; return s; }"},
    {"dropped-result", "def f(s):\n    s.strip()\n    return s\n", "def f(s):\n    s = s.strip()\n    return s\n", Language::python},
    {"empty-branch", "int f(int a) { if (a > 1); return 2; }", "int f(int a) { if (a > 1) return 2; return 3; }"},
    {"empty-loop", "int f(int n) { int i; for (i = 0; i < n; i++); return i; }", "int f(int n) { int i, s = 0; for (i = 0; i < n; i++) s++; return s; }"},
    {"equal-branches", "int f(int a) { if (a) return 1; else return 1; }", "int f(int a) { if (a) return 1; else return 2; }"},
    {"falls-through", "int f(int a) { switch (a) { case 1: a = 2; case 2: a = 3; } return a; }",
     "int f(int a) { switch (a) { case 1: a = 2; break; case 2: a = 3; } return a; }"},
    {"float-equality", "int f(double a, double b) { return a == b; }", "int f(int a, int b) { return a == b; }"},
    {"format-ignores-argument printf", "int f(int a) { printf(\"%d\", a, a); return 0; }", "int f(int a) { printf(\"%d%%%*d\", a, 3, a); return 0; }"},
    {"format-lacks-argument scanf", "int f(void) { int a; scanf(\"%d %d\", &a); return a; }", "int f(void) { int a; scanf(\"%*d %d\", &a); return a; }"},
    {"format-lacks-argument %", "def f(a):\n    return \"%s %s\" % (a,)\n", "def f(a):\n    return \"%s %s\" % (a, a)\n", Language::python},
    {"format-overrun scanf long long <- int", "int f(void) { int a; scanf(\"%lld\", &a); return a; }", "int f(void) { long long a; scanf(\"%lld\", &a); return a; }"},
    {"format-type printf int <- double", "int f(double a) { printf(\"%d\", a); return 0; }", "int f(float a) { printf(\"%f\", a); return 0; }"},
    {"format-type scanf float <- double", "int f(void) { double a; scanf(\"%f\", &a); return a; }", "int f(void) { double a; scanf(\"%lf\", &a); return a; }"},
    {"format-unknown", "int f(int a) { printf(\"%y\", a); return 0; }", "int f(int a) { printf(\"%x\", a); return 0; }"},
    {"format-width printf int <- long long", "int f(long long a) { printf(\"%d\", a); return 0; }", "int f(long a) { printf(\"%lld\", a); return 0; }"},
    {"length-in-condition", "int f(char *s) { int i, n = 0; for (i = 0; i < strlen(s); i++) n++; return n; }",
     "int f(char *s) { int i, n = 0, l = strlen(s); for (i = 0; i < l; i++) n++; return n; }"},
    {"literal-identity", "def f(a):\n    return a is 'x'\n", "def f(a):\n    return a is None\n", Language::python},
    {"lost-swap", "int f(int a, int b) { a = b; b = a; return a; }", "int f(int a, int b) { int t; t = a; a = b; b = t; return a; }"},
    {"missing-return", "int f(int a) { if (a) { return 1; } a = 2; }", "int f(int a) { if (a) { return 1; } else { return 2; } }"},
    {"narrow-abs", "int f(double a) { return abs(a) > 1; }", "int f(int a) { return abs(a) > 1; }"},
    {"narrow-product", "int f(int a, int b) { long long c; c = a * b; return c > 1; }", "int f(int a, long long b) { long long c; c = a * b; return c > 1; }"},
    {"narrow-quotient", "int f(int a, int b) { double c; c = a / b; return c > 1; }", "int f(int a, double b) { double c; c = a / b; return c > 1; }"},
    {"negated-operand", "int f(int a) { return !a == 3; }", "int f(int a) { return !(a == 3); }"},
    {"never-read", "int f(int a) { int b; b = a; return a; }", "int f(int a) { int b; b = a; return b; }"},
    {"no-effect", "int f(int a) { a == 3; return a; }", "int f(int a) { a = 3; return a; }"},
    {"not-set-back", "int f(int n) { int i, j, s = 0; for (i = 0; i < n; i++) { for (j = 0; j < n; j++) s += j; if (s > 3) n--; } return n; }",
     "int f(int n) { int i, j, s; for (i = 0; i < n; i++) { s = 0; for (j = 0; j < n; j++) s += j; if (s > 3) n--; } return n; }"},
    {"or-of-and", "int f(int a, int b, int c) { return a || b && c; }", "int f(int a, int b, int c) { return a || (b && c); }"},
    {"order-as-condition", "int f(char *s) { if (strcmp(s, \"x\")) return 1; return 0; }", "int f(char *s) { if (strcmp(s, \"x\") == 0) return 1; return 0; }"},
    {"overwritten", "int f(int a) { a = 1; a = 2; return a; }", "int f(int a) { a = 1; a = a + 2; return a; }"},
    {"quotient-zero", "double f(double a) { return 1 / 2 * a; }", "double f(double a) { return 1.0 / 2 * a; }"},
    {"repeated-operand", "int f(int a, int b) { return a == 1 || b == 2 || a == 1; }", "int f(int a, int b) { return a == 1 || b == 2 || a == 2; }"},
    {"runs-once", "int f(int n) { while (n > 0) { n--; break; } return n; }", "int f(int n) { while (n > 0) { if (n == 7) continue; n--; break; } return n; }"},
    {"same-operands", "int f(int a) { return a - a; }", "int f(void) { return next() - next(); }"},
    {"scan-into-value", "int f(void) { int a; scanf(\"%d\", a); return a; }", "int f(void) { int a, *p = &a; scanf(\"%d\", p); return a; }"},
    {"self-assignment", "int f(int a) { a = a; return a; }", "int f(int a, int b) { a = b; return a; }"},
    {"self-comparison", "def f(a):\n    return a == a\n", "def f(a, b):\n    return a == b\n", Language::python},
    {"shared-default", "def f(a=[]):\n    return a\n", "def f(a=()):\n    return a\n", Language::python},
    {"shift-condition", "int f(int a, int n) { if (a << n) return 1; return 0; }", "int f(int a, int n) { if (a < n) return 1; return 0; }"},
    {"shift-of-sum", "int f(int a) { return 1 << a + 1; }", "int f(int a) { return (1 << a) + 1; }"},
    {"swallowed-exception", "def f(a):\n    try:\n        g(a)\n    except ValueError:\n        pass\n",
     "def f(a):\n    try:\n        g(a)\n    except ValueError:\n        raise\n", Language::python},
    {"text-identity", "class A { boolean f(String a) { return a == \"x\"; } }", "class A { boolean f(String a) { return a.equals(\"x\"); } }", Language::java},
    {"unassigned-at-first", "int f(int n) { int s; while (n > 0) { if (n > 3 && s > 1) n--; s = n; n--; } return n; }",
     "int f(int n) { int s = 0; while (n > 0) { if (n > 3 && s > 1) n--; s = n; n--; } return n; }"},
    {"unassigned-elements", "int f(int n) { int a[9], i; for (i = 0; i < n; i++) a[i]++; return a[0]; }",
     "int f(int n) { int a[9] = {0}, i; for (i = 0; i < n; i++) a[i]++; return a[0]; }"},
    {"unassigned-extent", "int f(void) { int n; int a[n]; scanf(\"%d\", &n); return a[0]; }", "int f(void) { int n; scanf(\"%d\", &n); int a[n]; return a[0]; }"},
    {"unassigned-pointer", "int f(void) { char *s; scanf(\"%s\", s); return 0; }", "int f(void) { char *s = g(); scanf(\"%s\", s); return 0; }"},
    {"unassigned-read", "int f(int n) { int m; while (m < n) m++; return m; }", "int f(int n) { int m; scanf(\"%d\", &m); while (m < n) m++; return m; }"},
    {"unassigned-sum", "int f(int n) { int s, i; for (i = 0; i < n; i++) s += i; return s; }", "int f(int n) { int s, i; for (s = i = 0; i < n; i++) s += i; return s; }"},
    {"unreached", "int f(int n) { return n; n++; }", "int f(int n) { n++; return n; }"},
    {"unused-local", "int f(int n) { int m; return n; }", "int f(int n) { int m = n; return m; }"},
    {"unused-parameter", "int f(int n, int m) { return n; }", "int f(int n, int m) { return n + m; }"},
    {"zero-divisor", "int f(int n) { int i; for (i = 0; i < n; i++) n = n % i; return n; }", "int f(int n) { int i; for (i = 1; i < n; i++) n = n % i; return n; }"},
    {"before-first", "int f(int *a, int n) { int i; for (i = 0; i < n; i++) n += a[i - 1]; return n; }",
     "int f(int *a, int n) { int i; for (i = 0; i < n; i++) if (i > 0) n += a[i - 1]; return n; }"},
    {"beyond-last", "int f(int *a, int n) { int i, s = 0; for (i = 0; i < n; i++) s += a[i + 1]; return s; }",
     "int f(int *a, int n) { int i, s = 0; for (i = 0; i < n - 1; i++) s += a[i + 1]; return s; }"},
};
INSTANTIATE_TEST_SUITE_P(EachRule, FlawRule, testing::ValuesIn(examples), [](const auto& tried) {
  std::string name = std::to_string(tried.index) + "_" + tried.param.name;
  std::replace_if(name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

TEST(Flaw, EveryNameHasASentenceAndIsTested) {
  for (const Example& example : examples) EXPECT_EQ(flaw_sentence(example.name).find("does not know"), std::string::npos) << example.name;
  EXPECT_NE(flaw_sentence("from-another-version").find("does not know"), std::string::npos);
}

TEST(Flaw, ItsFamilyIsNamedWithTheMemberThatIsWhy) {
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  const auto units = test::value_of(syntax::extract_units("int f(int a) { return a == a; }", Language::c, "f.c", options)).units;
  const auto tree = test::value_of(syntax::decode_nast(units.at(0).tree));
  const auto flaws = find_flaws(tree, syntax::hash_subtrees(tree), syntax::parents_of(tree));
  ASSERT_EQ(flaws.size(), 2u);
  EXPECT_EQ(flaws[1].name, "logic");
  EXPECT_EQ(flaws[1].member, "self-comparison");
  EXPECT_EQ(flaws[1].where, flaws[0].where);
  EXPECT_FALSE(flaws[0].is_family());
}

TEST(Flaw, AFixThatRemovesItTeachesIt) {
  const auto tree_of = [](const std::string& source) {
    return test::value_of(syntax::decode_nast(test::value_of(syntax::extract_units(source, Language::c, "f.c")).units.at(0).tree));
  };
  const std::string before = "int f(int n) { int s, i; for (i = 0; i < n; i++) s += i; return s; }";
  const std::string after = "int f(int n) { int s = 0, i; for (i = 0; i < n; i++) s += i; return s; }";
  std::size_t taught = 0;
  for (const FixRung& rung : fix_rungs(tree_of(before), before, tree_of(after), after)) {
    if (rung.pattern.flaw.empty()) continue;
    ++taught;
    EXPECT_EQ(rung.pattern.flaw, "unassigned-sum");
    const auto read = test::value_of(decode_edit(encode_edit(rung.pattern)));
    EXPECT_EQ(read.id, rung.pattern.id);
    EXPECT_EQ(read.flaw, rung.pattern.flaw);
    // In other words, in another function.
    const auto elsewhere = tree_of("long g(long *v, int k) { long total; while (k-- > 0) total += v[k]; return total; }");
    EXPECT_TRUE(find_mistake(rung.pattern, UnitShape(elsewhere)));
  }
  EXPECT_EQ(taught, 1u);
  for (const FixRung& rung : fix_rungs(tree_of(after), after, tree_of(before), before)) EXPECT_TRUE(rung.pattern.flaw.empty());
}

TEST(Flaw, TreesThatNoParserMakesAreLookedAtWithoutHarm) {
  std::mt19937 random(7);
  const auto kinds = static_cast<unsigned>(syntax::NodeKind::sequence_hole) + 1;
  for (int round = 0; round < 3000; ++round) {
    syntax::Nast tree;
    tree.language = round % 2 == 0 ? Language::c : Language::java;
    tree.symbols = {"a", "=", "+", "<", "0", "for", "while", "%d", "\"%d %s\"", "printf", "array_declarator", "else", "&&", "++", "int"};
    // A random tree in preorder: each node hangs below one of the open ones.
    const auto count = static_cast<std::uint32_t>(1 + random() % 60);
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < count; ++i) {
      syntax::NastNode node;
      node.kind = static_cast<syntax::NodeKind>(random() % kinds);
      if (random() % 2 == 0) node.kind = syntax::NodeKind::loop;
      if (random() % 3 == 0) node.kind = syntax::NodeKind::identifier;
      node.flags = static_cast<std::uint8_t>(random());
      node.symbol = static_cast<std::uint32_t>(random() % (tree.symbols.size() + 1));
      tree.nodes.push_back(node);
      for (const std::uint32_t above : open) ++tree.nodes[above].size;
      open.push_back(i);
      while (open.size() > 1 && random() % 2 == 0) open.pop_back();
    }
    const auto flaws = find_flaws(tree, syntax::hash_subtrees(tree), syntax::parents_of(tree));
    for (const Flaw& flaw : flaws) {
      EXPECT_LT(flaw.where.first, flaw.where.last);
      EXPECT_LE(flaw.where.last, tree.nodes.size());
    }
  }
}

}  // namespace
}  // namespace autodev::mine
