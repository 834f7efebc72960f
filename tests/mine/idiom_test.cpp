// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Idioms: fragments of real blocks, the order of independent statements, when a fragment is a unit, and its words.
#include "mine/idiom.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/idiom_extractor.h"
#include "mine/real_code.h"
#include "mine/statement_order.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

std::vector<CodeUnit> blocks_of(std::string_view source, std::string_view path) {
  syntax::ExtractOptions options;
  options.functions = options.types = false;
  options.min_block_nodes = 8;
  return test::value_of(syntax::extract_units(source, language_from_path(path), path, options)).units;
}

std::string digest_of(std::string_view source, IdiomCut cut, std::string_view path = "a.py") {
  const auto blocks = blocks_of(source, path);
  EXPECT_FALSE(blocks.empty());
  for (const IdiomFragment& fragment : idiom_fragments(tree_of(blocks.at(0))))
    if (fragment.cut == cut) return fragment.digest.hex();
  return "none";
}

syntax::Nast ordered(std::string_view source) {
  return canonical_order(tree_of(functions_of(source, "a.py").at(0)));
}
Digest alpha(const syntax::Nast& tree) {
  return syntax::digest_tree(tree).alpha;
}

TEST(StatementOrder, IndependentStatementsHaveOneOrder) {
  EXPECT_EQ(alpha(ordered("def f(a):\n    low = 0\n    items = [a]\n    return g(low, items)\n")),
            alpha(ordered("def f(a):\n    items = [a]\n    low = 0\n    return g(low, items)\n")));
  EXPECT_EQ(alpha(ordered("def f(a):\n    if a:\n        x = -a\n        y = [1, 2]\n        return h(x, y)\n")),
            alpha(ordered("def f(a):\n    if a:\n        y = [1, 2]\n        x = -a\n        return h(x, y)\n")));
}

TEST(StatementOrder, DependentStatementsKeepTheirs) {
  const auto differ = [](std::string_view a, std::string_view b) { return alpha(ordered(a)) != alpha(ordered(b)); };
  EXPECT_TRUE(differ("def f(a):\n    x = a\n    a = [1]\n    return g(x, a)\n",
                     "def f(a):\n    a = [1]\n    x = a\n    return g(x, a)\n"));
  EXPECT_TRUE(differ("def f(a):\n    a.open()\n    a.read(1)\n", "def f(a):\n    a.read(1)\n    a.open()\n"))
      << "calls may act";
  EXPECT_TRUE(differ("def f(a):\n    x = a.size\n    a.clear()\n    return x\n",
                     "def f(a):\n    a.clear()\n    x = a.size\n    return x\n"))
      << "a call may change what is read";
  EXPECT_TRUE(differ("def f(a):\n    a.size = 0\n    x = a.size\n    return x\n",
                     "def f(a):\n    x = a.size\n    a.size = 0\n    return x\n"));
}

TEST(StatementOrder, NothingPassesAReturn) {
  const std::string source = "def f(a):\n    if a:\n        return 1\n    x = [a]\n    y = 0\n    return g(x, y)\n";
  const auto tree = ordered(source);
  const auto before = tree_of(functions_of(source, "a.py").at(0));
  EXPECT_EQ(tree.nodes.size(), before.nodes.size());
  const auto first = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                  [](const auto& node) { return node.kind == syntax::NodeKind::if_statement; });
  const auto assigned = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                     [](const auto& node) { return node.kind == syntax::NodeKind::assignment; });
  EXPECT_LT(first, assigned);
}

TEST(IdiomFragments, CutsForgetWhatVariesAndKeepWhatIsCalled) {
  const std::string one =
      "def f(path, rows):\n    with open(path, 'w', 4) as out:\n        for row in rows:\n            "
      "out.write(row.text())\n";
  const std::string other =
      "def g(name, lines):\n    with open(name + '.bak', 'a', None) as file:\n        for line in lines:\n            "
      "file.write(line.text())\n";
  const std::string third =
      "def h(name, lines):\n    with gzip(name, 'a', 1) as file:\n        for line in lines:\n            "
      "file.write(line.text())\n";
  EXPECT_NE(digest_of(one, IdiomCut::whole), digest_of(other, IdiomCut::whole));
  EXPECT_EQ(digest_of(other, IdiomCut::header),
            digest_of("def g(a, b):\n    with open(a + '.x', 'r', '4') as c:\n        use(c, b)\n", IdiomCut::header));
  EXPECT_NE(digest_of(one, IdiomCut::header), digest_of(third, IdiomCut::header)) << "the callee is kept";
}

