// SPDX-License-Identifier: MIT OR Apache-2.0
//
// guards list | show | why | export | disable | enable.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "app/commands/list.h"
#include "app/event_chain.h"
#include "app/json_views.h"
#include "app/store_location.h"
#include "base/text.h"
#include "mine/edit_match.h"
#include "mine/edit_text.h"
#include "report/rule_export.h"
#include "syntax/nast.h"

namespace autodev::app::commands {
namespace {

using knowledge::Guard;
using knowledge::RepeatGuard;

base::Json guard_json(const Guard& guard) {
  base::Json events = base::Json::array();
  for (const EventId& event : guard.events) events.push_back(event.hex());
  const auto names = mine::typed_hole_names(guard.pattern);
  return {{"id", guard.id.hex()},
          {"kind", "known-mistake"},
          {"level", mine::to_string(guard.level)},
          {"disabled", guard.disabled},
          {"language", to_string(guard.pattern.language)},
          {"width", guard.pattern.width},
          {"abstraction", guard.pattern.abstraction},
          {"flaw", guard.pattern.flaw},
          {"before", mine::named_text(guard.pattern.before, names)},
          {"after", mine::named_text(guard.pattern.after, names)},
          {"confirmed", guard.counts.confirmed},
          {"false_alarms", guard.counts.false_alarms},
          {"conditions", guard.counts.atoms},
          {"helped", guard.helped},
          {"irrelevant", guard.irrelevant},
          {"wrong", guard.counts.wrong},
          {"bound_permille", guard.bound_permille},
          {"example", guard.example.hex()},
          {"cause", guard.cause},
          {"origin", guard.origin},
          {"events", std::move(events)}};
}

std::string one_line(const std::string& text) {
  return base::strip_controls(base::fold_whitespace(base::clip_utf8(text, 60)));
}

base::Json repeat_json(const RepeatGuard& guard) {
  return {{"id", guard.id.hex()},         {"kind", "repeated-failure"},   {"level", mine::to_string(guard.level)},
          {"disabled", guard.disabled},   {"name", guard.name},           {"language", to_string(guard.language)},
          {"failures", guard.failures},   {"later_passes", guard.later_passes}, {"helped", guard.helped},
          {"irrelevant", guard.irrelevant}, {"wrong", guard.wrong},       {"cause", guard.cause},
          {"fixed", guard.has_fix}};
}

/// A guard in the list: how loud it is, how sure, and its line.
struct Listed {
  mine::GuardLevel level = mine::GuardLevel::shadow;
  std::uint32_t bound_permille = 0;
  PatternId id;
  std::string line;
  base::Json json;
  PatternId example;  ///< of a learned edit: several guards are forms of the same one
  std::uint32_t confirmed = 0;
  std::uint32_t forms = 1;
};

std::string line_of(PatternId id, mine::GuardLevel level, bool disabled, std::uint32_t with, std::uint32_t against, Language language,
                    std::string_view what) {
  return fmt::format("{}  {:<8}  {:>3} for, {:>3} against  {:<10} {}", id.hex().substr(0, 12), disabled ? "disabled" : mine::to_string(level),
                     with, against, to_string(language), what);
}

Listed listed(const Guard& guard) {
  const auto names = mine::typed_hole_names(guard.pattern);
  const std::string what = one_line(mine::named_text(guard.pattern.before, names)) +
                           (guard.pattern.flaw.empty() ? "  ->  " + one_line(mine::named_text(guard.pattern.after, names)) : "");
  return {guard.level, guard.bound_permille, guard.id,
          line_of(guard.id, guard.level, guard.disabled, guard.counts.confirmed, guard.counts.false_alarms + guard.counts.wrong,
                  guard.pattern.language, what),
          guard_json(guard), guard.example, guard.counts.confirmed};
}

Listed listed(const RepeatGuard& guard) {
  const std::string what = "failed as it stands: " + one_line(guard.name) + (guard.cause.empty() ? "" : " (" + one_line(guard.cause) + ")");
  return {guard.level, 0, guard.id,
          line_of(guard.id, guard.level, guard.disabled, guard.failures, guard.later_passes + guard.wrong, guard.language, what),
          repeat_json(guard), guard.id, 0};
}

/// Guards learned from the same edits and equally loud say the same in wider and narrower words: the surest one speaks for them.
void fold_forms(std::vector<Listed>& list) {
  std::map<std::tuple<mine::GuardLevel, PatternId, std::uint32_t>, std::size_t> first;
  std::vector<Listed> kept;
  for (Listed& one : list) {
    const auto [at, fresh] = first.try_emplace({one.level, one.example, one.confirmed}, kept.size());
    if (fresh)
      kept.push_back(std::move(one));
    else
      ++kept[at->second].forms;
  }
  list = std::move(kept);
}

Result<int> list_guards(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const auto given, context.arguments.number("limit", 1, 1'000'000));
  const auto limit = static_cast<std::size_t>(given.value_or(20));
  std::vector<Listed> shown;
  std::uint64_t total = 0;
  const auto take = [&](const auto& guard) {
    ++total;
    if (context.arguments.flag("all") || guard.level != mine::GuardLevel::shadow || guard.disabled) shown.push_back(listed(guard));
    return true;
  };
  AUTODEV_TRY(opened.store().for_each_guard(take));
  AUTODEV_TRY(opened.store().for_each_repeat_guard(take));
  std::stable_sort(shown.begin(), shown.end(), [](const Listed& a, const Listed& b) {
    return std::tuple(b.level, b.bound_permille, a.id) < std::tuple(a.level, a.bound_permille, b.id);
  });
  const std::size_t matching = shown.size();
  if (!context.output.json) fold_forms(shown);
  base::Json list = base::Json::array();
  for (std::size_t i = 0; i < std::min(limit, shown.size()); ++i) {
    list.push_back(std::move(shown[i].json));
    context.output.line(shown[i].line + (shown[i].forms > 1 ? fmt::format("  (+{} forms)", shown[i].forms - 1) : ""));
  }
  context.output.object({{"guards", std::move(list)}, {"matching", matching}, {"total", total}});
  if (shown.size() > limit) context.output.message(fmt::format("{} more; --limit shows more", shown.size() - limit));
  if (total > matching) context.output.message(fmt::format("{} guards in shadow; --all shows them", total - matching));
  return matching == 0 ? 1 : 0;
}

void print_guard(Output& out, const Guard& guard) {
  out.line(fmt::format("{}  {}{}  {}", guard.id.hex(), mine::to_string(guard.level), guard.disabled ? " (disabled)" : "",
                       to_string(guard.pattern.language)));
  out.line(fmt::format("confirmed {}, false alarms {}, conditions {}, wrong {}: lower bound {:.3f}", guard.counts.confirmed,
                       guard.counts.false_alarms, guard.counts.atoms, guard.counts.wrong, guard.bound_permille / 1000.0));
  if (!guard.cause.empty()) out.line("cause: " + base::strip_controls(guard.cause));
  if (!guard.origin.empty()) out.line("imported from " + base::strip_controls(guard.origin) + ": no local trust of its own");
  const auto names = mine::typed_hole_names(guard.pattern);
  if (guard.pattern.flaw.empty()) out.line(base::strip_controls(mine::edit_sentence(guard.pattern, names)));
  out.line("looks like");
  out.line(base::strip_controls(mine::named_text(guard.pattern.before, names)));
  if (!guard.pattern.flaw.empty()) return;
  out.line("better");
  out.line(guard.pattern.after.empty() ? "(nothing: it goes)" : base::strip_controls(mine::named_text(guard.pattern.after, names)));
}

/// A failure is its own guard against exact repeats.
Result<int> show_failure(CommandContext& context, const OpenStore& opened, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto failure, opened.store().anti_pattern(id));
  if (!failure) return fail(ErrorCode::no_input, "no guard has the id " + id.hex(), "`auto-dev learn guards list --all` shows ids");
  Output& out = context.output;
  AUTODEV_TRY_ASSIGN(const auto guard, opened.store().repeat_guard(id));
  out.line(fmt::format("{}  failed code, {}{}, {}", id.hex(), guard ? mine::to_string(guard->level) : "shadow",
                       guard && guard->disabled ? " (disabled)" : "", to_string(failure->language)));
  out.line(fmt::format("failed {}, passed with tests later {}", failure->failures, failure->later_passes));
  if (!failure->cause.empty()) out.line("cause: " + base::strip_controls(failure->cause));
  out.line("failed");
  out.line(base::strip_controls(failure->before));
  if (failure->after) {
    out.line("passed in its place");
    out.line(base::strip_controls(*failure->after));
  }
  base::Json value = to_json(*failure);
  if (guard) value.update(repeat_json(*guard));
  out.object(std::move(value));
  return 0;
}

