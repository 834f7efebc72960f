// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/output.h"

#include "base/text.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_output_bytes = std::size_t{4} << 20;

}  // namespace

std::optional<TestReport> read_test_summary(std::string_view text) {
  if (const std::size_t tap = text.starts_with("TAP version ") ? 0 : text.find("\nTAP version ");
      tap != std::string_view::npos)
    if (auto report = parse_tap(text.substr(tap == 0 ? 0 : tap + 1), "output");
        report && report->passed + report->failed > 0)
      return std::move(*report);
  if (auto report = read_native_summary(text)) return report;
  return read_script_summary(text);
}

OutputFindings read_output(std::string_view output) {
  const std::string text = base::strip_controls(base::repair_utf8(output.substr(0, max_output_bytes)));
  OutputFindings found;
  found.tests = read_test_summary(text);
  found.diagnostics = read_diagnostics(text);
  found.errors = read_crashes(text);
  return found;
}

std::vector<CheckFailure> OutputFindings::failures() const {
  std::vector<CheckFailure> all;
  if (tests) all = tests->failures;
  for (const Diagnostic& one : diagnostics.list)
    if (one.severity == Severity::error && all.size() < max_failures)
      all.push_back({one.code, one.file, one.line, one.message});
  // A failed test explains the traceback below it.
  if (all.empty()) all = errors;
  return all;
}

}  // namespace autodev::evidence
