// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Summaries of jest, vitest, mocha and node --test in their own words.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "evidence/summary_counts.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

// --- jest and vitest

std::optional<TestReport> read_jest(const Lines& lines) {
  TestReport report;
  Counts counts;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = base::trim(lines[i]);
    if (take_prefix(line, "Tests:")) {
      Counts found;
      if (read_pairs(line, ", ", found, "failed", "passed", "skipped pending todo"))
        counts = found, report.tool = "jest";
    } else if (line.starts_with("Tests ") && lines[i].starts_with(" ")) {
      Counts found;
      if (read_pairs(line.substr(6), " | ", found, "failed", "passed", "skipped todo"))
        counts = found, report.tool = "vitest";
    }
    const bool jest = take_prefix(line, "● ");
    const bool vitest = !jest && lines[i].starts_with(" FAIL ") && take_prefix(line, "FAIL ");
    if (!jest && (!vitest || line.find(" > ") == std::string_view::npos)) {
      if ((lines[i].starts_with("  ") || lines[i].starts_with("\t")) &&
          (take_prefix(line, "✓ ") || take_prefix(line, "√ ")) && report.passed_ids.size() < max_passed_ids)
        report.passed_ids.push_back(cleaned(
            line.substr(0, line.rfind(" (") == std::string_view::npos ? line.size() : line.rfind(" (")), max_id_bytes));
      continue;
    }
    CheckFailure failure{cleaned(line, max_id_bytes), "", 0, ""};
    for (std::size_t at = i + 1; at < std::min(lines.size(), i + 60); ++at) {
      std::string_view text = base::trim(lines[at]);
      if (text.starts_with("● ") || text.starts_with("Test Suites:") || text.starts_with("⎯")) break;
      const bool place = take_prefix(text, "at ") || take_prefix(text, "❯ ");
      if (!place && !text.empty() && failure.message.size() < 400)
        failure.message += (failure.message.empty() ? "" : "\n") + std::string(text);
      const std::size_t open = text.rfind('(');
      if (place && failure.line == 0 && text.find("node_modules") == std::string_view::npos)
        (void)read_place(text.substr(open == std::string_view::npos ? 0 : open + 1), failure.file, failure.line);
    }
    failure.message = cleaned(failure.message, max_message_bytes);
    const bool known = std::any_of(report.failures.begin(), report.failures.end(),
                                   [&](const CheckFailure& one) { return one.id == failure.id; });
    if (!known && report.failures.size() < max_failures) report.failures.push_back(std::move(failure));
  }
  if (report.tool.empty()) return std::nullopt;
  put_counts(report, counts);
  return report;
}

// --- node --test and mocha

std::optional<TestReport> read_node(const Lines& lines) {
  constexpr std::array<std::string_view, 2> marks{"ℹ ", "# "};
  TestReport report;
  report.tool = "node";
  Counts counts;
  unsigned seen = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    for (const std::string_view mark : marks) {
      std::string_view rest = line;
      if (!take_prefix(rest, mark)) continue;
      if (take_prefix(rest, "pass "))
        counts.passed = number_of(rest), seen |= 1u;
      else if (take_prefix(rest, "fail "))
        counts.failed = number_of(rest), seen |= 2u;
      else if (take_prefix(rest, "skipped ") || take_prefix(rest, "todo "))
        counts.skipped += number_of(rest);
    }
    std::string_view text = base::trim(line);
    const std::size_t time = text.rfind(" (");
    if (time == std::string_view::npos || !text.ends_with("ms)")) continue;
    if (take_prefix(text, "✔ ") && report.passed_ids.size() < max_passed_ids)
      report.passed_ids.push_back(cleaned(text.substr(0, text.rfind(" (")), max_id_bytes));
    if (!take_prefix(text, "✖ ")) continue;
    CheckFailure failure{cleaned(text.substr(0, text.rfind(" (")), max_id_bytes), "", 0, ""};
    if (i > 0) {
      std::string_view place = base::trim(lines[i - 1]);
      if (take_prefix(place, "test at ")) (void)read_place(place, failure.file, failure.line);
    }
    for (std::size_t at = i + 1; at < std::min(lines.size(), i + 12); ++at) {
      const std::string_view detail = base::trim(lines[at]);
      if (detail.starts_with("at ") || detail.starts_with("✖") || detail.starts_with("✔")) break;
      if (!detail.empty()) failure.message += (failure.message.empty() ? "" : "\n") + std::string(detail);
    }
    failure.message = cleaned(failure.message, max_message_bytes);
    const auto known = std::find_if(report.failures.begin(), report.failures.end(),
                                    [&](const CheckFailure& one) { return one.id == failure.id; });
    if (known != report.failures.end() && known->message.empty())
      *known = std::move(failure);
    else if (known == report.failures.end() && report.failures.size() < max_failures)
      report.failures.push_back(std::move(failure));
  }
  if (seen != 3u) return std::nullopt;
  put_counts(report, counts);
  return report;
}

std::optional<TestReport> read_mocha(const Lines& lines) {
  TestReport report;
  report.tool = "mocha";
  Counts counts;
  bool seen = false;
  std::size_t last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (!take_prefix(line, "  ") || line.empty() || line.front() < '0' || line.front() > '9') continue;
    const std::uint32_t number = number_of(take_digits(line));
    if (line.starts_with(" passing (")) counts.passed = number, seen = true, last = i;
    if (line == " failing") counts.failed = number, last = i;
    if (line == " pending") counts.skipped = number;
    if (!seen || i <= last || !take_prefix(line, ") ")) continue;
    CheckFailure failure{std::string(line), "", 0, ""};
    bool named = line.ends_with(':');
    for (std::size_t at = i + 1; at < std::min(lines.size(), i + 30); ++at) {
      const std::string_view text = base::trim(lines[at]);
      std::string_view place = text;
      if (!named && !text.empty())
        failure.id += " " + std::string(text), named = text.ends_with(':');
      else if (take_prefix(place, "at ")) {
        const std::size_t open = place.rfind('(');
        if (read_place(place.substr(open == std::string_view::npos ? 0 : open + 1), failure.file, failure.line)) break;
      } else if (!text.empty() && failure.message.size() < 400 && text.front() != '+' && text.front() != '-')
        failure.message += (failure.message.empty() ? "" : "\n") + std::string(text);
    }
    if (failure.id.ends_with(':')) failure.id.pop_back();
    failure.id = cleaned(failure.id, max_id_bytes);
    failure.message = cleaned(failure.message, max_message_bytes);
    if (report.failures.size() < max_failures) report.failures.push_back(std::move(failure));
  }
  if (!seen) return std::nullopt;
  put_counts(report, counts);
  return report;
}

}  // namespace

std::optional<TestReport> read_javascript_summary(const Lines& lines) {
  if (auto report = read_jest(lines)) return report;
  if (auto report = read_mocha(lines)) return report;
  return read_node(lines);
}

}  // namespace autodev::evidence
