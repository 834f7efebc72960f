// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Ridge regression of the reward on the features of a context, kept as sums.
//
// The sums are of single outcomes, so their order does not matter. The features are standardised by the
// sums themselves, so that the penalty means the same for all. A. E. Hoerl, R. W. Kennard: Ridge Regression, 1970.
#pragma once

#include <vector>

#include "vote/rows.h"

namespace autodev::vote {

/// Features of one type that the regression knows; later ones are left to the other voters.
inline constexpr std::size_t max_slots = 31;
/// Where the search for the penalty starts, in outcomes: about as many cases as a slope needs before it counts.
inline constexpr double ridge_penalty = 40;

/// Adds features that have no slot yet, while there is room.
void assign_slots(std::vector<std::uint64_t>& slots, const Context& context);
/// The values by slot: 1, then measures as they are and categories as 0 or 1.
[[nodiscard]] std::vector<double> vector_of(const std::vector<std::uint64_t>& slots, const Context& context);

/// Adds one outcome at the type's clock; call solve afterwards.
void add(Ridge& ridge, const std::vector<double>& x, double reward, std::uint64_t clock);
void solve(Ridge& ridge);
/// Makes the past count as `kept` outcomes at most: after a change.
void shrink(Ridge& ridge, double kept);

struct Forecast {
  double offset = 0;    ///< from the option's mean reward
  double evidence = 0;  ///< outcomes that would give a mean as precise as the slopes are here
};
[[nodiscard]] Forecast forecast(const Ridge& ridge, const std::vector<double>& x);

}  // namespace autodev::vote
