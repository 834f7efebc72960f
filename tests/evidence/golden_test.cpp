// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What real tools wrote (tests/evidence/golden/README.md says which, and how), read back: counts, names, places, messages.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evidence/error_signature.h"
#include "evidence/output.h"
#include "evidence/report.h"
#include "support/support.h"

namespace autodev::evidence {
namespace {

using test::value_of;

std::string golden(const std::string& name) {
  std::ifstream in(std::string(AUTODEV_SOURCE_DIR) + "/tests/evidence/golden/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

struct TestCounts {
  const char* file;
  const char* tool;
  std::uint32_t passed, failed, skipped;
  const char* first_failure;  ///< its id
};

void expect_counts(const TestCounts& want, const TestReport& report) {
  EXPECT_EQ(report.passed, want.passed) << want.file;
  EXPECT_EQ(report.failed, want.failed) << want.file;
  EXPECT_EQ(report.skipped, want.skipped) << want.file;
  if (want.first_failure != nullptr) {
    ASSERT_FALSE(report.failures.empty()) << want.file;
    EXPECT_EQ(report.failures.front().id, want.first_failure) << want.file;
    EXPECT_FALSE(report.failures.front().message.empty()) << want.file;
  } else {
    EXPECT_TRUE(report.failures.empty()) << want.file;
  }
}

TEST(Golden, TestReportsAreCountedByCase) {
  for (const TestCounts& want : {
           TestCounts{"pytest.xml", "", 1, 3, 2, "test_cart::test_total"},
           TestCounts{"node.tap", "tap", 2, 2, 1, "subtracts"},
           TestCounts{"go_test.json", "go", 2, 1, 1, "demo.TestAdd"},
           TestCounts{"gtest.json", "gtest", 1, 1, 1, "Cart.TotalsPrices"},
           TestCounts{"jest.json", "jest", 1, 1, 1, "cart adds prices"},
           TestCounts{"vitest.json", "jest", 1, 1, 1, "adds prices"},
           TestCounts{"mocha.json", "mocha", 1, 1, 1, "cart adds prices"},
       }) {
    const Report report = value_of(parse_report(golden(want.file), want.file));
    ASSERT_TRUE(std::holds_alternative<TestReport>(report)) << want.file;
    expect_counts(want, std::get<TestReport>(report));
    EXPECT_EQ(std::get<TestReport>(report).tool, want.tool) << want.file;
    EXPECT_EQ(std::get<TestReport>(report).passed_ids.size(), want.passed) << want.file;
  }
}

TEST(Golden, TestRunnersAreUnderstoodInTheirOwnWords) {
  for (const TestCounts& want : {
           TestCounts{"pytest.txt", "pytest", 1, 3, 2, "test_cart.py::test_total"},
           TestCounts{"pytest_q.txt", "pytest", 1, 3, 2, "test_cart.py::test_total"},
           TestCounts{"pytest_v.txt", "pytest", 1, 3, 2, "test_cart.py::test_total"},
           TestCounts{"pytest_pass.txt", "pytest", 1, 0, 0, nullptr},
           TestCounts{"pytest_import.txt", "pytest", 0, 1, 0, "test_imp.py"},
           TestCounts{"unittest.txt", "unittest", 1, 1, 0, "test_a"},
           TestCounts{"unittest_v.txt", "unittest", 1, 1, 0, "test_a"},
           TestCounts{"ctest.txt", "ctest", 1, 2, 0, "cart_total"},
           TestCounts{"ctest_output.txt", "ctest", 1, 2, 0, "cart_total"},
           TestCounts{"gtest.txt", "gtest", 1, 1, 1, "Cart.TotalsPrices"},
           TestCounts{"gtest_color.txt", "gtest", 1, 1, 1, "Cart.TotalsPrices"},
           TestCounts{"cargo_test.txt", "cargo", 1, 2, 1, "tests::boom"},
           TestCounts{"go_test.txt", "go", 0, 1, 0, "TestAdd"},
           TestCounts{"go_test_v.txt", "go", 2, 1, 1, "TestAdd"},
           TestCounts{"go_panic.txt", "go", 0, 2, 0, "TestAdd"},
           TestCounts{"node.tap", "tap", 2, 2, 1, "subtracts"},
           TestCounts{"jest.txt", "jest", 1, 1, 1, "cart › adds prices"},
           TestCounts{"vitest.txt", "vitest", 1, 1, 1, "vt/a.test.mjs > adds prices"},
           TestCounts{"mocha.txt", "mocha", 1, 1, 1, "cart adds prices"},
       }) {
    const OutputFindings found = read_output(golden(want.file));
    ASSERT_TRUE(found.tests) << want.file;
    EXPECT_EQ(found.tests->tool, want.tool) << want.file;
    expect_counts(want, *found.tests);
  }
  const auto node = read_output(golden("node_spec.txt")).tests;
  ASSERT_TRUE(node);
  EXPECT_EQ(node->tool, "node");
  EXPECT_EQ(node->failures.front().id, "subtracts");
  EXPECT_NE(node->failures.front().message.find("Expected values to be strictly equal"), std::string::npos);
}

TEST(Golden, FailuresHaveTheirPlaceAndTheirMessage) {
  const auto pytest = read_output(golden("pytest_q.txt")).tests;
  ASSERT_TRUE(pytest && pytest->failures.size() == 3);
  EXPECT_EQ(pytest->failures[0].message.substr(0, 13), "assert 4 == 3");
  EXPECT_EQ(pytest->failures[0].file, "test_cart.py");
  EXPECT_EQ(pytest->failures[0].line, 4u);
  EXPECT_EQ(pytest->failures[1].message, "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/no-such-file-here'");
  EXPECT_EQ(pytest->failures[1].file, "cart.py");
  EXPECT_EQ(pytest->failures[2].message, "ValueError: no");
  const auto cargo = read_output(golden("cargo_test.txt")).tests;
  ASSERT_TRUE(cargo && cargo->failures.size() == 2);
  EXPECT_EQ(cargo->failures[0].message, "index out of bounds: the len is 0 but the index is 3");
  EXPECT_EQ(cargo->failures[0].file, "src/lib.rs");
  EXPECT_EQ(cargo->failures[0].line, 8u);
  const auto go = read_output(golden("go_test.txt")).tests;
  ASSERT_TRUE(go);
  EXPECT_EQ(go->failures.front().message, "Add(2, 2) = 0, want 4");
  EXPECT_EQ(go->failures.front().file, "a_test.go");
  const auto tap = read_output(golden("node.tap")).tests;
  ASSERT_TRUE(tap);
  EXPECT_EQ(tap->failures[1].message, "TypeError: x.foo is not a function");
  EXPECT_EQ(tap->failures[1].line, 5u);
  const auto gtest = read_output(golden("gtest.txt")).tests;
  ASSERT_TRUE(gtest);
  EXPECT_EQ(gtest->failures.front().line, 2u);
  EXPECT_NE(gtest->failures.front().message.find("Expected equality"), std::string::npos);
}

struct DiagnosticCounts {
  const char* file;
  std::uint32_t errors, warnings;
  const char* code;     ///< of the first
  const char* path;
  std::uint32_t line;
};

void expect_diagnostics(const DiagnosticCounts& want, const Diagnostics& found) {
  EXPECT_EQ(found.errors, want.errors) << want.file;
  EXPECT_EQ(found.warnings, want.warnings) << want.file;
  ASSERT_FALSE(found.list.empty()) << want.file;
  EXPECT_EQ(found.list.front().code, want.code) << want.file;
  EXPECT_EQ(found.list.front().file, want.path) << want.file;
  EXPECT_EQ(found.list.front().line, want.line) << want.file;
}

TEST(Golden, DiagnosticsAreReadFromText) {
  for (const DiagnosticCounts& want : {
           DiagnosticCounts{"gcc.txt", 3, 2, "-Wint-conversion", "bad.c", 3},
           DiagnosticCounts{"clang.txt", 2, 1, "-Wint-conversion", "bad.c", 3},
           DiagnosticCounts{"gxx.txt", 4, 0, "", "bad.cpp", 4},
           DiagnosticCounts{"gxx_warn.txt", 0, 1, "-Wunused-variable", "warn.cpp", 1},
           DiagnosticCounts{"ld.txt", 1, 0, "linker", "", 0},
           DiagnosticCounts{"javac.txt", 1, 0, "", "Bad.java", 4},
           DiagnosticCounts{"javac2.txt", 2, 0, "", "Bad.java", 2},
           DiagnosticCounts{"rustc.txt", 2, 0, "E0425", "bad.rs", 5},
           DiagnosticCounts{"cargo_build.txt", 1, 0, "E0425", "src/lib.rs", 1},
           DiagnosticCounts{"go_build.txt", 1, 0, "", "./a.go", 3},
           DiagnosticCounts{"tsc.txt", 3, 0, "TS2322", "bad.ts", 1},
           DiagnosticCounts{"tsc_pretty.txt", 3, 0, "TS2322", "bad.ts", 1},
           DiagnosticCounts{"eslint.txt", 2, 1, "no-unused-vars", "/home/dev/lint/a.js", 1},
       })
    expect_diagnostics(want, read_output(golden(want.file)).diagnostics);
}

TEST(Golden, DiagnosticsAreReadFromJson) {
  for (const DiagnosticCounts& want : {
           DiagnosticCounts{"gcc.json", 3, 1, "-Wint-conversion", "bad.c", 3},
           DiagnosticCounts{"rustc.json", 2, 0, "E0425", "bad.rs", 5},
           DiagnosticCounts{"cargo_build.json", 1, 0, "E0425", "src/lib.rs", 1},
           DiagnosticCounts{"eslint.json", 2, 1, "no-unused-vars", "/home/dev/lint/a.js", 1},
           DiagnosticCounts{"eslint.sarif", 2, 1, "no-unused-vars", "/home/dev/lint/a.js", 1},
       }) {
    const Report report = value_of(parse_report(golden(want.file), want.file));
    ASSERT_TRUE(std::holds_alternative<Diagnostics>(report)) << want.file;
    expect_diagnostics(want, std::get<Diagnostics>(report));
  }
}

TEST(Golden, TextAndJsonOfOneErrorHaveOneSignature) {
  const auto text = read_output(golden("rustc.txt")).diagnostics.list.at(0);
  const auto json = std::get<Diagnostics>(value_of(parse_report(golden("rustc.json"), "rustc.json"))).list.at(0);
  EXPECT_EQ(signature_of({text.code, text.file, text.line, text.message}).id, signature_of({json.code, json.file, json.line, json.message}).id);
  const auto gcc_text = read_output(golden("gcc.txt")).diagnostics.list.at(1);
  const auto gcc_json = std::get<Diagnostics>(value_of(parse_report(golden("gcc.json"), "gcc.json"))).list.at(1);
  EXPECT_EQ(signature_of({gcc_text.code, gcc_text.file, gcc_text.line, gcc_text.message}).text,
            signature_of({gcc_json.code, gcc_json.file, gcc_json.line, gcc_json.message}).text);
  const auto xml = std::get<TestReport>(value_of(parse_report(golden("pytest.xml"), "pytest.xml")));
  const auto words = read_output(golden("pytest_q.txt")).tests;
  ASSERT_TRUE(words);
  EXPECT_EQ(signature_of(xml.failures.at(0)).text, signature_of(words->failures.at(0)).text);
}

struct Crash {
  const char* file;
  const char* id;
  Cause cause;
  std::uint32_t line;
};

TEST(Golden, CrashesAreReadWithTheirPlace) {
  for (const Crash& want : {
           Crash{"python_attribute.txt", "AttributeError", Cause::api_misuse, 4},
           Crash{"python_module.txt", "ModuleNotFoundError", Cause::missing_symbol, 1},
           Crash{"python_syntax.txt", "SyntaxError", Cause::syntax, 1},
           Crash{"node_error.txt", "TypeError", Cause::api_misuse, 1},
           Crash{"node_module.txt", "Error", Cause::missing_symbol, 1},
           Crash{"node_syntax.txt", "SyntaxError", Cause::syntax, 1},
           Crash{"assert.txt", "assert", Cause::assertion, 2},
           Crash{"asan.txt", "AddressSanitizer", Cause::security, 1},
       }) {
    const auto found = read_output(golden(want.file)).errors;
    ASSERT_FALSE(found.empty()) << want.file;
    EXPECT_EQ(found.front().id, want.id) << want.file;
    EXPECT_EQ(found.front().line, want.line) << want.file;
    EXPECT_EQ(cause_of(found.front()).cause, want.cause) << want.file << ": " << cause_of(found.front()).rule;
  }
}

TEST(Golden, CoverageCountsLines) {
  struct Want {
    const char* file;
    std::uint64_t lines, covered;
  };
  for (const Want& want : {Want{"llvm.info", 6, 5}, Want{"llvm_cov.json", 6, 5}, Want{"cobertura.xml", 23, 21}, Want{"coverage_py.info", 23, 21}, Want{"coverage_py.json", 23, 21}}) {
    const Report report = value_of(parse_report(golden(want.file), want.file));
    ASSERT_TRUE(std::holds_alternative<Coverage>(report)) << want.file;
    EXPECT_EQ(std::get<Coverage>(report).lines, want.lines) << want.file;
    EXPECT_EQ(std::get<Coverage>(report).covered, want.covered) << want.file;
  }
}

TEST(Golden, BenchmarksAreInMilliseconds) {
  const auto google = std::get<Benchmarks>(value_of(parse_report(golden("google_benchmark.json"), "g")));
  ASSERT_EQ(google.list.size(), 2u);
  EXPECT_EQ(google.list[1].name, "heavy");
  EXPECT_NEAR(google.list[1].milliseconds, 643e-6, 1e-6);
  const auto pytest = std::get<Benchmarks>(value_of(parse_report(golden("pytest_benchmark.json"), "p")));
  ASSERT_EQ(pytest.list.size(), 1u);
  EXPECT_EQ(pytest.tool, "pytest-benchmark");
  EXPECT_GT(pytest.list[0].milliseconds, 0);
}

}  // namespace
}  // namespace autodev::evidence
