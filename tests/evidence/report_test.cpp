// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reports: what each format means where it is easy to get wrong, and that hostile documents are errors.
#include "evidence/report.h"

#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::evidence {
namespace {

using test::value_of;

TEST(Tap, SubtestsStandForTheirTestAndTodoNeverFails) {
  const TestReport report = value_of(parse_tap(
      "TAP version 14\n1..4\n    ok 1 - inner one\n    not ok 2 - inner two\n    1..2\nnot ok 1 - outer\n"
      "ok 2 - skipped # SKIP no reason\nnot ok 3 - later # TODO soon\nok 4\n",
      "t"));
  EXPECT_EQ(report.passed, 2u);  // inner one, test 4
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.skipped, 2u);
  EXPECT_EQ(report.failures.at(0).id, "inner two");
  EXPECT_EQ(report.passed_ids, (std::vector<std::string>{"inner one", "test 4"}));
}

TEST(Tap, APlanThatWasNotKeptAndABailOutAreFailures) {
  EXPECT_EQ(value_of(parse_tap("1..3\nok 1\n", "t")).failures.at(0).message, "3 tests were planned, 1 ran");
  const TestReport bailed = value_of(parse_tap("ok 1 - a\nBail out! no database\n", "t"));
  EXPECT_EQ(bailed.failed, 1u);
  EXPECT_EQ(value_of(parse_tap("1..0 # SKIP nothing here\n", "t")).passed, 0u);
}

TEST(Tap, TheBlockBehindAFailureSaysWhy) {
  const TestReport report = value_of(parse_tap("not ok 1 - a\n  ---\n  message: 'it broke'\n  file: a.js\n  line: 12\n  ...\nok 2 - b\n", "t"));
  EXPECT_EQ(report.failures.at(0), (CheckFailure{"a", "a.js", 12, "it broke"}));
  EXPECT_EQ(report.passed, 1u);
}

TEST(GoJson, APackageThatDidNotBuildIsOneFailure) {
  const TestReport report = value_of(parse_go_json(
      "{\"ImportPath\":\"demo\",\"Action\":\"build-output\",\"Output\":\"./a.go:3:28: undefined: missing\\n\"}\n"
      "{\"ImportPath\":\"demo\",\"Action\":\"build-fail\"}\nplain words between\n{\"Action\":\"fail\",\"Package\":\"demo\"}\n",
      "t"));
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.failures.at(0).file, "./a.go");
  EXPECT_NE(report.failures.at(0).message.find("undefined: missing"), std::string::npos);
}

TEST(JestJson, AFileThatCouldNotBeLoadedIsAFailure) {
  const TestReport report = value_of(parse_jest_json(
      R"({"testResults":[{"name":"a.test.js","status":"failed","message":"Cannot find module 'x'","assertionResults":[]}]})", "t"));
  EXPECT_EQ(report.failed, 1u);
  EXPECT_EQ(report.failures.at(0).message, "Cannot find module 'x'");
}

TEST(Sarif, SuppressedAndInformationalResultsDoNotCount) {
  const Diagnostics found = value_of(parse_sarif(
      R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"CodeQL","rules":[{"id":"s","defaultConfiguration":{"level":"error"},)"
      R"("properties":{"tags":["security","external/cwe/cwe-089"]}}]}},"results":[)"
      R"({"ruleId":"s","message":{"text":"sql"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///a.py"},"region":{"startLine":7}}}]},)"
      R"({"ruleId":"s","message":{"text":"old"},"suppressions":[{"kind":"inSource"}]},)"
      R"({"ruleId":"t","kind":"pass","message":{"text":"fine"}},{"ruleId":"t","message":{"text":"style"}}]}]})",
      "t"));
  EXPECT_EQ(found.errors, 1u);
  EXPECT_EQ(found.warnings, 1u);
  EXPECT_EQ(found.security, 1u);
  EXPECT_TRUE(found.checks_security);
  EXPECT_EQ(found.list.at(0).file, "/a.py");
  EXPECT_EQ(found.list.at(0).line, 7u);
}

