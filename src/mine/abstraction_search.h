// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The abstraction that compresses a corpus of terms most: corpus-guided top-down search.
//
// After Bowers et al. 2023 (POPL, "Top-Down Synthesis for Library Learning", Stitch). A partial abstraction is a term
// with holes, together with the exact list of places where it matches; a hole becomes a symbol (the places split by
// what stands there), a parameter that is there already, or a new parameter. The cost function and the utility are
// those of the paper:
//
//   utility = cost of the corpus - cost of the corpus rewritten with the abstraction - cost of the abstraction's body
//
// What differs: the search goes depth first, best bound first, so a partial abstraction is a few columns (one value per
// place) on a stack and nothing is computed for pairs of nodes in advance. The bound subtracts what is known to be
// paid: the arguments of all parameters so far and the body so far. Once no parameter is left, every open hole has to
// be equal at all places up to parameters, which bounds the utility by the heaviest group of places (see hole_bound.h).
// All three are upper bounds of every completion, so the result is optimal for the cost; docs/mining.md has the
// argument.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "mine/lambda_term.h"

namespace autodev::mine {

/// A parameterised term and the places where a corpus uses it.
struct Abstraction {
  TermId body = 0;  ///< with the parameters #0 … in the order in which arguments are given
  unsigned arity = 0;
  std::int64_t utility = 0;                    ///< in units of cost; positive
  std::int64_t body_cost = 0;                  ///< parameters cost nothing
  std::vector<TermId> places;                  ///< terms of the corpus that the body matches, ascending
  std::vector<std::vector<TermId>> arguments;  ///< per parameter and place: the part of the place, as it stands there
  std::vector<std::uint32_t> binders;          ///< per parameter: lambdas of the body around it
};

class AbstractionSearch {
 public:
  /// Searches programs of `bank` (compacted: nothing else in it); both have to outlive the search. Only abstractions
  /// that occur in two programs or more are found. `max_arity` parameters at most.
  AbstractionSearch(TermBank& bank, const std::vector<TermId>& programs, unsigned max_arity);
  ~AbstractionSearch();

  /// Expands at most `steps` partial abstractions; true when nothing better can exist. Can be called again and again:
  /// the search goes on where it stopped. It also stops, with false, when its columns hold more than 256 MB (terms nested
  /// hundreds deep). Cost of a step: O(places x open holes).
  bool advance(std::uint64_t steps);
  /// The best so far; absent while no abstraction saves anything.
  [[nodiscard]] const std::optional<Abstraction>& best() const;
  /// Partial abstractions expanded so far.
  [[nodiscard]] std::uint64_t steps() const;

 private:
  class Walk;
  std::unique_ptr<Walk> walk_;
};

/// Least cost of each term when `abstraction` may be applied at its places, per id of the first `terms` terms.
/// Cost: O(terms).
[[nodiscard]] std::vector<std::int64_t> rewritten_costs(const TermBank& bank, std::size_t terms,
                                                        const Abstraction& abstraction);

}  // namespace autodev::mine
