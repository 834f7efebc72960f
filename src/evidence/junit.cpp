// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JUnit XML: counted by test case, not by the totals in the suites' attributes.
//
// There is no standard; what is read here was seen in reports of pytest, ctest, node, gtest, surefire and
// gotestsum. A case failed when it holds <failure> or <error>, or (ctest) its status says so; it was skipped
// when it holds <skipped> or was not run. Totals are believed in one direction only: a suite that declares
// failures but shows none still failed.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/tally.h"
#include "evidence/xml_reader.h"

namespace autodev::evidence {
namespace {

/// Text of one failure kept while reading; the place of the failure stands at its start or end.
constexpr std::size_t max_detail_bytes = std::size_t{64} << 10;

std::uint32_t parse_count(std::optional<std::string_view> text) {
  std::uint32_t value = 0;
  if (!text) return 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc() && end == text->data() + text->size() ? value : 0;
}

/// "tests/test_a.py:12: AssertionError" -> file and line.
bool parse_place(std::string_view line, std::string& file, std::uint32_t& number) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon > 1'024) return false;
  const std::string_view path = line.substr(0, colon);
  if (path.find('.') == std::string_view::npos || path.find(' ') != std::string_view::npos) return false;
  std::string_view digits = line.substr(colon + 1);
  digits = digits.substr(0, std::min(digits.find_first_not_of("0123456789"), digits.size()));
  number = digits.empty() ? 0 : parse_count(digits);
  if (number == 0) return false;
  file = cleaned(path, 1'024);
  return true;
}

/// The last place named at the start of a line: pytest ends with it, gtest begins with it.
void find_place(std::string_view detail, CheckFailure& failure) {
  if (!failure.file.empty()) return;
  for (const std::string_view line : base::split_lines(detail)) {
    std::string file;
    std::uint32_t number = 0;
    if (!parse_place(base::trim(line), file, number)) continue;
    failure.file = std::move(file);
    failure.line = number;
  }
}

struct Case {
  std::string name, group, file;
  std::uint32_t line = 0;
  bool failed = false, skipped = false, recovered = false;
  std::string message;   ///< attribute of the first failure
  std::string detail;    ///< text of the first failure
  std::string output;    ///< tail of system-out, for ctest, which puts nothing else
};

/// Where text goes that comes next.
enum class Collect : std::uint8_t { nothing, detail, output };

struct Suite {
  std::uint64_t declared = 0;  ///< failures and errors by its attributes
  std::uint32_t failed_before = 0;
  std::string name;
};

class ReportReader {
 public:
  ReportReader(std::string_view xml, std::string_view what) : reader_(xml, what), what_(what) {}

  Result<TestReport> read() {
    while (true) {
      AUTODEV_TRY_ASSIGN(const XmlReader::Event event, reader_.next());
      if (event == XmlReader::Event::end_of_document) break;
      if (event == XmlReader::Event::text) {
        collect(reader_.text());
      } else if (event == XmlReader::Event::end) {
        end(reader_.name());
      } else {
        AUTODEV_TRY(start(reader_.name()));
      }
    }
    return std::move(report_);
  }

 private:
  [[nodiscard]] std::string attribute(std::string_view name) const {
    return std::string(reader_.attribute(name).value_or(""));
  }

  Result<void> start(std::string_view name) {
    if (reader_.depth() == 1 && name != "testsuites" && name != "testsuite")
      return fail(ErrorCode::bad_data,
                  fmt::format("{}: not a JUnit report: the root element is <{}>", what_, cleaned(name, 64)),
                  "expected <testsuites> or <testsuite>");
    if (name == "testsuites" || name == "testsuite") {
      suites_.push_back({std::uint64_t{parse_count(reader_.attribute("failures"))} +
                             parse_count(reader_.attribute("errors")),
                         report_.failed, attribute("name")});
    } else if (name == "testcase") {
      start_case();
    } else if (name == "failure" || name == "error") {
      start_failure();
    } else if (in_case_ && name == "skipped") {
      case_.skipped = true;
    } else if (in_case_ && (name == "flakyFailure" || name == "flakyError")) {
      case_.recovered = true;
    } else if (in_case_ && name == "system-out") {
      collect_ = Collect::output;
    }
    return {};
  }

