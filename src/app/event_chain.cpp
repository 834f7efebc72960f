// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/event_chain.h"

#include <fmt/format.h>

#include "base/text.h"

namespace autodev::app {
namespace {

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

}  // namespace

Result<base::Json> print_event_chain(Output& out, knowledge::KnowledgeStore& store, const std::vector<EventId>& ids) {
  out.line(fmt::format("events behind it, newest first ({} shown):", ids.size()));
  base::Json events = base::Json::array();
  for (const EventId& event_id : ids) {
    AUTODEV_TRY_ASSIGN(const auto event, store.event(event_id));
    if (!event) continue;
    events.push_back(event_json(*event));
    out.line(fmt::format("  {} {} {} {}/{} {}", event->id.hex().substr(0, 12), base::format_timestamp(event->timestamp),
                         event->source, to_string(event->verdict), to_string(event->strength),
                         base::strip_controls(base::fold_whitespace(base::clip_utf8(event->specification, 70)))));
    if (!event->revision.empty()) out.line("      revision " + event->revision);
    for (const std::string& rule : event->rules) out.line("      " + rule);
  }
  return events;
}

}  // namespace autodev::app
