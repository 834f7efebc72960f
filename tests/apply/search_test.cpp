// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Finding the one candidate: screening in a shared process, holes filled from the task, and what must not be found.
#include "apply/search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apply/anchors.h"
#include "apply/fill.h"
#include "apply/screen.h"
#include "apply/toolchain.h"
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
  const auto passed = value_of(screen_programs(*sandbox, Language::python, programs, 0.3, 5));
  EXPECT_EQ(passed, (std::vector<bool>{true, false, false, true, false, false, true, true, false, true}));
}

TEST_F(Search, AProgramThatKillsTheDriverPassesNothing) {
  const auto passed =
      value_of(screen_programs(*sandbox, Language::python,
                               {"assert False", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"}, 0.3, 5));
  EXPECT_EQ(passed, (std::vector<bool>{false, false}));
}

TEST_F(Search, RefusesLanguagesThatCannotShareAProcess) {
  const auto refused = screen_programs(*sandbox, Language::cpp, {"int main() {}"}, 1, 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
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

TEST(Fill, ChangesEqualLiteralsTogetherAndKeepsTheHeader) {
  const std::string code = "def f(a=5):\n    return a + 5 - 5\n";
  const auto variants = fill_literals(code, Language::python, 11, "uses 7", "", 10);
  EXPECT_NE(std::find(variants.begin(), variants.end(), "def f(a=5):\n    return a + 7 - 7\n"), variants.end());
}

TEST(Fill, AssignsSeveralUnexplainedNumbersInOrder) {
  const auto variants = fill_literals("x = 10 * a + 20\n", Language::python, 0, "from 3 to 4", "", 10);
  ASSERT_FALSE(variants.empty());
  EXPECT_EQ(variants[0], "x = 3 * a + 4\n");
}

TEST(Fill, HasABoundAndSurvivesBrokenCode) {
  EXPECT_EQ(fill_literals("x = 1 + 2 + 3\n", Language::python, 0, "4 5 6 7 8 9", "", 5).size(), 5u);
  for (const char* broken : {"", "'''", "((((", "<", "x <", "1"})
    (void)fill_literals(broken, Language::cpp, 0, "1 'a' 2", "\"b\" 3", 50);
}

}  // namespace
}  // namespace autodev::apply
