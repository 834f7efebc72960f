// SPDX-License-Identifier: MIT OR Apache-2.0
//
// decisions list | show | why.
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "app/commands/list.h"
#include "app/decision_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

using knowledge::DecisionSummary;

std::string plain(std::string_view text, std::size_t bytes) {
  return base::strip_controls(base::fold_whitespace(base::clip_utf8(text, bytes)));
}

std::string result_of(const DecisionSummary& decision) {
  if (!decision.success) return "no outcome yet";
  const std::string result = *decision.success ? "success" : "failure";
  return decision.reward == (*decision.success ? 1.0 : 0.0) ? result : fmt::format("{} ({:.2f})", result, decision.reward);
}

Result<int> list(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto limit, context.arguments.number("limit", 1, 1'000'000));
  const std::string type = context.arguments.text("type").value_or("");
  std::deque<DecisionSummary> newest;
  std::uint64_t total = 0;
  AUTODEV_TRY(opened.store().for_each_decision([&](const DecisionSummary& decision) {
    if (!type.empty() && decision.type != type) return true;
    ++total;
    newest.push_front(decision);
    if (newest.size() > limit.value_or(20)) newest.pop_back();
    return true;
  }));
  base::Json list = base::Json::array();
  for (const DecisionSummary& decision : newest) {
    list.push_back(to_json(decision));
    context.output.line(fmt::format("{}  {}  {:<16} {:<20} {:<14} {}", decision.id.hex().substr(0, 12), base::format_timestamp(decision.time),
                                    decision.type, plain(decision.chosen, 40), result_of(decision), plain(decision.context, 60)));
  }
  context.output.object({{"decisions", list}, {"total", total}});
  if (total > newest.size()) context.output.message(fmt::format("{} older ones; --limit shows more", total - newest.size()));
  if (total == 0) context.output.message("no decisions yet: `auto-dev learn decide --help`");
  return total == 0 ? 1 : 0;
}

void print_decision(Output& out, const DecisionSummary& decision) {
  out.line(fmt::format("{}  {}  {}", out.style(decision.id.hex(), base::Style::bold), decision.type, base::format_timestamp(decision.time)));
  out.line(fmt::format("  chose {} (with probability {:.2f}): {}", plain(decision.chosen, 200), decision.propensity, result_of(decision)));
  if (!decision.prefer.empty()) out.line("  preferred by the user: " + plain(decision.prefer, 200));
  if (!decision.context.empty()) out.line("  context " + plain(decision.context, 400));
  for (const auto& [option, reward] : decision.others) out.line(fmt::format("  {} would have given {:.2f}", plain(option, 200), reward));
}

/// What was said then, and what is known now.
void print_votes(Output& out, const DecisionSummary& decision) {
  for (std::size_t i = 0; i < decision.spoken.blend.size() && i < decision.options.size(); ++i) {
    out.line(fmt::format("  {:<20} {:>5.1f} % expected then", plain(decision.options[i], 60), static_cast<double>(decision.spoken.blend[i]) * 100));
    for (std::size_t v = 0; v < vote::voter_count && v < decision.weights.size(); ++v) {
      if (decision.spoken.confidence[i][v] <= 0) continue;
      const bool has_evidence = decision.options[i] == decision.chosen && v < decision.evidence.size() && !decision.evidence[v].empty();
      out.line(fmt::format("      {:<10} weight {:.2f}  confidence {:.2f}  said {:>5.1f} %{}", vote::name_of(static_cast<vote::Voter>(v)), decision.weights[v],
                           static_cast<double>(decision.spoken.confidence[i][v]), static_cast<double>(decision.spoken.estimate[i][v]) * 100,
                           has_evidence ? "  from " + decision.evidence[v].hex().substr(0, 12) : ""));
    }
  }
}

Result<int> show(CommandContext& context, bool why) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const DecisionId id, resolve_decision(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto decision, opened.store().decision(id));
  if (!decision) return fail(ErrorCode::no_input, "no decision has the id " + id.hex());
  base::Json value = to_json(*decision);
  print_decision(context.output, *decision);
  if (why) {
    print_votes(context.output, *decision);
    // The decisions that the voters relied on, and how they went.
    base::Json evidence = base::Json::array();
    std::vector<DecisionId> seen;
    for (const DecisionId& behind : decision->evidence) {
      if (behind.empty() || std::find(seen.begin(), seen.end(), behind) != seen.end()) continue;
      seen.push_back(behind);
      AUTODEV_TRY_ASSIGN(const auto earlier, opened.store().decision(behind));
      if (!earlier) continue;
      evidence.push_back(to_json(*earlier));
      context.output.line(fmt::format("  {}  chose {}: {}  {}", behind.hex().substr(0, 12), plain(earlier->chosen, 40), result_of(*earlier), plain(earlier->context, 60)));
    }
    value["evidence"] = evidence;
  }
  context.output.object(std::move(value));
  return 0;
}

}  // namespace

Command decisions_list() {
  Command command;
  command.path = "learn decisions list";
  command.summary = "past decisions, newest first, and how they went";
  command.options = {{"type", OptionKind::text, "TYPE", "only this type"}, {"limit", OptionKind::whole_number, "N", "how many (default 20)"}};
  command.exit_codes = "0 listed, 1 there are none";
  command.run = list;
  return command;
}

Command decisions_show() {
  Command command;
  command.path = "learn decisions show";
  command.summary = "one decision: options, choice, context, outcome";
  command.positionals = {{"ID", "decision id or its first digits (at least 6)", 1, 1}};
  command.run = [](CommandContext& context) { return show(context, false); };
  return command;
}

Command decisions_why() {
  Command command;
  command.path = "learn decisions why";
  command.summary = "what every voter said when the decision was made, and the decisions behind it";
  command.positionals = {{"ID", "decision id or its first digits (at least 6)", 1, 1}};
  command.run = [](CommandContext& context) { return show(context, true); };
  return command;
}

}  // namespace autodev::app::commands
