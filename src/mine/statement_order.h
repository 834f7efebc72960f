// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Statement order: one order for statements whose order does not matter.
//
// `low = 0; items = []` and `items = []; low = 0` are the same idiom. Within each list of statements those that neither
// name what another one writes nor do anything but compute are put in the topological order of their dependencies in
// which the statement with the smallest alpha digest comes first, of equal ones that whose value is used first. Mining
// idioms on trees that are canonical in their data flow finds far more of them (Allamanis et al., "Mining Semantic Loop
// Idioms"; Jezero, ICSE 2022).
//
// Dependencies are overestimated: a call, an access to a member, an element or a name from outside keeps its place
// among calls and stores, and whatever can leave the list (return, break, raise, yield, ...) keeps its place among all.
#pragma once

#include <cstdint>
#include <functional>

#include "syntax/nast.h"

namespace autodev::mine {

/// Lists with more statements are left as they are: dependencies are compared in pairs.
inline constexpr std::size_t max_ordered_statements = 64;

/// The tree with the statements of every block in canonical order. Byte ranges move with their nodes, so the result
/// serves for digests and comparison, not for printing. Trees that differ only in the order of independent statements
/// become equal up to names of locals. Cost: O(nodes x depth).
[[nodiscard]] syntax::Nast canonical_order(const syntax::Nast& tree);

/// The same with another digest to decide between independent statements: of the subtree at a node.
using StatementDigest = std::function<std::uint64_t(const syntax::Nast& tree, std::uint32_t statement)>;
[[nodiscard]] syntax::Nast canonical_order(const syntax::Nast& tree, const StatementDigest& digest);

}  // namespace autodev::mine
