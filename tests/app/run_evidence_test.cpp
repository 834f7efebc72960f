// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which tests were there before a change, what of it was executed, and what it repairs.
#include "app/run_evidence.h"

#include <gtest/gtest.h>

#include "app/mutation_check.h"
#include "support/support.h"

namespace autodev::app {
namespace {

using test::value_of;

observe::WorktreeChange change_of(std::vector<FileChange> files) {
  observe::WorktreeChange change;
  change.files = std::move(files);
  return change;
}

evidence::TestReport passed(std::vector<std::string> ids) {
  evidence::TestReport report;
  report.passed = static_cast<std::uint32_t>(ids.size());
  report.passed_ids = std::move(ids);
  return report;
}

TEST(TestsFromBefore, AreThoseTheChangeNeitherWroteNorEdited) {
  const std::string before = "def test_old():\n    assert f(1) == 1\n\n\ndef test_edited():\n    assert f(2) == 2\n";
  const std::string after = "def test_old():\n    assert f(1) == 1\n\n\ndef test_edited():\n    assert f(2) == 3\n\n\ndef test_new():\n    assert f(3) == 3\n";
  const auto change = change_of({{"tests/test_f.py", before, after}, {"f.py", "def f(x):\n    return x\n", "def f(x):\n    return x + 0\n"}});
  EXPECT_EQ(tests_from_before(change, passed({"tests.test_f::test_old", "tests/test_f.py::test_edited", "tests/test_f.py::test_new[2-3]"})), 1u);
  EXPECT_EQ(tests_from_before(change, passed({"test_new"})), 0u);
  EXPECT_EQ(tests_from_before(change_of({{"f.py", "a\n", "b\n"}}), passed({"test_old", "test_new"})), 2u);
}

TEST(TestsFromBefore, AreUnknownWhenNobodySaysWhichTestsPassed) {
  evidence::TestReport counts_only;
  counts_only.passed = 7;
  EXPECT_EQ(tests_from_before(change_of({}), counts_only), std::nullopt);
  EXPECT_EQ(tests_from_before(change_of({}), {}), std::nullopt);
}

TEST(TestsFromBefore, WorkForTestsThatAreNamedInStrings) {
  const auto change = change_of({{"cart.test.js", "test('old one', () => {});\n", "test('old one', () => {});\ntest('adds prices', () => { go(); });\n"}});
  EXPECT_EQ(tests_from_before(change, passed({"cart > old one", "cart > adds prices"})), 1u);
}

TEST(ChangedLinesCovered, CountsLinesOfCodeOfTheChange) {
  evidence::Coverage coverage;
  coverage.files["/build/src/f.py"] = {{1, true}, {2, false}, {3, true}};
  EXPECT_EQ(changed_lines_covered(change_of({{"src/f.py", "a\n", "a\nb\nc\nd\n"}}), coverage), 0.5);
  EXPECT_EQ(changed_lines_covered(change_of({{"src/g.py", std::nullopt, "a\n"}}), coverage), std::nullopt);
  EXPECT_EQ(changed_lines_covered(change_of({{"tests/test_f.py", std::nullopt, "a\n"}}), coverage), std::nullopt);
}

TEST(RepairDiff, LeavesTestsOutUnlessThereIsNothingElse) {
  const FileChange code{"f.py", "a\n", "b\n"}, tests{"tests/test_f.py", "c\n", "d\n"};
  EXPECT_EQ(repair_diff({tests, code}), "--- a/f.py\n+++ b/f.py\n@@ -1,1 +1,1 @@\n-a\n+b\n");
  EXPECT_NE(repair_diff({tests}).find("tests/test_f.py"), std::string::npos);
  EXPECT_EQ(repair_diff({}), "");
}

TEST(MutationCheck, TellsTestsThatNoticeFromTestsThatDoNot) {
  base::Env& env = base::real_env();
  auto sandbox = apply::Sandbox::open(env, {});
  if (!sandbox) GTEST_SKIP() << sandbox.error().message;
  const test::TemporaryFolder folder;
  const std::string code = "double() { echo $(($1 + 5)); }\n";
  const std::string python = "def bigger(a, b):\n    if a > b:\n        return a\n    return b\n";
  value_of(env.write_file_atomically(folder.file("f.py"), python));
  value_of(env.write_file_atomically(folder.file("good.py"), "from f import bigger\nassert bigger(2, 1) == 2 and bigger(1, 2) == 2\n"));
  value_of(env.write_file_atomically(folder.file("bad.py"), "from f import bigger\nbigger(2, 1)\n"));
  MutationOptions options;
  options.root = folder.path();
  options.command = {"python3", "good.py"};
  options.mutants = 1;
  const auto change = change_of({{"f.py", std::nullopt, python}});
  const auto noticed = check_by_mutants(env, **sandbox, change, options);
  if (!noticed && noticed.error().code == ErrorCode::unavailable) GTEST_SKIP() << noticed.error().message;
  EXPECT_EQ(value_of(noticed).killed, 1u);
  options.command = {"python3", "bad.py"};
  const MutationResult missed = value_of(check_by_mutants(env, **sandbox, change, options));
  EXPECT_EQ(missed.survived, 1u);
  EXPECT_EQ(missed.survivors.at(0), "f.py:2: condition negated");
  EXPECT_EQ(value_of(env.read_file(folder.file("f.py"))), python) << "the user's file is not touched";
  options.command = {"python3", "absent.py"};
  EXPECT_FALSE(check_by_mutants(env, **sandbox, change, options));
  EXPECT_FALSE(check_by_mutants(env, **sandbox, change_of({{"a.sh", std::nullopt, code}}), options));
}

}  // namespace
}  // namespace autodev::app
