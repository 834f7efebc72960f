// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Unit patch: whole functions replaced in a file, as new text and as a unified diff.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::report {

/// Bytes [start, end) become `text`.
struct UnitFix {
  std::size_t start = 0, end = 0;
  std::string text;
};

/// Overlapping fixes: the first one counts. Ranges beyond the source are left out.
[[nodiscard]] std::string apply_fixes(std::string_view source, std::vector<UnitFix> fixes);

/// "--- a/path", "+++ b/path" and one hunk per changed stretch with three lines around it; empty for equal texts.
/// `git apply` takes it.
[[nodiscard]] std::string unified_patch(const std::string& path, std::string_view before, std::string_view after);

}  // namespace autodev::report
