// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Finding the one candidate: screening in a shared process, holes filled from the task, and what must not be found.
#include "apply/search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apply/anchors.h"
#include "apply/enumerate.h"
#include "apply/fill.h"
#include "apply/screen.h"
#include "apply/screen_compiled.h"
#include "apply/toolchain.h"
#include "apply/verify.h"
#include "apply/word_tokens.h"
#include "support/support.h"

namespace autodev::apply {
namespace {

using test::value_of;

class Search : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Sandbox::open(base::real_env(), {});
    if (!opened) GTEST_SKIP() << opened.error().message;
    sandbox = std::move(*opened);
    if (auto python = find_toolchain(base::real_env(), Language::python); !python)
      GTEST_SKIP() << python.error().message;
  }
  std::unique_ptr<Sandbox> sandbox;
};

VisibleTask visible(const std::string& spec, const std::string& signature, const std::string& tests) {
  VisibleTask task;
  task.spec = spec;
  task.signature = signature;
  task.tests = tests;
  task.stream = "s";
  task.language = Language::python;
  return task;
}

void teach(Library& library, const VisibleTask& task, const std::string& code) {
  library.add({task, parse_signature(task.signature, task.language), code});
}

TEST_F(Search, ScreensProgramsOneByOneInOneProcess) {
  const std::vector<std::string> programs{"assert 1 == 1",
                                          "assert 1 == 2",
                                          "syntax error here",
                                          "import sys; sys.exit(0)",
                                          "import sys; sys.exit(3)",
                                          "while True: pass",
                                          "import os; os._exit(0)",
                                          "x = 1",
                                          "import os; os.kill(os.getpid(), 9)",
                                          "assert 'x' not in globals()"};
  const auto passed = value_of(screen_programs(*sandbox, Language::python, {"", programs, ""}, 0.3, 5)).passed;
  EXPECT_EQ(passed, (std::vector<bool>{true, false, false, true, false, false, true, true, false, true}));
}

