// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Hole type: what can be said about a hole beyond its kind, from its histogram of fillers and its places.
//
//   constant or hole   GenPat's rule (Jiang et al., ASE 2019) with the histogram in place of a corpus: what is nearly
//   always the
//                      same is part of the pattern. Entropy of at most 0.5 bit, which one outlier in ten reaches
//   nullable           a sequence that was empty at least once
//   equality group     how many places of the template the same text stands in
//   binder, scope      does it declare a name, and where it stands
//   name               the words that most fillers share: `$client` for client, self.client and slack_client
//
// Matching knows nothing of this: a template keeps matching all it was made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mine/template.h"

namespace autodev::mine {

/// A histogram at most this disordered (1/1000 bit) is a constant: one other text in ten has 0.469 bit, in nine 0.503.
inline constexpr std::uint32_t constant_entropy = 500;

/// Shannon entropy of the fillers, 1/1000 bit, rounded down; texts that were not kept count as all different.
[[nodiscard]] std::uint32_t entropy_thousandths(const TemplateHole& hole) noexcept;

/// Names of the holes by number - 1: "$client", "$2", "$$$3", each once. Statements and sequences have numbers only,
/// and so do languages whose own variables look like names of holes (PHP, shell).
[[nodiscard]] std::vector<std::string> hole_names(const Template& pattern);

}  // namespace autodev::mine
