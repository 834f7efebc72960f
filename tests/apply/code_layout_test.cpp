// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/code_layout.h"

#include "apply/code_tokens.h"

#include <gtest/gtest.h>

namespace autodev::apply {
namespace {

TEST(CodeLayout, CommentsOfTheRepairedCodeStay) {
  EXPECT_EQ(keep_layout("int sum(int n) {\n  int s = 0;  // so far\n  /* all */ for (int i = 0; i <= n; ++i)\n    s += i;\n  return s;\n}",
                        "int sum(int n) {\n    int s = 0;\n    for (int i = 0; i < n; ++i) s += i;\n    return s;\n}", Language::cpp),
            "int sum(int n) {\n  int s = 0;  // so far\n  /* all */ for (int i = 0; i < n; ++i)\n    s += i;\n  return s;\n}");
}

TEST(CodeLayout, DocstringsStayAndNewLinesComeBehindThem) {
  EXPECT_EQ(keep_layout("def f(rows):\n    \"\"\"First of the rows.\"\"\"\n    # may fail\n    return rows[0]  # here",
                        "def f(rows):\n    if not rows:\n        return None\n    return rows[0]", Language::python),
            "def f(rows):\n    \"\"\"First of the rows.\"\"\"\n    # may fail\n    if not rows:\n        return None\n    return rows[0]  # here");
}

TEST(CodeLayout, LineEndsAndIndentationOfTheRepairedCodeStay) {
  EXPECT_EQ(keep_layout("def f(a):\r\n        # twice\r\n        return a + a\r\n", "def f(a):\n    if a:\n        return 2 * a\n    return 0\n",
                        Language::python),
            "def f(a):\r\n        # twice\r\n        if a:\r\n            return 2 * a\r\n        return 0\r\n");
}

TEST(CodeLayout, StatementsThatGoTakeTheirLinesWithThem) {
  EXPECT_EQ(keep_layout("def f(a):\n    a = 1  # why?\n    # the answer\n    return a", "def f(a):\n    return a", Language::python),
            "def f(a):\n    # the answer\n    return a");
  EXPECT_EQ(keep_layout("def f(a):\n    return not a  # x", "def f(a):\n    return a", Language::python), "def f(a):\n    return a  # x");
}

TEST(CodeLayout, WordsAreInsertedBeforeAComment) {
  EXPECT_EQ(keep_layout("def f(a):\n    return a  # plus one", "def f(a):\n    return a + 1", Language::python), "def f(a):\n    return a + 1  # plus one");
  EXPECT_EQ(keep_layout("int f(int a) {\n  return a // sic\n    ;\n}", "int f(int a) {\n  return a + 1;\n}", Language::c),
            "int f(int a) {\n  return a + 1 // sic\n    ;\n}");
  EXPECT_EQ(keep_layout("f(a)", "f(a, b)", Language::python), "f(a, b)");
}

TEST(CodeLayout, ABlockThatMovesInwardsIsTakenWhole) {
  EXPECT_EQ(keep_layout("def f(a):\n    # kept\n    x = 1\n    y = 2\n    return y", "def f(a):\n    x = 1\n    if a:\n        y = 2\n    return y", Language::python),
            "def f(a):\n    # kept\n    x = 1\n    if a:\n        y = 2\n    return y");
}

TEST(CodeLayout, TheTokensAreAlwaysTheWantedOnes) {
  const std::string wanted = "def g(b):\n    return \"\"\"\n text\"\"\" % b";
  for (const std::string own : {"", "x", "def", "\"\"\"", "# only a comment", "def g(b): return b", "\n\n", "((((", "def g(b):\n    return 1"})
    EXPECT_EQ(normal_form(keep_layout(own, wanted, Language::python), Language::python), normal_form(wanted, Language::python)) << own;
}

}  // namespace
}  // namespace autodev::apply
