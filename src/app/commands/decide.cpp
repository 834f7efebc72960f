// SPDX-License-Identifier: MIT OR Apache-2.0
//
// decide and outcome: ask for a decision, report how it went.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/commands/list.h"
#include "app/decision_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

/// "OPTION=NUMBER" or "OPTION=TEXT": the part behind the last '='. Options may contain '='.
Result<std::pair<std::size_t, std::string>> detail_of(const Decision& decision, const std::string& name, const std::string& given) {
  const auto equals = given.rfind('=');
  const std::string option = given.substr(0, equals);
  const auto found = std::find(decision.options.begin(), decision.options.end(), option);
  if (equals == std::string::npos || found == decision.options.end())
    return fail(ErrorCode::usage, fmt::format("--{} {}: expected OPTION=VALUE with one of the options", name, base::clip_utf8(given, 80)));
  return std::pair(static_cast<std::size_t>(found - decision.options.begin()), given.substr(equals + 1));
}

Result<double> number_of(const std::string& name, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return fail(ErrorCode::usage, fmt::format("--{}: '{}' is not a number", name, base::clip_utf8(text, 80)));
  return value;
}

Result<void> read_details(const Arguments& arguments, Decision& decision) {
  decision.details.resize(decision.options.size());
  for (const std::string name : {"cost", "quality"})
    for (const std::string& given : arguments.list(name)) {
      AUTODEV_TRY_ASSIGN(const auto detail, detail_of(decision, name, given));
      AUTODEV_TRY_ASSIGN(const double value, number_of(name, detail.second));
      (name == "cost" ? decision.details[detail.first].cost : decision.details[detail.first].quality) = value;
    }
  for (const std::string& given : arguments.list("veto")) {
    AUTODEV_TRY_ASSIGN(const auto detail, detail_of(decision, "veto", given));
    decision.details[detail.first].veto = detail.second.empty() ? "forbidden" : detail.second;
  }
  return {};
}

Result<Decision> decision_of(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  Decision decision;
  decision.type = arguments.text("type").value_or("");
  if (decision.type.empty()) return fail(ErrorCode::usage, "decide: --type is missing", "e.g. --type model-tier");
  decision.options = arguments.list("option");
  if (decision.options.empty()) return fail(ErrorCode::usage, "decide: --option is missing", "name each option: --option small --option large");
  decision.context = arguments.text("context").value_or("");
  decision.prefer = arguments.text("prefer").value_or("");
  AUTODEV_TRY(read_details(arguments, decision));
  return decision;
}

void print_votes(Output& out, const DecisionResult& result, bool explain) {
  for (const Vote& vote : result.votes) {
    std::string marks;
    if (vote.deprecated) marks += "  deprecated";
    if (!vote.veto.empty()) marks += "  vetoed: " + vote.veto;
    if (vote.cost > 0) marks += fmt::format("  cost {:.2f}", vote.cost);
    if (result.chosen) marks = fmt::format("  chosen with {:.0f} %", vote.probability * 100) + marks;
    out.line(fmt::format("  {:<20} {:>5.1f} %  confidence {:.2f}  {} of {} succeeded{}", base::clip_utf8(base::strip_controls(vote.option), 60),
                         vote.weight * 100, vote.confidence, vote.successes, vote.successes + vote.failures, base::strip_controls(marks)));
    if (!explain) continue;
    for (const VoterSay& say : vote.says) {
      std::string ids;
      for (const DecisionId& id : say.evidence) ids += " " + id.hex().substr(0, 12);
      out.line(fmt::format("      {:<10} weight {:.2f}  confidence {:.2f}  says {:>5.1f} %{}", say.voter, say.weight, say.confidence, say.estimate * 100,
                           ids.empty() ? "" : "  from" + ids));
    }
  }
}

void print_result(CommandContext& context, const DecisionResult& result) {
  Output& out = context.output;
  out.object(to_json(result));
  if (!result.chosen) {
    out.line("no choice: " + base::strip_controls(result.reason));
    print_votes(out, result, context.arguments.flag("explain"));
    out.message("choose yourself and record it: add --chose OPTION, then report with `auto-dev learn outcome ID success|failure`");
    return;
  }
  out.line(out.style(base::strip_controls(*result.chosen), base::Style::bold) + fmt::format("  confidence {:.2f}  {}", result.confidence, result.id.hex()));
  out.line("  " + base::strip_controls(result.reason));
  print_votes(out, result, context.arguments.flag("explain"));
  if (!result.change.empty()) out.line("  change noticed: " + base::strip_controls(result.change));
  if (!context.arguments.flag("explain")) return;
  out.line("  what would have changed my mind:");
  for (const std::string& line : result.changes_of_mind) out.line("    " + base::strip_controls(line));
  if (result.changes_of_mind.empty()) out.line("    nothing within 25 outcomes");
}

