// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Extraction of idioms from a batch of blocks, in memory. The most specific cut that recurs explains its blocks first;
// only what no idiom explains is counted for more general cuts.
#pragma once

#include <cstddef>
#include <vector>

#include "autodev/code.h"
#include "mine/idiom.h"

namespace autodev::mine {

/// A fragment that recurs, and the blocks it explains.
struct Idiom {
  PatternId id;  ///< digest of the fragment
  IdiomCut cut = IdiomCut::whole;
  Template pattern;
  std::int64_t gain = 0;             ///< merge_gain of the explained blocks, 1/1000 bit
  std::vector<std::size_t> members;  ///< indices into the batch, ascending; the first one leads
};

/// Idioms with at least idiom_places places (paths and scopes) and positive gain, by cut, then by first block. Units
/// that are no blocks or cannot be decoded are left out. The support of an idiom is the number of its places: copies in
/// one place count once. Cost: O(nodes) per block and cut.
[[nodiscard]] std::vector<Idiom> extract_idioms(const std::vector<CodeUnit>& units);

}  // namespace autodev::mine
