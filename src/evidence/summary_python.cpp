// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Summaries of pytest and unittest in their own words. The name of a failure stands in the short summary, its message and its
// place in the section above.
#include <algorithm>

#include "base/text.h"
#include "evidence/summary_counts.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

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
  put_counts(report, counts);
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
  put_counts(report, counts);
  return report;
}

}  // namespace

std::optional<TestReport> read_python_summary(const Lines& lines) {
  if (auto report = read_pytest(lines)) return report;
  return read_unittest(lines);
}

}  // namespace autodev::evidence
