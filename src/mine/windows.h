// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Windows: runs of two to six consecutive statements, the level between a statement and a function.
//
// Every statement list has some five windows a statement, far too many to keep, so they are winnowed (Schleimer,
// Wilkerson & Aiken, SIGMOD 2003): of each four neighbouring windows of one length the one with the smallest hash is
// kept, by which two lists that share a long enough run share a kept window of it. Each kept window has a small MinHash
// sketch, the minimum of its statements' sketches, so that all lengths together cost one pass over the features.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mine/item_source.h"
#include "mine/placed_features.h"
#include "syntax/nast.h"

namespace autodev::mine {

inline constexpr std::uint32_t min_window_statements = 2, max_window_statements = 6;
/// Nodes below which a window says nothing (two plain calls have some ten), and above which it is as large as most
/// functions.
inline constexpr std::uint32_t min_window_nodes = 12, max_window_nodes = 150;
/// Windows kept of a unit, those of the smallest hashes; and the largest unit that is looked at. Both bound the time of
/// one unit.
inline constexpr std::size_t max_unit_windows = 32;
inline constexpr std::size_t max_windowed_nodes = 2'000;

/// Four bands of four bins, two of which have to agree: pairs of Jaccard 0.9 do with probability 0.88, of 0.8 with
/// 0.54, of 0.5 with 0.02. Stricter than for functions, because there are more windows and shorter ones.
inline constexpr std::size_t window_bands = 4, window_bands_shared = 2;
using WindowBands = std::array<std::uint64_t, window_bands>;

/// Is this the tree of a window, and not of one statement? A statement that is a block of its own is never a unit.
[[nodiscard]] inline bool is_window(const syntax::Nast& tree) noexcept {
  return !tree.nodes.empty() && tree.nodes[0].kind == syntax::NodeKind::block;
}

struct Window {
  std::uint32_t first = 0;  ///< node of its first statement
  std::uint32_t end = 0;    ///< node behind its last one
  std::uint32_t statements = 0;
  std::uint64_t hash = 0;  ///< of its sketch
  WindowBands bands{};
};

/// Kept windows in order of place, then length; none of a unit above max_windowed_nodes. `placed`: the tree's.
/// Cost: O(nodes + statements).
[[nodiscard]] std::vector<Window> windows_of(const syntax::Nast& tree, const PlacedFeatures& placed);
/// Every window, kept or not, up to 128: to ask with. What was kept elsewhere of a run that both have is among them.
[[nodiscard]] std::vector<Window> asked_windows_of(const syntax::Nast& tree, const PlacedFeatures& placed);

/// The window as a tree of its own, a block of its statements, with ranges in the part of the unit's text that it
/// covers. Cost: O(nodes of the window + symbols of the tree).
[[nodiscard]] ItemTree cut_window(const syntax::Nast& tree, std::string_view text, std::uint32_t first,
                                  std::uint32_t end);

}  // namespace autodev::mine
