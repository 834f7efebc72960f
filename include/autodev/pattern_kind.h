// SPDX-License-Identifier: MIT OR Apache-2.0
//
// PatternKind: what a pattern generalises.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace autodev {

/// The shape of functions and types, how an object is used, a fragment of a statement that recurs inside functions, a run of
/// statements that does, or what a fix changed.
enum class PatternKind : std::uint8_t { structural, behavioural, idiom, window, edit };
[[nodiscard]] std::string_view to_string(PatternKind kind) noexcept;
[[nodiscard]] std::optional<PatternKind> pattern_kind_from_name(std::string_view name) noexcept;

}  // namespace autodev
