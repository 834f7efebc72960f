// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Summaries of pytest, unittest, node --test, jest, vitest and mocha in their own words.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "evidence/output.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

using Lines = std::vector<std::string_view>;

struct Counts {
  std::uint32_t passed = 0, failed = 0, skipped = 0;
};

/// "1 failed, 2 passed, 1 skipped": pairs of number and word. False when anything else is between them.
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

void put(TestReport& report, const Counts& counts) {
  report.passed = counts.passed;
  report.failed = counts.failed;
  report.skipped = counts.skipped;
  if (report.failures.size() > counts.failed) report.failures.resize(counts.failed);
}

// --- pytest

bool read_pytest_totals(std::string_view line, Counts& counts) {
  const std::size_t begin = line.find_first_not_of("= ");
  const std::size_t end = line.find_last_not_of("= ");
  if (begin == std::string_view::npos) return false;
  line = line.substr(begin, end - begin + 1);
  const std::size_t time = line.rfind(" in ");
  if (time == std::string_view::npos || time + 4 >= line.size() || line.find_first_of("0123456789", time) != time + 4)
    return false;
  counts = {};
  return read_pairs(line.substr(0, time), ", ", counts, "failed error errors", "passed xpassed", "skipped xfailed");
}

/// "____ test_total ____", "____ ERROR at setup of test_err ____": the name.
std::string_view pytest_heading(std::string_view line) {
  if (!line.starts_with("__") || !line.ends_with("__")) return {};
  line.remove_prefix(line.find_first_not_of('_') == std::string_view::npos ? line.size() : line.find_first_not_of('_'));
  line = base::trim(
      line.substr(0, line.find_last_not_of('_') == std::string_view::npos ? 0 : line.find_last_not_of('_') + 1));
  for (const std::string_view prefix : {"ERROR at setup of ", "ERROR at teardown of ", "ERROR collecting "})
    take_prefix(line, prefix);
  return line.find(" _") == std::string_view::npos ? line : std::string_view();
}

struct Section {
  std::string name, message, file;
  std::uint32_t line = 0;
};

std::vector<Section> pytest_sections(const Lines& lines) {
  std::vector<Section> sections;
  for (const std::string_view line : lines) {
    if (const std::string_view name = pytest_heading(line); !name.empty() && sections.size() < max_failures) {
      sections.push_back({std::string(name), {}, {}, 0});
    } else if (sections.empty() || line.starts_with("===")) {
      if (line.starts_with("=") && line.find("short test summary") != std::string_view::npos) break;
    } else if (line.starts_with("E  ")) {
      std::string& message = sections.back().message;
      if (message.size() < max_message_bytes)
        message += (message.empty() ? "" : "\n") + std::string(base::trim(line.substr(1)));
    } else if (!line.starts_with(" ") && !line.starts_with(">") &&
               line.find("site-packages") == std::string_view::npos) {
      std::string file;
      std::uint32_t number = 0;
      if (read_place(line, file, number) && !file.starts_with('/'))
        sections.back().file = file, sections.back().line = number;
    }
  }
  return sections;
}

std::string_view last_part(std::string_view id) {
  const std::size_t at = id.rfind("::");
  return at == std::string_view::npos ? id : id.substr(at + 2);
}

