// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Thresholds: every tuned constant of template mining, each with its origin. Changing one changes which
// patterns exist, so a fold made with other values has to be repeated from the journal.
#pragma once

#include <cstddef>
#include <cstdint>

namespace autodev::mine {

/// Estimated Jaccard similarity from which two units are near-copies. AROMA and MinHash clone detectors
/// work between 0.4 and 0.7; at 0.5, 65 % of Python near-pairs needed three holes or fewer (134,702 functions).
inline constexpr double join_similarity = 0.5;

/// Share of the smaller input, per mille, that a generalisation has to keep before a unit joins a cluster.
/// Just above one half: what is shared outweighs what differs.
inline constexpr std::uint32_t join_kept_permille = 550;

/// Templates with fewer concrete nodes say nothing ("x = $1" has 2, "return $1.$2($3)" has 4).
inline constexpr std::uint32_t trivial_nodes = 6;

/// Siblings aligned on each side of an open list; 200 x 200 cells are 40,000 steps, about 0.2 ms. Function
/// bodies above it are generated tables.
inline constexpr std::size_t max_aligned_siblings = 200;

/// Depth of trees that is walked recursively. Below it, subtrees are equal or a hole. Hand-written code
/// stays under 60; the bound keeps hostile nesting off the stack.
inline constexpr unsigned max_walk_depth = 200;

/// Different texts kept per hole: enough for a top-8 and for adaptation, bounded for a hub pattern.
inline constexpr std::size_t max_fillers = 64;

/// Longer filler texts are counted, not kept: they are whole bodies, useless as suggestions.
inline constexpr std::size_t max_filler_bytes = 1024;

/// Shown in the public form of a hole.
inline constexpr std::size_t shown_fillers = 8;

/// Instances named when a pattern is described or clustered candidates are tried.
inline constexpr std::size_t max_candidates = 64;

}  // namespace autodev::mine
