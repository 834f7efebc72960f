// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeUnit <-> JSON for exports, with the tree as base64 of its zstd frame.
#pragma once

#include <string>
#include <string_view>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/json.h"

namespace autodev::knowledge {

[[nodiscard]] base::Json unit_to_json(const CodeUnit& unit, bool anonymise);
/// Checks every member; digests and node count are computed from the tree. Messages name the JSON path `at`.
[[nodiscard]] Result<CodeUnit> unit_from_json(const base::Json& json, const std::string& at);

[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] Result<std::string> from_base64(std::string_view text);

}  // namespace autodev::knowledge
