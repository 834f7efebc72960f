// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Hole: the kinds of holes, what fits into them, and the count of what did.
//
// Kinds form a small lattice: identifier lies below type, literal and type below expression, expression below
// statement. A hole accepts a node when joining the node's kind changes nothing; names fit where types do,
// because not every parser can tell them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mine/template.h"

namespace autodev::mine {

/// Values are persisted in encoded templates: append, never renumber.
enum class HoleKind : std::uint8_t { identifier, literal, type, expression, statement, sequence };

[[nodiscard]] std::string_view to_string(HoleKind kind) noexcept;
[[nodiscard]] std::optional<HoleKind> hole_kind_from_name(std::string_view name) noexcept;
/// The kind of hole that one subtree asks for.
[[nodiscard]] HoleKind hole_kind_of(const syntax::NastNode& node) noexcept;
[[nodiscard]] HoleKind join(HoleKind a, HoleKind b) noexcept;
[[nodiscard]] bool accepts(HoleKind hole, const syntax::NastNode& node) noexcept;

/// Counts `text` `times` more; keeps order (count, then text) and the caps of thresholds.h.
void add_filler(TemplateHole& hole, std::string_view text, std::uint32_t times);

}  // namespace autodev::mine
