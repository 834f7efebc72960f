// SPDX-License-Identifier: MIT OR Apache-2.0
//
// patterns list | show | why, and feedback on them.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "app/commands/edit_patterns.h"
#include "app/commands/list.h"
#include "app/event_chain.h"
#include "app/json_views.h"
#include "app/pattern_page.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

/// Which patterns a list shows.
enum class Shown : std::uint8_t { active, kept, all };

/// How many patterns a list leaves out, by the reason.
struct Hidden {
  std::uint64_t probation = 0, trivial = 0, seldom = 0, deprecated = 0;
};

/// Is the pattern shown? Counts it otherwise.
bool is_shown(const Pattern& pattern, Shown wanted, Hidden& hidden) {
  if (wanted == Shown::all) return true;
  if (pattern.status == PatternStatus::deprecated) return ++hidden.deprecated, false;
  if (pattern.unkept.starts_with("trivial")) return ++hidden.trivial, false;
  if (pattern.status == PatternStatus::active) return true;
  if (!pattern.unkept.empty()) return ++hidden.seldom, false;
  if (wanted == Shown::kept) return true;
  return ++hidden.probation, false;
}

/// "120 on probation (--probation shows them); 30 trivial, 800 seldom and 2 deprecated (--all)"; empty when nothing is hidden.
std::string hidden_sentence(const Hidden& hidden) {
  std::vector<std::string> groups;
  if (hidden.probation > 0) groups.push_back(fmt::format("{} kept on probation (--probation shows them)", base::with_thousands(hidden.probation)));
  std::vector<std::string> rest;
  const auto add = [&rest](std::uint64_t count, std::string_view what) {
    if (count > 0) rest.push_back(fmt::format("{} {}", base::with_thousands(count), what));
  };
  add(hidden.trivial, "trivial");
  add(hidden.seldom, "seen too seldom");
  add(hidden.deprecated, "deprecated");
  if (!rest.empty()) groups.push_back(base::join(rest, ", ") + " (--all shows everything)");
  return base::join(groups, "; ");
}

Result<std::optional<PatternKind>> wanted_kind(const Arguments& arguments) {
  const auto name = arguments.text("kind");
  if (!name) return std::nullopt;
  const auto kind = pattern_kind_from_name(*name);
  if (kind) return kind;
  return fail(ErrorCode::usage, "--kind: '" + *name + "' is none of structural, behavioural, idiom, window, edit");
}

/// By what a reader wants first: far-reaching, proven, frequent.
bool comes_first(const Pattern& a, const Pattern& b) {
  const auto rank = [](const Pattern& pattern) {
    return std::tuple(pattern.status == PatternStatus::active, pattern.reach, pattern.quality.total(), pattern.evidence.projects,
                      pattern.evidence.distinct_instances, pattern.gain.total);
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : a.id < b.id;
}

void print_row(Output& out, const Pattern& pattern) {
  out.line(fmt::format("{}  {:<9}  {:<7}  {:.3f}  {:>4} in {:<2}  {:<10} {}", pattern.id.hex().substr(0, 12),
                       to_string(pattern.status), to_string(pattern.reach), pattern.quality.total() / 1000.0,
                       pattern.evidence.instances, pattern.evidence.projects, to_string(pattern.context.language),
                       base::strip_controls(pattern.name)));
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
  AUTODEV_TRY_ASSIGN(const auto kind, wanted_kind(context.arguments));
  if (context.arguments.flag("anti")) {
    if (kind) return fail(ErrorCode::usage, "--anti and --kind exclude each other: failures are listed by --anti alone");
    return list_anti_patterns(context, opened, limit);
  }
  const Shown wanted = context.arguments.flag("all") ? Shown::all : context.arguments.flag("probation") ? Shown::kept : Shown::active;
  Hidden hidden;
  if (kind == PatternKind::edit) return list_edits(context, opened, limit, wanted == Shown::all);
  std::vector<Pattern> shown;
  std::uint64_t total = 0;
  AUTODEV_TRY(opened.store().for_each_pattern([&](const Pattern& pattern) {
    if (kind && pattern.kind != *kind) return true;
    ++total;
    if (is_shown(pattern, wanted, hidden)) shown.push_back(pattern);
    return true;
  }));
  std::stable_sort(shown.begin(), shown.end(), comes_first);
  base::Json list = base::Json::array();
  const std::size_t count = std::min(limit, shown.size());
  if (count > 0)
    context.output.line(
        context.output.style("id            status     reach    quality instances  language   name", base::Style::dim));
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(to_json(shown[i]));
    print_row(context.output, shown[i]);
  }
  context.output.object({{"patterns", list},
                         {"matching", shown.size()},
                         {"total", total},
                         {"hidden",
                          {{"probation", hidden.probation}, {"trivial", hidden.trivial}, {"seldom", hidden.seldom}, {"deprecated", hidden.deprecated}}}});
  if (shown.size() > count) context.output.message(fmt::format("{} more; --limit shows more", shown.size() - count));
  if (shown.empty() && total > 0 && wanted == Shown::active)
    context.output.message("no pattern is active yet: that takes quality above 0.7, and quality takes executed tests");
  if (total == 0) context.output.message(kind ? fmt::format("no {} patterns yet", to_string(*kind)) : std::string("no patterns yet: auto-dev learn from-git . learns from the history"));
  const std::string left_out = hidden_sentence(hidden);
  if (!left_out.empty()) context.output.message("hidden: " + left_out);
  return shown.empty() ? 1 : 0;
}

