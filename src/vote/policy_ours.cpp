// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Our decider, one of its voters, or the majority of them, as policies.
#include <algorithm>

#include "vote/memory_map.h"
#include "vote/policy.h"

namespace autodev::vote {
namespace {

class Ours : public Policy {
 public:
  Ours(Settings settings, std::string name) : settings_(settings), name_(std::move(name)) {}
  [[nodiscard]] std::string name() const override { return name_; }

  [[nodiscard]] Result<Stance> choose(const Question& question, Dice& dice) override {
    AUTODEV_TRY_ASSIGN(Judgement judgement, judge(memory_, question, settings_));
    spoken_ = spoken_of(judgement);
    first_ = true;
    Stance stance = decide(judgement, dice);
    for (const OptionVote& vote : judgement.options) {
      stance.values.push_back(vote.value);
      stance.estimates.push_back(vote.estimate);
    }
    AUTODEV_TRY(remember(memory_, question, stance.option));
    return stance;
  }

  Result<void> update(const Question& question, std::size_t option, double reward, double seen) override {
    const bool first = std::exchange(first_, false);
    return learn(memory_, question, spoken_, {option, reward, seen, first, {}});
  }

 protected:
  virtual Stance decide(Judgement& judgement, Dice& dice) {
    Stance stance;
    stance.option = vote::choose(judgement, settings_, dice.uniform()).option;
    for (const OptionVote& vote : judgement.options) stance.probabilities.push_back(vote.propensity);
    return stance;
  }

 private:
  MapMemory memory_;
  Settings settings_;
  std::string name_;
  Spoken spoken_;
  bool first_ = true;
};

class Majority final : public Ours {
 public:
  Majority() : Ours({}, "majority") {}

 protected:
  /// Every voter that can judge names its favourite; ties and silence are left to chance.
  Stance decide(Judgement& judgement, Dice& dice) override {
    const std::size_t n = judgement.options.size();
    std::vector<double> votes(n, 0);
    for (std::size_t v = 0; v < voter_count; ++v) {
      std::optional<std::size_t> favourite;
      for (std::size_t i = 0; i < n; ++i) {
        const Say& say = judgement.options[i].says[v];
        if (say.evidence > 0 && (!favourite || say.estimate > judgement.options[*favourite].says[v].estimate)) favourite = i;
      }
      if (favourite) votes[*favourite] += 1;
    }
    const double most = *std::max_element(votes.begin(), votes.end());
    std::vector<std::size_t> best;
    for (std::size_t i = 0; i < n; ++i)
      if (votes[i] >= most) best.push_back(i);
    Stance stance;
    stance.probabilities.assign(n, 0);
    for (const std::size_t i : best) stance.probabilities[i] = 1.0 / static_cast<double>(best.size());
    stance.option = best[dice.below(best.size())];
    return stance;
  }
};

}  // namespace

std::unique_ptr<Policy> make_ours(const Settings& settings, std::string name) {
  return std::make_unique<Ours>(settings, std::move(name));
}
std::unique_ptr<Policy> make_majority() { return std::make_unique<Majority>(); }

}  // namespace autodev::vote