Result<int> show_guard(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto guard, opened.store().guard(id));
  if (!guard) return show_failure(context, opened, id);
  print_guard(context.output, *guard);
  context.output.object(guard_json(*guard));
  return 0;
}

Result<int> explain_guard(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto guard, opened.store().guard(id));
  if (!guard) return show_failure(context, opened, id);
  Output& out = context.output;
  print_guard(out, *guard);
  base::Json value = guard_json(*guard);
  AUTODEV_TRY_ASSIGN(const auto failure, opened.store().anti_pattern(guard->example));
  if (failure) {
    out.line("first learned from");
    out.line(base::strip_controls(failure->before));
    value["failed"] = failure->before;
    if (failure->after) value["passed"] = *failure->after;
  }
  AUTODEV_TRY_ASSIGN(base::Json events, print_event_chain(out, opened.store(), guard->events));
  value["event_details"] = std::move(events);
  out.object(value);
  return 0;
}

Result<int> switch_guard(CommandContext& context, knowledge::FeedbackVerdict verdict) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  AUTODEV_TRY_ASSIGN(const PatternId id, resolve_pattern(opened.store(), context.arguments.positionals.front()));
  AUTODEV_TRY_ASSIGN(const auto guard, opened.store().guard(id));
  AUTODEV_TRY_ASSIGN(const auto failure, opened.store().anti_pattern(id));
  if (!guard && !failure) return fail(ErrorCode::no_input, "no guard or failure has the id " + id.hex(), "`auto-dev learn guards list --all` shows ids");
  AUTODEV_TRY(opened.store().append({knowledge::Feedback{id, verdict, context.arguments.text("note").value_or("")}}));
  AUTODEV_TRY(opened.store().refresh());
  const bool off = verdict == knowledge::FeedbackVerdict::disable;
  context.output.object({{"id", id.hex()}, {"disabled", off}});
  context.output.line(fmt::format("{} {}", id.hex().substr(0, 12), off ? "stays silent from now on" : "may speak again"));
  return 0;
}

