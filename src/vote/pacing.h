// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pacing: spending a budget of dear choices where they are expected to gain most, without knowing the future.
//
// A choice is dear when its expected gain ranks high enough among the last 200, and the rank needed follows what is left of the
// budget. A policy that expects the same gain everywhere is left to chance, which is what it knows.
#pragma once

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "vote/policy.h"

namespace autodev::vote {

/// Positions of the cheapest and of the dearest option.
[[nodiscard]] inline std::pair<std::size_t, std::size_t> extremes(const Question& question) {
  std::size_t cheap = 0, dear = 0;
  for (std::size_t i = 1; i < question.facts.size(); ++i) {
    if (question.facts[i].cost.value_or(0) < question.facts[cheap].cost.value_or(0)) cheap = i;
    if (question.facts[i].cost.value_or(0) > question.facts[dear].cost.value_or(0)) dear = i;
  }
  return {cheap, dear};
}

class Pacing {
 public:
  Pacing(double budget, std::size_t decisions)
      : budget_(budget), most_(budget * static_cast<double>(decisions)), decisions_(static_cast<double>(decisions)) {}

  std::size_t choose(const Question& question, const std::vector<double>& values, Dice& dice) {
    const auto [cheap, dear] = extremes(question);
    const double gain = values[dear] - values[cheap];
    double below = 0, equal = 1;
    for (const double past : recent_) {
      below += past < gain ? 1 : 0;
      equal += past == gain ? 1 : 0;
    }
    const double rank = (below + dice.uniform() * equal) / static_cast<double>(recent_.size() + 1);
    recent_.push_back(gain);
    if (recent_.size() > 200) recent_.pop_front();
    // The share to aim at brings spending back to its line within the next 50 decisions, and never beyond the budget.
    const double share = (budget_ * (made_ + 50) - spent_) / 50;
    ++made_;
    const bool take = rank >= 1 - share && spent_ + 1 <= most_;
    const bool must = most_ - spent_ >= decisions_ - made_ + 1;  // what is left cannot be spent later
    if (!take && !must) return cheap;
    ++spent_;
    return dear;
  }
  [[nodiscard]] double share() const noexcept { return made_ > 0 ? spent_ / made_ : 0; }

 private:
  double budget_, most_, decisions_;
  double made_ = 0, spent_ = 0;
  std::deque<double> recent_;
};

}  // namespace autodev::vote
