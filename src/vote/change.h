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

/// e^1.8 = 6 times the odds, a fall from 0.8 to 0.4: the smallest change worth a new start. Not tuned.
inline constexpr double odds_shift = 1.8;
/// Outcomes between two false alarms, at least.
inline constexpr double alarm_rate = 1000;
/// What remains of older knowledge after a change, in outcomes: little, so that what was given up long ago is tried again. Chosen
/// among 0.5, 2 and 4 on planted shifts of three options (bench/decision_bench shift): the less is kept, the sooner they are followed.
inline constexpr double kept_after_change = 0.5;

struct Alarm {
  bool better = false;
  double successes = 0, failures = 0;  ///< since the change began
};

/// Adds one outcome. `foretold` is the probability given before. An alarm sets the sums back to zero.
[[nodiscard]] std::optional<Alarm> watch(Watch& sums, double foretold, double reward);

}  // namespace autodev::vote
