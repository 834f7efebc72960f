// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a fitted function looks like where it goes: its indentation, and what its comments say.
#include <gtest/gtest.h>

#include "apply/indentation.h"
#include "apply/prose.h"

namespace autodev::apply {
namespace {

TEST(Indentation, OfAMethodThatWasCutOutOfItsClassIsThatOfItsNewPlace) {
  const std::string cut = "def a(self):\n        if self.b:\n            return 1\n        return 2\n";
  EXPECT_EQ(indented_as(cut, Language::python, "    ", "    "),
            "    def a(self):\n        if self.b:\n            return 1\n        return 2\n");
  EXPECT_EQ(indented_as(cut, Language::python, "  ", "  "),
            "  def a(self):\n    if self.b:\n      return 1\n    return 2\n");
  EXPECT_EQ(indented_as(cut, Language::python, "\t", "\t"),
            "\tdef a(self):\n\t\tif self.b:\n\t\t\treturn 1\n\t\treturn 2\n");
  EXPECT_EQ(indented_as(cut, Language::python, "", ""),
            "def a(self):\n    if self.b:\n        return 1\n    return 2\n");
}

TEST(Indentation, NeedsNoDeeperBlockToSeeHowDeepABodyStands) {
  EXPECT_EQ(indented_as("def a(self):\n        return 2", Language::python, "    ", "    "),
            "    def a(self):\n        return 2\n");
  EXPECT_EQ(indented_as("def a(self):\n  return 2", Language::python, "    ", "    "),
            "    def a(self):\n        return 2\n");
  EXPECT_EQ(indented_as("def a(\n        self,\n    ):\n        return 2", Language::python, "    ", "    "),
            "    def a(\n        self,\n    ):\n        return 2\n");
  EXPECT_EQ(indented_as("@property\n    def a(self):\n        return 2", Language::python, "  ", "  "),
            "  @property\n  def a(self):\n    return 2\n");
}

TEST(Indentation, FollowsTheClosingBraceWhereBracesMakeBlocks) {
  EXPECT_EQ(indented_as("int a() {\n        return 1;\n    }", Language::java, "  ", "  "),
            "  int a() {\n    return 1;\n  }\n");
  EXPECT_EQ(indented_as("a() {\n    return 1;\n}", Language::javascript, "\t", "\t"), "\ta() {\n\t\treturn 1;\n\t}\n");
  EXPECT_EQ(indented_as("fn a() {\n    x(1,\n      2);\n}\n", Language::rust, "", "  "),
            "fn a() {\n  x(1,\n    2);\n}\n");
}

TEST(Indentation, NeverChangesATextThatIsAValue) {
  const std::string code = "def a():\n    x = \"\"\"one\n  two\n\"\"\"\n    return x\n";
  EXPECT_EQ(indented_as(code, Language::python, "\t", "\t"),
            "\tdef a():\n\t\tx = \"\"\"one\n  two\n\"\"\"\n\t\treturn x\n");
  EXPECT_EQ(indented_as("a() {\n  return `x\n  y`;\n}", Language::javascript, "    ", "    "),
            "    a() {\n        return `x\n  y`;\n    }\n");
}

TEST(Indentation, OfNothingAndOfBrokenCodeIsHarmless) {
  EXPECT_EQ(indented_as("", Language::python, "  ", "  "), "");
  EXPECT_EQ(indented_as("\n \n", Language::cpp, "  ", "  "), "");
  EXPECT_EQ(indented_as("}\n  {(", Language::cpp, "", ""), "}\n  {(\n");
  EXPECT_EQ(indentation_step(""), "");
}

TEST(Indentation, StepIsTheCommonestOfTheFile) {
  EXPECT_EQ(indentation_step("a:\n  b\n  c:\n    d\ne:\n    f\n"), "  ");
  EXPECT_EQ(indentation_step("class A {\n public:\n  int f() {\n    return 1;\n  }\n};\n"), "  ");
  EXPECT_EQ(indentation_step("a:\n\tb\n"), "\t");
}

Learned counting(const std::string& noun, const std::string& body) {
  Learned learned;
  learned.task.language = Language::python;
  learned.task.spec = "Count the " + noun + " of a workspace";
  learned.task.signature = "def count_" + noun + "(rows):";
  learned.shape = parse_signature(learned.task.signature, Language::python);
  learned.code = learned.task.signature + "\n" + body;
  return learned;
}

Prose renewed(const std::string& body, const std::string& spec = "Count the emoji of a workspace") {
  VisibleTask now;
  now.language = Language::python;
  now.spec = spec;
  now.signature = "def count_emoji(rows):";
  return renew_prose(now.signature + "\n" + body, counting("stars", body), now,
                     [](std::string_view word) { return word == "workspace"; });
}

TEST(Prose, OfCommentsIsRewrittenLikeTexts) {
  const auto prose = renewed("    # each star once: stars are rows\n    return len(rows)  # the stars\n");
  EXPECT_EQ(prose.code,
            "def count_emoji(rows):\n    # each emoji once: emoji are rows\n    return len(rows)  # the emoji\n");
  EXPECT_FALSE(prose.docstring_changed);
}

TEST(Prose, ThatStillSpeaksOfTheEarlierTaskIsReplacedOrDropped) {
  const std::string body =
      "    \"\"\"Count the pinned stars.\"\"\"\n    # Count pinned ones\n    return len(rows)  # pinned\n";
  VisibleTask now;
  now.language = Language::python;
  now.spec = "count the emoji of a workspace";
  now.signature = "def count_emoji(rows):";
  auto earlier = counting("stars", body);
  earlier.task.spec = "Count the pinned stars of a workspace";
  const auto prose = renew_prose(now.signature + "\n" + body, earlier, now, {});
  EXPECT_EQ(prose.code,
            "def count_emoji(rows):\n    \"\"\"Count the emoji of a workspace.\"\"\"\n    return len(rows)\n");
  EXPECT_TRUE(prose.docstring_changed);
}

TEST(Prose, StaysWhereEveryWordIsAccountedFor) {
  const std::string body = "    \"\"\"Calls the workspace.\"\"\"\n    # of a workspace\n    return len(rows)\n";
  EXPECT_EQ(renewed(body).code, "def count_emoji(rows):\n" + body);
  const std::string used = "    stars = rows  # the stars are counted\n    return len(stars)\n";
  EXPECT_NE(renewed(used).code.find("stars = rows"), std::string::npos) << "code is not prose";
}

TEST(Prose, NeverEndsTheDocstringEarly) {
  const auto prose =
      renewed("    \"\"\"All about stars.\"\"\"\n    return len(rows)\n", "Count \"\"\" + evil() + \"\"\"");
  EXPECT_EQ(prose.code, "def count_emoji(rows):\n    \"\"\"count_emoji.\"\"\"\n    return len(rows)\n");
}

}  // namespace
}  // namespace autodev::apply
