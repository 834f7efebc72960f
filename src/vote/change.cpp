// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/change.h"

#include <algorithm>
#include <cmath>

namespace autodev::vote {
namespace {

/// Probability with the odds of p multiplied by e^shift.
double shifted(double p, double shift) {
  const double odds = p / (1 - p) * std::exp(shift);
  return odds / (1 + odds);
}

/// log of likelihood under q over likelihood under p; a reward between counts as a share of both.
double log_ratio(double p, double q, double reward) {
  return reward * std::log(q / p) + (1 - reward) * std::log((1 - q) / (1 - p));
}

void step(double& sum, double& successes, double& failures, double ratio, double reward) {
  sum = std::max(0.0, sum + ratio);
  if (sum <= 0) {
    successes = failures = 0;
    return;
  }
  successes += reward;
  failures += 1 - reward;
}

}  // namespace

std::optional<Alarm> watch(Watch& sums, double foretold, double reward) {
  const double p = std::clamp(foretold, 0.02, 0.98);
  step(sums.down, sums.down_successes, sums.down_failures, log_ratio(p, shifted(p, -odds_shift), reward), reward);
  step(sums.up, sums.up_successes, sums.up_failures, log_ratio(p, shifted(p, odds_shift), reward), reward);
  const double threshold = std::log(alarm_rate);
  std::optional<Alarm> alarm;
  if (sums.down > threshold) alarm = Alarm{false, sums.down_successes, sums.down_failures};
  else if (sums.up > threshold) alarm = Alarm{true, sums.up_successes, sums.up_failures};
  if (alarm) sums = {};
  return alarm;
}

}  // namespace autodev::vote
