// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Unit patch: whole functions replaced in a file, as new text and as a unified diff.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::report {

/// Lines [first, last] (1-based, inclusive) become `text`; the first line's indentation stays.
struct UnitFix {
  std::uint32_t first = 0, last = 0;
  std::string text;
};

/// Overlapping fixes: the first one counts.
[[nodiscard]] std::string apply_fixes(std::string_view source, std::vector<UnitFix> fixes);

/// "--- a/path", "+++ b/path" and one hunk per changed stretch with three lines around it; empty for equal texts.
/// `git apply` takes it.
[[nodiscard]] std::string unified_patch(const std::string& path, std::string_view before, std::string_view after);

}  // namespace autodev::report
