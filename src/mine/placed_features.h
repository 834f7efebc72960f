// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Placed features: structural features with the nodes that they describe, for signatures of a part of a tree
// (windows.h), and unsorted for those of the whole: a minimum does not mind repetitions.
#pragma once

#include <cstdint>
#include <vector>

#include "mine/signature.h"
#include "syntax/nast.h"

namespace autodev::mine {

/// In order of the nodes, repetitions included: the features of node i are [first[i], first[i + 1]).
struct PlacedFeatures {
  std::vector<std::uint64_t> features;
  std::vector<std::uint32_t> first;  ///< by node, and one more
};
/// Cost: O(nodes).
[[nodiscard]] PlacedFeatures placed_features(const syntax::Nast& tree);

/// minhash(structural_features(tree)) without sorting. Cost: O(nodes).
[[nodiscard]] Signature signature_of(const syntax::Nast& tree);

}  // namespace autodev::mine
