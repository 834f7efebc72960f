// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JSON as tools write it: members that may be absent or of another type, and streams with one document a line, between
// which compilers and programs print what they like.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "evidence/tally.h"

namespace autodev::evidence {

/// A whole document, at most 64 MiB and 32 levels deep: no report that was seen is deeper than 14.
[[nodiscard]] Result<base::Json> parse_document(std::string_view text, std::string_view what);

/// Member of an object; null for everything else.
[[nodiscard]] const base::Json& member(const base::Json& object, const char* name);
/// Text of a member; empty when absent or of another type.
[[nodiscard]] std::string text_of(const base::Json& object, const char* name, std::size_t max_bytes);
/// Whole number of a member, also where it is written as text; 0 when absent or of another type.
[[nodiscard]] std::uint32_t count_of(const base::Json& object, const char* name);
/// Finite number of a member; absent for everything else.
[[nodiscard]] std::optional<double> real_of(const base::Json& object, const char* name);

/// Calls `visit` for each line that is a JSON object of at most 4 MiB; how many there were.
std::size_t for_each_json_line(std::string_view text, const std::function<void(const base::Json&)>& visit);

}  // namespace autodev::evidence
