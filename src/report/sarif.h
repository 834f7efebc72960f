// SPDX-License-Identifier: MIT OR Apache-2.0
//
// SARIF 2.1.0: findings for tools that show them beside the code.
//
// One rule per guard, one result per finding, the past failure as related location, a verified fix as `fixes`. The
// fingerprint is our own ("autoDevGuard/v1": rule and text, no line number), so a finding keeps its identity when the
// code above it moves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "knowledge/guard_view.h"

namespace autodev::report {

/// A stretch of a file.
struct Region {
  std::size_t start = 0, end = 0;                 ///< bytes, end exclusive
  std::uint32_t first_line = 0, last_line = 0;    ///< 1-based
  std::uint32_t first_column = 0, end_column = 0; ///< 1-based, in code points; the end exclusive
};
[[nodiscard]] Region region_of(std::string_view source, std::size_t start, std::size_t end);

/// A finding with its place in a file.
struct PlacedFinding {
  knowledge::Finding finding;
  std::string path, unit;
  std::uint32_t first_line = 0, last_line = 0;  ///< 1-based, inclusive
  Region unit_range;                            ///< what a fix replaces, where there is one
  std::string text;                             ///< the flagged text
};

[[nodiscard]] base::Json sarif_log(const std::vector<PlacedFinding>& findings, const std::string& version);

}  // namespace autodev::report
