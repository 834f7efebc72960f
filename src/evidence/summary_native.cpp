// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Summaries of ctest, cargo (libtest), go and gtest in their own words. The outermost runner is asked first: ctest
// prints what gtest printed.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "evidence/output.h"
#include "evidence/tally.h"

namespace autodev::evidence {
namespace {

using Lines = std::vector<std::string_view>;

void set_counts(TestReport& report, std::uint32_t passed, std::uint32_t failed, std::uint32_t skipped) {
  report.passed = passed;
  report.failed = failed;
  report.skipped = skipped;
  if (report.failures.size() > failed) report.failures.resize(failed);
}

/// "3/3 Test #3: missing ....***Not Run   0.00 sec": the name, and what follows the dots.
bool read_ctest_line(std::string_view line, std::string_view& name, std::string_view& result) {
  line = base::trim(line);
  if (take_digits(line).empty() || !take_prefix(line, "/") || take_digits(line).empty()) return false;
  line = base::trim(line);
  if (!take_prefix(line, "Test")) return false;
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || line.find('#') > colon) return false;
  line.remove_prefix(colon + 2);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  name = line.substr(0, space);
  result = line.substr(space);
  result.remove_prefix(std::min(result.find_first_not_of(" ."), result.size()));
  return true;
}

/// What a test printed until the next one: its first telling line.
std::string first_complaint(const Lines& lines, std::size_t from) {
  for (std::size_t i = from; i < std::min(lines.size(), from + 60); ++i) {
    std::string_view name, result;
    if (read_ctest_line(lines[i], name, result) || lines[i].find("% tests passed") != std::string_view::npos) break;
    const std::string lower = base::to_lower_ascii(lines[i]);
    if (lower.find("error") == std::string::npos && lower.find("fail") == std::string::npos &&
        lower.find("assert") == std::string::npos && lower.find("exception") == std::string::npos)
      continue;
    std::string text(lines[i]);
    for (std::size_t more = i + 1; more < std::min(lines.size(), i + 4) && !base::trim(lines[more]).empty(); ++more)
      text += "\n" + std::string(lines[more]);
    return text;
  }
  return {};
}

std::optional<TestReport> read_ctest(const Lines& lines) {
  TestTally tally("ctest");
  std::optional<std::pair<std::uint32_t, std::uint32_t>> totals;  // failed, all
  std::uint32_t skipped = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view name, result;
    if (read_ctest_line(lines[i], name, result)) {
      if (result.starts_with("Passed"))
        tally.pass(name);
      else if (result.find("Skipped") != std::string_view::npos || result.find("Disabled") != std::string_view::npos)
        tally.skip(), ++skipped;
      else if (result.starts_with("***"))
        tally.fail(name, first_complaint(lines, i + 1).empty() ? cleaned(result, 128) : first_complaint(lines, i + 1));
      continue;
    }
    std::string_view line = lines[i];
    if (take_digits(line).empty() || !take_prefix(line, "% tests passed, ")) continue;
    const std::uint32_t failed = number_of(take_digits(line));
    if (!take_prefix(line, " tests failed out of ") && !take_prefix(line, " test failed out of ")) continue;
    totals.emplace(failed, number_of(take_digits(line)));
  }
  if (!totals || totals->second < totals->first) return std::nullopt;
  TestReport report = tally.take();
  const std::uint32_t rest = totals->second - totals->first;
  set_counts(report, rest - std::min(rest, skipped), totals->first, skipped);
  return report;
}

