// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Enumeration in languages with types: what the text of a test says, what is found, and that the real toolchains agree.
#include <gtest/gtest.h>

#include "apply/enumerate.h"
#include "apply/test_examples.h"
#include "apply/typed_expressions.h"
#include "apply/verify.h"
#include "base/env.h"
#include "support/support.h"

namespace autodev::apply {
namespace {

using test::value_of;

using Integers = std::vector<std::int64_t>;
using Reals = std::vector<double>;

TEST(TestExamples, AreReadInEveryWayToCompare) {
  const auto one = [](std::string_view tests, Language language) {
    const auto examples = examples_of(tests, language, "f");
    EXPECT_EQ(examples.size(), 1u) << tests;
    return examples.empty() ? TestExample{} : examples[0];
  };
  EXPECT_EQ(one("CHECK(f(2, -3) == 5);", Language::cpp).arguments, (std::vector<TypedValue>{std::int64_t{2}, std::int64_t{-3}}));
  EXPECT_EQ(one("CHECK(f(std::vector<int>{1, 2}) == 5);", Language::cpp).arguments[0], TypedValue(Integers{1, 2}));
  EXPECT_EQ(one("assert_eq!(f(&[1, 2]), 3);", Language::rust).result, TypedValue(std::int64_t{3}));
  EXPECT_EQ(one("assert_eq!(f(&vec![1.5]), \"x\".to_string());", Language::rust).result, TypedValue(std::string("x")));
  EXPECT_EQ(one("if got := f([]int{1, 2}); got != 4 { panic(1) }", Language::go).result, TypedValue(std::int64_t{4}));
  EXPECT_EQ(one("if (f('a') !== 1) process.exit(1);", Language::javascript).result, TypedValue(1.0));
  EXPECT_EQ(one("assert.strictEqual(f([1, 2]), 3);", Language::javascript).arguments[0], TypedValue(Reals{1, 2}));
  EXPECT_EQ(one("assert(fabs(f(2.0) - 0.5) < 1e-9);", Language::c).result, TypedValue(0.5));
  EXPECT_EQ(one("assert(!f(2));", Language::c).result, TypedValue(false));
}

TEST(TestExamples, AreLeftOutWhereTheTextDoesNotSayTheValue) {
  for (const char* tests : {"CHECK(f(x) == 5);", "CHECK(f(2) == g(2));", "CHECK(f(2) == 5 + y);", "CHECK(f(f(2)) == x);", "if (f(2)) return 1;", "CHECK(f(2, == 5);",
                            "f(", "f([", "f([1", "f(-", "f(2) ==", "g(2) == 5", "CHECK(f(0x10) == 5);", "CHECK(f(\"a\\n\") == 5);"})
    EXPECT_TRUE(examples_of(tests, Language::cpp, "f").empty()) << tests;
  EXPECT_TRUE(examples_of("f(1) == 1", Language::cpp, "").empty());
}

struct Wanted {
  Language language;
  std::string signature, before, tests, more, spec = "combine";
};

VisibleTask task_of(const Wanted& wanted) {
  VisibleTask task;
  task.language = wanted.language;
  task.signature = wanted.signature;
  task.context = wanted.before;
  task.tests = wanted.tests;
  task.spec = wanted.spec;
  task.timeout_s = 20;
  return task;
}

class Enumerates : public ::testing::TestWithParam<Wanted> {};

TEST_P(Enumerates, AnExpressionThatTheToolchainConfirmsBeyondTheExamples) {
  auto sandbox = Sandbox::open(base::real_env(), {});
  if (!sandbox) GTEST_SKIP() << sandbox.error().message;
  const auto& wanted = GetParam();
  if (!(*sandbox)->require_toolchain(wanted.language)) GTEST_SKIP() << "no toolchain";
  auto task = task_of(wanted);
  const auto codes = value_of(enumerate_expressions(**sandbox, task, parse_signature(task.signature, task.language), {}, 5));
  ASSERT_FALSE(codes.empty());
  EXPECT_EQ(value_of(check_visible(**sandbox, task, codes[0])), Check::passed) << codes[0];
  task.tests = wanted.more;
  EXPECT_EQ(value_of(check_visible(**sandbox, task, codes[0])), Check::passed) << codes[0];
}

INSTANTIATE_TEST_SUITE_P(
    Languages, Enumerates,
    ::testing::Values(
        Wanted{Language::javascript, "function f(list)", "", "if (f([1, 5, 3]) !== 8) process.exit(1); if (f([2, 9]) !== 18) process.exit(1); if (f([4]) !== 8) process.exit(1);\n",
               "if (f([7, 8, 1]) !== 9) process.exit(1);\n"},
        Wanted{Language::javascript, "const f = (a, b) =>", "", "if (f('x', 'Y') !== 'YX') process.exit(1); if (f('q', 'r') !== 'rQ') process.exit(1);\n",
               "if (f('ab', '-') !== '-AB') process.exit(1);\n"},
        Wanted{Language::c, "int f(int a, int b)", "", "int main(void) { if (f(3, 5) != 8) return 1; if (f(5, 3) != 4) return 1; return f(2, 2) == 2 ? 0 : 1; }\n",
               "int main(void) { return f(1, 10) == 18 ? 0 : 1; }\n"},
        Wanted{Language::cpp, "int f(const std::vector<int>& v)", "#include <vector>\n#include <numeric>\n",
               "int main() { if (f({1, 2, 3}) != 5) return 1; if (f({5, 5}) != 5) return 1; if (f({9, 1, 1}) != 2) return 1; return 0; }\n",
               "int main() { return f({4, 6, 1}) == 7 ? 0 : 1; }\n"},
        Wanted{Language::go, "func f(s string, n int) int", "package main\n\nimport \"os\"\n",
               "func main() { if f(\"ab\", 3) != 6 { os.Exit(1) }; if f(\"a\", 4) != 4 { os.Exit(1) } }\n",
               "func main() { if f(\"abcd\", 5) != 20 { os.Exit(1) } }\n"},
        Wanted{Language::rust, "fn f(v: &[i32], k: i32) -> i32", "", "fn main() { assert_eq!(f(&[1, 2, 3], 2), 12); assert_eq!(f(&[4], 3), 12); assert_eq!(f(&[], 9), 0); }\n",
               "fn main() { assert_eq!(f(&[5, 5], 7), 70); }\n"}));

ExpressionTask small(Language language, std::vector<TestExample> examples, const std::string& signature) {
  return {language, parse_signature(signature, language), std::move(examples), {"1", "2"}};
}

TEST(TypedExpressions, UseNoOperationThatTheLanguageLacks) {
  // C has no text operations and no list sums, Go no sum, only JavaScript compares by "===" and none here writes "**" or "//".
  const std::vector<TestExample> joined{{{std::string("a"), std::string("b")}, std::string("ab")}, {{std::string("c"), std::string("d")}, std::string("cd")}};
  EXPECT_TRUE(find_expressions(small(Language::c, joined, "string f(string a, string b)"), 5).found.empty());
  EXPECT_FALSE(find_expressions(small(Language::cpp, joined, "std::string f(std::string a, std::string b)"), 5).found.empty());
  const std::vector<TestExample> summed{{{Integers{1, 2, 4}}, std::int64_t{7}}, {{Integers{5, 5, 1}}, std::int64_t{11}}, {{Integers{}}, std::int64_t{0}}};
  EXPECT_FALSE(find_expressions(small(Language::rust, summed, "fn f(v: &[i64]) -> i64"), 5).found.empty());
  EXPECT_TRUE(find_expressions(small(Language::go, summed, "func f(v []int) int"), 5).found.empty());
  const std::vector<TestExample> same{{{std::int64_t{1}, std::int64_t{1}}, true}, {{std::int64_t{1}, std::int64_t{2}}, false}, {{std::int64_t{4}, std::int64_t{4}}, true}, {{std::int64_t{3}, std::int64_t{2}}, false}};
  EXPECT_FALSE(find_expressions(small(Language::cpp, same, "bool f(int a, int b)"), 5).found.empty());
  EXPECT_TRUE(find_expressions(small(Language::cpp, {same[0], same[1]}, "bool f(int a, int b)"), 5).found.empty()) << "two bits";
  for (const auto& found : find_expressions(small(Language::cpp, same, "bool f(int a, int b)"), 5).found) EXPECT_EQ(found.find("==="), std::string::npos);
  EXPECT_TRUE(find_expressions(small(Language::python, summed, "def f(v):"), 5).found.empty()) << "Python has its own way";
}

TEST(TypedExpressions, KeepTheBoundInEvaluationsAndGiveEqualAnswers) {
  std::vector<TestExample> examples;
  for (std::int64_t i = 1; i < 6; ++i) examples.push_back({{i, i * i, 7 - i, i % 3}, 7919 * i * i * i + 104729});
  const auto task = small(Language::c, examples, "long f(long a, long b, long c, long d)");
  const auto search = find_expressions(task, 5, 10'000);
  EXPECT_TRUE(search.found.empty());
  EXPECT_EQ(search.evaluated, 10'000u);
  EXPECT_LT(search.distinct, search.evaluated) << "what agrees on all examples counts once";
  EXPECT_EQ(find_expressions(task, 5, 10'000).distinct, search.distinct);
}

TEST(TypedExpressions, NeedTwoExamplesAndArgumentsThatFitTheSignature) {
  const TestExample one{{std::int64_t{2}}, std::int64_t{4}};
  EXPECT_TRUE(find_expressions(small(Language::c, {one}, "int f(int a)"), 5).found.empty());
  EXPECT_TRUE(find_expressions(small(Language::c, {one, one}, "int f(int a, int b)"), 5).found.empty());
  EXPECT_TRUE(find_expressions(small(Language::c, {one, one}, "int f(struct point a)"), 5).found.empty());
  EXPECT_FALSE(find_expressions(small(Language::c, {one, one}, "int f(int a)"), 5).found.empty());
}

TEST(TypedExpressions, NeverDivideByZeroOrOverflow) {
  const std::int64_t big = 999'999'999'999;
  const std::vector<TestExample> examples{{{std::int64_t{0}, big}, std::int64_t{17}}, {{std::int64_t{0}, -big}, std::int64_t{19}}};
  EXPECT_TRUE(find_expressions(small(Language::rust, examples, "fn f(a: i64, b: i64) -> i64"), 5, 50'000).found.empty());
}

}  // namespace
}  // namespace autodev::apply
