// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/pattern_effect.h"

#include <algorithm>
#include <cmath>

namespace autodev::report {
namespace {

struct Side {
  double weight = 0, reward = 0, squares = 0;  ///< of weights
  std::uint64_t trials = 0;

  void add(const Trial& trial) {
    const double own = 1 / std::max(trial.propensity, 0.01);
    weight += own;
    reward += own * trial.reward;
    squares += own * own;
    ++trials;
  }
  [[nodiscard]] double mean() const { return reward / weight; }
  /// Of the mean; half a success and half a failure are added, so that a side without failures is not taken for certain.
  [[nodiscard]] double variance() const {
    const double effective = weight * weight / squares;
    const double p = (mean() * effective + 0.5) / (effective + 1);
    return p * (1 - p) / effective;
  }
};

}  // namespace

std::optional<PatternEffect> pattern_effect(const std::vector<Trial>& trials) {
  Side shown, held_back;
  for (const Trial& trial : trials) (trial.shown ? shown : held_back).add(trial);
  if (shown.trials < 2 || held_back.trials < 2) return std::nullopt;
  PatternEffect effect;
  effect.difference = shown.mean() - held_back.mean();
  const double error = 1.96 * std::sqrt(shown.variance() + held_back.variance());
  effect.low = std::max(-1.0, effect.difference - error);
  effect.high = std::min(1.0, effect.difference + error);
  effect.shown = shown.trials;
  effect.held_back = held_back.trials;
  return effect;
}

}  // namespace autodev::report
