// SPDX-License-Identifier: MIT OR Apache-2.0
//
// patterns list | show | why, and feedback on them.
#include <fmt/format.h>

#include <algorithm>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

/// Templates smaller than this say nothing: hidden unless --all.
constexpr std::size_t trivial_lines = 2;

bool is_shown_by_default(const Pattern& pattern) {
  return pattern.status == PatternStatus::active ||
         (pattern.evidence.distinct_instances + pattern.evidence.instances >= 3 &&
          base::split_lines(pattern.implementation).size() > trivial_lines &&
          pattern.status != PatternStatus::deprecated);
}

Result<std::optional<PatternKind>> wanted_kind(const Arguments& arguments) {
  const auto name = arguments.text("kind");
  if (!name) return std::nullopt;
  const auto kind = pattern_kind_from_name(*name);
  if (kind) return kind;
  return fail(ErrorCode::usage, "--kind: '" + *name + "' is none of structural, behavioural, idiom, edit");
}

bool comes_first(const Pattern& a, const Pattern& b) {
  if (a.quality.total() != b.quality.total()) return a.quality.total() > b.quality.total();
  if (a.evidence.distinct_instances != b.evidence.distinct_instances)
    return a.evidence.distinct_instances > b.evidence.distinct_instances;
  if (a.evidence.instances != b.evidence.instances) return a.evidence.instances > b.evidence.instances;
  return a.id < b.id;
}

void print_row(Output& out, const Pattern& pattern) {
  out.line(fmt::format("{}  {:<9}  {:.3f}  {:>4} in {:<2}  {:<10} {}", pattern.id.hex().substr(0, 12),
                       to_string(pattern.status), pattern.quality.total() / 1000.0, pattern.evidence.instances,
                       pattern.evidence.projects, to_string(pattern.context.language), pattern.name));
}

Result<int> list_anti_patterns(CommandContext& context, const OpenStore& opened, std::size_t limit) {
  std::vector<AntiPattern> all;
  AUTODEV_TRY(opened.store().for_each_anti_pattern([&](const AntiPattern& anti) {
    all.push_back(anti);
    return true;
  }));
  std::stable_sort(all.begin(), all.end(), [](const AntiPattern& a, const AntiPattern& b) {
    if (a.strength != b.strength) return a.strength > b.strength;
    return a.failures != b.failures ? a.failures > b.failures : a.id < b.id;
  });
  base::Json list = base::Json::array();
  for (std::size_t i = 0; i < std::min(limit, all.size()); ++i) {
    list.push_back(to_json(all[i]));
    context.output.line(fmt::format("{}  {:<9}  failed {:>3}, later passed {:<3} {:<10} {}: {}",
                                    all[i].id.hex().substr(0, 12), to_string(all[i].strength), all[i].failures,
                                    all[i].later_passes, to_string(all[i].language), all[i].name,
                                    base::strip_controls(base::fold_whitespace(base::clip_utf8(all[i].cause, 80)))));
  }
  context.output.object({{"anti_patterns", list}, {"total", all.size()}});
  if (all.size() > limit) context.output.message(fmt::format("{} more; --limit shows more", all.size() - limit));
  return all.empty() ? 1 : 0;
}

Result<int> list_patterns(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto given_limit, context.arguments.number("limit", 1, 1'000'000));
  const auto limit = static_cast<std::size_t>(given_limit.value_or(20));
  if (context.arguments.flag("anti")) return list_anti_patterns(context, opened, limit);
  const bool everything = context.arguments.flag("all");
  AUTODEV_TRY_ASSIGN(const auto kind, wanted_kind(context.arguments));
  std::vector<Pattern> shown;
  std::uint64_t total = 0;
  AUTODEV_TRY(opened.store().for_each_pattern([&](const Pattern& pattern) {
    if (kind && pattern.kind != *kind) return true;
    ++total;
    if (everything || is_shown_by_default(pattern)) shown.push_back(pattern);
    return true;
  }));
  std::stable_sort(shown.begin(), shown.end(), comes_first);
  base::Json list = base::Json::array();
  const std::size_t count = std::min(limit, shown.size());
  if (count > 0)
    context.output.line(
        context.output.style("id            status     quality instances  language   name", base::Style::dim));
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(to_json(shown[i]));
    print_row(context.output, shown[i]);
  }
  context.output.object({{"patterns", list}, {"matching", shown.size()}, {"total", total}});
  if (shown.size() > count) context.output.message(fmt::format("{} more; --limit shows more", shown.size() - count));
  if (total > shown.size())
    context.output.message(
        fmt::format("{} of {} patterns hidden: seen fewer than three times or only a line or two; --all shows them",
                    base::with_thousands(total - shown.size()), base::with_thousands(total)));
  return shown.empty() ? 1 : 0;
}

Result<int> show_pattern(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto pattern, opened.store().pattern(id));
  AUTODEV_TRY_ASSIGN(const auto anti, opened.store().anti_pattern(id));
  if (!pattern && !anti) return fail(ErrorCode::no_input, "no pattern has the id " + id.hex());
  if (pattern) {
    context.output.object(to_json(*pattern));
    print_pattern(context.output, *pattern);
  }
  if (!anti) return 0;
  if (!pattern) context.output.object(to_json(*anti));
  context.output.line(fmt::format("known to have failed {} time(s) ({}): {}", anti->failures, to_string(anti->strength),
                                  base::strip_controls(anti->cause)));
  if (!pattern) context.output.line(base::strip_controls(anti->before));
  if (anti->after) {
    context.output.line("replaced by");
    context.output.line(base::strip_controls(*anti->after));
  }
  return 0;
}