/// As `semgrep --test` wants it: the rule and the code it has to find beside each other.
Result<void> write_semgrep(CommandContext& context, const std::string& folder, const std::vector<report::ExportedRule>& rules) {
  AUTODEV_TRY(context.env.create_directories(folder + "/rules"));
  for (const report::ExportedRule& rule : rules) {
    AUTODEV_TRY(context.env.write_file_atomically(folder + "/rules/" + rule.id + ".yml", rule.rule));
    AUTODEV_TRY(context.env.write_file_atomically(folder + "/rules/" + rule.id + ".py", rule.test));
  }
  return {};
}

/// Writes rules/, tests/ and the configuration that names them.
Result<void> write_ast_grep(CommandContext& context, const std::string& folder, const std::vector<report::ExportedRule>& rules) {
  AUTODEV_TRY(context.env.create_directories(folder + "/rules"));
  AUTODEV_TRY(context.env.create_directories(folder + "/tests"));
  AUTODEV_TRY(context.env.write_file_atomically(folder + "/sgconfig.yml", "ruleDirs: [rules]\ntestConfigs: [{testDir: tests}]\n"));
  for (const report::ExportedRule& rule : rules) {
    AUTODEV_TRY(context.env.write_file_atomically(folder + "/rules/" + rule.id + ".yml", rule.rule));
    AUTODEV_TRY(context.env.write_file_atomically(folder + "/tests/" + rule.id + "-test.yml", rule.test));
  }
  return {};
}

/// Line of the mistake in the guard's example, from 1; 0 when it is not there.
std::uint32_t mistaken_line(const Guard& guard, const CodeUnit& failed) {
  const auto tree = syntax::decode_nast(failed.tree);
  if (!tree) return 0;
  const auto match = mine::find_mistake(guard.pattern, mine::UnitShape(*tree));
  if (!match) return 0;
  const std::size_t start = std::min<std::size_t>(tree->nodes[match->where.first].start, failed.text.size());
  return 1 + static_cast<std::uint32_t>(std::count(failed.text.begin(), failed.text.begin() + static_cast<std::ptrdiff_t>(start), '\n'));
}

Result<std::variant<report::ExportedRule, report::RefusedRule>> rule_of(knowledge::KnowledgeStore& store, const Guard& guard, bool semgrep) {
  AUTODEV_TRY_ASSIGN(const auto failed, store.leading_unit(guard.example));
  AUTODEV_TRY_ASSIGN(const auto fixed, store.replacement(guard.example));
  const std::string before = failed ? failed->text : "";
  const std::string after = fixed ? fixed->text : "";
  if (semgrep) return report::semgrep_rule(guard, before, after, failed ? mistaken_line(guard, *failed) : 0);
  return report::ast_grep_rule(guard, before, after);
}