TEST(IdiomFragments, TheOrderOfIndependentStatementsDoesNotCount) {
  const auto block = [](const std::string& first, const std::string& second) {
    return "def f(rows):\n    for row in rows:\n        " + first + "\n        " + second +
           "\n        emit(row, total, seen)\n";
  };
  const std::string a = block("total = 0", "seen = [row]"), b = block("seen = [row]", "total = 0");
  EXPECT_EQ(digest_of(a, IdiomCut::whole), digest_of(b, IdiomCut::whole));
  EXPECT_EQ(digest_of(block("total = 0", "seen = [row]"), IdiomCut::values),
            digest_of(block("seen = [row + 1]", "total = 7"), IdiomCut::values));
  EXPECT_NE(digest_of(a, IdiomCut::whole), digest_of(block("total = row", "seen = [total]"), IdiomCut::whole));
}

TEST(IdiomFragments, TrivialOnesAreLeftOut) {
  const auto blocks = blocks_of("def f(a, b):\n    while a < b:\n        a = a + 1\n        b = b - 1\n", "a.py");
  ASSERT_FALSE(blocks.empty());
  EXPECT_TRUE(idiom_fragments(tree_of(blocks[0])).empty()) << "names of locals and literals say nothing";
  EXPECT_TRUE(idiom_fragments(syntax::Nast{}).empty());
}

TEST(IdiomTemplate, IsRealSourceWithHolesAndMatchesItsLeader) {
  const auto blocks =
      blocks_of("def f(path, rows):\n    with open(path + '.x', 'w') as out:\n        out.write(rows)\n", "a.py");
  const auto tree = tree_of(blocks.at(0));
  EXPECT_EQ(render(idiom_template(tree, blocks[0].text, IdiomCut::whole)), blocks[0].text);
  EXPECT_EQ(render(idiom_template(tree, blocks[0].text, IdiomCut::values)),
            "with open($1, $2) as out:\n        out.write(rows)");
  EXPECT_EQ(render(idiom_template(tree, blocks[0].text, IdiomCut::header)), "with open($1, $2) as out:\n        $$$3");
  for (const auto cut : {IdiomCut::whole, IdiomCut::values, IdiomCut::nested, IdiomCut::both, IdiomCut::header}) {
    const Template made = idiom_template(tree, blocks[0].text, cut);
    const auto fillers = match(made, tree, blocks[0].text);
    ASSERT_TRUE(fillers) << to_string(cut);
    const auto again = decode_template(encode_template(made));
    ASSERT_TRUE(again) << to_string(cut);
    EXPECT_EQ(*again, made);
    EXPECT_EQ(test::value_of(instantiate(made, *fillers)), blocks[0].text) << to_string(cut);
  }
}

