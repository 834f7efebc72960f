// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A few statements of each language become one function that its grammar reads without an error.
#include "syntax/snippet.h"

#include <gtest/gtest.h>

#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::syntax {
namespace {

struct Statements {
  Language language;
  std::string_view text;
};

class SnippetTest : public ::testing::TestWithParam<Statements> {};

TEST_P(SnippetTest, StatementsBecomeTheBodyOfOneFunction) {
  const auto wrapped = as_function(GetParam().text, GetParam().language);
  ASSERT_TRUE(wrapped.has_value());
  EXPECT_NE(wrapped->find("value"), std::string::npos) << "nothing of the statements is lost";
  const FileUnits file = test::value_of(extract_units(*wrapped, GetParam().language, "file"));
  EXPECT_EQ(file.units_with_errors, 0u) << *wrapped;
  std::size_t functions = 0;
  for (const CodeUnit& unit : file.units) functions += unit.kind == UnitKind::function || unit.kind == UnitKind::method;
  EXPECT_EQ(functions, 1u) << *wrapped;
}

INSTANTIATE_TEST_SUITE_P(
    Languages, SnippetTest,
    ::testing::Values(Statements{Language::c, "int value = read(fd);\nif (value < 0) return;\n"},
                      Statements{Language::cpp, "auto value = map.find(key);\nif (value == map.end()) throw Error(key);\n"},
                      Statements{Language::python, "        value = open(path)\n\n        for line in value:\n            print(line)\n"},
                      Statements{Language::rust, "let value = read()?;\nprintln!(\"{}\", value);\n"},
                      Statements{Language::javascript, "const value = await fetch(url);\nreturn value.json();\n"},
                      Statements{Language::typescript, "const value: number = read();\nreturn value + 1;\n"},
                      Statements{Language::tsx, "const value: number = read();\nreturn value;\n"},
                      Statements{Language::go, "value, err := read()\nif err != nil {\n\treturn\n}\nuse(value)\n"},
                      Statements{Language::java, "String value = reader.readLine();\nlog.info(value);\n"},
                      Statements{Language::csharp, "var value = reader.ReadLine();\nlog.Info(value);\n"},
                      Statements{Language::ruby, "value = gets\nputs value.strip\n"},
                      Statements{Language::php, "<?php\n$value = read();\necho $value;\n"},
                      Statements{Language::bash, "value=$(cat file)\necho \"$value\"\n"}),
    [](const auto& one) { return std::string(to_string(one.param.language)); });

TEST(Snippet, AnUnknownLanguageHasNoFunctions) { EXPECT_FALSE(as_function("value", Language::unknown).has_value()); }

TEST(Snippet, LinesThatAreNotIndentedAlikeKeepTheirDistance) {
  EXPECT_EQ(as_function("  if a:\n    b()\n\n  c()\n", Language::python), "def _():\n    if a:\n      b()\n\n    c()\n");
  EXPECT_EQ(as_function("", Language::python), "def _():\n");
}

}  // namespace
}  // namespace autodev::syntax
