// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Test reports that are one JSON document: gtest (--gtest_output=json), jest and vitest (--json), mocha (--reporter
// json).
#include <fmt/format.h>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"

namespace autodev::evidence {
namespace {

/// "/t.cpp:2\nExpected equality ..." without its first line, which is the place.
std::string_view without_place(std::string_view text) {
  std::string file;
  std::uint32_t line = 0;
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && read_place(text.substr(0, end), file, line) ? text.substr(end + 1) : text;
}

void read_gtest_case(const base::Json& test, TestTally& tally) {
  const std::string group = text_of(test, "classname", max_id_bytes);
  const std::string id = (group.empty() ? "" : group + ".") + text_of(test, "name", max_id_bytes);
  const base::Json& failures = member(test, "failures");
  if (failures.is_array() && !failures.empty()) {
    const std::string text = text_of(failures.front(), "failure", max_message_bytes);
    tally.fail(id, without_place(text), text_of(test, "file", max_path_bytes), count_of(test, "line"));
  } else if (text_of(test, "status", 32) == "NOTRUN" || text_of(test, "result", 32) != "COMPLETED") {
    tally.skip();
  } else {
    tally.pass(id);
  }
}

/// "Error: expected 2\n    at Object.<anonymous> (/a.test.js:3:20)\n" -> the first place in it.
void place_in_stack(std::string_view stack, std::string& file, std::uint32_t& line) {
  for (std::string_view text : base::split_lines(stack)) {
    text = base::trim(text);
    if (!text.starts_with("at ") || text.find("node_modules") != std::string_view::npos ||
        text.find("node:") != std::string_view::npos)
      continue;
    const std::size_t open = text.rfind('(');
    if (read_place(text.substr(open == std::string_view::npos ? 3 : open + 1), file, line)) return;
  }
}

void read_jest_case(const base::Json& test, const std::string& suite, TestTally& tally) {
  std::string id = text_of(test, "fullName", max_id_bytes);
  if (id.empty()) id = text_of(test, "title", max_id_bytes);
  const std::string status = text_of(test, "status", 32);
  if (status == "passed") return tally.pass(id);
  if (status != "failed") return tally.skip();
  const base::Json& messages = member(test, "failureMessages");
  const bool has = messages.is_array() && !messages.empty() && messages.front().is_string();
  const std::string message = has ? messages.front().get<std::string>() : std::string();
  std::string file = suite;
  std::uint32_t line = count_of(member(test, "location"), "line");
  if (line == 0) place_in_stack(message, file, line);
  tally.fail(id, message, file, line);
}

}  // namespace

Result<TestReport> parse_gtest_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  const base::Json& suites = member(root, "testsuites");
  if (!suites.is_array())
    return fail(ErrorCode::bad_data, fmt::format("{}: not a gtest report: no \"testsuites\"", what));
  TestTally tally("gtest");
  for (const base::Json& suite : suites) {
    const base::Json& tests = member(suite, "testsuite");
    if (!tests.is_array()) continue;
    for (const base::Json& test : tests) read_gtest_case(test, tally);
  }
  return tally.take();
}

Result<TestReport> parse_jest_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  const base::Json& suites = member(root, "testResults");
  if (!suites.is_array())
    return fail(ErrorCode::bad_data, fmt::format("{}: not a jest report: no \"testResults\"", what));
  TestTally tally("jest");
  for (const base::Json& suite : suites) {
    const std::string file = text_of(suite, "name", max_path_bytes);
    const base::Json& tests = member(suite, "assertionResults");
    const std::uint32_t before = tally.failed();
    if (tests.is_array())
      for (const base::Json& test : tests) read_jest_case(test, file, tally);
    // A file that could not be loaded has no cases.
    if (text_of(suite, "status", 32) == "failed" && tally.failed() == before)
      tally.fail(file, text_of(suite, "message", max_message_bytes), file);
  }
  return tally.take();
}

Result<TestReport> parse_mocha_json(std::string_view text, std::string_view what) {
  AUTODEV_TRY_ASSIGN(const base::Json root, parse_document(text, what));
  const base::Json& passes = member(root, "passes");
  const base::Json& failures = member(root, "failures");
  if (!passes.is_array() || !failures.is_array())
    return fail(ErrorCode::bad_data, fmt::format("{}: not a mocha report: no \"passes\" and \"failures\"", what));
  TestTally tally("mocha");
  for (const base::Json& test : passes) tally.pass(text_of(test, "fullTitle", max_id_bytes));
  for (const base::Json& test : failures) {
    const base::Json& error = member(test, "err");
    const std::string stack = text_of(error, "stack", max_message_bytes);
    std::string file = text_of(test, "file", max_path_bytes);
    std::uint32_t line = 0;
    place_in_stack(stack, file, line);
    tally.fail(text_of(test, "fullTitle", max_id_bytes),
               stack.empty() ? text_of(error, "message", max_message_bytes) : stack, file, line);
  }
  const base::Json& pending = member(root, "pending");
  for (std::size_t i = 0; pending.is_array() && i < pending.size(); ++i) tally.skip();
  return tally.take();
}

}  // namespace autodev::evidence