TEST(Coverage, ADocumentTypeWithoutContentIsPassedOverAndAnyOtherRefused) {
  const std::string body = "<coverage><class filename=\"a.c\"><line number=\"1\" hits=\"2\"/><line number=\"2\" hits=\"0\"/></class></coverage>";
  const Coverage coverage = std::get<Coverage>(value_of(parse_report("<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'http://x/y.dtd'>" + body, "c")));
  EXPECT_EQ(coverage.lines, 2u);
  EXPECT_EQ(coverage.covered, 1u);
  EXPECT_FALSE(parse_report("<!DOCTYPE coverage [<!ENTITY a 'b'>]>" + body, "c"));
}

TEST(Benchmarks, MediansComeBeforeMeans) {
  const auto hyperfine = value_of(parse_benchmarks(R"({"results":[{"command":"a","mean":0.5,"median":0.2}]})", "b"));
  EXPECT_DOUBLE_EQ(hyperfine.list.at(0).milliseconds, 200);
  const auto criterion = value_of(parse_benchmarks(R"({"mean":{"point_estimate":3e6},"median":{"point_estimate":2e6}})", "b"));
  EXPECT_DOUBLE_EQ(criterion.list.at(0).milliseconds, 2);
  const auto google = value_of(parse_benchmarks(
      R"({"benchmarks":[{"name":"a","run_name":"a","real_time":9,"time_unit":"ms"},{"name":"a_median","run_name":"a","aggregate_name":"median","real_time":4,"time_unit":"us"}]})", "b"));
  ASSERT_EQ(google.list.size(), 1u);
  EXPECT_DOUBLE_EQ(google.list.at(0).milliseconds, 0.004);
  EXPECT_FALSE(parse_benchmarks(R"({"results":[{"command":"a","median":-1}]})", "b"));
}

TEST(Report, HostileAndForeignDocumentsAreErrorsThatNameThem) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"runs\":[";
  for (const std::string& bytes : {std::string(), std::string("   \n"), std::string("hello"), std::string("{"), std::string("[1,2"), std::string("<html></html>"),
                                   std::string("{\"testsuites\":7}"), deep, std::string("[") + deep, std::string(1'000'000, '['), std::string("\0\0\0", 3),
                                   std::string("{\"a\":1}"), std::string("[{\"filePath\":\"a\",\"messages\":3}]")}) {
    const auto report = parse_report(bytes, "hostile.bin");
    ASSERT_FALSE(report) << bytes.substr(0, 40);
    EXPECT_EQ(report.error().code, ErrorCode::bad_data);
    EXPECT_NE(report.error().message.find("hostile.bin"), std::string::npos) << report.error().message;
  }
}

TEST(Report, MembersOfTheWrongTypeAreNotBelieved) {
  const auto report = value_of(parse_report(R"({"testResults":[3,null,{"assertionResults":[7,{"status":["x"]},{"status":"passed","fullName":{}}]}]})", "t"));
  EXPECT_EQ(std::get<TestReport>(report).passed, 1u);
  EXPECT_EQ(std::get<TestReport>(report).failed, 0u);
  EXPECT_TRUE(std::holds_alternative<Diagnostics>(value_of(parse_report(R"({"$schema":"sarif","runs":[{"results":[{"locations":[[]]}],"tool":[]}]})", "t"))));
}

TEST(Report, FailuresAreCappedAndStillCounted) {
  std::string tap = "TAP version 13\n";
  for (int i = 1; i <= 2'000; ++i) tap += "not ok " + std::to_string(i) + " - t" + std::to_string(i) + "\n";
  const TestReport report = value_of(parse_tap(tap, "t"));
  EXPECT_EQ(report.failed, 2'000u);
  EXPECT_EQ(report.failures.size(), 256u);
}

}  // namespace
}  // namespace autodev::evidence