/// "thread 'tests::adds' (6077) panicked at src/lib.rs:5:25:" and the line below.
void read_panic(const Lines& lines, std::size_t at, std::map<std::string, CheckFailure>& panics) {
  std::string_view line = lines[at];
  if (!take_prefix(line, "thread '")) return;
  const std::size_t quote = line.find('\'');
  const std::size_t where = line.find(" panicked at ");
  if (quote == std::string_view::npos || where == std::string_view::npos || panics.size() >= max_failures) return;
  CheckFailure failure;
  failure.id = cleaned(line.substr(0, quote), max_id_bytes);
  std::string_view place = line.substr(where + 13);
  if (place.starts_with('\'')) {  // before 1.73: 'message', file:line:column
    const std::size_t end = place.rfind("', ");
    if (end == std::string_view::npos) return;
    failure.message = cleaned(place.substr(1, end - 1), max_message_bytes);
    place = place.substr(end + 3);
  } else if (at + 1 < lines.size()) {
    failure.message = cleaned(lines[at + 1], max_message_bytes);
  }
  if (place.ends_with(':')) place.remove_suffix(1);
  (void)read_place(place, failure.file, failure.line);
  panics.emplace(failure.id, failure);
}

std::optional<TestReport> read_cargo(const Lines& lines) {
  TestReport report;
  report.tool = "cargo";
  std::map<std::string, CheckFailure> panics;
  std::vector<std::string> failed;
  bool seen = false;
  std::uint32_t passes = 0, failures = 0, ignored = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    read_panic(lines, i, panics);
    if (take_prefix(line, "test result: ")) {
      const std::size_t dot = line.find(". ");
      if (dot == std::string_view::npos) continue;
      std::string_view rest = line.substr(dot + 2);
      const std::uint32_t passed = number_of(take_digits(rest));
      if (!take_prefix(rest, " passed; ")) continue;
      const std::uint32_t broken = number_of(take_digits(rest));
      if (!take_prefix(rest, " failed; ")) continue;
      passes += passed, failures += broken, ignored += number_of(take_digits(rest));
      seen = true;
    } else if (take_prefix(line, "test ")) {
      const std::size_t end = line.rfind(" ... ");
      if (end == std::string_view::npos) continue;
      if (line.substr(end + 5) == "ok" && report.passed_ids.size() < max_passed_ids)
        report.passed_ids.push_back(cleaned(line.substr(0, end), max_id_bytes));
      if (line.substr(end + 5) == "FAILED" && failed.size() < max_failures)
        failed.push_back(cleaned(line.substr(0, end), max_id_bytes));
    }
  }
  if (!seen) return std::nullopt;
  for (const std::string& name : failed) {
    const auto panic = panics.find(name);
    report.failures.push_back(panic == panics.end() ? CheckFailure{name, "", 0, "failed"} : panic->second);
  }
  set_counts(report, passes, failures, ignored);
  return report;
}

struct GoVerdict {
  std::string_view name;
  char kind = 0;  // P, F, S
};

std::optional<GoVerdict> read_go_line(std::string_view line) {
  line = base::trim(line);
  for (const auto& [prefix, kind] :
       {std::pair{"--- FAIL: ", 'F'}, std::pair{"--- PASS: ", 'P'}, std::pair{"--- SKIP: ", 'S'}})
    if (take_prefix(line, prefix)) {
      const std::size_t end = line.rfind(" (");
      if (end == std::string_view::npos || !line.ends_with("s)")) return std::nullopt;
      return GoVerdict{line.substr(0, end), kind};
    }
  return std::nullopt;
}

/// The lines of a failed test: behind its verdict without -v, before it with -v. A parent's subtests say it better.
std::string go_message(const Lines& lines, std::size_t at, std::string& file, std::uint32_t& number) {
  const auto tells = [&](std::size_t i) {
    const std::string_view line = base::trim(lines[i]);
    return lines[i].starts_with("    ") && !line.starts_with("---") && !line.starts_with("===") &&
           read_place(line, file, number);
  };
  for (std::size_t i = at + 1; i < std::min(lines.size(), at + 40) && !read_go_line(lines[i]); ++i) {
    if (tells(i))
      return std::string(
          base::trim(lines[i].substr(lines[i].find(": ") == std::string_view::npos ? 0 : lines[i].find(": ") + 2)));
    if (lines[i].starts_with("panic: ")) return std::string(lines[i]);
  }
  for (std::size_t i = at; i > 0 && at - i < 40 && !lines[i - 1].starts_with("=== RUN"); --i)
    if (tells(i - 1))
      return std::string(base::trim(
          lines[i - 1].substr(lines[i - 1].find(": ") == std::string_view::npos ? 0 : lines[i - 1].find(": ") + 2)));
  return "failed";
}

