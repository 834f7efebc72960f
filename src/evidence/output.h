// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Output: what a command printed, read for what tools say about their own work.
//
// This is text that anything may have written, so it proves little: a summary of tests gives counts and names of failures,
// never a pass that the exit code does not show. Lines count only where a tool writes them: at the start of a line, in the
// tool's exact wording, colours removed.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "evidence/report.h"

namespace autodev::evidence {

struct OutputFindings {
  std::optional<TestReport> tests;     ///< the summary of a test runner
  Diagnostics diagnostics;             ///< of compilers, linkers, checkers and linters
  std::vector<CheckFailure> errors;    ///< tracebacks, panics, crashes, complaints of shells; at most 32

  /// All of it as failures: tests first, then errors of compilers, then the rest; at most 256.
  [[nodiscard]] std::vector<CheckFailure> failures() const;
};

/// Work is linear in the text; what is beyond 4 MiB is not looked at.
[[nodiscard]] OutputFindings read_output(std::string_view output);

// --- its parts; `text` has no escape sequences
[[nodiscard]] std::optional<TestReport> read_test_summary(std::string_view text);
[[nodiscard]] std::optional<TestReport> read_native_summary(std::string_view text);  ///< cargo, go, ctest, gtest
[[nodiscard]] std::optional<TestReport> read_script_summary(std::string_view text);  ///< pytest, unittest, node, jest, vitest, mocha
[[nodiscard]] Diagnostics read_diagnostics(std::string_view text);
[[nodiscard]] std::vector<CheckFailure> read_crashes(std::string_view text);

}  // namespace autodev::evidence