TEST_F(Search, AProgramThatKillsTheDriverPassesNothing) {
  const auto passed = value_of(
      screen_programs(*sandbox, Language::python,
                      {"", {"assert False", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"}, ""}, 0.3, 5));
  EXPECT_EQ(passed.passed, (std::vector<bool>{false, false}));
}

TEST_F(Search, RefusesLanguagesThatCannotShareAProcess) {
  const auto refused = screen_programs(*sandbox, Language::java, {"", {"class Main {}"}, ""}, 1, 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
}

TEST_F(Search, StopsBehindEnoughProgramsWhenOnePassed) {
  std::vector<std::string> programs(screening_enough + 20, "assert False");
  EXPECT_EQ(value_of(screen_programs(*sandbox, Language::python, {"", programs, ""}, 1, 20)).tried, programs.size());
  programs[3] = "pass";
  const auto stopped = value_of(screen_programs(*sandbox, Language::python, {"", programs, ""}, 1, 20));
  EXPECT_EQ(stopped.tried, screening_enough);
  EXPECT_TRUE(stopped.passed[3]);
}

TEST_F(Search, ScreensNoFurtherThanTheTimeReaches) {
  std::vector<std::string> programs(40, "assert False");
  EXPECT_EQ(value_of(screen_programs(*sandbox, Language::python, {"", programs, ""}, 1, 20)).tried, programs.size());
  for (std::size_t i = 1; i < programs.size(); ++i) programs[i] = "while True: pass";
  const auto stopped = value_of(screen_programs(*sandbox, Language::python, {"", programs, ""}, 0.1, 1));
  EXPECT_GE(stopped.tried, 1u);
  EXPECT_LT(stopped.tried, programs.size());
}

TEST_F(Search, ScreensCandidatesBetweenWhatTheyShare) {
  Screened screened{"import math\nK = 2\n",
                    {"def f(a):\n    return a * K\n", "def f(a):\n    return a + K\n",
                     "from __future__ import annotations\n", "K = 3\ndef f(a): return 6\n"},
                    "assert f(3) == 6\nassert math.pi > K - 1\n"};
  EXPECT_EQ(value_of(screen_programs(*sandbox, Language::python, screened, 1, 20)).passed,
            (std::vector<bool>{true, false, false, true}));
  screened.before = "if True:\n";  // no whole statement: the candidates are its body
  screened.codes = {"    x = 6\n", "    x = 7\n"};
  screened.after = "assert x == 6\n";
  EXPECT_EQ(value_of(screen_programs(*sandbox, Language::python, screened, 1, 20)).passed,
            (std::vector<bool>{true, false}));
}

/// Programs of one language: right, wrong, broken, of wrong type, endless, right with names that the first also has.
struct Batch {
  Language language;
  std::vector<std::string> programs;
};

class Screens : public Search, public testing::WithParamInterface<Batch> {};

TEST_P(Screens, ProgramsOfALanguageTogetherAndApart) {
  const auto& [language, programs] = GetParam();
  if (auto chain = find_toolchain(base::real_env(), language); !chain) GTEST_SKIP() << chain.error().message;
  const auto screening = value_of(screen_programs(*sandbox, language, {"", programs, ""}, 2, 20));
  EXPECT_EQ(screening.passed, (std::vector<bool>{true, false, false, false, false, true}));
  EXPECT_EQ(screening.tried, programs.size());
}

INSTANTIATE_TEST_SUITE_P(
    Languages, Screens,
    testing::Values(
        Batch{Language::cpp,
              {"#include <vector>\n#define K 3\nstruct P { int x; };\nint f(int a) { return a + K; }\nint main() { "
               "return "
               "f(1) == 4 ? 0 : 1; }",
               "#define K 4\nstruct P { int y; };\nint f(int a) { return a + K; }\nint main() { if (f(1) != 4) return "
               "1; }",
               "int main( {", "#include <string>\nint main() { std::string s = 1; return s; }",
               "int main() { for (;;) ; }",
               "#include <cassert>\nstruct P { int z; };\nint f(int a) { return a; }\nint main(int c, char**) { "
               "assert(f(c) == 1); }"}},
        Batch{Language::c,
              {"#include <stdio.h>\ntypedef struct { int x; } P;\nstatic int z;\nint f(int a) { return a + 1; }\nint "
               "main(void) { return f(1) == 2 ? z : 1; }",
               "typedef struct { int y; } P;\nint z = 1;\nint f(int a) { return a + 2; }\nint main(void) { return f(1) "
               "!= "
               "2; }",
               "int main( {", "int g(int);\nint main(void) { return g(0); }", "int main(void) { for (;;) ; }",
               "int f(int a) { return a; }\nint main(int c, char** v) { if (f(c) != 1) return 1; }"}},
        Batch{Language::javascript,
              {"const assert = require('assert'); const f = (a) => a + 1; assert.strictEqual(f(1), 2);",
               "const assert = require('assert'); const f = (a) => a + 2; assert.strictEqual(f(1), 2);", "const f = (",
               "null.x;", "for (;;) {}", "const f = 1; setTimeout(() => process.exit(0), 1);"}},
        Batch{Language::go,
              {"package main\n\nimport \"fmt\"\n\nfunc f(a int) int { return a + 1 }\n\nfunc main() {\n\tif f(1) != 2 "
               "{\n\t\tpanic(fmt.Sprint(1))\n\t}\n}\n",
               "package main\n\nfunc f(a int) int { return a + 2 }\n\nfunc main() {\n\tif f(1) != 2 "
               "{\n\t\tpanic(1)\n\t}\n}\n",
               "package main\n\nfunc main( {\n", "package main\n\nimport \"os\"\n\nfunc main() {}\n",
               "package main\n\nfunc main() {\n\tfor {\n\t}\n}\n",
               "package main\n\nimport \"os\"\n\nfunc f() {}\n\nfunc main() { os.Exit(0) }\n"}},
        Batch{Language::rust,
              {"use std::collections::HashMap;\nfn f(a: i32) -> i32 { let mut m = HashMap::new(); m.insert(1, a); "
               "m[&1] + 1 "
               "}\nfn main() { assert_eq!(f(1), 2); }",
               "fn f(a: i32) -> i32 { a + 2 }\nfn main() { assert_eq!(f(1), 2); }", "fn main( {",
               "fn main() { let a = String::new(); let b = a; println!(\"{}{}\", a, b); }", "fn main() { loop {} }",
               "fn f() {}\nfn main() -> Result<(), String> { Ok(f()) }"}}),
    [](const auto& batch) { return std::string(to_string(batch.param.language)); });

TEST(Screening, GivesMainTheReturnThatOnlyTheRealOneMayLeaveOut) {
  EXPECT_EQ(with_explicit_return("int main() { f(); }", Language::cpp), "int main() { f();  return 0; }");
  EXPECT_EQ(with_explicit_return("int domain() { }", Language::cpp), "int domain() { }");
  for (const char* broken : {"", "int main(", "int main() {", "int main() }", "main"})
    EXPECT_EQ(with_explicit_return(broken, Language::c), broken);
}

TEST_F(Search, FindsNothingInAnEmptyLibrary) {
  const Library library;
  const auto result = value_of(search(*sandbox, library, visible("Adds two", "def add(a):", "assert add(1) == 3"), {}));
  EXPECT_FALSE(result.best.has_value());
  EXPECT_EQ(result.attempts, 0u);
}

TEST_F(Search, BelievesNothingThatFailsTheVisibleTests) {
  Library library;
  teach(library, visible("Area of a square", "def area(a):", ""), "def area(a):\n    return a * a\n");
  const auto result = value_of(search(
      *sandbox, library, visible("Perimeter of a square", "def perimeter(a):", "assert perimeter(3) == 'twelve'"), {}));
  EXPECT_FALSE(result.best.has_value());
  EXPECT_GT(result.attempts, 0u);
}

TEST_F(Search, FillsALiteralThatTheSpecificationNames) {
  Library library;
  teach(library, visible("Litres of a number of barrels. A barrel has 159 litres.", "def litres(barrels):", ""),
        "def litres(barrels):\n    return barrels * 159\n");
  const auto task = visible("Millilitres in a number of cups, with 237 of them going into each.",
                            "def millilitres(cups):", "assert millilitres(2) == 474");
  const auto result = value_of(search(*sandbox, library, task, {}));
  ASSERT_TRUE(result.best.has_value());
  EXPECT_NE(result.best->candidate.code.find("cups * 237"), std::string::npos) << result.best->candidate.code;
}

TEST_F(Search, AWeakTestIsReportedAsWeak) {
  Library library;
  for (const char* op : {"+", "*"})
    teach(library, visible("Combine two numbers", "def combine(a, b):", ""),
          std::string("def combine(a, b):\n    return a ") + op + " b\n");
  const auto weak = value_of(
      search(*sandbox, library, visible("Combine two numbers", "def combine(a, b):", "assert combine(2, 2) == 4"), {}));
  ASSERT_TRUE(weak.best.has_value());
  EXPECT_GT(weak.best->features.rivals, 0.2);
  const auto strong = value_of(
      search(*sandbox, library, visible("Combine two numbers", "def combine(a, b):", "assert combine(2, 3) == 5"), {}));
  ASSERT_TRUE(strong.best.has_value());
  EXPECT_DOUBLE_EQ(strong.best->features.rivals, 0);
  EXPECT_GT(strong.best->features.test_strength, weak.best->features.test_strength);
}

TEST(Anchors, AreNumbersQuotedTextsAndNamesSpelledLikeCode) {
  EXPECT_EQ(anchors_of("Read USE_CACHE or maxSize, at most 64 of \"on\"; a value of 30.0 in n0, I mean HTTP."),
            (std::vector<std::string>{"USE_CACHE", "maxSize", "64", "30", "HTTP", "on"}));
  EXPECT_TRUE(anchors_of("Plain prose, nothing more.").empty());
  EXPECT_TRUE(anchors_of("").empty());
}

TEST(Anchors, AreMissedByValueAndByName) {
  EXPECT_EQ(missing_anchors("between 1 and 64", "if not 1 <= v <= 64.0:"), 0u);
  EXPECT_EQ(missing_anchors("between 1 and 64", "if v <= 0:"), 2u);
  EXPECT_EQ(missing_anchors("the set open_doors", "state['opened']"), 1u);
}

TEST_F(Search, EnumeratesTheSmallestExpressionsThatAnswerTheTests) {
  const auto task =
      visible("Celsius to Fahrenheit: times 9, by 5, and 32",
              "def to_f(c):", "assert to_f(10) == 50.0\nassert to_f(100) == 212.0\nassert to_f(-40) == -40.0");
  const auto found = value_of(enumerate_expressions(*sandbox, task, parse_signature(task.signature, task.language),
                                                    {"def f(a):\n    return a * 2 / 3 + 1"}, 3));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(value_of(check_visible(*sandbox, task, found[0])), Check::passed) << found[0];
}

TEST_F(Search, EnumeratesNothingWhereTheTestsCompareNothing) {
  for (const char* tests : {"assert f(1)", "f(1)", "raise SystemExit", "import os; os._exit(0)", "while True: pass"}) {
    const auto task = visible("Anything", "def f(a):", tests);
    EXPECT_TRUE(
        value_of(enumerate_expressions(*sandbox, task, parse_signature(task.signature, task.language), {}, 3)).empty())
        << tests;
  }
}

TEST(Fill, ChangesEqualLiteralsTogetherAndKeepsTheHeader) {
  const std::string code = "def f(a=5):\n    return a + 5 - 5\n";
  const auto variants = fill_jointly(code, Language::python, 11, {"uses 7", "", ""}, 10);
  ASSERT_FALSE(variants.empty());
  EXPECT_EQ(variants[0], "def f(a=5):\n    return a + 7 - 7\n");
}

TEST(Fill, PlacesSeveralValuesOfTheSpecificationTogetherAndInOrder) {
  const auto variants = fill_jointly("x = 10 * a + 20\n", Language::python, 0, {"from 3 to 4", "", ""}, 10);
  ASSERT_FALSE(variants.empty());
  EXPECT_EQ(variants[0], "x = 3 * a + 4\n");
}

TEST(Fill, LeavesAloneWhatTheSpecificationNamesAndWhatCountsPlaces) {
  const auto variants = fill_jointly("if not 5 <= a[i + 1] <= 256: b = 60\n", Language::python, 0,
                                     {"at most 400, or 60", "", "at most 256, or 60"}, 1);
  ASSERT_FALSE(variants.empty());
  EXPECT_EQ(variants[0], "if not 5 <= a[i + 1] <= 400: b = 60\n");
}

TEST(Fill, TakesWhatMembersHaveInTheSamePlace) {
  const std::vector<std::string> members{"x = max(a)\n", "x = max(a)\n", "x = sum(a)\n"};
  const auto variants = fill_jointly("x = min(a)\n", Language::python, 0, {"", "", "", nullptr, &members}, 10);
  ASSERT_GE(variants.size(), 2u);
  EXPECT_EQ(variants[0], "x = max(a)\n");
  EXPECT_EQ(variants[1], "x = sum(a)\n");
}

TEST(Fill, HasABoundAndSurvivesBrokenCode) {
  EXPECT_EQ(fill_jointly("x = 1 + 2 + 3\n", Language::python, 0, {"4 5 6 7 8 9", "", ""}, 5).size(), 5u);
  EXPECT_TRUE(fill_jointly("x = a\n", Language::python, 0, {"", "", ""}, 5).empty());
  for (const char* broken : {"", "'''", "((((", "<", "x <", "1"})
    (void)fill_jointly(broken, Language::cpp, 0, {"1 'a' 2", "\"b\" 3", ""}, 50);
}

TEST(WordTokens, LearnWhatAWordStandsForFromItsNeighbours) {
  WordTokens meanings;
  const auto teach = [&](const char* spec, const char* code) { meanings.add(visible(spec, "", ""), code, 0); };
  teach("the maximum of the list, in July", "return max(items), 7");
  teach("the minimum of the list, in August", "return min(items), 8");
  teach("the maximum of both, in August", "return max(a, b), 8");
  const auto rewrites = meanings.for_difference(compare_texts("the maximum in July", "the minimum in August"));
  ASSERT_EQ(rewrites.size(), 2u);
  const auto applied = apply_learned("return max(x), 7, 8", Language::python, 0, rewrites);
  EXPECT_EQ(applied.code, "return min(x), 8, 8");
  EXPECT_TRUE(meanings.for_difference(compare_texts("the maximum", "the median")).empty());
}

TEST(LearnedRewrites, ComeFromPairsOfTasksAndGoBothWays) {
  LearnedRewrites learned;
  const auto study = [&](const char* a, const char* code_a, const char* b, const char* code_b) {
    learned.study(visible(a, "", ""), code_a, 0, visible(b, "", ""), code_b, 0);
  };
  study("the largest of a list", "return max(x)", "the smallest of a list", "return min(x)");
  auto rewrites = learned.for_difference(Language::python, compare_texts("the smallest item", "the largest item"));
  ASSERT_EQ(rewrites.size(), 1u);
  EXPECT_EQ(rewrites[0].explain(), "smallest -> largest: min -> max (seen 1 time)");
  EXPECT_TRUE(learned.for_difference(Language::cpp, compare_texts("the smallest item", "the largest item")).empty());
  study("the largest of two", "return a if a > b else b", "the smallest of two", "return a if a > b else b");
  study("the largest word", "return a", "the smallest word", "return a");
  EXPECT_TRUE(learned.for_difference(Language::python, compare_texts("the smallest item", "the largest item")).empty());
}

TEST(LearnedRewrites, AreNoneWhereTooMuchDiffersOrSpellingExplainsIt) {
  LearnedRewrites learned;
  learned.study(visible("add a user", "", ""), "return user", 0, visible("add a group", "", ""), "return group", 0);
  EXPECT_TRUE(learned.for_difference(Language::python, compare_texts("a user", "a group")).empty());
  learned.study(visible("one red thing", "", ""), "return a", 0, visible("one blue thing", "", ""),
                "for x in y:\n  print(z)", 0);
  EXPECT_TRUE(learned.for_difference(Language::python, compare_texts("a red", "a blue")).empty());
}

}  // namespace
}  // namespace autodev::apply
