// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/ablate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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

std::vector<HistoryTask> tasks_of_event(const LearningEvent& event) {
  std::vector<HistoryTask> tasks;
  if (!teaches(event)) return tasks;
  for (const UnitChange& change : event.implementation.units) {
    if (!change.after || change.after->text.empty() || change.after->text.size() > max_unit_bytes) continue;
    if (change.after->kind != UnitKind::function && change.after->kind != UnitKind::method) continue;
    tasks.push_back({task_of(event, *change.after, tasks.size()), PatternId{change.after->alpha}});
  }
  return tasks;
}

Result<std::vector<HistoryTask>> history_tasks(knowledge::KnowledgeStore& store, std::size_t limit) {
  std::vector<EventId> ids;
  AUTODEV_TRY(store.for_each_event([&](const knowledge::EventSummary& event) {
    if (event.verdict == Verdict::passed && event.units > 0) ids.push_back(event.id);
    return true;
  }));
  std::vector<HistoryTask> newest_first;
  for (auto id = ids.rbegin(); id != ids.rend() && newest_first.size() < limit; ++id) {
    AUTODEV_TRY_ASSIGN(const auto event, store.load_event(*id));
    if (!event) continue;
    auto tasks = tasks_of_event(*event);
    std::move(tasks.rbegin(), tasks.rend(), std::back_inserter(newest_first));
  }
  if (newest_first.size() > limit) newest_first.resize(limit);
  std::reverse(newest_first.begin(), newest_first.end());
  return newest_first;
}

Result<std::vector<apply::Task>> tasks_of_history(knowledge::KnowledgeStore& store, std::size_t limit) {
  AUTODEV_TRY_ASSIGN(auto history, history_tasks(store, limit));
  std::vector<apply::Task> tasks;
  for (HistoryTask& item : history) tasks.push_back(std::move(item.task));
  return tasks;
}

}  // namespace autodev::app
