// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the digests see and what they do not, subtree digests against a slow reference, and the codec against
// damaged bytes.
#include "syntax/nast.h"
#include "syntax/trusted_nast.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "language_samples.h"
#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::syntax {
namespace {

CodeUnit first_unit(std::string_view source, Language language) {
  const auto file = test::value_of(extract_units(source, language, "x"));
  EXPECT_FALSE(file.units.empty()) << source;
  return file.units.empty() ? CodeUnit{} : file.units.front();
}

Nast tree_of(std::string_view source, Language language = Language::python) {
  return test::value_of(decode_nast(first_unit(source, language).tree));
}

struct Variant {
  Language language;
  std::string_view original, changed;
};

void expect_same_alpha(const Variant& v) {
  const auto a = first_unit(v.original, v.language), b = first_unit(v.changed, v.language);
  EXPECT_EQ(a.alpha, b.alpha) << v.original << "\n---\n"
                              << v.changed << "\n"
                              << to_sexpr(tree_of(v.changed, v.language));
}

void expect_other_alpha(const Variant& v) {
  EXPECT_NE(first_unit(v.original, v.language).alpha, first_unit(v.changed, v.language).alpha) << v.changed;
}

TEST(Digests, ReformattingKeepsExact) {
  const auto a = first_unit("def f(a,b):\n  # sum\n  return a+b\n", Language::python);
  const auto b = first_unit("def f(a, b):\n\n    return (a + b)  # sum\n", Language::python);
  EXPECT_EQ(a.exact, b.exact);
  const auto c = first_unit("int f(int a){return a;}", Language::cpp);
  const auto d = first_unit("int f( int a )\n{\n  return a;  // same\n}", Language::cpp);
  EXPECT_EQ(c.exact, d.exact);
}

TEST(Digests, ADocstringIsDocumentation) {
  EXPECT_EQ(first_unit("def f(a):\n    return a\n", Language::python).exact,
            first_unit("def f(a):\n    '''Says a.'''\n    return a\n", Language::python).exact);
}

TEST(Digests, ConsistentRenamingOfLocalsParametersAndTheFunctionKeepsAlpha) {
  const Variant variants[] = {
      {Language::python, "def f(a, b):\n    c = a + b\n    return f(c, b)\n",
       "def g(x, y):\n    z = x + y\n    return g(z, y)\n"},
      {Language::python, "def f(a):\n    for i, (k, v) in a.items():\n        print([q for q in v if q], i, k)\n",
       "def f(b):\n    for j, (l, w) in b.items():\n        print([r for r in w if r], j, l)\n"},
      {Language::python, "def f(run, *a, k=1, **o):\n    with open(k) as h:\n        return run(h, *a, **o)\n",
       "def f(call, *b, z=1, **p):\n    with open(z) as g:\n        return call(g, *b, **p)\n"},
      {Language::cpp, "int f(int a, int* p) { for (auto& x : a) { p[x] = f(x, p); } return a; }",
       "int g(int b, int* q) { for (auto& y : b) { q[y] = g(y, q); } return b; }"},
      {Language::c, "int f(char **v) { int n = 0, *q = v[n]; while (n < 3) n++; return n; }",
       "int f(char **w) { int m = 0, *r = w[m]; while (m < 3) m++; return m; }"},
      {Language::javascript, "function f({ a, b: c }, ...d) { const [e] = d; let g = (h) => h + e; return g(a) + c; }",
       "function f({ a, b: x }, ...y) { const [z] = y; let u = (v) => v + z; return u(a) + x; }"},
      {Language::javascript, "const f = (a) => { try { return f(a); } catch (e) { throw e; } };",
       "const g = (b) => { try { return g(b); } catch (x) { throw x; } };"},
      {Language::typescript, "function f(a: number, b?: string): void { const c = a; c.go(b); }",
       "function f(x: number, y?: string): void { const z = x; z.go(y); }"},
      {Language::go, "func f(a []int) int { for i, v := range a { n := v + i; a[i] = n }; var z int; return f(a) + z }",
       "func g(b []int) int { for j, w := range b { m := w + j; b[j] = m }; var y int; return g(b) + y }"},
      {Language::rust,
       "fn f(a: &[i32]) -> i32 { let mut s = 0; for x in a { if let Some(y) = x.get() { s += y; } } a.iter().map(|q| q "
       "+ s); f(a) }",
       "fn g(b: &[i32]) -> i32 { let mut t = 0; for u in b { if let Some(v) = u.get() { t += v; } } b.iter().map(|w| w "
       "+ t); g(b) }"},
      {Language::java, "class A { }\n", "class B { }\n"},
      {Language::ruby, "def f(a, b = 1)\n  a.each do |x|\n    y = x + b\n    puts y\n  end\nend\n",
       "def g(c, d = 1)\n  c.each do |u|\n    v = u + d\n    puts v\n  end\nend\n"},
      {Language::php, "<?php function f($a) { foreach ($a as $k => $v) { $s = $k . $v; } return f($s); }",
       "<?php function g($b) { foreach ($b as $l => $w) { $t = $l . $w; } return g($t); }"},
      {Language::bash, "f() { local a=\"$1\"; for x in $a; do echo \"$x\"; done; }",
       "g() { local b=\"$1\"; for y in $b; do echo \"$y\"; done; }"},
  };
  for (const auto& variant : variants) expect_same_alpha(variant);
  const auto java = [](std::string_view a) {
    return test::value_of(extract_units(a, Language::java, "A.java")).units.at(1).alpha;
  };
  EXPECT_EQ(java("class A { int f(int a) { int b = a; for (int x : b) { y(x); } try { g(); } catch (E e) { h(e); } "
                 "return f(b); } }"),
            java("class A { int k(int c) { int d = c; for (int z : d) { y(z); } try { g(); } catch (E q) { h(q); } "
                 "return k(d); } }"));
  const auto csharp = [](std::string_view a) {
    return test::value_of(extract_units(a, Language::csharp, "A.cs")).units.at(1).alpha;
  };
  EXPECT_EQ(
      csharp("class A { int F(int a) { var b = a; foreach (var x in b) { Y(x); } return L.Select(i => i + b).F(); } }"),
      csharp(
          "class A { int G(int c) { var d = c; foreach (var z in d) { Y(z); } return L.Select(j => j + d).F(); } }"));
}

TEST(Digests, MeaningfulNamesCountInAlpha) {
  const std::string_view base = "def f(a, b):\n    return json.loads(a.text, key=b)\n";
  for (const std::string_view changed :
       {"def f(a, b):\n    return pickle.loads(a.text, key=b)\n",
        "def f(a, b):\n    return json.dumps(a.text, key=b)\n", "def f(a, b):\n    return json.loads(a.body, key=b)\n",
        "def f(a, b):\n    return json.loads(a.text, value=b)\n",
        "def f(a, b):\n    return json.loads(b.text, key=a)\n"})
    expect_other_alpha({Language::python, base, changed});
  expect_other_alpha({Language::cpp, "int f(Foo a) { return g(a); }", "int f(Bar a) { return g(a); }"});
  expect_other_alpha({Language::cpp, "int f(int a) { return g(a); }", "int f(int a) { return h(a); }"});
  expect_other_alpha(
      {Language::python, "def f(a):\n    for x in a: g(x)\n", "async def f(a):\n    for x in a: g(x)\n"});
  expect_other_alpha({Language::python, "def f(a, b):\n    return a < b\n", "def f(a, b):\n    return a <= b\n"});
  expect_other_alpha({Language::python, "def f(a, b):\n    return a is b\n", "def f(a, b):\n    return a is not b\n"});
}

TEST(Digests, SwappingTwoVariablesInOnePlaceChangesAlpha) {
  expect_other_alpha({Language::python, "def f(a, b):\n    c = a - b\n    return g(a, b, c)\n",
                      "def f(a, b):\n    c = a - b\n    return g(b, a, c)\n"});
  expect_other_alpha(
      {Language::go, "func f(a int, b int) int { return a - b }", "func f(a int, b int) int { return b - a }"});
}

TEST(Digests, ALiteralsValueCountsInExactOnly) {
  const auto a = first_unit("def f(a):\n    return a + 1, 'x', True, f'{a}!'\n", Language::python);
  const auto b = first_unit("def f(a):\n    return a + 2, 'y', False, f'{a}?'\n", Language::python);
  EXPECT_EQ(a.alpha, b.alpha);
  EXPECT_NE(a.exact, b.exact);
  const auto c = first_unit("def f(a):\n    return a + '1', 'x', True, f'{a}!'\n", Language::python);
  EXPECT_NE(a.alpha, c.alpha);
}

TEST(Digests, TheSameCodeInTwoLanguagesDiffers) {
  EXPECT_NE(first_unit("function f(a) { return a; }", Language::javascript).exact,
            first_unit("function f(a) { return a; }", Language::typescript).exact);
}

/// Alpha by definition: the subtree copied out, locals renumbered, written as text.
std::string reference_alpha(const Nast& tree, std::uint32_t root) {
  std::map<std::uint32_t, std::size_t> numbers;
  std::string out;
  for (auto i = root; i < root + tree.nodes[root].size; ++i) {
    const auto& node = tree.nodes[i];
    out += to_string(node.kind);
    out += '/';
    out += std::to_string(node.size);
    if ((node.flags & flag_unit_name) != 0) {
      out += "@";
    } else if ((node.flags & flag_literal) != 0) {
      out += "#";
    } else if (node.symbol != 0 && is_local_name(node)) {
      out += '$';
      out += std::to_string(numbers.emplace(node.symbol, numbers.size()).first->second);
    } else if (node.symbol != 0) {
      out += '=';
      out += tree.symbol(i);
    }
    out += ' ';
  }
  return out;
}

TEST(SubtreeDigests, AgreeWithRenumberingEverySubtreeBySlowDefinition) {
  std::map<std::string, std::uint64_t> by_reference;
  std::map<std::uint64_t, std::string> by_hash;
  std::size_t shared = 0;
  for (const auto& sample : samples::all())
    for (const auto& unit : test::value_of(extract_units(sample.source, sample.language, "x")).units) {
      const auto tree = test::value_of(decode_nast(unit.tree));
      const auto hashes = hash_subtrees(tree);
      ASSERT_EQ(hashes.size(), tree.nodes.size());
      for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
        const auto reference = reference_alpha(tree, i);
        const auto [known, fresh] = by_reference.emplace(reference, hashes[i].alpha);
        shared += fresh ? 0 : 1;
        EXPECT_EQ(known->second, hashes[i].alpha) << reference;
        const auto [other, unique] = by_hash.emplace(hashes[i].alpha, reference);
        EXPECT_EQ(other->second, reference);
      }
    }
  EXPECT_GT(shared, 1000u);
}

