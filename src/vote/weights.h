// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Weights of the voters: exponential in what their statements have cost so far (Hedge).
//
// Two costs are kept for each voter. The decision cost is what following its favourite would have lost: exact when the
// outcomes of all options are known (Freund & Schapire 1997), importance-weighted around the blended forecast
// when only the chosen one is (EXP4, Auer et al. 2002; the control variate of doubly robust estimates, Dudik et al. 2011).
// The forecast cost is the squared error about the option that was tried. A voter with confidence c is charged as if it had
// spoken for itself with share c and for the blend with the rest, the specialists' rule (Freund et al. 1997), so that
// silence costs what the blend costs. Squared loss with rate 1/2 stays within 2 ln(voters) of the best voter,
// for ever (Kivinen & Warmuth 1999). Weights are shared downwards: all types -> the type -> the place.
#pragma once

#include <vector>

#include "vote/rows.h"

namespace autodev::vote {

using Weights = std::array<double, voter_count>;

/// Rate of the forecast cost. 1/2 is what the bound needs for averages of forecasts.
inline constexpr double forecast_rate = 0.5;

/// From the losses at all types, at the type and at the place; absent ones are null. Sums to 1.
[[nodiscard]] Weights weights_of(const Losses* all, const Losses* type, const Losses* place);

/// What was said when a decision was made.
struct Spoken {
  std::vector<std::array<float, voter_count>> estimate;    ///< by option
  std::vector<std::array<float, voter_count>> confidence;  ///< by option
  std::vector<float> blend;                                ///< by option
  bool operator==(const Spoken&) const = default;
};

/// Charges the voters for one outcome. `seen`: probability with which this outcome came to be seen; 1 when outcomes of all
/// options are reported. `first`: no other outcome of this decision has been charged.
void charge(Losses& losses, const Spoken& spoken, std::size_t option, double reward, double seen, bool first);

}  // namespace autodev::vote