Result<int> run_decide(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(Decision decision, decision_of(context));
  AUTODEV_TRY_ASSIGN(StoreLocation location, locate_store(context.env, context.store_option));
  AUTODEV_TRY_ASSIGN(Config config, Config::load(context.env, location.folder));
  decision.cost_weight = config.real("learn.decide.cost_weight");
  decision.explore = config.boolean("learn.decide.explore") && !context.arguments.flag("no-explore");
  decision.explain = context.arguments.flag("explain");
  const auto chose = context.arguments.text("chose");
  // Who has opted out of recording still gets an answer; a first question does not make a store.
  const bool records = chose || (config.boolean("learn.enabled") && location.exists);
  AUTODEV_TRY_ASSIGN(const OpenStore opened,
                     open_store(context, records ? Access::write : Access::read, std::move(location), std::move(config)));
  if (chose) {
    AUTODEV_TRY_ASSIGN(const DecisionId id, opened.system->decisions().record_choice(decision, *chose));
    context.output.object({{"id", id.hex()}, {"choice", *chose}, {"recorded", true}});
    context.output.line(fmt::format("{}  recorded as chosen  {}", base::strip_controls(*chose), id.hex()));
    return 0;
  }
  AUTODEV_TRY_ASSIGN(const DecisionResult result, opened.system->decisions().select_decision(decision));
  print_result(context, result);
  return result.chosen ? 0 : 1;
}

Result<int> run_outcome(CommandContext& context) {
  const auto& words = context.arguments.positionals;
  if (words.size() != 2 || (words[1] != "success" && words[1] != "failure"))
    return fail(ErrorCode::usage, "outcome: name a decision and how it went", "auto-dev learn outcome ID success|failure");
  AUTODEV_TRY_ASSIGN(const auto reward, context.arguments.real("reward", 0, 1));
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  AUTODEV_TRY_ASSIGN(const DecisionId id, resolve_decision(opened.store(), words[0]));
  const std::string option = context.arguments.text("of").value_or("");
  AUTODEV_TRY_ASSIGN(const auto before, opened.store().decision(id));
  if (option.empty() && before && before->success)
    context.output.warning(fmt::format("this decision was already reported as a {}: the first report counts", *before->success ? "success" : "failure"));
  AUTODEV_TRY(opened.system->decisions().improve_decision(id, words[1] == "success", reward, option));
  AUTODEV_TRY_ASSIGN(const auto after, opened.store().decision(id));
  if (!after) return fail(ErrorCode::internal, "the decision vanished");
  context.output.object(to_json(*after));
  AUTODEV_TRY_ASSIGN(const auto votes, opened.system->decisions().votes(after->type));
  for (const Vote& vote : votes)
    if (vote.option == (option.empty() ? after->chosen : option))
      context.output.line(fmt::format("{} / {}: now {:.1f} % expected, {} of {} succeeded{}", after->type, base::strip_controls(vote.option), vote.weight * 100,
                                      vote.successes, vote.successes + vote.failures, vote.deprecated ? ", deprecated" : ""));
  return 0;
}

}  // namespace

Command decide() {
  Command command;
  command.path = "learn decide";
  command.summary = "choose an option by weighted vote over what happened before";
  command.details =
      "Types are yours: approach, pattern, model-tier, retry, tool, test-strategy, ... The context is what the decision depends on;\n"
      "strings, numbers and texts are all used. Answers with the choice, its confidence and every vote; abstains when nothing is\n"
      "known. The choice is recorded with its propensity; report how it went with `learn outcome`. Formulas: docs/decision-model.md.";
  command.options = {{"type", OptionKind::text, "TYPE", "kind of decision: 1 to 64 of a-z 0-9 . _ -"},
                     {"option", OptionKind::list, "OPTION", "one possible choice; 1 to 64 times"},
                     {"context", OptionKind::text, "JSON", "object of what the decision depends on, at most 64 KiB"},
                     {"prefer", OptionKind::text, "OPTION", "what you would choose: one vote among others"},
                     {"cost", OptionKind::list, "OPTION=N", "cost of an option, any unit (see learn.decide.cost_weight)"},
                     {"quality", OptionKind::list, "OPTION=Q", "quality of the pattern behind an option, 0 to 1"},
                     {"veto", OptionKind::list, "OPTION=REASON", "a guard forbids this option"},
                     {"chose", OptionKind::text, "OPTION", "record that you chose this one, instead of asking"},
                     {"no-explore", OptionKind::flag, "", "the best forecast, never the probably second best"},
                     {"explain", OptionKind::flag, "", "every voter, its evidence, and what would have changed the choice"}};
  command.examples = {"auto-dev learn decide --type model-tier --option small --option large --cost small=1 --cost large=20 --context '{\"files\": 3}'",
                      "auto-dev learn decide --type retry --option again --option give-up --context '{\"cause\": \"timeout\"}' --explain"};
  command.exit_codes = "0 chosen, 1 abstained";
  command.run = run_decide;
  return command;
}

Command outcome() {
  Command command;
  command.path = "learn outcome";
  command.summary = "report how a decision went";
  command.details = "The first report counts. --of reports what another option than the chosen one turned out to give.";
  command.positionals = {{"DECISION-ID", "id or its first digits (at least 6)", 1, 1}, {"RESULT", "success or failure", 1, 1}};
  command.options = {{"reward", OptionKind::real_number, "R", "how good, 0 to 1 (default: success 1, failure 0)"},
                     {"of", OptionKind::text, "OPTION", "another option of this decision"}};
  command.examples = {"auto-dev learn outcome 3fa9c1d2 failure", "auto-dev learn outcome 3fa9c1d2 success --reward 0.8"};
  command.run = run_outcome;
  return command;
}

}  // namespace autodev::app::commands