base::Json event_json(const knowledge::EventSummary& event) {
  return {{"id", event.id.hex()},
          {"time", base::format_timestamp(event.timestamp)},
          {"event_type", to_string(event.type)},
          {"source", event.source},
          {"project", event.project},
          {"revision", event.revision},
          {"verdict", to_string(event.verdict)},
          {"strength", to_string(event.strength)},
          {"specification", event.specification},
          {"rules", event.rules}};
}

Result<int> explain_pattern(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto pattern, opened.store().pattern(id));
  AUTODEV_TRY_ASSIGN(const auto anti, opened.store().anti_pattern(id));
  if (!pattern && !anti) return fail(ErrorCode::no_input, "no pattern has the id " + id.hex());
  const std::vector<EventId>& ids = pattern ? pattern->events : anti->events;
  Output& out = context.output;
  if (pattern) {
    out.line(fmt::format("{}: {}", pattern->name, evidence_sentence(*pattern)));
    for (const std::string& line : quality_terms(*pattern)) out.line("  " + line);
  } else {
    out.line(fmt::format("{}: failed {} time(s), {}", anti->name, anti->failures, base::strip_controls(anti->cause)));
  }
  out.line(fmt::format("events behind it, newest first ({} shown):", ids.size()));
  base::Json events = base::Json::array();
  for (const EventId& event_id : ids) {
    AUTODEV_TRY_ASSIGN(const auto event, opened.store().event(event_id));
    if (!event) continue;
    events.push_back(event_json(*event));
    out.line(fmt::format("  {} {} {} {}/{} {}", event->id.hex().substr(0, 12), base::format_timestamp(event->timestamp),
                         event->source, to_string(event->verdict), to_string(event->strength),
                         base::strip_controls(base::fold_whitespace(base::clip_utf8(event->specification, 70)))));
    if (!event->revision.empty()) out.line("      revision " + event->revision);
    for (const std::string& rule : event->rules) out.line("      " + rule);
  }
  base::Json value = {{"id", id.hex()}, {"events", events}};
  if (pattern) value["pattern"] = to_json(*pattern);
  if (pattern) value["quality_terms"] = quality_terms(*pattern);
  if (anti) value["anti_pattern"] = to_json(*anti);
  out.object(value);
  return 0;
}

Result<int> give_feedback(CommandContext& context) {
  const auto& words = context.arguments.positionals;
  if (words.size() != 2)
    return fail(ErrorCode::usage, "feedback: name a pattern and a verdict",
                "auto-dev learn feedback ID helped|irrelevant|wrong");
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), words[0]));
  AUTODEV_TRY(opened.system->knowledge().feedback(id, words[1], context.arguments.text("note").value_or(""), context.arguments.text("query").value_or("")));
  AUTODEV_TRY_ASSIGN(const auto pattern, opened.store().pattern(id));
  if (pattern) {
    context.output.object(to_json(*pattern));
    context.output.line(
        fmt::format("{}: now {}, {}", pattern->name, to_string(pattern->status), evidence_sentence(*pattern)));
    return 0;
  }
  AUTODEV_TRY_ASSIGN(const auto guard, opened.store().guard(id));
  context.output.object({{"id", id.hex()}, {"level", guard ? mine::to_string(guard->level) : std::string_view("noted")}});
  context.output.line(guard ? fmt::format("guard {}: now {}", id.hex().substr(0, 12), mine::to_string(guard->level))
                            : fmt::format("{}: noted", id.hex().substr(0, 12)));
  return 0;
}

}  // namespace

Command patterns_list() {
  Command command;
  command.path = "learn patterns list";
  command.summary = "learned patterns, best first";
  command.details = "Shows active patterns and those seen at least three times; says how many are hidden.";
  command.options = {{"all", OptionKind::flag, "", "also patterns seen once or twice, and trivial ones"},
                     {"anti", OptionKind::flag, "", "code that failed, was reverted or had to be fixed"},
                     {"kind", OptionKind::text, "KIND", "only structural, behavioural, idiom or edit patterns"},
                     {"limit", OptionKind::whole_number, "N", "how many (default 20)"}};
  command.examples = {"auto-dev learn patterns list", "auto-dev learn patterns list --anti"};
  command.exit_codes = "0 listed, 1 there are none";
  command.run = list_patterns;
  return command;
}

Command patterns_show() {
  Command command;
  command.path = "learn patterns show";
  command.summary = "one pattern: template, holes, examples, evidence, score";
  command.positionals = {{"ID", "pattern id or its first digits (at least 6)", 1, 1}};
  command.run = show_pattern;
  return command;
}

Command patterns_why() {
  Command command;
  command.path = "learn patterns why";
  command.summary = "the chain from a pattern to the events that taught it";
  command.positionals = {{"ID", "pattern id or its first digits (at least 6)", 1, 1}};
  command.run = explain_pattern;
  return command;
}

Command feedback() {
  Command command;
  command.path = "learn feedback";
  command.summary = "say how a pattern, a guard or a remembered failure served: helped, irrelevant or wrong";
  command.details = "Feedback is journalled and never lost; negative feedback only ever lowers a pattern or guard.";
  command.positionals = {{"ID", "id or its first digits", 1, 1},
                         {"VERDICT", "helped, irrelevant or wrong", 1, 1}};
  command.options = {{"note", OptionKind::text, "TEXT", "why, for yourself"},
                     {"query", OptionKind::text, "TEXT", "what you asked: its words will lead to this pattern (helped) or away from it (irrelevant)"}};
  command.examples = {"auto-dev learn feedback 3fa9c1 helped --query \"close the books\"",
                      "auto-dev learn feedback 3fa9c1 wrong --note \"misses the timeout\""};
  command.run = give_feedback;
  return command;
}

}  // namespace autodev::app::commands
