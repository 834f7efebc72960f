// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions, their outcomes, and experiments.
//
// What the voters say is computed again when a decision is folded, from everything before it in canonical order, so that
// two replicas that were merged agree with one that saw both. Probabilities of choosing come from the record: they tell how it
// was really chosen.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "knowledge/fold.h"
#include "knowledge/totals.h"
#include "knowledge/vote_rows.h"

namespace autodev::knowledge {
namespace {

constexpr double least_propensity = 1e-6;

double number_at(const std::vector<double>& list, std::size_t i) { return i < list.size() ? list[i] : -1; }

std::optional<std::size_t> position_of(const std::vector<std::string>& options, std::string_view option) {
  const auto found = std::find(options.begin(), options.end(), option);
  if (found == options.end()) return std::nullopt;
  return static_cast<std::size_t>(found - options.begin());
}

/// Types become names of files; what comes from another machine is checked again.
bool is_type(std::string_view type) {
  return !type.empty() && type.size() <= 64 &&
         type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

DecisionSummary summary_of(const RecordKey& key, const DecisionMade& made) {
  DecisionSummary summary;
  summary.id = made.id;
  summary.type = made.type;
  summary.chosen = made.chosen;
  summary.options = made.options;
  summary.time = key.time;
  summary.propensity = made.propensity > 0 && made.propensity <= 1 ? made.propensity : 1.0;
  summary.context = made.context;
  summary.prefer = made.prefer;
  summary.project = made.project;
  summary.costs = made.costs;
  summary.qualities = made.qualities;
  summary.vetoes = made.vetoes;
  return summary;
}

/// Keeps what the metrics tell of decisions, so that reading them costs no pass over all of them.
Result<void> tally_outcome(FoldState& fold, const DecisionSummary& decision, bool success) {
  if (decision.type == experiment_type)
    return fold.kv.put(table::order, order_key(experiment_order, decision.time, decision.id.digest), key_of(decision.id));
  AUTODEV_TRY_ASSIGN(const std::uint64_t earlier, counted(fold.kv, counter::decided));
  AUTODEV_TRY(count(fold, counter::decided));
  return count(fold, fmt::format("{}{:08x}", counter::decided_well, earlier / accuracy_window), success ? 1 : 0);
}

double reward_of(const DecisionOutcome& outcome) {
  if (outcome.reward >= 0 && outcome.reward <= 1) return outcome.reward;
  return outcome.success ? 1.0 : 0.0;
}

}  // namespace

vote::Question question_of(const DecisionSummary& decision) {
  vote::Question question;
  question.type = decision.type;
  question.options = decision.options;
  question.prefer = decision.prefer;
  if (auto context = vote::read_context(decision.context)) question.context = std::move(*context);
  question.facts.resize(decision.options.size());
  for (std::size_t i = 0; i < decision.options.size(); ++i) {
    const double cost = number_at(decision.costs, i);
    const double quality = number_at(decision.qualities, i);
    if (cost >= 0 && std::isfinite(cost)) question.facts[i].cost = cost;
    if (quality >= 0 && quality <= 1) question.facts[i].quality = quality;
    if (i < decision.vetoes.size()) question.facts[i].veto = decision.vetoes[i];
  }
  return question;
}

Result<void> fold_decision(FoldState& fold, const RecordKey& key, const DecisionMade& made) {
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::decision, key_of(made.id)));
  if (known) return {};
  if (!is_type(made.type)) return count(fold, "decisions of no valid type");
  AUTODEV_TRY(fold.kv.put(table::order, order_key(decision_order, key), key_of(made.id)));
  AUTODEV_TRY(count(fold, "decisions"));
  DecisionSummary summary = summary_of(key, made);
  if (const auto chosen = position_of(summary.options, summary.chosen)) {
    VoteWrite memory(fold.kv);
    const vote::Question question = question_of(summary);
    AUTODEV_TRY_ASSIGN(const vote::Judgement judgement, vote::judge(memory, question, {}));
    summary.spoken = vote::spoken_of(judgement);
    summary.weights.assign(judgement.weights.begin(), judgement.weights.end());
    for (const vote::Say& say : judgement.options[*chosen].says) summary.evidence.push_back({say.ids[0]});
    AUTODEV_TRY(vote::remember(memory, question, *chosen));
  }
  if (!made.cycle.empty()) AUTODEV_TRY(fold.kv.put(table::experiment, key_of(made.cycle), key_of(made.id)));
  fold.changed_decisions.insert(made.id);
  return store(fold, table::decision, key_of(made.id), summary);
}

Result<void> fold_outcome(FoldState& fold, const DecisionOutcome& outcome) {
  AUTODEV_TRY_ASSIGN(auto decision, load<DecisionSummary>(fold.kv, table::decision, key_of(outcome.id)));
  if (!decision) return count(fold, "outcomes of unknown decisions");
  const std::string& option = outcome.option.empty() ? decision->chosen : outcome.option;
  const auto position = position_of(decision->options, option);
  const bool is_chosen = option == decision->chosen;
  const auto same = [&](const auto& other) { return other.first == option; };
  if (is_chosen ? decision->success.has_value() : std::any_of(decision->others.begin(), decision->others.end(), same))
    return {};  // the first report counts
  if (!position && !is_chosen) return count(fold, "outcomes of unknown options");
  const bool first = !decision->success && decision->others.empty();
  const double reward = reward_of(outcome);
  if (is_chosen) {
    decision->success = outcome.success;
    decision->reward = reward;
    AUTODEV_TRY(tally_outcome(fold, *decision, outcome.success));
  } else {
    decision->others.emplace_back(option, reward);
  }
  if (position && decision->spoken.blend.size() == decision->options.size()) {
    VoteWrite memory(fold.kv);
    const double seen = is_chosen ? std::max(decision->propensity, least_propensity) : 1.0;
    AUTODEV_TRY(vote::learn(memory, question_of(*decision), decision->spoken, {*position, reward, seen, first, outcome.id.digest}));
  }
  fold.changed_decisions.insert(outcome.id);
  return store(fold, table::decision, key_of(outcome.id), *decision);
}

Result<void> fold_experiment(FoldState& fold, const LearningEvent& event) {
  if (event.cycle.empty() || !is_executed(event.outcome.strength)) return {};
  AUTODEV_TRY_ASSIGN(const auto waiting, fold.kv.get(table::experiment, key_of(event.cycle)));
  if (!waiting || waiting->size() != Digest().bytes.size()) return {};
  DecisionOutcome outcome;
  std::copy(waiting->begin(), waiting->end(), reinterpret_cast<char*>(outcome.id.digest.bytes.data()));
  outcome.success = event.outcome.verdict == Verdict::passed;
  outcome.reward = outcome.success ? 1 : 0;
  AUTODEV_TRY(fold.kv.erase(table::experiment, key_of(event.cycle)));
  return fold_outcome(fold, outcome);
}

}  // namespace autodev::knowledge
