// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What would have changed the choice: the nearest other worlds in which another option wins, tried out on a copy of the state
// that only holds what differs. So the answer is what would really happen, voters' weights and change detector included.
#include <fmt/format.h>

#include <map>

#include "vote/decider.h"

namespace autodev::vote {
namespace {

constexpr int most_outcomes = 25;

/// Rows that were written lie over rows that were there.
class Overlay final : public Memory {
 public:
  explicit Overlay(const MemoryRead& below) : below_(below) {}
  [[nodiscard]] Result<std::optional<std::string_view>> get(std::string_view key) const override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? below_.get(key) : std::optional<std::string_view>(found->second);
  }
  Result<void> put(std::string_view key, std::string_view value) override {
    rows_.insert_or_assign(std::string(key), std::string(value));
    return {};
  }

 private:
  const MemoryRead& below_;
  std::map<std::string, std::string, std::less<>> rows_;
};

std::size_t favourite(Judgement judgement, const Settings& settings) {
  Settings certain = settings;
  certain.explore = false;
  return choose(judgement, certain, 0).best;
}

/// Outcomes in a row of one option, in this context, until another option is the favourite; and which one.
Result<std::optional<std::pair<int, std::size_t>>> outcomes_until(const MemoryRead& memory, const Question& question, const Settings& settings,
                                                                  std::size_t option, double reward, std::size_t favourite_now) {
  Overlay world(memory);
  for (int k = 1; k <= most_outcomes; ++k) {
    AUTODEV_TRY_ASSIGN(const Judgement before, judge(world, question, settings));
    AUTODEV_TRY(remember(world, question, option));
    AUTODEV_TRY(learn(world, question, spoken_of(before), {option, reward, 1, true, {}}));
    AUTODEV_TRY_ASSIGN(Judgement after, judge(world, question, settings));
    if (const std::size_t now = favourite(std::move(after), settings); now != favourite_now) return std::pair(k, now);
  }
  return std::nullopt;
}

std::optional<std::size_t> runner_up(const Judgement& judgement, std::size_t best) {
  std::optional<std::size_t> second;
  for (std::size_t i = 0; i < judgement.options.size(); ++i)
    if (i != best && judgement.options[i].veto.empty() && (!second || judgement.options[i].value > judgement.options[*second].value)) second = i;
  return second;
}

/// The favourite when one voter is silent.
std::size_t favourite_without(Judgement judgement, std::size_t voter, const Settings& settings) {
  for (OptionVote& option : judgement.options) {
    double weight = 0.02, sum = 0.02 * option.estimate;
    for (std::size_t v = 0; v < voter_count; ++v) {
      if (v == voter) continue;
      const double own = judgement.weights[v] * static_cast<double>(option.says[v].confidence);
      weight += own;
      sum += own * static_cast<double>(option.says[v].estimate);
    }
    option.estimate = sum / weight;
    option.value = option.estimate - settings.cost_weight * option.cost;
  }
  return favourite(std::move(judgement), settings);
}

}  // namespace

Result<std::vector<std::string>> what_would_change(const MemoryRead& memory, const Question& question, const Settings& settings,
                                                   const Judgement& judgement, const Choice& choice) {
  std::vector<std::string> sentences;
  const auto second = runner_up(judgement, choice.best);
  if (!second) return std::vector<std::string>{"no other option is allowed"};
  const auto name = [&](std::size_t i) { return judgement.options[i].option; };
  AUTODEV_TRY_ASSIGN(const auto failures, outcomes_until(memory, question, settings, choice.best, 0, choice.best));
  if (failures)
    sentences.push_back(fmt::format("{} failure{} of '{}' in a row in this context: then '{}'", failures->first, failures->first == 1 ? "" : "s",
                                    name(choice.best), name(failures->second)));
  AUTODEV_TRY_ASSIGN(const auto successes, outcomes_until(memory, question, settings, *second, 1, choice.best));
  if (successes)
    sentences.push_back(fmt::format("{} success{} of '{}' in a row in this context: then '{}'", successes->first, successes->first == 1 ? "" : "es",
                                    name(*second), name(successes->second)));
  for (std::size_t v = 0; v < voter_count; ++v) {
    const double loudness = judgement.weights[v] * static_cast<double>(judgement.options[choice.best].says[v].confidence);
    if (loudness < 0.01) continue;
    if (const std::size_t without = favourite_without(judgement, v, settings); without != choice.best)
      sentences.push_back(fmt::format("without the voter '{}': '{}'", name_of(static_cast<Voter>(v)), name(without)));
  }
  const OptionVote& chosen = judgement.options[choice.best];
  const OptionVote& other = judgement.options[*second];
  if (chosen.cost > other.cost && chosen.estimate > other.estimate)
    sentences.push_back(fmt::format("a cost weight above {:.2f}: '{}'", (chosen.estimate - other.estimate) / (chosen.cost - other.cost), other.option));
  return sentences;
}

}  // namespace autodev::vote
