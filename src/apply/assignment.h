// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Assignment: the cheapest matching of rows to columns, each of which may also stay alone for a price.
//
// The Hungarian method by shortest augmenting paths (Kuhn 1955; Jonker & Volgenant 1987), on a table squared by the
// prices of staying alone: so "nothing fits well enough" is an answer too.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace autodev::apply {

/// For each row the column it is matched to, or nothing. `cost`: rows of equal length, finite, at least 0; `alone`:
/// price of a row without a column plus that of a column without a row, halves each. Equal costs are settled by the
/// lower indices. Cost: O((rows + columns)^3).
[[nodiscard]] std::vector<std::optional<std::size_t>> cheapest_assignment(const std::vector<std::vector<double>>& cost,
                                                                          std::size_t columns, double alone);

}  // namespace autodev::apply
