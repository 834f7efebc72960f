// SPDX-License-Identifier: MIT OR Apache-2.0
//
// export and forget: knowledge can be taken away and removed.
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/pattern_text.h"
#include "app/store_location.h"
#include "base/text.h"

namespace autodev::app::commands {
namespace {

Result<int> run_export(CommandContext& context) {
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::read));
  const bool anonymise = opened.config.boolean("privacy.anonymise_export") && !context.arguments.flag("with-names");
  AUTODEV_TRY_ASSIGN(const std::string document, opened.system->knowledge().export_json(anonymise));
  const std::string target = context.arguments.text("output").value_or("-");
  if (target == "-") {
    context.output.raw(document);
    return 0;
  }
  AUTODEV_TRY(context.env.write_file_atomically(target, document, true));
  context.output.object({{"output", target}, {"bytes", document.size()}, {"anonymised", anonymise}});
  context.output.line(fmt::format("wrote {} ({}){}", target, base::format_bytes(document.size()),
                                  anonymise ? ", project names and folders replaced by digests" : ""));
  return 0;
}

Result<std::vector<EventId>> events_named(const OpenStore& opened, const std::vector<std::string>& prefixes) {
  std::vector<EventId> found;
  for (const std::string& prefix : prefixes) {
    if (prefix.size() < 6 || prefix.find_first_not_of("0123456789abcdef") != std::string::npos)
      return fail(ErrorCode::usage, fmt::format("'{}' is no event id", prefix),
                  "give at least the first 6 hexadecimal digits; `auto-dev learn patterns why ID` shows event ids");
    std::vector<EventId> matching;
    AUTODEV_TRY(opened.store().for_each_event([&](const knowledge::EventSummary& event) {
      if (event.id.hex().starts_with(prefix)) matching.push_back(event.id);
      return matching.size() < 2;
    }));
    if (matching.empty()) return fail(ErrorCode::no_input, fmt::format("no event has an id that starts with {}", prefix));
    if (matching.size() > 1) return fail(ErrorCode::usage, fmt::format("several events start with {}", prefix), "give more digits");
    found.push_back(matching.front());
  }
  return found;
}

Result<int> run_forget(CommandContext& context) {
  const Arguments& arguments = context.arguments;
  const auto project = arguments.text("project");
  const bool everything = arguments.flag("everything");
  const int ways = (project ? 1 : 0) + (everything ? 1 : 0) + (arguments.positionals.empty() ? 0 : 1);
  if (ways != 1)
    return fail(ErrorCode::usage, "forget: name event ids, or --project NAME, or --everything (exactly one of them)");
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::change));
  AUTODEV_TRY_ASSIGN(const LearningMetrics before, opened.system->calculate_metrics());
  AUTODEV_TRY_ASSIGN(const auto known_before, knowledge::content_of(opened.store()));
  const std::string reason = arguments.text("reason").value_or("");
  KnowledgeBase& all = opened.system->knowledge();
  if (project) {
    AUTODEV_TRY(all.forget_project(*project, reason));
  } else if (everything) {
    AUTODEV_TRY(all.forget_everything(reason));
  } else {
    AUTODEV_TRY_ASSIGN(const std::vector<EventId> events, events_named(opened, arguments.positionals));
    AUTODEV_TRY(all.forget(events, reason));
  }
  AUTODEV_TRY_ASSIGN(const LearningMetrics after, opened.system->calculate_metrics());
  AUTODEV_TRY_ASSIGN(const auto known_after, knowledge::content_of(opened.store()));
  const knowledge::KnowledgeDifference difference = knowledge::difference(known_before, known_after);
  context.output.object({{"events_before", before.events}, {"events_after", after.events},
                         {"patterns_before", before.patterns_learned}, {"patterns_after", after.patterns_learned},
                         {"removed_by_kind", by_kind_json(difference.removed)}, {"changed_by_kind", by_kind_json(difference.changed)},
                         {"added_by_kind", by_kind_json(difference.added)}});
  context.output.line(fmt::format("forgotten: {} events; gone are {}; knowledge is as if they had never been",
                                  before.events - after.events, by_kind_sentence(difference.removed)));
  if (!difference.changed.empty()) context.output.line("what others have taught too stays without them: " + by_kind_sentence(difference.changed));
  if (!difference.added.empty()) context.output.line("what they had explained is now learned from others: " + by_kind_sentence(difference.added));
  context.output.line(fmt::format("the journal still holds their bytes; to erase everything: rm -r {}", opened.location.folder));
  return 0;
}

}  // namespace

Command export_knowledge() {
  Command command;
  command.path = "learn export";
  command.summary = "write all patterns and anti-patterns as one JSON file";
  command.options = {{"output", OptionKind::text, "FILE", "where to write; - is standard output (default)"},
                     {"with-names", OptionKind::flag, "", "keep project names and folders (default: replaced by digests)"}};
  command.examples = {"auto-dev learn export --output knowledge.json"};
  command.run = run_export;
  return command;
}

Command forget() {
  Command command;
  command.path = "learn forget";
  command.summary = "remove events, a project or everything from the knowledge";
  command.details = "Afterwards knowledge is as if the events had never been recorded: the state is folded again without them.";
  command.positionals = {{"EVENT", "event ids or their first digits (at least 6)", 0, SIZE_MAX}};
  command.options = {{"project", OptionKind::text, "NAME", "all events of this project"},
                     {"everything", OptionKind::flag, "", "all events recorded so far"},
                     {"reason", OptionKind::text, "TEXT", "kept with the record"}};
  command.examples = {"auto-dev learn forget --project secret-client", "auto-dev learn forget 3fa9c1d2"};
  command.run = run_forget;
  return command;
}

}  // namespace autodev::app::commands
