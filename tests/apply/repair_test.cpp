// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair: real compilers, real interpreter, real sandbox; candidates that loop, fork and flood.
#include <gtest/gtest.h>

#include <algorithm>

#include "apply/repair_copies.h"
#include "apply/repair_driver.h"
#include "apply/repair_search.h"
#include "base/env.h"
#include "support/support.h"

namespace autodev::apply {
namespace {

using test::value_of;

constexpr const char* largest_c =
    "#include <stdio.h>\nint best;\nint main() {\n  int n, i, x;\n  scanf(\"%d\", &n);\n  best = 0;\n  for (i = 0; i < n; i++) {\n"
    "    scanf(\"%d\", &x);\n    if (x < best) best = x;\n  }\n  printf(\"%d\\n\", best);\n  return 0;\n}\n";
const std::vector<RepairTest> largest_tests = {{"3\n1 5 2\n", "5", {}}, {"2\n4 3\n", "4", {}}, {"1\n0\n", "0\n", {}}};

RepairProgram program_of(const std::string& source, Language language) { return value_of(RepairProgram::parse(source, language)); }

std::vector<RepairEdit> replaced(const std::string& source, const std::string& from, const std::string& to) {
  const auto at = source.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return {{at, at + from.size(), to}};
}

std::size_t value_of_rank(const std::optional<std::size_t>& rank) {
  EXPECT_TRUE(rank.has_value()) << "the fix is no candidate";
  return rank.value_or(SIZE_MAX);
}

class Repair : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Sandbox::open(base::real_env(), {});
    if (!opened) GTEST_SKIP() << opened.error().message;
    sandbox_ = std::move(opened).value();
  }

  RepairOutcome repair(Language language, const std::string& source, const std::vector<RepairTest>& tests, double seconds = 30) {
    RepairOptions options;
    options.seconds = seconds;
    return value_of(repair_program(base::real_env(), *sandbox_, {language, source, tests}, RepairRanking(), options));
  }

  std::unique_ptr<Sandbox> sandbox_;
};

TEST(RepairCandidates, HoldTheSmallEditsThatFixesAreMadeOf) {
  const std::string source = largest_c;
  const auto program = program_of(source, Language::c);
  const auto candidates = repair_candidates(program, {});
  const std::vector<std::pair<std::string, std::string>> wanted = {
      {"x < best", "x > best"}, {"i = 0;", "i = 1;"}, {"i < n", "i <= n"}, {"int best", "long long best"},
      {"best = x;", "best = i;"}, {"%d\\n", "%lld\\n"}, {"&x", "x"}, {"int best;", "int best=0;"}};
  for (const auto& [from, to] : wanted) {
    std::string fixed = source;
    fixed.replace(fixed.find(from), from.size(), to);
    EXPECT_FALSE(RepairRanking::right_candidates(program, candidates, fixed).empty()) << from << " to " << to;
  }
}

TEST(RepairCandidates, AreMadeForEveryLanguageAndSurviveBrokenText) {
  const std::vector<std::pair<Language, std::string>> sources = {
      {Language::python, "def f(a, b):\n    if a < b:\n        return a + 1\n    return b\n"},
      {Language::javascript, "function f(a, b) { if (a < b) { return a + 1; } return b; }"},
      {Language::java, "class A { static int f(int a, int b) { if (a < b) { return a + 1; } return b; } }"},
      {Language::go, "package p\n\nfunc f(a int, b int) int {\n\tif a < b {\n\t\treturn a + 1\n\t}\n\treturn b\n}\n"},
      {Language::rust, "fn f(a: i32, b: i32) -> i32 {\n    if a < b { return a + 1; }\n    b\n}\n"},
      {Language::cpp, "int f(int a, int b) { if (a < b) return a + 1; return b; }"}};
  for (const auto& [language, source] : sources) {
    const auto program = program_of(source, language);
    const auto candidates = repair_candidates(program, {});
    std::string fixed = source;
    fixed.replace(fixed.find("a < b"), 5, "a <= b");
    EXPECT_FALSE(RepairRanking::right_candidates(program, candidates, fixed).empty()) << to_string(language);
    EXPECT_NO_FATAL_FAILURE((void)repair_candidates(program_of(source.substr(0, source.size() / 2) + "((({{{", language), {}));
  }
  EXPECT_LE(repair_candidates(program_of(largest_c, Language::c), {}, 100).size(), 100u);
}

