// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What behavioural patterns are measured against: frequent subsequences (PrefixSpan, Pei et al., ICDE 2001), chosen by a greedy
// cover that saves the most bits (minimum description length), each method counted, whichever source it is of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace autodev::app {

/// Chosen patterns of at least two different events. Bounded: the 20,000 most frequent subsequences of at most 5 events are looked
/// at. Cost: O(patterns * support).
[[nodiscard]] std::vector<std::vector<std::string>> frequent_cover(const std::vector<std::vector<std::string>>& sequences,
                                                                   std::uint32_t min_support);

}  // namespace autodev::app
