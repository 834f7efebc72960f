// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Extraction of structural patterns from a batch of units, in memory: the leader rule (leader.h) with band
// tables. The order of the units is the order of time; it is part of the input.
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
  std::vector<std::size_t> members;  ///< indices into the batch, ascending; the first one leads
};

/// Gathers units into patterns, in order of their leaders. Units whose tree cannot be decoded are left out.
/// Each unit becomes a member of exactly one pattern. Cost per unit: features, 16 look-ups, and an
/// anti-unification per similar leader until one fits.
[[nodiscard]] std::vector<StructuralPattern> extract_structural(const std::vector<CodeUnit>& units);

}  // namespace autodev::mine