TEST(RepairCandidates, OfOneProgramAreDifferentTexts) {
  const auto program = program_of(largest_c, Language::c);
  std::vector<std::string> texts;
  for (const auto& candidate : repair_candidates(program, {}))
    if (candidate.edits.size() == 1) texts.push_back(apply_edits(program.source(), candidate.edits));
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::adjacent_find(texts.begin(), texts.end()), texts.end());
  EXPECT_FALSE(std::binary_search(texts.begin(), texts.end(), program.source()));
}

TEST(RepairRanking, PutsFirstWhatFixedOtherPrograms) {
  const auto pair = [](const std::string& name) {
    RepairExample example;
    example.failed = "#include <stdio.h>\nint main() {\n  int " + name + ", s = 0;\n  scanf(\"%d\", &" + name + ");\n  while (" + name + " > 1) { s += " + name + "; " +
                     name + "--; }\n  printf(\"%d\", s);\n}\n";
    example.fixed = example.failed;
    example.fixed.replace(example.fixed.find("> 1"), 3, ">= 1");
    return example;
  };
  RepairRanking ranking;
  const auto before = value_of_rank(ranking.rank_of_fix(pair("z"), {}));
  const auto learned = ranking.learn({pair("a"), pair("bb"), pair("count"), pair("k")}, 2);
  EXPECT_EQ(learned.reachable, 4u);
  const auto after = value_of_rank(ranking.rank_of_fix(pair("z"), {}));
  EXPECT_LT(after, before);
  EXPECT_LT(after, 3u);
  RepairRanking alone;
  alone.learn({pair("a"), pair("bb"), pair("count"), pair("k")}, 1);
  EXPECT_EQ(value_of_rank(alone.rank_of_fix(pair("z"), {})), after) << "threads must not change what is learned";
}

TEST_F(Repair, RunsVariantsOfStatementsConditionsTypesAndBlocksInOneProcess) {
  const std::string source = largest_c;
  const auto program = program_of(source, Language::c);
  const auto runner = value_of(open_runner(*sandbox_, program));
  const std::vector<std::vector<RepairEdit>> variants = {
      {},                                                        // as it is: wrong
      replaced(source, "x < best", "x > best"),                  // a condition
      replaced(source, "best = x;", "best = n;"),                // a statement, wrong
      replaced(source, "best = 0;", "no such name;"),            // does not compile
      replaced(source, "int best;", "long long best;"),          // a declaration outside of functions, wrong
      replaced(source, "if (x < best) best = x;", "if (x > best) { best = x; }"),  // a whole statement
      replaced(source, "i < n", "1"),                            // never ends
      replaced(source, "best = x;", "while (1) printf(\"flood\");"),
  };
  RunnerLimits limits;
  limits.each = std::chrono::milliseconds(150);
  const auto answers = value_of(runner->run(variants, largest_tests, limits));
  ASSERT_EQ(answers.size(), variants.size());
  const std::vector<bool> expected = {false, true, false, false, false, true, false, false};
  for (std::size_t i = 0; i < variants.size(); ++i) {
    EXPECT_EQ(answers[i].all_passed(), expected[i]) << "variant " << i;
    const auto alone = value_of(runner->run_alone(variants[i], largest_tests, limits));
    EXPECT_EQ(alone.all_passed(), expected[i]) << "variant " << i << " alone";
  }
  EXPECT_FALSE(answers[3].ran) << "what does not compile did not run";
}