Result<int> export_guards(CommandContext& context) {
  const std::string format = context.arguments.text("format").value_or("ast-grep");
  const bool semgrep = format == "semgrep";
  if (!semgrep && format != "ast-grep")
    return fail(ErrorCode::usage, "--format " + format + ": there are ast-grep and semgrep", "findings as SARIF: auto-dev learn check --format sarif");
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  std::vector<Guard> guards;
  AUTODEV_TRY(opened.store().for_each_guard([&](const Guard& guard) {
    if (!guard.disabled && (context.arguments.flag("all") || guard.level != mine::GuardLevel::shadow)) guards.push_back(guard);
    return true;
  }));
  std::vector<report::ExportedRule> rules;
  base::Json exported = base::Json::array(), refused = base::Json::array();
  for (const Guard& guard : guards) {
    AUTODEV_TRY_ASSIGN(auto made, rule_of(opened.store(), guard, semgrep));
    if (const auto* no = std::get_if<report::RefusedRule>(&made)) {
      refused.push_back({{"id", guard.id.hex()}, {"reason", no->reason}});
      context.output.message(fmt::format("{} refused: {}", guard.id.hex().substr(0, 12), no->reason));
      continue;
    }
    rules.push_back(std::get<report::ExportedRule>(std::move(made)));
    exported.push_back({{"id", guard.id.hex()}, {"rule", rules.back().id}});
    if (!context.arguments.text("output")) context.output.line("---\n" + rules.back().rule);
  }
  if (const auto folder = context.arguments.text("output")) AUTODEV_TRY(semgrep ? write_semgrep(context, *folder, rules) : write_ast_grep(context, *folder, rules));
  context.output.object({{"exported", std::move(exported)}, {"refused", std::move(refused)}});
  context.output.message(fmt::format("{} of {} guards exported", rules.size(), guards.size()));
  return rules.empty() ? 1 : 0;
}

Command with_id(std::string path, std::string summary) {
  Command command;
  command.path = std::move(path);
  command.summary = std::move(summary);
  command.positionals = {{"ID", "id of a guard or a failure, or its first digits (at least 6)", 1, 1}};
  return command;
}

}  // namespace

Command guards_list() {
  Command command;
  command.path = "learn guards list";
  command.summary = "guards that speak or were silenced: failed code, and mistakes learned from fixes";
  command.details =
      "Loudest first. \"failed as it stands\" is code that failed and is recognised when it comes again; the others are edits that fixes\n"
      "have in common. Forms: guards of the same edits, in wider or narrower words; --json lists each.";
  command.options = {{"all", OptionKind::flag, "", "also guards in shadow"},
                     {"limit", OptionKind::whole_number, "N", "how many (default 20)"}};
  command.exit_codes = "0 listed, 1 there are none";
  command.run = list_guards;
  return command;
}

Command guards_show() {
  Command command = with_id("learn guards show", "one guard: what it looks for, what is better, its evidence");
  command.run = show_guard;
  return command;
}

Command guards_why() {
  Command command = with_id("learn guards why", "the chain from a guard to the failures and fixes that taught it");
  command.run = explain_guard;
  return command;
}

Command guards_export() {
  Command command;
  command.path = "learn guards export";
  command.summary = "guards as rules of another tool, each with its own test";
  command.details =
      "A rule says exactly what the guard says, or it is refused with the reason. With --output: rules/, tests/ and sgconfig.yml,\n"
      "ready for `ast-grep test --skip-snapshot-tests`; for Semgrep rules/ with a marked example each, ready for `semgrep --test rules`.";
  command.options = {{"format", OptionKind::text, "FORMAT", "ast-grep (default) or semgrep"},
                     {"output", OptionKind::text, "DIR", "folder to write to; default: rules on standard output"},
                     {"all", OptionKind::flag, "", "also guards in shadow"}};
  command.examples = {"auto-dev learn guards export --output rules"};
  command.exit_codes = "0 at least one rule was written, 1 none was";
  command.run = export_guards;
  return command;
}

Command guards_disable() {
  Command command = with_id("learn guards disable", "silence a guard or a remembered failure; journalled, so it lasts");
  command.options = {{"note", OptionKind::text, "TEXT", "why, for yourself"}};
  command.run = [](CommandContext& context) { return switch_guard(context, knowledge::FeedbackVerdict::disable); };
  return command;
}

Command guards_enable() {
  Command command = with_id("learn guards enable", "let a silenced guard speak again");
  command.options = {{"note", OptionKind::text, "TEXT", "why, for yourself"}};
  command.run = [](CommandContext& context) { return switch_guard(context, knowledge::FeedbackVerdict::enable); };
  return command;
}

}  // namespace autodev::app::commands