std::optional<TestReport> read_go(const Lines& lines) {
  TestTally tally("go");
  std::uint32_t packages_passed = 0, packages_failed = 0;
  std::map<std::string_view, char> verdicts;
  for (const std::string_view line : lines)
    if (const auto verdict = read_go_line(line); verdict && verdicts.size() < 65'536)
      verdicts.emplace(verdict->name, verdict->kind);
  const auto is_parent = [&verdicts](const GoVerdict& test) {
    const auto next = verdicts.upper_bound(test.name);
    for (auto it = next; it != verdicts.end() && it->first.starts_with(test.name); ++it)
      if (it->first.size() > test.name.size() && it->first[test.name.size()] == '/' &&
          (test.kind != 'F' || it->second == 'F'))
        return true;
    return false;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.starts_with("ok  \t")) ++packages_passed;
    if (line.starts_with("FAIL\t")) {
      ++packages_failed;
      if (line.find("[build failed]") != std::string_view::npos ||
          line.find("[setup failed]") != std::string_view::npos)
        tally.fail(line.substr(5, line.find(' ') - 5), "the package did not build");
    }
    const auto verdict = read_go_line(line);
    if (!verdict || is_parent(*verdict)) continue;
    if (verdict->kind == 'P') tally.pass(verdict->name);
    if (verdict->kind == 'S') tally.skip();
    if (verdict->kind != 'F') continue;
    std::string file;
    std::uint32_t number = 0;
    const std::string message = go_message(lines, i, file, number);
    tally.fail(verdict->name, message, file, number);
  }
  if (packages_passed + packages_failed == 0) return std::nullopt;
  TestReport report = tally.take();
  // Without -v passing tests are not listed: their packages stand for them.
  if (report.passed == 0) report.passed = packages_passed;
  if (report.failed == 0 && packages_failed > 0) report.failed = packages_failed;
  return report;
}

std::optional<TestReport> read_gtest(const Lines& lines) {
  TestTally tally("gtest");
  bool ended = false;
  std::size_t started = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.starts_with("[ RUN      ] ")) started = i;
    ended = ended || (line.starts_with("[==========] ") && line.find(" ran.") != std::string_view::npos);
    const bool timed = line.ends_with(" ms)");
    const auto name = [&line] { return line.substr(13, line.rfind(" (") - 13); };
    if (timed && line.starts_with("[       OK ] ")) tally.pass(name());
    if (timed && line.starts_with("[  SKIPPED ] ")) tally.skip();
    if (!timed || !line.starts_with("[  FAILED  ] ")) continue;
    std::string file, message;
    std::uint32_t number = 0;
    for (std::size_t at = started + 1; at < i && message.size() < max_message_bytes; ++at) {
      if (file.empty() && lines[at].find(": Failure") != std::string_view::npos && read_place(lines[at], file, number))
        continue;
      if (!file.empty() && lines[at].find(": Failure") == std::string_view::npos)
        message += std::string(lines[at]) + "\n";
    }
    std::string_view id = name();
    if (const std::size_t comma = id.find(", where "); comma != std::string_view::npos) id = id.substr(0, comma);
    tally.fail(id, message, file, number);
  }
  if (!ended || tally.total() == 0) return std::nullopt;
  return tally.take();
}

}  // namespace

std::optional<TestReport> read_native_summary(std::string_view text) {
  const Lines lines = base::split_lines(text);
  if (auto report = read_ctest(lines)) return report;
  if (auto report = read_cargo(lines)) return report;
  if (auto report = read_gtest(lines)) return report;
  return read_go(lines);
}

}  // namespace autodev::evidence
