// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Weighted vote: every option's record of outcomes gives it a weight and a confidence.
//
//   weight      mean of Beta(1 + successes, 1 + failures)
//   confidence  1 - width of its 95 % interval
//   choice      the largest weight x confidence among options that are not deprecated (weight < 0.1); ties go to the
//               option named first
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/parts.h"
#include "base/hash.h"
#include "base/wire.h"
#include "mine/quality.h"

namespace autodev {
namespace {

constexpr std::size_t max_options = 64;
constexpr std::size_t max_option_bytes = 200;
constexpr double deprecation_weight = 0.1;  // the specification's

using Tally = std::map<std::string, std::pair<std::uint32_t, std::uint32_t>, std::less<>>;

Result<Tally> tally_of(knowledge::KnowledgeStore& store, std::string_view type) {
  Tally tally;
  AUTODEV_TRY(store.for_each_decision([&](const knowledge::DecisionSummary& decision) {
    if (decision.type != type || !decision.success) return true;
    auto& [successes, failures] = tally[decision.chosen];
    ++(*decision.success ? successes : failures);
    return true;
  }));
  return tally;
}

Vote vote_for(std::string option, std::uint32_t successes, std::uint32_t failures) {
  const SuccessShare share = mine::beta_share(successes, failures);
  Vote vote;
  vote.option = std::move(option);
  vote.successes = successes;
  vote.failures = failures;
  vote.weight = share.mean;
  vote.confidence = std::max(0.0, 1.0 - (share.upper - share.lower));
  vote.deprecated = vote.weight < deprecation_weight;
  return vote;
}

bool is_better(const Vote& a, const Vote& b) {
  if (a.deprecated != b.deprecated) return b.deprecated;
  return a.weight * a.confidence > b.weight * b.confidence;
}

Result<void> check(const Decision& decision) {
  if (decision.type.empty() || decision.type.size() > 64 ||
      decision.type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") != std::string::npos)
    return fail(ErrorCode::usage, fmt::format("decision type '{}': expected 1 to 64 of a-z 0-9 . _ -", decision.type));
  if (decision.options.empty() || decision.options.size() > max_options)
    return fail(ErrorCode::usage, fmt::format("a decision needs 1 to {} options, not {}", max_options, decision.options.size()));
  for (std::size_t i = 0; i < decision.options.size(); ++i) {
    const std::string& option = decision.options[i];
    if (option.empty() || option.size() > max_option_bytes)
      return fail(ErrorCode::usage, fmt::format("option {}: expected 1 to {} bytes", i + 1, max_option_bytes));
    if (std::count(decision.options.begin(), decision.options.end(), option) > 1)
      return fail(ErrorCode::usage, fmt::format("option '{}' is named twice", option));
  }
  return {};
}

DecisionId new_decision_id(base::Env& env, const Decision& decision) {
  std::string bytes = decision.type;
  base::WireWriter writer(bytes);
  for (const std::string& option : decision.options) writer.bytes(option);
  writer.u64(static_cast<std::uint64_t>(env.now().time_since_epoch().count()));
  writer.u64(env.random_u64());
  return {base::hash128(bytes)};
}

}  // namespace

Result<DecisionResult> DecisionImprover::select_decision(const Decision& decision) {
  AUTODEV_TRY(check(decision));
  AUTODEV_TRY_ASSIGN(const Tally tally, tally_of(*parts_.store, decision.type));
  DecisionResult result;
  bool anything_known = false;
  for (const std::string& option : decision.options) {
    const auto found = tally.find(option);
    anything_known = anything_known || found != tally.end();
    result.votes.push_back(found == tally.end() ? vote_for(option, 0, 0)
                                                : vote_for(option, found->second.first, found->second.second));
  }
  std::stable_sort(result.votes.begin(), result.votes.end(), is_better);
  if (!anything_known) {
    result.reason = fmt::format("nothing is known about '{}': no option has an outcome yet", decision.type);
    return result;
  }
  const Vote& best = result.votes.front();
  result.chosen = best.option;
  result.id = new_decision_id(parts_.env, decision);
  result.reason = fmt::format("'{}' succeeded {} of {} times: weight {:.2f} x confidence {:.2f}", best.option, best.successes,
                              best.successes + best.failures, best.weight, best.confidence);
  if (parts_.options.read_only) return result;
  AUTODEV_TRY(parts_.store->append({knowledge::DecisionMade{result.id, decision.type, best.option, decision.options, 1.0}}));
  AUTODEV_TRY(parts_.store->refresh());
  return result;
}

Result<DecisionId> DecisionImprover::record_choice(const Decision& decision, std::string_view chosen) {
  AUTODEV_TRY(check(decision));
  if (std::find(decision.options.begin(), decision.options.end(), chosen) == decision.options.end())
    return fail(ErrorCode::usage, fmt::format("'{}' is not one of the options", chosen));
  const DecisionId id = new_decision_id(parts_.env, decision);
  AUTODEV_TRY(parts_.store->append({knowledge::DecisionMade{id, decision.type, std::string(chosen), decision.options, 1.0}}));
  AUTODEV_TRY(parts_.store->refresh());
  return id;
}

Result<void> DecisionImprover::improve_decision(DecisionId decision, bool success) {
  bool known = false;
  AUTODEV_TRY(parts_.store->for_each_decision([&](const knowledge::DecisionSummary& made) {
    known = made.id == decision;
    return !known;
  }));
  if (!known) return fail(ErrorCode::no_input, "no decision has the id " + decision.hex());
  AUTODEV_TRY(parts_.store->append({knowledge::DecisionOutcome{decision, success, success ? 1.0 : 0.0}}));
  AUTODEV_TRY(parts_.store->refresh());
  return {};
}

Result<std::vector<Vote>> DecisionImprover::votes(std::string_view type) {
  AUTODEV_TRY_ASSIGN(const Tally tally, tally_of(*parts_.store, type));
  std::vector<Vote> votes;
  for (const auto& [option, counts] : tally) votes.push_back(vote_for(option, counts.first, counts.second));
  std::stable_sort(votes.begin(), votes.end(), is_better);
  return votes;
}

}  // namespace autodev
