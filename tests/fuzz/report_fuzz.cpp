// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Every reader of reports must answer every input with a value within its caps or an error. The first byte picks the reader,
// 0 to 13; everything above goes through the detection of the format.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/report.h"

namespace {

using namespace autodev::evidence;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const TestReport& report) {
  require(report.failures.size() <= 256 && report.failures.size() <= report.failed && report.passed_ids.size() <= 4'096);
  for (const auto& failure : report.failures) require(failure.message.size() <= 4'096 && failure.id.size() <= 512 && failure.file.size() <= 1'024);
}
void check(const Diagnostics& found) {
  require(found.list.size() <= 256 && found.list.size() <= std::size_t{found.errors} + found.warnings);
  for (const auto& one : found.list) require(one.message.size() <= 4'096 && one.file.size() <= 1'024);
}
void check(const Coverage& coverage) {
  require(coverage.covered <= coverage.lines);
  for (const auto& [file, lines] : coverage.files) require(file.size() <= 1'024 && !lines.contains(0));
}
void check(const Benchmarks& benchmarks) {
  require(!benchmarks.list.empty() && benchmarks.list.size() <= 4'096);
  for (const auto& one : benchmarks.list) require(one.milliseconds > 0);
}

template <typename Kind>
void check(const autodev::Result<Kind>& parsed) {
  if (parsed) check(*parsed);
  else require(!parsed.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 0: check(parse_tap(text, "fuzz")); break;
    case 1: check(parse_go_json(text, "fuzz")); break;
    case 2: check(parse_gtest_json(text, "fuzz")); break;
    case 3: check(parse_jest_json(text, "fuzz")); break;
    case 4: check(parse_mocha_json(text, "fuzz")); break;
    case 5: check(parse_gcc_json(text, "fuzz")); break;
    case 6: check(parse_rustc_json(text, "fuzz")); break;
    case 7: check(parse_eslint_json(text, "fuzz")); break;
    case 8: check(parse_sarif(text, "fuzz")); break;
    case 9: check(parse_lcov(text, "fuzz")); break;
    case 10: check(parse_cobertura(text, "fuzz")); break;
    case 11: check(parse_coverage_json(text, "fuzz")); break;
    case 12: check(parse_benchmarks(text, "fuzz")); break;
    case 13: check(parse_junit(text, "fuzz")); break;
    default:
      if (const auto report = parse_report({reinterpret_cast<const char*>(data), size}, "fuzz"))
        std::visit([](const auto& value) { check(value); }, *report);
  }
  return 0;
}
