// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reports: what tools write besides their exit code, read into four kinds of values.
//
// The format is found from the bytes, never from the file's name, so `--report` takes any of them. Every reader has a cap
// on bytes and depth, answers hostile input with an error, and counts what it lists: totals that a document states about
// itself are not believed where the cases are there to be counted.
//
//   | kind        | formats                                                                                     |
//   |-------------|---------------------------------------------------------------------------------------------|
//   | tests       | JUnit XML, TAP 13/14, go test -json, gtest JSON, jest/vitest JSON, mocha JSON                |
//   | diagnostics | GCC JSON, rustc and cargo JSON, eslint JSON, SARIF 2.1.0                                     |
//   | coverage    | lcov, cobertura XML, llvm-cov export JSON, coverage.py JSON                                  |
//   | benchmarks  | google-benchmark, hyperfine, pytest-benchmark, criterion's estimates                         |
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evidence/evidence.h"

namespace autodev::evidence {

enum class Severity : std::uint8_t { note, warning, error };

/// One remark of a compiler, checker or linter.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;     ///< "E0425", "TS2304", "-Wunused-variable", "no-undef"; may be empty
  std::string file;     ///< may be empty
  std::uint32_t line = 0;
  std::string message;  ///< at most 4 KiB
  bool security = false;

  bool operator==(const Diagnostic&) const = default;
};

struct Diagnostics {
  std::string tool;
  std::uint32_t errors = 0, warnings = 0, security = 0;
  std::vector<Diagnostic> list;  ///< errors and warnings, the first 256
  bool checks_security = false;  ///< the tool looks for vulnerabilities, so finding none says something

  void add(Diagnostic diagnostic);
  bool operator==(const Diagnostics&) const = default;
};

/// Which lines were executed, by file. Paths as the tool wrote them.
struct Coverage {
  std::map<std::string, std::map<std::uint32_t, bool>> files;
  std::uint64_t lines = 0, covered = 0;  ///< of all files, also where a format gives only totals

  bool operator==(const Coverage&) const = default;
};

struct Benchmark {
  std::string name;
  double milliseconds = 0;  ///< per run, > 0

  bool operator==(const Benchmark&) const = default;
};
struct Benchmarks {
  std::string tool;
  std::vector<Benchmark> list;  ///< at most 4,096

  bool operator==(const Benchmarks&) const = default;
};

using Report = std::variant<TestReport, Diagnostics, Coverage, Benchmarks>;

/// Finds the format and reads it. `bad_data` when no format fits or the document is damaged; `what` names it.
[[nodiscard]] Result<Report> parse_report(std::string_view bytes, std::string_view what);

// --- the readers, one file each
[[nodiscard]] Result<TestReport> parse_tap(std::string_view text, std::string_view what);
[[nodiscard]] Result<TestReport> parse_go_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<TestReport> parse_gtest_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<TestReport> parse_jest_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<TestReport> parse_mocha_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<Diagnostics> parse_gcc_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<Diagnostics> parse_rustc_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<Diagnostics> parse_eslint_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<Diagnostics> parse_sarif(std::string_view text, std::string_view what);
[[nodiscard]] Result<Coverage> parse_lcov(std::string_view text, std::string_view what);
[[nodiscard]] Result<Coverage> parse_cobertura(std::string_view xml, std::string_view what);
[[nodiscard]] Result<Coverage> parse_coverage_json(std::string_view text, std::string_view what);
[[nodiscard]] Result<Benchmarks> parse_benchmarks(std::string_view text, std::string_view what);

}  // namespace autodev::evidence
