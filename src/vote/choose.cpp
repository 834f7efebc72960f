// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Choosing: each option as often as it is probably the best (Thompson 1933), so that doubt is tried out and
// certainty is not. The probabilities are computed, not drawn, and stay with the decision as its propensities.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "vote/decider.h"

namespace autodev::vote {
namespace {

/// Options that are the best with less than this probability are not tried: certainty may be had.
constexpr double least_doubt = 0.005;
/// Share of doubt that is acted upon: 1 would be Thompson sampling. Chosen among 0.5, 0.7, 0.8 and 1 on planted worlds;
/// 0.5 stays with a bad option too often.
constexpr double boldness = 0.8;
constexpr std::size_t grid = 24;

struct Belief {
  double mean = 0, deviation = 0;
};

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }
double normal_share(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

/// Probability that each belief is the largest, by the trapezoid rule over +-3.5 deviations.
std::vector<double> best_shares(const std::vector<Belief>& beliefs) {
  std::vector<double> shares(beliefs.size(), 0);
  double sum = 0;
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    for (std::size_t g = 0; g < grid; ++g) {
      const double z = -3.5 + 7.0 * static_cast<double>(g) / (grid - 1);
      const double value = beliefs[i].mean + z * beliefs[i].deviation;
      double others = normal_density(z);
      for (std::size_t j = 0; j < beliefs.size() && others > 1e-9; ++j)
        if (j != i) others *= normal_share((value - beliefs[j].mean) / beliefs[j].deviation);
      shares[i] += others;
    }
    sum += shares[i];
  }
  for (double& share : shares) share = sum > 0 ? share / sum : 1.0 / static_cast<double>(shares.size());
  return shares;
}

/// Vetoed options are out. Deprecated ones too, as long as something clearly better or never tried is left: where every option
/// succeeds seldom, being below 0.1 is no shame.
std::vector<std::size_t> eligible(const std::vector<OptionVote>& options) {
  std::vector<std::size_t> allowed;
  bool better = false;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!options[i].veto.empty() || options[i].deprecated) continue;
    allowed.push_back(i);
    better = better || options[i].estimate >= 2 * deprecation_estimate || options[i].evidence < 1;
  }
  if (!better) allowed.clear();
  for (std::size_t i = 0; i < options.size() && !better; ++i)
    if (options[i].veto.empty()) allowed.push_back(i);
  return allowed;
}

std::optional<std::size_t> due_for_probe(const std::vector<OptionVote>& options) {
  for (std::size_t i = 0; i < options.size(); ++i)
    if (options[i].veto.empty() && options[i].probe_due) return i;
  return std::nullopt;
}

}  // namespace

Choice choose(Judgement& judgement, const Settings& settings, double chance) {
  std::vector<OptionVote>& options = judgement.options;
  Choice choice;
  const std::vector<std::size_t> allowed = eligible(options);
  if (allowed.empty()) return choice;  // all are vetoed: the caller sees it
  choice.best = *std::max_element(allowed.begin(), allowed.end(),
                                  [&](std::size_t a, std::size_t b) { return options[a].value < options[b].value; });
  choice.option = choice.best;
  for (OptionVote& option : options) option.propensity = 0;
  if (const auto probe = due_for_probe(options); probe && allowed.size() < options.size() && settings.explore) {
    options[*probe].propensity = 1;
    choice.option = *probe;
    choice.probe = true;
    return choice;
  }
  options[choice.best].propensity = 1;
  if (!settings.explore || allowed.size() == 1) return choice;
  std::vector<Belief> beliefs;
  for (const std::size_t i : allowed) {
    const double p = std::clamp(options[i].estimate, 0.02, 0.98);
    beliefs.push_back({options[i].value, boldness * std::sqrt(p * (1 - p) / (options[i].evidence + 1))});
  }
  std::vector<double> shares = best_shares(beliefs);
  double sum = 0;
  for (double& share : shares) sum += share = share < least_doubt ? 0 : share;
  for (std::size_t k = 0; k < allowed.size(); ++k) options[allowed[k]].propensity = sum > 0 ? shares[k] / sum : 0;
  double passed = 0;
  for (const std::size_t i : allowed) {
    passed += options[i].propensity;
    if (chance < passed) {
      choice.option = i;
      break;
    }
  }
  if (options[choice.option].propensity <= 0) choice.option = choice.best;
  return choice;
}

}  // namespace autodev::vote