TEST_F(Repair, SurvivesForkBombsAndSignalsFromCandidates) {
  const std::string source = "#include <stdio.h>\n#include <unistd.h>\n#include <signal.h>\nint main() { int x; scanf(\"%d\", &x); printf(\"%d\", x + 1); }\n";
  const auto program = program_of(source, Language::c);
  const auto runner = value_of(open_runner(*sandbox_, program));
  const auto say = [&](const std::string& text) { return replaced(source, "printf(\"%d\", x + 1);", text); };
  RunnerLimits limits;
  limits.each = std::chrono::milliseconds(100);
  limits.total = std::chrono::milliseconds(8'000);
  const auto answers = value_of(runner->run({say("while (1) fork();"), say("raise(SIGSEGV);"), say("printf(\"%d\", x);")}, {{"4", "4", {}}}, limits));
  EXPECT_FALSE(answers[0].all_passed());
  EXPECT_FALSE(answers[1].all_passed());
  const auto after = value_of(runner->run({say("printf(\"%d\", x);")}, {{"4", "4", {}}}, limits));
  EXPECT_TRUE(after[0].all_passed()) << "the next call is not disturbed";
}

TEST_F(Repair, FindsAndVerifiesAFixInC) {
  const auto outcome = repair(Language::c, largest_c, largest_tests);
  ASSERT_EQ(outcome.end, RepairOutcome::End::repaired);
  EXPECT_GT(outcome.probability, 0);
  EXPECT_LT(outcome.probability, 1);
  EXPECT_LT(outcome.seconds, 40);
  const auto fixed = program_of(outcome.code, Language::c);
  const auto runner = value_of(open_runner(*sandbox_, fixed));
  EXPECT_TRUE(value_of(runner->run_alone({}, largest_tests, {})).all_passed());
}

TEST_F(Repair, FindsAFixInCppFromTestCode) {
  const std::string source = "#include <vector>\nusing namespace std;\nint total(vector<int> v) {\n  int s = 0;\n  for (int i = 1; i < v.size(); i++) s += v[i];\n  return s;\n}\n";
  const std::string code = "#include <assert.h>\nint main() { assert(total({1, 2, 3}) == 6); assert(total({}) == 0); assert(total({7}) == 7); }\n";
  const auto outcome = repair(Language::cpp, source, {{{}, {}, code}}, 60);
  ASSERT_EQ(outcome.end, RepairOutcome::End::repaired);
  EXPECT_NE(outcome.code.find("int i = 0"), std::string::npos);
}

TEST_F(Repair, FindsAFixInPythonFromTestCodeAndFromOutput) {
  const std::string source = "def largest(values):\n    best = values[0]\n    for v in values:\n        if v < best:\n            best = v\n    return best\n";
  const auto function = repair(Language::python, source, {{{}, {}, "assert largest([1, 5, 2]) == 5\nassert largest([3]) == 3\nassert largest([-3, -1]) == -1"}});
  ASSERT_EQ(function.end, RepairOutcome::End::repaired);
  EXPECT_NE(function.code.find('>'), std::string::npos);
  const auto program = repair(Language::python, "n = int(input())\nprint(n - 1)\n", {{"3\n", "4", {}}, {"10\n", "11\n", {}}});
  EXPECT_EQ(program.end, RepairOutcome::End::repaired);
}

TEST_F(Repair, SaysWhenThereIsNothingToRepairOrNothingBuilds) {
  std::string right = largest_c;
  right.replace(right.find("x < best"), 8, "x > best");
  EXPECT_EQ(repair(Language::c, right, largest_tests).end, RepairOutcome::End::tests_pass);
  EXPECT_EQ(repair(Language::c, "int main( {", largest_tests).end, RepairOutcome::End::does_not_build);
}

TEST_F(Repair, KeepsToItsTime) {
  const auto outcome = repair(Language::c, largest_c, {{"1\n1\n", "31337 and nothing that a small edit prints 31337", {}}}, 4);
  EXPECT_EQ(outcome.end, RepairOutcome::End::nothing_found);
  EXPECT_LT(outcome.seconds, 15) << "four seconds and room for a loaded machine";
}

TEST(RepairDriver, IgnoresAnswersThatMakeNoSense) {
  const auto answers = read_answers("#0 p p\n#1 p f\n#99 p p\n#x p p\nnoise #0\n#1 t", 2, 2);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[0].all_passed());
  EXPECT_FALSE(answers[1].all_passed());
}