TEST(MergeGain, GrowsWithSupportAndSizeAndFallsWithThePool) {
  EXPECT_EQ(merge_gain(0, 100, 10), 0);
  EXPECT_LT(merge_gain(1, 1000, 10), 0) << "one occurrence is no unit";
  EXPECT_GT(merge_gain(3, 100, 10), merge_gain(2, 100, 10));
  EXPECT_GT(merge_gain(3, 101, 10), merge_gain(3, 100, 10));
  EXPECT_LT(merge_gain(3, 100, 1000), merge_gain(3, 100, 10));
  EXPECT_LT(merge_gain(2, 20, 1'000'000), 0) << "small and rare among many";
  EXPECT_GT(merge_gain(1'000'000'000, 20, 100'000), 0);
  EXPECT_LT(merge_gain(1'000'000'000, 20, UINT64_MAX), 0) << "cheaper to spell out than to choose";
  // 3 occurrences of 40 bits among 7: 2 x 40 + log2(2!) - 3 log2(8) = 80 + 1 - 9.
  EXPECT_NEAR(static_cast<double>(merge_gain(3, 40, 7)), 72'000.0, 5.0);
}

TEST(IdiomWords, SayWhatTheStructureDoes) {
  const auto blocks = blocks_of(
      "def f(path):\n    with open(path) as file:\n        for line in file:\n            use(line.strip())\n", "a.py");
  const auto tree = tree_of(blocks.at(0));
  EXPECT_EQ(idiom_name(tree), "with calling open, use, strip");
  EXPECT_EQ(idiom_sentence(tree),
            "Python statement that enters the context open, calls use and strip, loops inside.");
  const auto tries = blocks_of(
      "def f(action):\n    try:\n        return action.run(1)\n    except OSError as error:\n        raise "
      "Failed(error)\n",
      "a.py");
  EXPECT_EQ(idiom_sentence(tree_of(tries.at(0))),
            "Python statement that tries something and handles its failure, calls run and Failed, catches OSError, "
            "raises an error, returns.");
  EXPECT_EQ(idiom_sentence(idiom_template(tree, blocks[0].text, IdiomCut::header).tree),
            "Python statement that enters the context open; varies in 1 place.");
}

std::string writer(const std::string& name, const std::string& mode, const std::string& body) {
  return "def " + name + "(path, rows):\n    with open(path + '" + name + "', '" + mode +
         "', encoding='utf-8') as out:\n        " + body + "\n";
}

TEST(IdiomExtractor, FindsWhatRecursAcrossPlacesAndNamesItsMembers) {
  std::vector<CodeUnit> units;
  for (const auto& [name, body] :
       std::vector<std::pair<std::string, std::string>>{{"alpha", "out.write(rows.text())"},
                                                        {"beta", "for row in rows:\n            print(row, file=out)"},
                                                        {"gamma", "dump(rows, out)"}})
    for (const CodeUnit& unit : blocks_of(writer(name, "w", body), name + ".py"))
      if (unit.text.starts_with("with")) units.push_back(unit);
  ASSERT_EQ(units.size(), 3u);
  const auto idioms = extract_idioms(units);
  ASSERT_EQ(idioms.size(), 1u);
  EXPECT_EQ(idioms[0].cut, IdiomCut::header);
  EXPECT_EQ(idioms[0].members, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(render(idioms[0].pattern), "with open($1, $2, encoding=$3) as out:\n        $$$4");
  EXPECT_GT(idioms[0].gain, 0);
  for (const std::size_t member : idioms[0].members)
    EXPECT_TRUE(match(idioms[0].pattern, tree_of(units[member]), units[member].text));
}

TEST(IdiomExtractor, CopiesInOnePlaceAreNoSupport) {
  auto units = blocks_of(writer("alpha", "w", "out.write(rows.text())"), "a.py");
  std::vector<CodeUnit> copies(9, units.at(0));
  EXPECT_TRUE(extract_idioms(copies).empty());
  for (std::size_t i = 0; i < copies.size(); ++i) copies[i].path = std::to_string(i) + ".py";
  EXPECT_EQ(extract_idioms(copies).size(), 1u);
}

TEST(IdiomExtractor, TheMostSpecificIdiomExplainsItsBlocks) {
  std::vector<CodeUnit> units;
  for (const std::string name : {"a", "b", "c"}) {
    auto blocks = blocks_of(writer(name, "w", "out.write(rows.text())"), name + ".py");
    units.push_back(blocks.at(0));
  }
  units.push_back(blocks_of(writer("d", "w", "dump(rows, out)"), "d.py").at(0));
  const auto idioms = extract_idioms(units);
  ASSERT_EQ(idioms.size(), 1u) << "one block alone does not make a more general idiom";
  EXPECT_EQ(idioms[0].members, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_LT(idioms[0].cut, IdiomCut::header);
  EXPECT_TRUE(extract_idioms({}).empty());
}

}  // namespace
}  // namespace autodev::mine
