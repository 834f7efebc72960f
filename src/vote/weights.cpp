// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/weights.h"

#include <algorithm>
#include <cmath>

namespace autodev::vote {
namespace {

/// All types together are worth this many decisions of a type: a start, not a verdict.
constexpr double shared_rounds = 20;
/// Smallest probability that an outcome is divided by: bounds the variance (implicit exploration, Neu 2015).
constexpr double least_seen = 0.1;
/// What is known from callers and users starts with half the say of what was measured here.
constexpr Weights start = {1, 1, 1, 1, 1, 0.5, 0.5};

/// The option that a voter would have taken, mixed with what the blend would have taken.
std::size_t favourite(const Spoken& spoken, std::size_t voter) {
  std::size_t best = 0;
  const auto effective = [&](std::size_t option) {
    const float c = spoken.confidence[option][voter];
    return c * spoken.estimate[option][voter] + (1 - c) * spoken.blend[option];
  };
  for (std::size_t option = 1; option < spoken.blend.size(); ++option)
    if (effective(option) > effective(best)) best = option;
  return best;
}

}  // namespace

Weights weights_of(const Losses* all, const Losses* type, const Losses* place) {
  Weights cost{};
  double rounds = 1;
  const auto add = [&](const Losses* losses, double most) {
    if (losses == nullptr || losses->rounds <= 0) return;
    const double share = std::min(1.0, most / losses->rounds);
    rounds += share * losses->rounds;
    for (std::size_t v = 0; v < voter_count; ++v)
      cost[v] += share * losses->forecast[v] * forecast_rate;
  };
  add(all, shared_rounds);
  add(type, INFINITY);
  add(place, INFINITY);
  // The rate of EXP4 for rewards in [0, 1], at any time: sqrt(ln N / t).
  const double decision_rate = std::sqrt(std::log(static_cast<double>(voter_count)) / rounds);
  const auto add_decisions = [&](const Losses* losses, double most) {
    if (losses == nullptr || losses->rounds <= 0) return;
    const double share = std::min(1.0, most / losses->rounds);
    for (std::size_t v = 0; v < voter_count; ++v) cost[v] += share * losses->decision[v] * decision_rate;
  };
  add_decisions(all, shared_rounds);
  add_decisions(type, INFINITY);
  add_decisions(place, INFINITY);
  const double least = *std::min_element(cost.begin(), cost.end());
  Weights weights{};
  double sum = 0;
  for (std::size_t v = 0; v < voter_count; ++v) sum += weights[v] = start[v] * std::exp(least - cost[v]);
  for (double& weight : weights) weight /= sum;
  return weights;
}

void charge(Losses& losses, const Spoken& spoken, std::size_t option, double reward, double seen, bool first) {
  if (first) {
    const double fade = std::exp2(-1 / half_life);
    for (std::size_t v = 0; v < voter_count; ++v) {
      losses.decision[v] *= fade;
      losses.forecast[v] *= fade;
    }
    losses.rounds = losses.rounds * fade + 1;
  }
  const auto blend = static_cast<double>(spoken.blend[option]);
  for (std::size_t v = 0; v < voter_count; ++v) {
    const auto confidence = static_cast<double>(spoken.confidence[option][v]);
    const double said = confidence * static_cast<double>(spoken.estimate[option][v]) + (1 - confidence) * blend;
    losses.forecast[v] += (reward - said) * (reward - said);
    const std::size_t own = favourite(spoken, v);
    if (first) losses.decision[v] += 1 - static_cast<double>(spoken.blend[own]);
    if (own == option) losses.decision[v] += (blend - reward) / std::max(seen, least_seen);
  }
}

}  // namespace autodev::vote
