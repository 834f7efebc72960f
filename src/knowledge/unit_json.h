// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeUnit as JSON for exports. The tree is base64 (RFC 4648); texts that are not UTF-8 are too, under "text_base64".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "autodev/code.h"
#include "base/json.h"

namespace autodev::knowledge {

[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Absent for anything to_base64 does not write.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// `last_part_only`: the path is cut down to the file's name.
[[nodiscard]] base::Json unit_to_json(const CodeUnit& unit, bool last_part_only);

/// Validates every field; digests are computed from the tree, not read. Errors are `bad_data` and begin with the path of
/// the offending value, which begins with `where`.
[[nodiscard]] Result<CodeUnit> unit_from_json(const base::Json& json, const std::string& where);

/// A text member of at most `max` bytes without control characters other than tab and line break; empty when absent.
[[nodiscard]] Result<std::string> text_member(const base::Json& object, const char* key, const std::string& where, std::size_t max);

}  // namespace autodev::knowledge
