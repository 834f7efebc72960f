// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Concepts: groups of words that ask for the same thing in code ("delete", "remove", "erase").
//
// They feed the dense side only: a shared concept draws two texts together a little, while the lexical score stays
// a matter of words that are really there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace autodev::index {

/// The number of the concept that a *stem* belongs to. A stem belongs to at most one.
[[nodiscard]] std::optional<std::uint32_t> concept_of(std::string_view stemmed);

}  // namespace autodev::index