TEST(SubtreeDigests, NumberLocalNamesInsideTheSubtreeOnly) {
  const auto tree = tree_of("def f(a, b):\n    g(a, a, b)\n    g(b, b, a)\n    g(b, a, b)\n");
  const auto hashes = hash_subtrees(tree);
  std::vector<std::uint32_t> calls;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.nodes[i].kind == NodeKind::call) calls.push_back(i);
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(hashes[calls[0]].alpha, hashes[calls[1]].alpha);
  EXPECT_NE(hashes[calls[0]].alpha, hashes[calls[2]].alpha);
  EXPECT_NE(hashes[calls[0]].exact, hashes[calls[1]].exact);
}

TEST(SubtreeDigests, StayLinearOnADeepTree) {
  std::string source = "def f(a):\n    return ";
  for (int i = 0; i < 9000; ++i) source += "-";
  const auto tree = tree_of(source + "a\n");
  ASSERT_GT(tree.nodes.size(), 9000u);
  EXPECT_EQ(hash_subtrees(tree).size(), tree.nodes.size());
}

TEST(Codec, RoundTripsEveryUnitOfEverySample) {
  for (const auto& sample : samples::all())
    for (const auto& unit : test::value_of(extract_units(sample.source, sample.language, "x")).units) {
      const auto tree = test::value_of(decode_nast(unit.tree));
      EXPECT_EQ(encode_nast(tree), unit.tree);
      EXPECT_EQ(test::value_of(decode_nast(encode_nast(tree))), tree);
    }
}