std::optional<TestReport> read_pytest(const Lines& lines) {
  Counts counts;
  TestReport report;
  report.tool = "pytest";
  bool seen = false;
  for (std::string_view line : lines) {
    Counts found;
    if (read_pytest_totals(line, found)) counts = found, seen = true;
    const std::size_t passed = line.find(" PASSED");
    if (passed != std::string_view::npos && line.find("::") < passed && report.passed_ids.size() < max_passed_ids)
      report.passed_ids.push_back(cleaned(line.substr(0, passed), max_id_bytes));
  }
  if (!seen) return std::nullopt;
  const std::vector<Section> sections = pytest_sections(lines);
  for (std::string_view line : lines) {
    if (!take_prefix(line, "FAILED ") && !take_prefix(line, "ERROR ")) continue;
    const std::size_t dash = line.find(" - ");
    const std::string_view id = line.substr(0, dash);
    if (report.failures.size() >= max_failures || id.find(' ') != std::string_view::npos ||
        id.find('.') == std::string_view::npos)
      continue;
    CheckFailure failure{cleaned(id, max_id_bytes), cleaned(id.substr(0, id.find("::")), max_path_bytes), 0,
                         dash == std::string_view::npos ? "" : cleaned(line.substr(dash + 3), max_message_bytes)};
    const std::string_view name = last_part(id);
    for (const Section& section : sections) {
      const std::string_view heading = section.name;
      if (heading != name && !(heading.ends_with(name) && heading[heading.size() - name.size() - 1] == '.')) continue;
      if (!section.message.empty()) failure.message = cleaned(section.message, max_message_bytes);
      if (section.line > 0) failure.file = section.file, failure.line = section.line;
      break;
    }
    report.failures.push_back(std::move(failure));
  }
  // Without the short summary (-r not given in old versions) the headings tell the names.
  if (report.failures.empty())
    for (const Section& section : sections)
      report.failures.push_back({cleaned(section.name, max_id_bytes), section.file, section.line,
                                 cleaned(section.message, max_message_bytes)});
  put(report, counts);
  return report;
}

// --- unittest

std::optional<TestReport> read_unittest(const Lines& lines) {
  TestReport report;
  report.tool = "unittest";
  std::optional<std::uint32_t> ran;
  Counts counts;
  bool ended = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.ends_with(" ... ok") && report.passed_ids.size() < max_passed_ids)
      report.passed_ids.push_back(cleaned(line.substr(0, line.find(' ')), max_id_bytes));
    if (take_prefix(line, "Ran ") && line.find(" test") != std::string_view::npos)
      ran = number_of(take_digits(line)), ended = false;
    if (ran && (line.starts_with("OK") || line.starts_with("FAILED ("))) {
      ended = true;
      for (const auto& [word, failed] :
           {std::pair{"failures=", true}, std::pair{"errors=", true}, std::pair{"skipped=", false}})
        if (const std::size_t at = line.find(word); at != std::string_view::npos) {
          std::string_view rest = line.substr(at + std::string_view(word).size());
          (failed ? counts.failed : counts.skipped) += number_of(take_digits(rest));
        }
    }
    const bool heading = i > 0 && lines[i - 1].starts_with("======");
    if (!heading || (!take_prefix(line, "FAIL: ") && !take_prefix(line, "ERROR: "))) continue;
    CheckFailure failure{cleaned(line.substr(0, line.find(' ')), max_id_bytes), "", 0, ""};
    for (std::size_t at = i + 2;
         at < lines.size() && !lines[at].starts_with("======") && !lines[at].starts_with("------"); ++at) {
      std::string_view place = base::trim(lines[at]);
      if (take_prefix(place, "File \"") && place.find("\", line ") != std::string_view::npos) {
        failure.file = cleaned(place.substr(0, place.find('"')), max_path_bytes);
        std::string_view number = place.substr(place.find("\", line ") + 8);
        failure.line = number_of(take_digits(number));
      } else if (failure.message.empty() && !lines[at].starts_with(" ") &&
                 lines[at].find(": ") != std::string_view::npos) {
        failure.message = cleaned(lines[at], max_message_bytes);
      }
    }
    if (report.failures.size() < max_failures) report.failures.push_back(std::move(failure));
  }
  if (!ran || !ended) return std::nullopt;
  counts.passed = *ran - std::min(*ran, counts.failed + counts.skipped);
  put(report, counts);
  return report;
}

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
  put(report, counts);
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
  put(report, counts);
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
  put(report, counts);
  return report;
}

}  // namespace

std::optional<TestReport> read_script_summary(std::string_view text) {
  const Lines lines = base::split_lines(text);
  if (auto report = read_pytest(lines)) return report;
  if (auto report = read_unittest(lines)) return report;
  if (auto report = read_jest(lines)) return report;
  if (auto report = read_mocha(lines)) return report;
  return read_node(lines);
}

}  // namespace autodev::evidence
