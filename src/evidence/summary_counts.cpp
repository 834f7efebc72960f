// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/summary_counts.h"

#include "base/text.h"
#include "evidence/output.h"
#include "evidence/tally.h"

namespace autodev::evidence {

bool read_pairs(std::string_view text, std::string_view separator, Counts& counts, std::string_view failing,
                std::string_view passing, std::string_view skipping) {
  bool any = false;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    std::string_view pair = base::trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + separator.size());
    const std::string_view digits = take_digits(pair);
    if (digits.empty()) return false;
    const std::string_view word = base::trim(pair.substr(0, pair.find('(')));
    const auto is = [&word](std::string_view list) {
      const std::size_t at = list.find(word);
      return !word.empty() && at != std::string_view::npos && (at == 0 || list[at - 1] == ' ') &&
             (at + word.size() == list.size() || list[at + word.size()] == ' ');
    };
    const std::uint32_t number = number_of(digits);
    if (is(failing))
      counts.failed += number;
    else if (is(passing))
      counts.passed += number;
    else if (is(skipping))
      counts.skipped += number;
    else if (!is("warning warnings deselected total subtests rerun todo errors error"))
      return false;
    any = true;
  }
  return any;
}

void put_counts(TestReport& report, const Counts& counts) {
  report.passed = counts.passed;
  report.failed = counts.failed;
  report.skipped = counts.skipped;
  if (report.failures.size() > counts.failed) report.failures.resize(counts.failed);
}

std::optional<TestReport> read_script_summary(std::string_view text) {
  const Lines lines = base::split_lines(text);
  if (auto report = read_python_summary(lines)) return report;
  return read_javascript_summary(lines);
}

}  // namespace autodev::evidence
