// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/loop_decisions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "vote/decider.h"

namespace autodev::app {
namespace {

constexpr double success = 0.5;  // rewards from here on are reported as successes
constexpr std::size_t context_bytes = 2'000;

std::size_t possible(const Decision& decision) {
  return static_cast<std::size_t>(
      std::count_if(decision.details.begin(), decision.details.end(), [](const OptionDetail& detail) { return detail.veto.empty(); }));
}

}  // namespace

/// Asks, falls back to `otherwise` where nothing is known, and remembers what was taken.
Result<std::string> LoopDecisions::choose(Decision decision, const std::string& otherwise, DecisionId& id) {
  id = {};
  if (possible(decision) < 2) return otherwise;
  base::Json context = base::parse_json(decision.context, "context").value_or(base::Json::object());
  context["language"] = to_string(settings_.language);
  context["request"] = base::clip_utf8(base::repair_utf8(settings_.spec), context_bytes);
  decision.context = base::dump_json(context);
  decision.cost_weight = settings_.cost_weight;
  decision.explore = decision.explore && settings_.explore;
  decision.record = settings_.record;
  AUTODEV_TRY_ASSIGN(const DecisionResult result, improver_.select_decision(decision));
  const std::string chosen = result.chosen.value_or(otherwise);
  id = result.id;
  if (!result.chosen && settings_.record) {
    AUTODEV_TRY_ASSIGN(id, improver_.record_choice(decision, chosen));
  }
  choices_.push_back({id, decision.type, chosen, result.reason});
  return chosen;
}

Result<void> LoopDecisions::report(DecisionId& id, double reward) {
  const DecisionId taken = std::exchange(id, {});
  if (taken.empty()) return {};
  return improver_.improve_decision(taken, reward >= success, reward);
}

Result<apply::Answer> LoopDecisions::answer(const AnswerFacts& facts) {
  Decision decision;
  decision.type = "implement.answer";
  decision.options = {"apply", "adapt", "skip"};
  decision.details.resize(3);
  decision.details[0] = {0.0, facts.no_apply.empty() ? std::optional(facts.p_success) : std::nullopt, facts.no_apply};
  decision.details[1] = {facts.tier_cost, std::nullopt, facts.no_draft};
  decision.details[2] = {facts.tier_cost, std::nullopt, {}};
  decision.context = base::dump_json({{"p_success", facts.p_success}});
  // A model is never asked for the sake of learning whether it was needed.
  decision.explore = !facts.no_apply.empty();
  const std::string otherwise = facts.no_apply.empty() ? "apply" : facts.no_draft.empty() ? "adapt" : "skip";
  AUTODEV_TRY_ASSIGN(const std::string chosen, choose(std::move(decision), otherwise, answer_));
  if (chosen == "apply") return apply::Answer::apply;
  return chosen == "adapt" ? apply::Answer::draft : apply::Answer::skip;
}

Result<std::size_t> LoopDecisions::tier(const std::vector<ModelTier>& tiers) {
  if (tiers.size() < 2) return 0;
  Decision decision;
  decision.type = "implement.tier";
  for (const ModelTier& tier : tiers) {
    decision.options.push_back(tier.name);
    decision.details.push_back({tier.cost, std::nullopt, {}});
  }
  AUTODEV_TRY_ASSIGN(const std::string chosen, choose(std::move(decision), tiers.front().name, tier_));
  const auto found = std::find_if(tiers.begin(), tiers.end(), [&](const ModelTier& tier) { return tier.name == chosen; });
  return static_cast<std::size_t>(found - tiers.begin());
}

Result<Retry> LoopDecisions::retry(const std::vector<ModelTier>& tiers, std::size_t tier, std::uint32_t calls, std::string_view cause) {
  const bool dearer = tier + 1 < tiers.size();
  Decision decision;
  decision.type = "implement.retry";
  decision.options = {"again", "escalate", "stop"};
  decision.details.resize(3);
  decision.details[0].cost = tiers[tier].cost;
  decision.details[1].cost = dearer ? tiers[tier + 1].cost : tiers[tier].cost;
  if (!dearer) decision.details[1].veto = "there is no dearer model";
  // To stop costs nothing and stands where options are deprecated: it wins where a call hardly ever brought code that passes.
  decision.details[2] = {0.0, vote::deprecation_estimate, {}};
  decision.context = base::dump_json({{"calls", calls}, {"cause", cause}, {"model", tiers[tier].name}});
  // Giving up is never tried out; once it is the favourite, going on is, so that it can come back.
  decision.explore = decision.record = false;
  AUTODEV_TRY_ASSIGN(const DecisionResult favourite, improver_.select_decision(decision));
  decision.explore = favourite.chosen == "stop";
  AUTODEV_TRY_ASSIGN(const std::string chosen, choose(std::move(decision), "again", retry_));
  if (chosen == "stop") return Retry::stop;
  return chosen == "escalate" ? Retry::escalate : Retry::again;
}

}  // namespace autodev::app
