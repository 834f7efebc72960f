// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Line differences in unified form, as small as they can be: what a repair consists of.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace autodev::evidence {

/// One line of context around each change; "" when the texts are equal. `name_of` may be empty. At most `max_bytes`: hunks that
/// do not fit are left out whole. Texts of more than 20,000 lines, or with more than 2,000 differing lines, give one hunk.
[[nodiscard]] std::string line_diff(std::string_view path, std::string_view before, std::string_view after, std::size_t max_bytes);

/// Numbers of the lines of `after` that are new or changed, from 1.
[[nodiscard]] std::set<std::uint32_t> changed_lines(std::string_view before, std::string_view after);

}  // namespace autodev::evidence
