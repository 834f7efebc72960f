// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>

#include "app/commands/list.h"
#include "app/json_views.h"
#include "app/standard_input.h"
#include "app/store_location.h"
#include "base/text.h"
#include "observe/event_json.h"

namespace autodev::app::commands {
namespace {

/// Largest event document: 64 MiB, the limit of the JSON reader.
constexpr std::uint64_t max_event_bytes = std::uint64_t{64} << 20;

Result<std::string> read_source(CommandContext& context, const std::string& source) {
  if (source != "-") return context.env.read_file(source, max_event_bytes);
  return read_standard_input(max_event_bytes);
}

Result<int> record_event(CommandContext& context) {
  const auto source = context.arguments.text("event");
  if (!source) return fail(ErrorCode::usage, "record: no event given", "auto-dev learn record --event FILE (or - for standard input)");
  AUTODEV_TRY_ASSIGN(const std::string text, read_source(context, *source));
  AUTODEV_TRY_ASSIGN(LearningEvent event, observe::parse_event_json(text, *source == "-" ? "standard input" : *source));
  if (event.source.empty()) event.source = "record";
  AUTODEV_TRY_ASSIGN(const OpenStore opened, open_store(context, Access::write));
  AUTODEV_TRY_ASSIGN(const LearnReport report, opened.system->learn(std::move(event)));
  context.output.object(to_json(report));
  print_learn_report(context.output, report);
  return 0;
}

}  // namespace

void print_learn_report(Output& out, const LearnReport& report) {
  if (report.duplicate) {
    out.line(fmt::format("event {} was known already: nothing changed", report.event.hex()));
    return;
  }
  out.line(fmt::format("event {} recorded: {} changed units, {} patterns created or changed", report.event.hex(), report.units,
                       report.patterns.size()));
  for (const std::string& rule : report.rules) out.line("  " + rule);
  for (const std::string& text : report.notes) out.message("note: " + base::strip_controls(text));
}

Command record() {
  Command command;
  command.path = "learn record";
  command.summary = "record one learning event given as JSON";
  command.details = "The format is docs/event-format.md; every complaint names the JSON path. Recorded means synced to disk.";
  command.options = {{"event", OptionKind::text, "FILE", "the event as JSON; - reads standard input"}};
  command.examples = {"auto-dev learn record --event event.json", "make-event | auto-dev learn record --event -"};
  command.run = record_event;
  return command;
}

}  // namespace autodev::app::commands