TEST_F(Repair, AnswersOfManyVariantsOnManyInputsAllArrive) {
  const auto program = program_of(largest_c, Language::c);
  const auto runner = value_of(open_runner(*sandbox_, program));
  std::vector<std::vector<RepairEdit>> variants(1);  // the first answers are those that too little room would lose
  for (int i = 0; i < 60; ++i) variants.push_back(replaced(largest_c, "x < best", "x > best - " + std::to_string(i)));
  std::vector<RepairTest> tests;
  for (int i = 0; i < 60; ++i) tests.push_back({"1\n" + std::to_string(i) + "\n", "", {}});
  RunnerLimits limits;
  limits.all = true;
  limits.total = std::chrono::milliseconds(60'000);
  const auto answers = value_of(runner->run(variants, tests, limits));
  for (std::size_t v = 0; v < answers.size(); ++v) EXPECT_TRUE(answers[v].ran) << "variant " << v;
}

TEST_F(Repair, KeepsRivalsWithTheirEvidenceWhenAsked) {
  RepairOptions options;
  options.keep_rivals = true;
  const auto outcome = value_of(repair_program(base::real_env(), *sandbox_, {Language::c, largest_c, largest_tests}, RepairRanking(), options));
  ASSERT_EQ(outcome.end, RepairOutcome::End::repaired);
  ASSERT_EQ(outcome.rivals.size(), outcome.passing);
  for (std::size_t k = 1; k < outcome.rivals.size(); ++k) EXPECT_LE(outcome.rivals[k].probability, outcome.rivals[k - 1].probability);
  EXPECT_TRUE(outcome.evidence.contains("agreement"));
  EXPECT_TRUE(outcome.evidence.contains("changed"));
  EXPECT_EQ(outcome.evidence.at("tests"), 3);
}

TEST_F(Repair, AnOutputThatTheEditWritesInSpeaksForNothing) {
  const std::string says = "#include <stdio.h>\nint main() {\n  int n;\n  scanf(\"%d\", &n);\n  printf(\"vaporeon\");\n  return 0;\n}\n";
  const auto written = repair(Language::c, says, {{"1\n", "espeon", {}}, {"2\n", "espeon", {}}});
  ASSERT_EQ(written.end, RepairOutcome::End::repaired);
  EXPECT_EQ(written.evidence.at("length"), 0) << written.code;
  const auto computed = repair(Language::c, largest_c, {{"2\n4 1234567\n", "1234567", {}}, {"2\n4 3\n", "4", {}}});
  ASSERT_EQ(computed.end, RepairOutcome::End::repaired);
  EXPECT_GT(computed.evidence.at("length"), 1.5) << computed.code;
}

TEST(RepairBelief, RisesWithAgreementAndTestsAndFallsWithChangesOfWhatWorked) {
  const std::map<std::string, double> usual = {{"agreement", 0.7}, {"tests", 3}, {"changed", 0.2}, {"length", 1}};
  const double p = repair_belief(usual);
  const auto with = [&](const std::string& name, double value) {
    auto evidence = usual;
    evidence[name] = value;
    return repair_belief(evidence);
  };
  EXPECT_GT(with("agreement", 0.9), p);
  EXPECT_GT(with("tests", 4), p);
  EXPECT_GT(with("length", 2), p);
  EXPECT_LT(with("changed", 0.6), p);
  EXPECT_LT(with("guess", 1), p);
  EXPECT_LT(repair_belief({{"tests", 1}, {"length", 0.7}, {"agreement", 0.6}}), 0.85) << "one test that prints a digit, and no rival, is not enough";
}

TEST_F(Repair, TheSameInputWithAnotherLineEndIsNoSecondTest) {
  auto tests = largest_tests;
  tests.push_back({"3\n1 5 2", "5", {}});
  const auto outcome = repair(Language::c, largest_c, tests);
  ASSERT_EQ(outcome.end, RepairOutcome::End::repaired);
  EXPECT_EQ(outcome.evidence.at("tests"), 3);
}

}  // namespace
}  // namespace autodev::apply
