// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What would have changed the choice: the nearest other worlds in which the runner-up wins.
#include <fmt/format.h>

#include "vote/decider.h"

namespace autodev::vote {
namespace {

/// A vote gives way like a Beta posterior of its evidence and two prior outcomes.
constexpr double prior_outcomes = 2;
constexpr int most_outcomes = 200;

std::optional<std::size_t> runner_up(const Judgement& judgement, std::size_t chosen) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < judgement.options.size(); ++i)
    if (i != chosen && judgement.options[i].veto.empty() && (!best || judgement.options[i].value > judgement.options[*best].value)) best = i;
  return best;
}

/// Outcomes of reward `reward` until the option's value crosses `bar`.
std::optional<int> outcomes_until(const OptionVote& option, double reward, double bar, double cost) {
  const double weight = option.evidence + prior_outcomes;
  for (int k = 1; k <= most_outcomes; ++k) {
    const double value = (option.estimate * weight + k * reward) / (weight + k) - cost;
    if (reward > 0.5 ? value > bar : value < bar) return k;
  }
  return std::nullopt;
}

/// The favourite when one voter is left out; weights of the others as they are.
std::size_t favourite_without(const Judgement& judgement, std::size_t voter, const Settings& settings) {
  std::size_t best = 0;
  double most = -2;
  for (std::size_t i = 0; i < judgement.options.size(); ++i) {
    const OptionVote& option = judgement.options[i];
    if (!option.veto.empty() || option.deprecated) continue;
    double weight = 0.02, sum = 0.02 * 0.5;
    for (std::size_t v = 0; v < voter_count; ++v) {
      if (v == voter) continue;
      const double own = judgement.weights[v] * static_cast<double>(option.says[v].confidence);
      weight += own;
      sum += own * static_cast<double>(option.says[v].estimate);
    }
    const double value = sum / weight - settings.cost_weight * option.cost;
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}

}  // namespace

std::vector<std::string> what_would_change(const Judgement& judgement, const Choice& choice, const Settings& settings) {
  std::vector<std::string> sentences;
  const OptionVote& chosen = judgement.options[choice.best];
  const auto other = runner_up(judgement, choice.best);
  if (!other) return {"no other option is allowed"};
  const OptionVote& second = judgement.options[*other];
  const auto times = [](int k, const char* what) { return fmt::format("{} more {}{}", k, what, k == 1 ? "" : "s"); };
  if (const auto k = outcomes_until(chosen, 0, second.value, settings.cost_weight * chosen.cost))
    sentences.push_back(fmt::format("{} of '{}' in a context like this: then '{}'", times(*k, "failure"), chosen.option, second.option));
  if (const auto k = outcomes_until(second, 1, chosen.value, settings.cost_weight * second.cost))
    sentences.push_back(fmt::format("{} of '{}'", times(*k, k == 1 ? "success" : "successe"), second.option));
  for (std::size_t v = 0; v < voter_count; ++v) {
    if (judgement.weights[v] * static_cast<double>(chosen.says[v].confidence) < 0.01) continue;
    const std::size_t without = favourite_without(judgement, v, settings);
    if (without != choice.best)
      sentences.push_back(fmt::format("without the voter '{}': '{}'", name_of(static_cast<Voter>(v)), judgement.options[without].option));
  }
  if (chosen.cost > second.cost && chosen.estimate > second.estimate) {
    const double weight = (chosen.estimate - second.estimate) / (chosen.cost - second.cost);
    sentences.push_back(fmt::format("a cost weight above {:.2f}", weight));
  }
  return sentences;
}

}  // namespace autodev::vote