TEST(Codec, KeepsHolesOfTemplates) {
  auto tree = tree_of("def f(a):\n    g(a, 1)\n");
  for (auto& node : tree.nodes)
    if (node.kind == NodeKind::number) {
      node.kind = NodeKind::hole;
      node.symbol = 41;
    }
  const auto copy = test::value_of(decode_nast(encode_nast(tree)));
  EXPECT_EQ(copy, tree);
  EXPECT_NE(to_sexpr(copy).find("(hole $41)"), std::string::npos);
  EXPECT_EQ(hash_subtrees(copy).size(), tree.nodes.size());
}

TEST(Codec, AcceptsTheEmptyTree) {
  EXPECT_EQ(test::value_of(decode_nast(encode_nast(Nast{}))), Nast{});
}

TEST(Codec, RefusesEveryTruncationAndEveryAppendix) {
  const auto bytes = first_unit("def f(a, b):\n    return g(a, b=1)\n", Language::python).tree;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_nast(std::string_view(bytes).substr(0, size))) << size;
  EXPECT_FALSE(decode_nast(bytes + "x"));
}

TEST(Codec, DamagedBytesAreRefusedOrMeanAWellFormedTree) {
  const auto bytes = first_unit("def f(a, b):\n    for x in a:\n        g(x, key=b[1:2])\n", Language::python).tree;
  std::mt19937 random(5);
  std::size_t accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    auto damaged = bytes;
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto tree = decode_nast(damaged);
    const Nast trusted = trusted_nast(damaged);
    EXPECT_EQ(hash_subtrees(trusted).size(), trusted.nodes.size());
    if (tree) EXPECT_EQ(trusted, *tree);
    if (!tree) {
      EXPECT_EQ(tree.error().code, ErrorCode::bad_data);
      continue;
    }
    ++accepted;
    EXPECT_EQ(encode_nast(*tree), damaged);
    EXPECT_EQ(hash_subtrees(*tree).size(), tree->nodes.size());
    (void)to_sexpr(*tree);
    (void)digest_tree(*tree);
  }
  EXPECT_GT(accepted, 0u);
}