  void start_case() {
    case_ = Case{};
    in_case_ = true;
    case_.name = attribute("name");
    case_.group = attribute("classname");
    case_.file = attribute("file");
    case_.line = parse_count(reader_.attribute("line"));
    const std::string status = attribute("status");  // ctest, gtest
    const std::string result = attribute("result");  // gtest
    case_.failed = status == "fail" || status == "failed";
    case_.skipped = status == "notrun" || status == "disabled" || status == "skipped" || result == "skipped" ||
                    result == "suppressed";
  }

  /// Inside a case, or directly in a suite, where set-up failures of whole files are reported.
  void start_failure() {
    if (!in_case_) {
      Case outside;
      outside.name = suites_.empty() ? std::string() : suites_.back().name;
      outside.message = attribute("message");
      outside.failed = true;
      return finish(outside);
    }
    const bool first = !case_.failed || (case_.message.empty() && case_.detail.empty());
    case_.failed = true;
    if (!first) return;
    case_.message = attribute("message");
    collect_ = Collect::detail;
  }

  void collect(std::string_view text) {
    if (collect_ == Collect::detail)
      case_.detail += text.substr(0, max_detail_bytes - std::min(case_.detail.size(), max_detail_bytes));
    if (collect_ == Collect::output) {
      case_.output += text;
      if (case_.output.size() > max_detail_bytes) case_.output.erase(0, case_.output.size() - max_detail_bytes);
    }
  }

  void end(std::string_view name) {
    if (name == "failure" || name == "error" || name == "system-out") collect_ = Collect::nothing;
    if (name == "testcase" && in_case_) {
      in_case_ = false;
      finish(case_);
    }
    if ((name == "testsuite" || name == "testsuites") && !suites_.empty()) end_suite();
  }

  void end_suite() {
    const Suite suite = std::move(suites_.back());
    suites_.pop_back();
    if (suite.declared == 0 || report_.failed > suite.failed_before) return;
    report_.failed = static_cast<std::uint32_t>(std::min<std::uint64_t>(report_.failed + suite.declared, UINT32_MAX));
    add_failure({cleaned(suite.name, max_id_bytes), "", 0,
                 fmt::format("the suite declares {} failures but lists none", suite.declared)});
  }

  void finish(const Case& one) {
    if (one.failed) {
      ++report_.failed;
      add_failure(describe(one));
    } else if (one.skipped) {
      ++report_.skipped;
    } else {
      ++report_.passed;
      if (report_.passed_ids.size() < max_passed_ids) report_.passed_ids.push_back(id_of(one));
      report_.flaky = report_.flaky || one.recovered;
    }
  }

  void add_failure(CheckFailure failure) {
    if (report_.failures.size() < max_failures) report_.failures.push_back(std::move(failure));
  }

  static std::string id_of(const Case& one) {
    // ctest repeats the name as class name; node calls every class "test".
    const bool telling = !one.group.empty() && one.group != one.name && one.group != "test";
    return cleaned(telling ? one.group + "::" + one.name : one.name, max_id_bytes);
  }

  static CheckFailure describe(const Case& one) {
    CheckFailure failure;
    failure.id = id_of(one);
    failure.file = cleaned(one.file, 1'024);
    failure.line = one.line;
    find_place(one.detail, failure);
    std::string_view message = one.message;
    if (base::trim(message).empty()) message = one.detail;
    if (base::trim(message).empty() && !one.output.empty())
      message = std::string_view(one.output).substr(one.output.size() - std::min(one.output.size(), max_message_bytes));
    failure.message = cleaned(message, max_message_bytes);
    return failure;
  }

  XmlReader reader_;
  std::string what_;
  TestReport report_;
  std::vector<Suite> suites_;
  Case case_;
  bool in_case_ = false;
  Collect collect_ = Collect::nothing;
};

}  // namespace

Result<TestReport> parse_junit(std::string_view xml, std::string_view what) { return ReportReader(xml, what).read(); }

}  // namespace autodev::evidence
