// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tree difference: which runs of siblings of one tree became which runs of another.
//
// Equal subtrees are found by their digests (a hash join, as phase one of GumTree: Falleri et al., ASE 2014), from the
// root down. The children of two nodes that correspond are aligned by a weighted longest common subsequence; pairs
// that are alike but not equal are entered, everything else is an edit. So each edit is a minimal connected change: one
// run of siblings before, one after, under parents that correspond. Nothing is reported twice, and code that only moved
// into a new statement (`x;` -> `if (c) x;`) is one edit whose two sides share a subtree.
#pragma once

#include <cstdint>
#include <vector>

#include "syntax/nast.h"

namespace autodev::syntax {

inline constexpr std::uint32_t no_parent = 0xffffffffu;

/// Siblings [first, last) in preorder indices under `parent`; `first == last`: a place between siblings.
struct SiblingRange {
  std::uint32_t parent = no_parent;
  std::uint32_t first = 0, last = 0;

  [[nodiscard]] bool empty() const noexcept { return first == last; }
  bool operator==(const SiblingRange&) const = default;
};

/// What stood before, and what stands there after. The parents correspond: same kind and symbol, or both roots.
struct TreeEdit {
  SiblingRange before, after;
  bool operator==(const TreeEdit&) const = default;
};

/// Edits in order of position; empty when the trees are equal. More than `max_edits` differences end the walk: the
/// rest is not reported, `complete` says so. Deterministic. Cost: O(nodes), O(n m) in lists of up to 200 siblings.
struct TreeDifference {
  std::vector<TreeEdit> edits;
  bool complete = true;
};
[[nodiscard]] TreeDifference diff_trees(const Nast& before, const Nast& after, std::size_t max_edits = 64);

/// The node of which each node is a child; no_parent for the root.
[[nodiscard]] std::vector<std::uint32_t> parents_of(const Nast& tree);

}  // namespace autodev::syntax
