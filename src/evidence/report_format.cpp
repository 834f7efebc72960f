// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which format a report has, from its first bytes: XML by its root element, JSON by members that only one tool writes.
// The reader that was chosen then decides; nothing is tried a second time, so the error names the right format.
#include <fmt/format.h>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"
#include "evidence/xml_reader.h"

namespace autodev::evidence {
namespace {

/// Members that tell formats apart stand within this much of every report that was seen; eslint's may come later.
constexpr std::size_t looked_at = std::size_t{64} << 10;

template <typename Kind>
Result<Report> as_report(Result<Kind> parsed) {
  if (!parsed) return tl::make_unexpected(std::move(parsed).error());
  return Report(std::move(*parsed));
}

std::string_view root_element(std::string_view xml) {
  while (true) {
    const std::size_t open = xml.find('<');
    if (open == std::string_view::npos || open + 1 >= xml.size()) return {};
    xml.remove_prefix(open + 1);
    if (xml.front() == '?' || xml.front() == '!') continue;
    return xml.substr(0, std::min(xml.find_first_of(" \t\r\n/>"), xml.size()));
  }
}

bool has(std::string_view head, std::string_view name) {
  return head.find(name) != std::string_view::npos;
}

Result<Report> parse_json_report(std::string_view text, std::string_view what) {
  const std::string_view head = text.substr(0, looked_at);
  const std::string_view first_line = base::trim(text.substr(0, text.find('\n')));
  const bool line_is_document = first_line.size() > 2 && first_line.back() == '}';
  if (text.front() == '[') {
    if (has(head, "\"messages\"") && has(head, "\"filePath\"")) return as_report(parse_eslint_json(text, what));
    return as_report(parse_gcc_json(text, what));
  }
  if (line_is_document && has(first_line, "\"Action\"")) return as_report(parse_go_json(text, what));
  if (line_is_document && (has(first_line, "\"reason\"") || has(first_line, "\"$message_type\"")))
    return as_report(parse_rustc_json(text, what));
  if (has(head, "\"testsuites\"")) return as_report(parse_gtest_json(text, what));
  if (has(head, "\"testResults\"") || has(head, "\"numTotalTests\"")) return as_report(parse_jest_json(text, what));
  if (has(head, "\"stats\"") && has(head, "\"passes\"") && has(head, "\"pending\""))
    return as_report(parse_mocha_json(text, what));
  if (has(head, "llvm.coverage.json.export") || has(head, "\"executed_lines\""))
    return as_report(parse_coverage_json(text, what));
  if (has(head, "\"runs\"") && (has(head, "sarif") || has(head, "\"driver\"")))
    return as_report(parse_sarif(text, what));
  if (has(head, "\"benchmarks\"") || has(head, "\"results\"") || has(head, "\"point_estimate\""))
    return as_report(parse_benchmarks(text, what));
  // Large reports may have their telling member last, because writers sort them.
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  if (root.contains("runs")) return as_report(parse_sarif(text, what));
  if (root.contains("testResults")) return as_report(parse_jest_json(text, what));
  if (root.contains("data") || root.contains("files")) return as_report(parse_coverage_json(text, what));
  return as_report(parse_benchmarks(text, what));
}

}  // namespace

Result<Report> parse_report(std::string_view bytes, std::string_view what) {
  if (bytes.size() > max_report_bytes) return fail(ErrorCode::bad_data, fmt::format("{}: larger than 64 MiB", what));
  std::string_view text = bytes;
  take_prefix(text, "\xEF\xBB\xBF");
  text = base::trim(text);
  if (text.empty()) return fail(ErrorCode::bad_data, fmt::format("{}: the report is empty", what));
  if (text.front() == '<') {
    if (root_element(text.substr(0, looked_at)) == "coverage") return as_report(parse_cobertura(text, what));
    return as_report(parse_junit(text, what));
  }
  if (text.front() == '{' || text.front() == '[') return parse_json_report(text, what);
  if (has(text.substr(0, looked_at), "SF:")) return as_report(parse_lcov(text, what));
  auto tap = parse_tap(text, what);
  if (tap) return Report(std::move(*tap));
  return fail(ErrorCode::bad_data, fmt::format("{}: no known report format", what),
              "known: JUnit XML, TAP, go test -json, gtest, jest, vitest and mocha JSON, GCC, rustc and eslint JSON, "
              "SARIF, lcov, "
              "cobertura, llvm-cov and coverage.py JSON, benchmark JSON");
}

}  // namespace autodev::evidence
