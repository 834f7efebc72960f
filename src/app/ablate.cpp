// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/ablate.h"

#include <fmt/format.h>

#include "base/text.h"

namespace autodev::app {
namespace {

constexpr std::size_t max_unit_bytes = 16u << 10;  // longer functions are not adapted as a whole

bool teaches(const LearningEvent& event) {
  return event.outcome.verdict == Verdict::passed && !event.outcome.flaky;
}

apply::Task task_of(const LearningEvent& event, const CodeUnit& unit, std::size_t number) {
  apply::Task task;
  task.visible.id = fmt::format("{}#{}", event.id.hex().substr(0, 12), number);
  task.visible.stream = event.project.empty() ? std::string("history") : event.project;
  task.visible.stratum = "M";
  task.visible.spec = base::trim(unit.doc).empty() ? event.specification.text : unit.doc;
  task.visible.signature = unit.signature;
  task.visible.language = unit.language;
  task.reference = unit.text;
  task.judge = apply::Judge::alpha_equal;
  return task;
}

}  // namespace

Result<std::vector<apply::Task>> tasks_of_history(knowledge::KnowledgeStore& store, std::size_t limit) {
  std::vector<EventId> ids;
  AUTODEV_TRY(store.for_each_event([&](const knowledge::EventSummary& event) {
    ids.push_back(event.id);
    return true;
  }));
  std::vector<apply::Task> tasks;
  for (const EventId id : ids) {
    AUTODEV_TRY_ASSIGN(const auto event, store.load_event(id));
    if (!event || !teaches(*event)) continue;
    for (const UnitChange& change : event->implementation.units) {
      if (!change.after || change.after->text.empty() || change.after->text.size() > max_unit_bytes) continue;
      if (change.after->kind != UnitKind::function && change.after->kind != UnitKind::method) continue;
      tasks.push_back(task_of(*event, *change.after, tasks.size()));
    }
  }
  if (tasks.size() > limit) tasks.erase(tasks.begin(), tasks.end() - static_cast<std::ptrdiff_t>(limit));
  return tasks;
}

}  // namespace autodev::app
