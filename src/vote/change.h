// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Change: has an option become better or worse than what was foretold of it?
//
// Two one-sided cumulative sums of log-likelihood ratios (Page 1954; Lorden 1971) against odds that are `odds_shift` higher or
// lower than the forecast. Under a right forecast each ratio has mean 1, so that an alarm within n outcomes has probability
// of about n / alarm_rate (Ville's inequality for each start). Because it looks at what is left after the
// forecast, cases that come in another order, or an option that is chosen for other contexts than before, are no change.
#pragma once

#include "vote/rows.h"

namespace autodev::vote {

/// e^1.8 = 6 times the odds: 0.8 against 0.4. Measured with bench/decision_bench: 1 to 2.5 notice a fall from 0.9 to 0.1 equally
/// fast; smaller ones find small changes and take longer for large ones.
inline constexpr double odds_shift = 1.8;
/// Outcomes between two false alarms, at least.
inline constexpr double alarm_rate = 1000;
/// What remains of older knowledge after a change, in outcomes: little, so that what was given up long ago is tried again. With 0.5
/// three options that swap are followed in 18 decisions at the median, with 2 in 26.
inline constexpr double kept_after_change = 0.5;

struct Alarm {
  bool better = false;
  double successes = 0, failures = 0;  ///< since the change began
};

/// Adds one outcome. `foretold` is the probability given before. An alarm sets the sums back to zero.
[[nodiscard]] std::optional<Alarm> watch(Watch& sums, double foretold, double reward);

}  // namespace autodev::vote
