// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names and descriptions of patterns.
#include "mine/naming.h"

#include <gtest/gtest.h>

#include "mine/real_code.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

CodeUnit named(std::string name) {
  CodeUnit unit;
  unit.name = std::move(name);
  return unit;
}

TEST(PatternName, IsTheWordsTheInstancesShare) {
  EXPECT_EQ(pattern_name(named("users_list"), {"users_info"}), "users ...");
  EXPECT_EQ(pattern_name(named("get_user_by_id"), {"get_order_by_id", "get_item_by_id"}), "get ... by id");
  EXPECT_EQ(pattern_name(named("loadUser"), {"loadOrder"}), "load ...");
  EXPECT_EQ(pattern_name(named("parse"), {"parse_fast"}), "parse ...");
  EXPECT_EQ(pattern_name(named("user_save"), {"order_save"}), "... save");
}

TEST(PatternName, IsTheLeadersOwnNameWhenAllAgreeOrNothingIsShared) {
  EXPECT_EQ(pattern_name(named("users_list"), {}), "users_list");
  EXPECT_EQ(pattern_name(named("users_list"), {"users_list", ""}), "users_list");
  EXPECT_EQ(pattern_name(named("alpha"), {"beta"}), "alpha");
}

TEST(PatternName, DoesNotDependOnTheOrderOfTheOthers) {
  EXPECT_EQ(pattern_name(named("a_b_c"), {"a_x_c", "y_c", "a_b"}),
            pattern_name(named("a_b_c"), {"a_b", "a_x_c", "y_c"}));
}

TEST(PatternName, BlocksAreCalledAfterWhatTheyDo) {
  syntax::ExtractOptions options;
  options.functions = options.types = false;
  options.min_block_nodes = 5;
  const auto units =
      test::value_of(syntax::extract_units("def f(xs):\n    for x in xs:\n        out.append(x.strip())\n",
                                           Language::python, "f.py", options))
          .units;
  ASSERT_FALSE(units.empty());
  EXPECT_EQ(pattern_name(units[0], {}), "loop calling append, strip");
  EXPECT_EQ(pattern_name(CodeUnit{}, {}), "function") << "no tree, no name: at least the kind";
}

TEST(CalledNames, FindTheNameBeforeTheArguments) {
  const auto names = [](std::string_view source, std::string_view path) {
    return called_names(tree_of(functions_of(source, path).at(0)), 9);
  };
  const std::vector<std::string> python{"get", "json", "print"};
  EXPECT_EQ(names("def f(c):\n    print(c.get(1).json())\n    print(2)\n", "f.py").size(), 3u);
  const std::vector<std::string> java{"println", "of"};
  EXPECT_EQ(names("class A { int f(int x) { out.println(x); return Helper.<Integer>of(x); } }", "A.java"), java);
  const std::vector<std::string> cpp{"make_unique", "reset"};
  EXPECT_EQ(names("void f() { auto x = std::make_unique<int>(1); x->reset(); }", "f.cpp"), cpp);
}

TEST(PatternDescription, ComesFromTheDocCommentWhenThereIsOne) {
  const auto units = functions_of(
      "def f(x):\n    \"\"\"Doubles a number. Slowly.\n\n    More.\n    \"\"\"\n    return x * 2\n", "f.py");
  const Template pattern = template_of(tree_of(units[0]), units[0].text);
  EXPECT_EQ(pattern_description(units[0], pattern, 3), "Doubles a number.");
}

TEST(PatternDescription, TellsTheStructureOtherwise) {
  const auto units = functions_of(R"(
def users(client):
    for page in client.pages():
        yield_all(page)
    return client.close()

def orders(api):
    for page in api.pages():
        yield_all(page)
    return api.close()
)",
                                  "f.py");
  const auto made = anti_unify(template_of(tree_of(units[0]), units[0].text), tree_of(units[1]), units[1].text);
  EXPECT_EQ(pattern_description(units[0], made.result, 4),
            "Python function that calls pages, yield_all and close, loops, returns a value; 4 instances, differs in 2 "
            "places.");
  EXPECT_EQ(pattern_description(units[0], template_of(tree_of(units[0]), units[0].text), 1),
            "Python function that calls pages, yield_all and close, loops, returns a value; 1 instance.");
}

TEST(PatternDescription, SurvivesOddDocumentation) {
  CodeUnit unit = named("f");
  unit.language = Language::go;
  for (const std::string doc : {"", "...", "TODO", ":::", " \n \n"}) {
    unit.doc = doc;
    EXPECT_EQ(pattern_description(unit, Template{}, 1), "Go function; 1 instance.") << doc;
  }
  unit.doc = std::string(5'000, 'x') + " y";
  EXPECT_LE(pattern_description(unit, Template{}, 1).size(), 250u);
}

}  // namespace
}  // namespace autodev::mine
