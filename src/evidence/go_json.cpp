// SPDX-License-Identifier: MIT OR Apache-2.0
//
// `go test -json` (cmd/internal/test2json): a stream of actions per package and test. As with TAP, a test with subtests
// stands for them. A package that failed without a failing test did not build or crashed: that is one failure.
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "evidence/json_lines.h"
#include "evidence/report.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_tests = 65'536;
constexpr std::size_t max_output_bytes = 8'192;  // kept per test: its end, where the message is

struct GoTest {
  std::string output;
  bool failed = false, passed = false, skipped = false;
};

struct GoPackage {
  std::map<std::string, GoTest> tests;
  std::string output;
  bool failed = false;
};

void keep(std::string& output, std::string_view text) {
  output += text.substr(0, max_output_bytes);
  if (output.size() > max_output_bytes) output.erase(0, output.size() - max_output_bytes);
}

/// The lines a person reads: without the framework's own. The first place named in them is the failure's.
std::string message_in(std::string_view output, std::string& file, std::uint32_t& line) {
  std::string message;
  for (const std::string_view raw : base::split_lines(output)) {
    const std::string_view text = base::trim(raw);
    if (text.empty() || text.starts_with("===") || text.starts_with("---") || text == "FAIL" || text == "PASS" ||
        text.starts_with("FAIL\t") || text.starts_with("exit status"))
      continue;
    std::string_view shown = text;
    if (file.empty() && read_place(text, file, line)) {
      shown.remove_prefix(text.find(':') + 1);
      (void)take_digits(shown);
      if (shown.starts_with(":")) shown.remove_prefix(1);
      shown = base::trim(shown);
    }
    message += (message.empty() ? "" : "\n") + std::string(shown);
  }
  return message;
}

void finish(std::map<std::string, GoPackage>& packages, TestTally& tally) {
  for (auto& [name, package] : packages) {
    bool any_failed = false;
    std::set<std::string> parents, failed_parents;
    for (const auto& [test, state] : package.tests)
      for (std::size_t slash = test.find('/'); slash != std::string::npos; slash = test.find('/', slash + 1)) {
        parents.insert(test.substr(0, slash));
        if (state.failed) failed_parents.insert(test.substr(0, slash));
      }
    for (const auto& [test, state] : package.tests) {
      any_failed = any_failed || state.failed;
      const std::string id = name.empty() ? test : name + "." + test;
      if (parents.contains(test) && (!state.failed || failed_parents.contains(test))) continue;
      if (state.failed) {
        std::string file;
        std::uint32_t line = 0;
        const std::string message = message_in(state.output, file, line);
        tally.fail(id, message, file, line);
      } else if (state.skipped) {
        tally.skip();
      } else if (state.passed) {
        tally.pass(id);
      }
    }
    if (!package.failed || any_failed) continue;
    std::string file;
    std::uint32_t line = 0;
    const std::string message = message_in(package.output, file, line);
    tally.fail(name, message.empty() ? "the package failed" : message, file, line);
  }
}

}  // namespace

Result<TestReport> parse_go_json(std::string_view text, std::string_view what) {
  if (text.size() > max_report_bytes) return fail(ErrorCode::bad_data, fmt::format("{}: larger than 64 MiB", what));
  std::map<std::string, GoPackage> packages;
  std::size_t tests = 0, actions = 0;
  for_each_json_line(text, [&](const base::Json& entry) {
    const std::string action = text_of(entry, "Action", 32);
    if (action.empty()) return;
    ++actions;
    const std::string import_path = text_of(entry, "ImportPath", max_id_bytes);  // of a package that is built
    const std::string name =
        import_path.empty() ? text_of(entry, "Package", max_id_bytes) : import_path.substr(0, import_path.find(' '));
    if (!packages.contains(name) && packages.size() >= max_tests) return;
    GoPackage& package = packages[name];
    const std::string test = text_of(entry, "Test", max_id_bytes);
    const base::Json& output = member(entry, "Output");
    if (test.empty()) {
      if (output.is_string()) keep(package.output, output.get_ref<const std::string&>());
      if (action == "fail" || action == "build-fail") package.failed = true;
      return;
    }
    if (!package.tests.contains(test) && ++tests > max_tests) return;
    GoTest& state = package.tests[test];
    if (output.is_string()) keep(state.output, output.get_ref<const std::string&>());
    state.failed = state.failed || action == "fail";
    state.passed = state.passed || action == "pass";
    state.skipped = state.skipped || action == "skip";
  });
  if (actions == 0) return fail(ErrorCode::bad_data, fmt::format("{}: not a stream of go test -json", what));
  TestTally tally("go");
  finish(packages, tally);
  return tally.take();
}

}  // namespace autodev::evidence
