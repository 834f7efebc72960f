// SPDX-License-Identifier: MIT OR Apache-2.0
//
// DecisionImprover: checks a question, lets the voters speak, draws, records.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "app/decision_text.h"
#include "app/parts.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/wire.h"

namespace autodev {
namespace {

constexpr std::size_t max_options = 64;
constexpr std::size_t max_option_bytes = 200;
constexpr std::size_t max_veto_bytes = 200;

Result<void> check_type(std::string_view type) {
  if (type.empty() || type.size() > 64 || type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") != std::string_view::npos)
    return fail(ErrorCode::usage, fmt::format("decision type '{}': expected 1 to 64 of a-z 0-9 . _ -", base::clip_utf8(type, 80)));
  return {};
}

Result<void> check_details(const Decision& decision) {
  if (!decision.details.empty() && decision.details.size() != decision.options.size())
    return fail(ErrorCode::usage, fmt::format("{} details for {} options", decision.details.size(), decision.options.size()));
  for (std::size_t i = 0; i < decision.details.size(); ++i) {
    const OptionDetail& detail = decision.details[i];
    if (detail.cost && !(*detail.cost >= 0 && std::isfinite(*detail.cost)))
      return fail(ErrorCode::usage, fmt::format("the cost of '{}' is not a number from 0", decision.options[i]));
    if (detail.quality && !(*detail.quality >= 0 && *detail.quality <= 1))
      return fail(ErrorCode::usage, fmt::format("the quality of '{}' is not a number from 0 to 1", decision.options[i]));
  }
  return {};
}

Result<void> check(const Decision& decision) {
  AUTODEV_TRY(check_type(decision.type));
  if (decision.options.empty() || decision.options.size() > max_options)
    return fail(ErrorCode::usage, fmt::format("a decision needs 1 to {} options, not {}", max_options, decision.options.size()));
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < decision.options.size(); ++i) {
    const std::string& option = decision.options[i];
    if (option.empty() || option.size() > max_option_bytes || !base::is_valid_utf8(option))
      return fail(ErrorCode::usage, fmt::format("option {}: expected 1 to {} bytes of UTF-8", i + 1, max_option_bytes));
    if (!seen.insert(option).second) return fail(ErrorCode::usage, fmt::format("option '{}' is named twice", option));
  }
  if (!decision.prefer.empty() && !seen.contains(decision.prefer))
    return fail(ErrorCode::usage, fmt::format("'{}' is preferred, but not one of the options", base::clip_utf8(decision.prefer, 80)));
  if (!(decision.cost_weight >= 0 && decision.cost_weight <= 1)) return fail(ErrorCode::usage, "the cost weight is not a number from 0 to 1");
  return check_details(decision);
}

DecisionId new_decision_id(base::Env& env, const Decision& decision) {
  std::string bytes = decision.type;
  base::WireWriter writer(bytes);
  for (const std::string& option : decision.options) writer.bytes(option);
  writer.bytes(decision.context);
  writer.u64(static_cast<std::uint64_t>(env.now().time_since_epoch().count()));
  writer.u64(env.random_u64());
  return {base::hash128(bytes)};
}

Result<vote::Question> question_of(const Decision& decision) {
  vote::Question question;
  question.type = decision.type;
  question.options = decision.options;
  question.prefer = decision.prefer;
  AUTODEV_TRY_ASSIGN(question.context, vote::read_context(decision.context));
  for (const OptionDetail& detail : decision.details) question.facts.push_back({detail.cost, detail.quality, detail.veto});
  return question;
}

knowledge::DecisionMade record_of(const app::Parts& parts, DecisionId id, const Decision& decision, std::string_view chosen) {
  knowledge::DecisionMade made;
  made.id = id;
  made.type = decision.type;
  made.chosen = chosen;
  made.options = decision.options;
  made.context = decision.context;
  made.prefer = decision.prefer;
  made.project = parts.options.project;
  for (const OptionDetail& detail : decision.details) {
    made.costs.push_back(detail.cost.value_or(-1));
    made.qualities.push_back(detail.quality.value_or(-1));
    made.vetoes.emplace_back(base::clip_utf8(detail.veto, max_veto_bytes));
  }
  return made;
}

double unit_chance(base::Env& env) { return static_cast<double>(env.random_u64() >> 11) * 0x1.0p-53; }

/// Journals, folds, and brings the readable files up to date.
Result<void> append_and_fold(app::Parts& parts, knowledge::Payload payload) {
  if (parts.options.read_only) return fail(ErrorCode::permission, "this knowledge was opened read-only");
  AUTODEV_TRY(parts.store->append({std::move(payload)}));
  AUTODEV_TRY_ASSIGN(const auto folded, parts.store->refresh());
  return app::write_decision_files(parts, folded);
}

bool all_vetoed(const vote::Judgement& judgement) {
  return std::all_of(judgement.options.begin(), judgement.options.end(), [](const vote::OptionVote& vote) { return !vote.veto.empty(); });
}

}  // namespace

Result<DecisionResult> DecisionImprover::select_decision(const Decision& decision) {
  AUTODEV_TRY(check(decision));
  AUTODEV_TRY_ASSIGN(const vote::Question question, question_of(decision));
  vote::Settings settings;
  settings.cost_weight = decision.cost_weight;
  settings.explore = decision.explore;
  AUTODEV_TRY_ASSIGN(vote::Judgement judgement, parts_.store->judge(question, settings));
  const vote::Choice choice = vote::choose(judgement, settings, settings.explore ? unit_chance(parts_.env) : 0.0);
  DecisionResult result;
  result.votes = app::votes_of(judgement);
  if (judgement.change) result.change = app::change_text(*judgement.change, judgement.outcomes);
  if (all_vetoed(judgement)) {
    result.reason = "a guard forbids every option";
    return result;
  }
  if (!judgement.anything_known) {
    result.reason = fmt::format("nothing is known about '{}': no option has an outcome yet", decision.type);
    return result;
  }
  const vote::OptionVote& chosen = judgement.options[choice.option];
  result.chosen = chosen.option;
  result.confidence = chosen.evidence / (chosen.evidence + 4);
  result.explored = choice.option != choice.best;
  result.reason = app::reason_text(judgement, choice);
  if (decision.explain) {
    AUTODEV_TRY_ASSIGN(result.changes_of_mind, parts_.store->what_would_change(question, settings, judgement, choice));
  }
  if (parts_.options.read_only || !decision.record) return result;
  result.id = new_decision_id(parts_.env, decision);
  knowledge::DecisionMade made = record_of(parts_, result.id, decision, chosen.option);
  made.propensity = chosen.propensity;
  for (const vote::OptionVote& vote : judgement.options) made.probabilities.push_back(vote.propensity);
  AUTODEV_TRY(append_and_fold(parts_, std::move(made)));
  return result;
}

Result<DecisionId> DecisionImprover::record_choice(const Decision& decision, std::string_view chosen) {
  AUTODEV_TRY(check(decision));
  AUTODEV_TRY(vote::read_context(decision.context));
  if (std::find(decision.options.begin(), decision.options.end(), chosen) == decision.options.end())
    return fail(ErrorCode::usage, fmt::format("'{}' is not one of the options", base::clip_utf8(chosen, 80)));
  const DecisionId id = new_decision_id(parts_.env, decision);
  AUTODEV_TRY(append_and_fold(parts_, record_of(parts_, id, decision, chosen)));
  return id;
}

Result<void> DecisionImprover::improve_decision(DecisionId decision, bool success, std::optional<double> reward, std::string_view option) {
  const double value = reward.value_or(success ? 1.0 : 0.0);
  if (!(value >= 0 && value <= 1)) return fail(ErrorCode::usage, "the reward is not a number from 0 to 1");
  AUTODEV_TRY_ASSIGN(auto made, parts_.store->decision(decision));
  if (!made) {  // perhaps another process has made it meanwhile
    AUTODEV_TRY(parts_.store->refresh());
    AUTODEV_TRY_ASSIGN(made, parts_.store->decision(decision));
  }
  if (!made) return fail(ErrorCode::no_input, "no decision has the id " + decision.hex(), "`auto-dev learn decisions list` shows ids");
  if (!option.empty() && std::find(made->options.begin(), made->options.end(), option) == made->options.end())
    return fail(ErrorCode::usage, fmt::format("'{}' is not one of the options of this decision", base::clip_utf8(option, 80)));
  return append_and_fold(parts_, knowledge::DecisionOutcome{decision, success, value, option == made->chosen ? std::string() : std::string(option)});
}

Result<std::vector<Vote>> DecisionImprover::votes(std::string_view type) {
  AUTODEV_TRY(check_type(type));
  vote::Question question;
  question.type = type;
  AUTODEV_TRY_ASSIGN(question.options, parts_.store->decided_options(type));
  if (question.options.empty()) return std::vector<Vote>();
  AUTODEV_TRY_ASSIGN(const vote::Judgement judgement, parts_.store->judge(question, {}));
  return app::votes_of(judgement);
}

}  // namespace autodev
