// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/decision_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::app {
namespace {

using base::Json;

VoterSay say_of(const vote::Say& say, std::size_t voter, double weight) {
  VoterSay result;
  result.voter = vote::name_of(static_cast<vote::Voter>(voter));
  result.weight = weight;
  result.confidence = static_cast<double>(say.confidence);
  result.estimate = static_cast<double>(say.estimate);
  for (const Digest& id : say.ids)
    if (!id.empty()) result.evidence.push_back({id});
  return result;
}

Json number_or_null(double value) { return value >= 0 ? Json(value) : Json(nullptr); }

/// The statements of a stored decision about one option.
Json says_json(const knowledge::DecisionSummary& decision, std::size_t option) {
  Json says = Json::array();
  if (option >= decision.spoken.estimate.size()) return says;
  for (std::size_t v = 0; v < vote::voter_count && v < decision.weights.size(); ++v) {
    const auto confidence = static_cast<double>(decision.spoken.confidence[option][v]);
    if (confidence <= 0) continue;
    Json say = {{"voter", vote::name_of(static_cast<vote::Voter>(v))}, {"weight", decision.weights[v]}, {"confidence", confidence},
                {"estimate", static_cast<double>(decision.spoken.estimate[option][v])}};
    if (decision.options[option] == decision.chosen && v < decision.evidence.size() && !decision.evidence[v].empty())
      say["evidence"] = {decision.evidence[v].hex()};
    says.push_back(std::move(say));
  }
  return says;
}

}  // namespace

std::vector<Vote> votes_of(const vote::Judgement& judgement) {
  std::vector<std::pair<double, Vote>> ranked;
  for (const vote::OptionVote& option : judgement.options) {
    Vote vote;
    vote.option = option.option;
    vote.successes = option.successes;
    vote.failures = option.failures;
    vote.weight = option.estimate;
    vote.confidence = option.evidence / (option.evidence + 4);
    vote.deprecated = option.deprecated;
    vote.probability = option.propensity;
    vote.cost = option.cost;
    vote.veto = option.veto;
    for (std::size_t v = 0; v < vote::voter_count; ++v)
      if (option.says[v].evidence > 0) vote.says.push_back(say_of(option.says[v], v, judgement.weights[v]));
    std::stable_sort(vote.says.begin(), vote.says.end(),
                     [](const VoterSay& a, const VoterSay& b) { return a.weight * a.confidence > b.weight * b.confidence; });
    const double last = (option.deprecated ? -10 : 0) + (option.veto.empty() ? 0 : -100);
    ranked.emplace_back(option.value + last, std::move(vote));
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Vote> votes;
  for (auto& [value, vote] : ranked) votes.push_back(std::move(vote));
  return votes;
}

std::string reason_text(const vote::Judgement& judgement, const vote::Choice& choice) {
  const vote::OptionVote& chosen = judgement.options[choice.option];
  std::string text = fmt::format("'{}': {:.0f} % success expected; succeeded {} of {} times here", chosen.option, chosen.estimate * 100,
                                 chosen.successes, chosen.successes + chosen.failures);
  if (choice.probe) text += "; set aside before, probed because it was not tried for long";
  else if (choice.option != choice.best)
    text += fmt::format("; tried out: '{}' has the better forecast ({:.0f} %), but this one is chosen {:.0f} % of the time while there is doubt",
                        judgement.options[choice.best].option, judgement.options[choice.best].estimate * 100, chosen.propensity * 100);
  return text;
}

std::string change_text(const vote::ChangeSeen& change, std::uint64_t outcomes_now) {
  return fmt::format("'{}' got {}: {:.2f} expected before, {:.2f} in the {} outcomes since; noticed {} outcomes ago", change.option,
                     change.better ? "better" : "worse", change.before, change.after, change.after_outcomes,
                     outcomes_now >= change.clock ? outcomes_now - change.clock : 0);
}

Json to_json(const Vote& vote) {
  Json says = Json::array();
  for (const VoterSay& say : vote.says) {
    Json evidence = Json::array();
    for (const DecisionId& id : say.evidence) evidence.push_back(id.hex());
    says.push_back({{"voter", say.voter}, {"weight", say.weight}, {"confidence", say.confidence}, {"estimate", say.estimate},
                    {"evidence", std::move(evidence)}});
  }
  Json value = {{"option", vote.option}, {"weight", vote.weight}, {"confidence", vote.confidence}, {"successes", vote.successes},
                {"failures", vote.failures}, {"deprecated", vote.deprecated}, {"probability", vote.probability}, {"cost", vote.cost},
                {"says", std::move(says)}};
  if (!vote.veto.empty()) value["veto"] = vote.veto;
  return value;
}

Json to_json(const DecisionResult& result) {
  Json votes = Json::array();
  for (const Vote& vote : result.votes) votes.push_back(to_json(vote));
  return {{"id", result.id.empty() ? Json(nullptr) : Json(result.id.hex())},
          {"choice", result.chosen ? Json(*result.chosen) : Json(nullptr)},
          {"confidence", result.confidence},
          {"explored", result.explored},
          {"reason", result.reason},
          {"votes", std::move(votes)},
          {"change", result.change.empty() ? Json(nullptr) : Json(result.change)},
          {"would_change_my_mind", result.changes_of_mind}};
}

Json to_json(const knowledge::DecisionSummary& decision) {
  Json options = Json::array();
  for (std::size_t i = 0; i < decision.options.size(); ++i) {
    Json option = {{"option", decision.options[i]}, {"says", says_json(decision, i)}};
    if (i < decision.spoken.blend.size()) option["weight"] = static_cast<double>(decision.spoken.blend[i]);
    if (i < decision.costs.size()) option["cost"] = number_or_null(decision.costs[i]);
    if (i < decision.qualities.size()) option["quality"] = number_or_null(decision.qualities[i]);
    if (i < decision.vetoes.size() && !decision.vetoes[i].empty()) option["veto"] = decision.vetoes[i];
    options.push_back(std::move(option));
  }
  Json value = {{"id", decision.id.hex()}, {"type", decision.type}, {"chosen", decision.chosen}, {"propensity", decision.propensity},
                {"time", base::format_timestamp(decision.time)}, {"options", std::move(options)},
                {"success", decision.success ? Json(*decision.success) : Json(nullptr)}};
  if (decision.success) value["reward"] = decision.reward;
  if (const auto context = base::parse_json(decision.context, "context", {vote::max_context_bytes, vote::max_context_depth}))
    value["context"] = *context;
  if (!decision.prefer.empty()) value["prefer"] = decision.prefer;
  for (const auto& [option, reward] : decision.others) value["others"][option] = reward;
  return value;
}

}  // namespace autodev::app
