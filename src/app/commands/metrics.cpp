// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include <deque>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"
#include "report/metrics_html.h"
#include "report/savings.h"

namespace autodev::app::commands {
namespace {

void print_metrics(Output& out, const LearningMetrics& m) {
  const auto row = [&](std::string_view name, const std::string& value) { out.line(fmt::format("{:<28} {}", name, value)); };
  row("patterns_learned", fmt::format("{} ({} active)", base::with_thousands(m.patterns_learned), m.patterns_active));
  row("patterns_by_kind", kinds_sentence(m.patterns_by_kind));
  row("anti_patterns_identified", base::with_thousands(m.anti_patterns_identified));
  row("success_rate_trend", m.success_rate_trend.empty()
                                ? "- (no executed cycle yet)"
                                : base::sparkline(m.success_rate_trend.data(), m.success_rate_trend.size()) +
                                      fmt::format("  latest {:.0f} %", m.success_rate_trend.back() * 100));
  row("llm_reduction_rate", percent(m.llm_reduction_rate));
  row("decision_accuracy", percent(m.decision_accuracy));
  if (!m.decision_accuracy_trend.empty())
    row("decision_accuracy_trend", base::sparkline(m.decision_accuracy_trend.data(), m.decision_accuracy_trend.size()) +
                                       fmt::format("  latest {:.0f} %", m.decision_accuracy_trend.back() * 100));
  if (const auto& effect = m.pattern_effect)
    row("pattern_effect", fmt::format("{:+.0f} points of success when shown [{:+.0f}, {:+.0f}]; shown {}, held back {}", effect->difference * 100,
                                      effect->low * 100, effect->high * 100, effect->shown, effect->held_back));
  row("knowledge_base_size", base::format_bytes(m.knowledge_base_size));
  row("average_implementation_time", m.average_implementation_time ? base::format_duration(*m.average_implementation_time) : "-");
  row("pattern_reuse_rate", percent(m.pattern_reuse_rate));
  row("failure_rate", percent(m.failure_rate));
  row("events / cycles", fmt::format("{} / {}", base::with_thousands(m.events), base::with_thousands(m.cycles)));
}

void print_explanations(Output& out, const LearningMetrics& m) {
  for (const MetricExplanation& item : m.explanations) {
    out.line();
    out.line(out.style(item.name, base::Style::bold));
    out.line("  formula  " + item.formula);
    out.line("  inputs   " + item.inputs);
    std::string ids;
    for (const EventId& id : item.events) ids += (ids.empty() ? "" : " ") + id.hex().substr(0, 12);
    if (!ids.empty()) out.line(fmt::format("  events   {}{}", ids, item.events_total > item.events.size() ? " ..." : ""));
  }
}

const char* class_text(CallClass kind) {
  switch (kind) {
    case CallClass::avoided: return "avoided, proved by further tests";
    case CallClass::avoided_visible: return "avoided on visible tests only";
    case CallClass::first_try: return "made, first try";
    case CallClass::repair: return "made, repair";
    case CallClass::wrong_reuse: return "wrong reuse, charged";
  }
  return "";
}

base::Json savings_json(const report::Savings& savings, bool explain) {
  base::Json json{{"made", savings.made}, {"calls_per_model_cycle", savings.calls_per_model_cycle},
                  {"saved_low", savings.saved_low}, {"saved_high", savings.saved_high},
                  {"pessimistic", nullptr}, {"optimistic", nullptr}, {"classes", base::Json::object()},
                  {"formulas", {{"pessimistic", report::explain_pessimistic(savings)}, {"optimistic", report::explain_optimistic(savings)}}}};
  if (savings.pessimistic) json["pessimistic"] = *savings.pessimistic;
  if (savings.optimistic) json["optimistic"] = *savings.optimistic;
  for (const report::LedgerClass& line : savings.classes) {
    base::Json entry{{"calls", line.calls}};
    if (line.with_tokens > 0) entry["tokens_in"] = line.tokens_in;
    if (line.with_tokens > 0) entry["tokens_out"] = line.tokens_out;
    if (line.with_cost > 0) entry["cost"] = line.cost;
    if (explain)
      for (const EventId& id : line.events) entry["events"].push_back(id.hex());
    json["classes"][std::string(to_string(line.kind))] = std::move(entry);
  }
  return json;
}

void print_savings(Output& out, const report::Savings& savings, bool explain) {
  for (const report::LedgerClass& line : savings.classes) {
    std::string text = fmt::format("{:<34} {:>6}", class_text(line.kind), line.calls);
    if (line.with_tokens > 0) text += fmt::format("   {} tokens in, {} out", base::with_thousands(line.tokens_in), base::with_thousands(line.tokens_out));
    if (line.with_cost > 0) text += fmt::format("   cost {:.4f}", line.cost);
    out.line(text);
    if (!explain) continue;
    std::string ids;
    for (const EventId& id : line.events) ids += " " + id.hex().substr(0, 12);
    if (!ids.empty()) out.line("  events  " + ids);
  }
  if (!savings.optimistic) return out.line("saved                              - (no call was made or avoided yet)");
  out.line(fmt::format("{:<34} {} to {} of the calls that would have been made ({:.1f} to {:.1f} calls)", "saved",
                       percent(savings.pessimistic), percent(savings.optimistic), savings.saved_low, savings.saved_high));
  out.line("  pessimistic  " + report::explain_pessimistic(savings));
  out.line("  optimistic   " + report::explain_optimistic(savings));
}

Result<int> show_savings(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const report::Savings savings, report::compute_savings(opened.store()));
  const bool explain = context.arguments.flag("explain");
  context.output.object(savings_json(savings, explain));
  print_savings(context.output, savings, explain);
  return 0;
}

constexpr std::size_t decisions_shown = 20;

Result<std::vector<knowledge::DecisionSummary>> latest_decisions(knowledge::KnowledgeStore& store) {
  std::deque<knowledge::DecisionSummary> newest;
  AUTODEV_TRY(store.for_each_decision([&](const knowledge::DecisionSummary& decision) {
    newest.push_front(decision);
    if (newest.size() > decisions_shown) newest.pop_back();
    return true;
  }));
  return std::vector<knowledge::DecisionSummary>(newest.begin(), newest.end());
}

Result<int> show_metrics(CommandContext& context) {
  const auto file = context.arguments.text("html");
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const LearningMetrics metrics, opened.system->calculate_metrics(context.arguments.flag("explain") || file));
  context.output.object(to_json(metrics));
  print_metrics(context.output, metrics);
  if (context.arguments.flag("explain")) print_explanations(context.output, metrics);
  if (!file) return 0;
  AUTODEV_TRY_ASSIGN(const auto decisions, latest_decisions(opened.store()));
  AUTODEV_TRY(context.env.write_file_atomically(*file, report::render_metrics(metrics, decisions)));
  context.output.message("report written to " + *file);
  return 0;
}

}  // namespace

Command metrics() {
  Command command;
  command.path = "learn metrics";
  command.summary = "how learning goes, in numbers that can be traced";
  command.details =
      "A number without data is shown as \"-\", never as a default. Rates are about executed cycles only; histories count in\n"
      "patterns and events. --explain adds formula, inputs and event ids. The same numbers stand in knowledge/metrics.json.";
  command.options = {{"explain", OptionKind::flag, "", "formula, inputs and event ids of every number"},
                     {"html", OptionKind::text, "FILE", "also write numbers, trends and the latest decisions as one self-contained page"},
                     {"savings", OptionKind::flag, "", "the ledger of model calls made and avoided, as a range with its formulas"}};
  command.run = [](CommandContext& context) -> Result<int> {
    if (context.arguments.flag("savings")) return show_savings(context);
    return show_metrics(context);
  };
  return command;
}

}  // namespace autodev::app::commands