TEST(Codec, HostileCountsCostNothing) {
  std::string bytes("NAST\x01\x03", 6);
  EXPECT_FALSE(decode_nast(bytes + "\xff\xff\xff\xff\x0f"));
  EXPECT_FALSE(decode_nast(bytes + std::string("\x00\xff\xff\xff\xff\x0f", 6)));
}

TEST(Sexpr, ShowsKindsSymbolsAndShape) {
  EXPECT_EQ(to_sexpr(tree_of("def f(a):\n    return g(a, 'x y')\n")),
            "(function def (identifier f) (parameters (identifier a)) (block (return return (call (identifier g) "
            "(arguments (identifier a) (string \"'x y'\"))))))");
  EXPECT_EQ(to_sexpr(Nast{}), "");
}

TEST(Flags, SayWhatANameIs) {
  const auto tree = tree_of("def f(a, run):\n    x: int = os.path(a, key=f(1))\n    return run(x)\n");
  std::map<std::string, int> flags;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.nodes[i].kind == NodeKind::identifier) flags[std::string(tree.symbol(i))] |= tree.nodes[i].flags;
  EXPECT_EQ(flags["f"], flag_unit_name);
  EXPECT_EQ(flags["a"], flag_binder);
  EXPECT_EQ(flags["run"], flag_binder);
  EXPECT_EQ(flags["x"], flag_binder);
  EXPECT_EQ(flags["int"] & flag_type_name, flag_type_name);
  EXPECT_EQ(flags["os"], flag_callee);
  EXPECT_EQ(flags["path"], flag_callee);
  EXPECT_EQ(flags["key"], flag_callee);
}

TEST(Flags, MarkStatementsAndOpenLists) {
  const auto tree = tree_of("def f(a):\n    g(a, [1])\n    return a\n");
  std::string marks;
  for (const auto& node : tree.nodes) {
    if ((node.flags & flag_statement) != 0) marks.append("S:").append(to_string(node.kind)).append(" ");
    if ((node.flags & flag_sequence) != 0) marks.append("Q:").append(to_string(node.kind)).append(" ");
  }
  EXPECT_EQ(marks, "S:function Q:parameters Q:block S:expression_statement Q:arguments Q:list S:return ");
}

}  // namespace
}  // namespace autodev::syntax
