// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Extraction by language: each sample is written as people write it, and the table says what must be found.
#include "syntax/extract.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "language_samples.h"
#include "support/support.h"
#include "syntax/nast.h"

namespace autodev::syntax {
namespace {

FileUnits units_of(std::string_view source, Language language, std::string_view path = "file") {
  return test::value_of(extract_units(source, language, path));
}

const CodeUnit* find(const FileUnits& file, std::string_view name) {
  for (const auto& unit : file.units)
    if (unit.name == name) return &unit;
  return nullptr;
}

std::string described(const CodeUnit& unit) {
  return std::string(to_string(unit.kind)) + " " + unit.scope + " " + unit.name;
}

class SampleTest : public ::testing::TestWithParam<samples::Sample> {};

TEST_P(SampleTest, FindsEveryUnitWithItsNameAndScope) {
  const auto& sample = GetParam();
  const auto file = units_of(sample.source, sample.language);
  EXPECT_EQ(file.units_with_errors, 0u);
  EXPECT_EQ(file.error_bytes, 0u);
  std::vector<std::string> found;
  for (const auto& unit : file.units)
    if (unit.kind != UnitKind::block) found.push_back(described(unit));
  EXPECT_EQ(found, sample.units);
}

TEST_P(SampleTest, FindsImportsSortedAndDocComments) {
  const auto& sample = GetParam();
  const auto file = units_of(sample.source, sample.language);
  ASSERT_FALSE(file.units.empty());
  EXPECT_EQ(file.units.front().imports, sample.imports);
  const auto* documented = find(file, sample.documented);
  ASSERT_NE(documented, nullptr);
  EXPECT_EQ(documented->doc, sample.doc);
  EXPECT_EQ(documented->signature, sample.signature);
}

TEST_P(SampleTest, TreesStandAloneAndAgreeWithTheirUnit) {
  const auto& sample = GetParam();
  for (const auto& unit : units_of(sample.source, sample.language).units) {
    const auto tree = test::value_of(decode_nast(unit.tree));
    EXPECT_EQ(tree.language, sample.language);
    EXPECT_EQ(tree.nodes.size(), unit.nodes);
    EXPECT_EQ(tree.nodes.at(0).size, unit.nodes);
    EXPECT_EQ(tree.nodes[0].start, 0u);
    EXPECT_EQ(tree.nodes[0].end, unit.text.size());
    EXPECT_EQ(digest_tree(tree).exact, unit.exact);
    EXPECT_EQ(digest_tree(tree).alpha, unit.alpha);
    EXPECT_NE(std::string_view(sample.source).find(unit.text), std::string_view::npos);
    for (const auto& node : tree.nodes) EXPECT_LE(node.end, unit.text.size());
  }
}

TEST_P(SampleTest, LeafSymbolsAreTheSourceTextOfTheirRange) {
  const auto& sample = GetParam();
  for (const auto& unit : units_of(sample.source, sample.language).units) {
    const auto tree = test::value_of(decode_nast(unit.tree));
    for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
      const auto& node = tree.nodes[i];
      if (node.kind != NodeKind::identifier && node.kind != NodeKind::number) continue;
      EXPECT_EQ(tree.symbol(i), std::string_view(unit.text).substr(node.start, node.end - node.start));
    }
  }
}

TEST_P(SampleTest, CommentsAndBlankLinesChangeNothing) {
  const auto& sample = GetParam();
  std::string source(sample.source);
  const std::string comment = sample.line_comment;
  std::string noisy;
  for (const char c : source) {
    noisy += c;
    if (c == '\n') noisy += "\n";
  }
  noisy += "\n" + comment + " the end\n";
  const auto plain = units_of(source, sample.language);
  const auto changed = units_of(noisy, sample.language);
  ASSERT_EQ(plain.units.size(), changed.units.size());
  for (std::size_t i = 0; i < plain.units.size(); ++i) {
    EXPECT_EQ(plain.units[i].exact, changed.units[i].exact) << plain.units[i].text << "\n---\n"
                                                            << changed.units[i].text;
    EXPECT_EQ(plain.units[i].alpha, changed.units[i].alpha);
  }
}

TEST_P(SampleTest, EveryTruncationIsHandled) {
  const auto& sample = GetParam();
  for (std::size_t size = 0; size < sample.source.size(); size += 7) {
    const auto result = extract_units(sample.source.substr(0, size), sample.language, "cut");
    ASSERT_TRUE(result) << size;
    for (const auto& unit : result->units) EXPECT_TRUE(decode_nast(unit.tree)) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, SampleTest, ::testing::ValuesIn(samples::all()),
                         [](const auto& tested) { return std::string(to_string(tested.param.language)); });

TEST(Extract, LinesCountFromOneAndIncludeDecorators) {
  const auto file = units_of("import os\n\n@wrap\ndef f(a):\n    return a\n\ndef g():\n    pass\n", Language::python);
  ASSERT_EQ(file.units.size(), 2u);
  EXPECT_EQ(file.units[0].first_line, 3u);
  EXPECT_EQ(file.units[0].last_line, 5u);
  EXPECT_EQ(file.units[1].first_line, 7u);
  EXPECT_EQ(file.units[1].last_line, 8u);
  EXPECT_TRUE(file.units[0].text.starts_with("@wrap"));
}

TEST(Extract, DropsOnlyTheUnitsThatHoldAnError) {
  const auto file = units_of("def good(a):\n    return a\n\ndef bad(a):\n    return a +* ]\n", Language::python);
  EXPECT_NE(find(file, "good"), nullptr);
  EXPECT_EQ(find(file, "bad"), nullptr);
  EXPECT_GT(file.error_bytes, 0u);
}

TEST(Extract, CountsAFunctionWithAMissingToken) {
  const auto file = units_of("int f(int a) { return a }\nint g(int a) { return a; }\n", Language::c);
  EXPECT_EQ(find(file, "f"), nullptr);
  EXPECT_NE(find(file, "g"), nullptr);
  EXPECT_EQ(file.units_with_errors, 1u);
}

TEST(Extract, FindsBlocksOfTheAskedSizeInsideFunctions) {
  const std::string source =
      "def f(items, limit):\n"
      "    total = 0\n"
      "    for item in items:\n"
      "        if item.size > limit:\n"
      "            total += item.size * 2\n"
      "            log(item.name, total)\n"
      "    return total\n";
  ExtractOptions options;
  options.min_block_nodes = 15;
  const auto file = test::value_of(extract_units(source, Language::python, "f.py", options));
  ASSERT_EQ(file.units.size(), 3u);
  EXPECT_EQ(file.units[1].kind, UnitKind::block);
  EXPECT_EQ(file.units[1].name, "");
  EXPECT_EQ(file.units[1].scope, "f");
  EXPECT_TRUE(file.units[1].text.starts_with("for item in items:"));
  EXPECT_TRUE(file.units[2].text.starts_with("if item.size > limit:"));
  options.min_block_nodes = 1000;
  EXPECT_EQ(test::value_of(extract_units(source, Language::python, "f.py", options)).units.size(), 1u);
  options.min_block_nodes = 15;
  options.functions = false;
  EXPECT_EQ(test::value_of(extract_units(source, Language::python, "f.py", options)).units.size(), 2u);
}

TEST(Extract, ElseIfIsPartOfItsIfAndNoBlockOfItsOwn) {
  const auto file = units_of(
      "int f(int a, int b) { if (a > 1) { a = g(a, b, 1); } else if (b > 2) { b = g(b, a, 2) + g(a, a, 3) + g(b, b, "
      "4); } "
      "return a; }",
      Language::c);
  EXPECT_EQ(
      std::count_if(file.units.begin(), file.units.end(), [](const CodeUnit& u) { return u.kind == UnitKind::block; }),
      1);
}

TEST(Extract, ATypesTreeHoldsSignaturesButItsTextHoldsBodies) {
  const auto short_body = units_of("class A {\n  int f(int a) { return a; }\n}\n", Language::java);
  const auto long_body = units_of("class A {\n  int f(int a) { while (true) { g(a); } }\n}\n", Language::java);
  EXPECT_EQ(short_body.units.at(0).exact, long_body.units.at(0).exact);
  EXPECT_NE(short_body.units.at(0).text, long_body.units.at(0).text);
  EXPECT_NE(short_body.units.at(1).exact, long_body.units.at(1).exact);
}

TEST(Extract, AHeaderIsReadAsCOrCppWhicheverFitsBetter) {
  const auto cpp = units_of("class A { public: int f() { return 1; } };\n", Language::cpp, "a.h");
  EXPECT_EQ(cpp.units.at(0).language, Language::cpp);
  const auto c = units_of("static int f(int class, int new) { return class + new; }\n", Language::cpp, "a.h");
  ASSERT_EQ(c.units.size(), 1u);
  EXPECT_EQ(c.units[0].language, Language::c);
  EXPECT_EQ(c.units[0].name, "f");
}

TEST(Extract, LambdasAreNoUnits) {
  const auto file = units_of("int f() { auto g = [](int a) { return a; }; return g(1); }\n", Language::cpp);
  EXPECT_EQ(file.units.size(), 1u);
}

TEST(Extract, DeclarationsWithoutBodyAreNoUnits) {
  EXPECT_TRUE(units_of("struct a; int f(int); extern struct a x;\n", Language::c).units.empty());
  EXPECT_EQ(units_of("interface I { void f(); }\n", Language::java).units.size(), 1u);
  EXPECT_TRUE(units_of("class A { A() = default; };\n", Language::cpp).units.size() == 1u);
}

TEST(Extract, RefusesWhatIsTooLargeOrBinary) {
  EXPECT_FALSE(extract_units(std::string((1u << 20) + 1, ' '), Language::python, "a.py"));
  EXPECT_FALSE(extract_units(std::string((256u << 10) + 1, ' '), Language::csharp, "a.cs"));
  EXPECT_TRUE(extract_units(std::string(1u << 20, ' '), Language::python, "a.py"));
  EXPECT_FALSE(extract_units(std::string_view("a\0b", 3), Language::python, "a.py"));
  const auto unknown = extract_units("x", Language::unknown, "a.xyz");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::bad_data);
}

TEST(Extract, GivesUpAtTheDeadline) {
  std::string source;
  while (source.size() < 1'000'000) source += "def f(a, b):\n    return a + b * (a - b)\n";
  ExtractOptions options;
  options.deadline = std::chrono::milliseconds(1);
  const auto result = extract_units(source, Language::python, "slow.py", options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::bad_data);
  EXPECT_TRUE(result.error().message.starts_with("slow.py: ")) << result.error().message;
}

TEST(Extract, BoundsTheWorkOnUnitsInsideUnits) {
  std::string source;
  for (int i = 0; i < 20'000; ++i) source += "class a{";
  source += std::string(20'000, '}');
  const auto start = std::chrono::steady_clock::now();
  const auto file = units_of(source, Language::java);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  std::size_t text = 0;
  for (const auto& unit : file.units) text += unit.text.size();
  EXPECT_LE(text, source.size() * 24);
  EXPECT_GT(file.units_too_large, 0u);
}

TEST(Language, NamesAliasesAndEndings) {
  EXPECT_EQ(to_string(Language::csharp), "csharp");
  EXPECT_EQ(to_string(Language::unknown), "unknown");
  EXPECT_EQ(language_from_name("C++"), Language::cpp);
  EXPECT_EQ(language_from_name("Py"), Language::python);
  EXPECT_EQ(language_from_name("c#"), Language::csharp);
  EXPECT_EQ(language_from_name("sh"), Language::bash);
  EXPECT_EQ(language_from_name("cobol"), std::nullopt);
  EXPECT_EQ(language_from_name(""), std::nullopt);
  EXPECT_EQ(language_from_path("src/a.h"), Language::cpp);
  EXPECT_EQ(language_from_path("a.c"), Language::c);
  EXPECT_EQ(language_from_path("a.C"), Language::cpp);
  EXPECT_EQ(language_from_path("A.PY"), Language::python);
  EXPECT_EQ(language_from_path("x/y.tsx"), Language::tsx);
  EXPECT_EQ(language_from_path("x.py/README"), Language::unknown);
  EXPECT_EQ(language_from_path(".bashrc"), Language::unknown);
  EXPECT_EQ(language_from_path(""), Language::unknown);
  for (int i = 1; i <= static_cast<int>(Language::bash); ++i) {
    const auto language = static_cast<Language>(i);
    EXPECT_EQ(language_from_name(to_string(language)), language);
  }
}

}  // namespace
}  // namespace autodev::syntax