Result<int> unknown_pattern(PatternId id) { return fail(ErrorCode::no_input, "no pattern has the id " + id.hex()); }

Result<PatternNames> names_of(knowledge::KnowledgeStore& store, const knowledge::PatternRelatives& relatives) {
  std::vector<PatternId> mentioned = relatives.more_general;
  mentioned.insert(mentioned.end(), relatives.more_specific.begin(), relatives.more_specific.end());
  for (const auto& parent : relatives.parents) mentioned.insert(mentioned.end(), parent.covers.begin(), parent.covers.end());
  PatternNames names;
  for (const PatternId& id : mentioned) {
    if (names.contains(id)) continue;
    AUTODEV_TRY_ASSIGN(const auto pattern, store.pattern(id));
    if (pattern) names.emplace(id, pattern->name);
  }
  return names;
}

base::Json relatives_json(const knowledge::PatternRelatives& relatives) {
  const auto hex = [](const std::vector<PatternId>& ids) {
    base::Json list = base::Json::array();
    for (const PatternId& id : ids) list.push_back(id.hex());
    return list;
  };
  base::Json parents = base::Json::array();
  for (const auto& parent : relatives.parents)
    parents.push_back({{"implementation", parent.implementation}, {"covers", hex(parent.covers)}});
  return {{"more_general", hex(relatives.more_general)}, {"more_specific", hex(relatives.more_specific)}, {"parents", parents}};
}

Result<int> show_pattern(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto pattern, opened.store().measured_pattern(id));
  AUTODEV_TRY_ASSIGN(const auto anti, opened.store().anti_pattern(id));
  if (!pattern && !anti) {
    AUTODEV_TRY_ASSIGN(const auto shown, show_edit(context, opened, id));
    return shown ? Result<int>(*shown) : unknown_pattern(id);
  }
  if (pattern) {
    AUTODEV_TRY_ASSIGN(const auto relatives, opened.store().relatives(id));
    AUTODEV_TRY_ASSIGN(const PatternNames names, names_of(opened.store(), relatives));
    base::Json value = to_json(*pattern);
    value["relatives"] = relatives_json(relatives);
    context.output.object(std::move(value));
    print_pattern(context.output, *pattern, relatives, names);
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

Result<int> explain_pattern(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto pattern, opened.store().measured_pattern(id));
  AUTODEV_TRY_ASSIGN(const auto anti, opened.store().anti_pattern(id));
  if (!pattern && !anti) {
    AUTODEV_TRY_ASSIGN(const auto told, explain_edit(context, opened, id));
    return told ? Result<int>(*told) : unknown_pattern(id);
  }
  const std::vector<EventId>& ids = pattern ? pattern->events : anti->events;
  Output& out = context.output;
  if (pattern) {
    out.line(fmt::format("{}: {}", pattern->name, evidence_sentence(*pattern)));
    out.line("  kept: " + kept_sentence(*pattern));
    for (const std::string& line : quality_terms(*pattern)) out.line("  " + line);
    if (pattern->kind != PatternKind::behavioural) out.line("  " + gain_term(pattern->gain));
  } else {
    out.line(fmt::format("{}: failed {} time(s), {}", anti->name, anti->failures, base::strip_controls(anti->cause)));
  }
  AUTODEV_TRY_ASSIGN(const base::Json events, print_event_chain(out, opened.store(), ids));
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
  command.details =
      "Shows active patterns and says how many others are hidden, and why: on probation, trivial, or seen too seldom to be worth "
      "a name. What counts as trivial: docs/mining.md. Of edits (--kind edit) there is one line each, whatever their level: the surest\n"
      "rung speaks for the others; --all shows every rung.";
  command.options = {{"probation", OptionKind::flag, "", "also patterns on probation that are kept: not trivial, with a positive gain"},
                     {"all", OptionKind::flag, "", "everything, trivial and seldom patterns too"},
                     {"anti", OptionKind::flag, "", "code that failed, was reverted or had to be fixed"},
                     {"kind", OptionKind::text, "KIND", "only structural, behavioural, idiom, window or edit patterns"},
                     {"limit", OptionKind::whole_number, "N", "how many (default 20)"}};
  command.examples = {"auto-dev learn patterns list", "auto-dev learn patterns list --probation --limit 50", "auto-dev learn patterns list --anti"};
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
