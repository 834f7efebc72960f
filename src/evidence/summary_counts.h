// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Counts in summaries: "1 failed, 2 passed, 1 skipped", with the words and separators of each tool.
#pragma once

#include <string_view>
#include <vector>

#include "evidence/evidence.h"

namespace autodev::evidence {

using Lines = std::vector<std::string_view>;

struct Counts {
  std::uint32_t passed = 0, failed = 0, skipped = 0;
};

/// Adds up pairs of number and word. False when anything else is between them. The lists of words are separated by spaces.
bool read_pairs(std::string_view text, std::string_view separator, Counts& counts, std::string_view failing,
                std::string_view passing, std::string_view skipping);
/// The counts as those of the report, which lists no more failures than there were.
void put_counts(TestReport& report, const Counts& counts);

[[nodiscard]] std::optional<TestReport> read_python_summary(const Lines& lines);      ///< pytest, unittest
[[nodiscard]] std::optional<TestReport> read_javascript_summary(const Lines& lines);  ///< jest, vitest, mocha, node

}  // namespace autodev::evidence
