// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Anchors: what a specification says that code must say too: numbers, quoted texts, and names that are spelled like
// code.
//
// "between 1 and 64", `state["open_doors"]`, USE_CACHE: wherever such a token is missing from a candidate, the
// candidate does something else, however well the rest fits and whatever the visible tests say.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::apply {

/// Numbers (shortest form), names with an underscore, an inner capital or in capitals only, and texts in double quotes
/// or back quotes, each once, in order; at most 64.
[[nodiscard]] std::vector<std::string> anchors_of(std::string_view text);

/// The anchors of `spec` that do not occur in `code`, in order.
[[nodiscard]] std::vector<std::string> unmet_anchors(std::string_view spec, std::string_view code);

/// How many anchors of `spec` do not occur in `code`.
[[nodiscard]] std::size_t missing_anchors(std::string_view spec, std::string_view code);

}  // namespace autodev::apply
