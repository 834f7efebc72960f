// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Structural patterns of a batch of units: a mining library (mining_library.h) of one project, settled, and seen from
// the batch. The same units in any order give the same patterns.
#pragma once

#include <cstddef>
#include <vector>

#include "autodev/code.h"
#include "mine/template.h"

namespace autodev::mine {

/// A template and the units it was made from.
struct StructuralPattern {
  PatternId id;  ///< alpha digest of the leading unit
  Template pattern;
  std::size_t leader = 0;            ///< index into the batch; the template shows its text
  std::vector<std::size_t> members;  ///< indices into the batch, ascending, the leader among them
};

/// Gathers units into patterns, in order of their first members. Units whose tree cannot be read or has fewer than
/// trivial_nodes nodes are left out; each other one is a member of exactly one pattern. Cost: see MiningLibrary::add,
/// twice.
[[nodiscard]] std::vector<StructuralPattern> extract_structural(const std::vector<CodeUnit>& units);

}  // namespace autodev::mine
