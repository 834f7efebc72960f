// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/run_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "evidence/evidence.h"
#include "knowledge/record.h"

namespace autodev::app {
namespace {

/// Attempts of one cycle that are looked back at; more than a person makes in a day.
constexpr std::size_t attempts_looked_back = 50;

using Place = std::tuple<std::string, UnitKind, std::string, std::string>;

Place place_of(const CodeUnit& unit) {
  return {unit.path, unit.kind, unit.scope, unit.name};
}

Result<std::optional<evidence::TestReport>> read_report(const FinishedRun& run) {
  if (!run.junit) return std::optional<evidence::TestReport>();
  AUTODEV_TRY_ASSIGN(evidence::TestReport report, evidence::parse_junit(*run.junit, run.junit_file));
  return std::optional<evidence::TestReport>(std::move(report));
}

std::string specification_of(const FinishedRun& run, const observe::WorktreeChange& change) {
  if (!run.specification.empty()) return run.specification;
  std::string text = "unspecified change";
  for (std::size_t i = 0; i < std::min<std::size_t>(change.files.size(), 5); ++i)
    text += (i == 0 ? " of " : ", ") + change.files[i].path;
  return text;
}

LearningEventType type_of(Verdict verdict, evidence::CommandKind kind) {
  const bool test = kind == evidence::CommandKind::test;
  if (verdict == Verdict::failed)
    return test ? LearningEventType::test_failed : LearningEventType::implementation_failure;
  return test ? LearningEventType::test_passed : LearningEventType::implementation_success;
}

/// Units of earlier failed attempts of the cycle that this attempt left as they were.
Result<void> add_earlier_units(Parts& parts, const knowledge::CycleSummary& cycle, LearningEvent& event) {
  std::set<Place> seen;
  for (const UnitChange& change : event.implementation.units) {
    if (change.after) seen.insert(place_of(*change.after));
    if (change.before) seen.insert(place_of(*change.before));
  }
  std::size_t looked = 0;
  for (auto id = cycle.events.rbegin(); id != cycle.events.rend() && looked < attempts_looked_back; ++id, ++looked) {
    AUTODEV_TRY_ASSIGN(const auto earlier, parts.store->load_event(*id));
    if (!earlier || earlier->outcome.verdict != Verdict::failed) break;
    for (const UnitChange& change : earlier->implementation.units)
      if (change.after && seen.insert(place_of(*change.after)).second)
        event.implementation.units.push_back({std::nullopt, change.after});
  }
  return {};
}

}  // namespace

Result<LearnReport> record_run(LearningSystem& system, const FinishedRun& run, observe::WorktreeChange change) {
  Parts& parts = system.parts();
  const evidence::CommandClass command = evidence::classify_command(run.command);
  AUTODEV_TRY_ASSIGN(const auto test_report, read_report(run));
  LearningEvent event;
  event.source = "run";
  event.project = parts.options.project;
  event.revision = change.state.id;
  event.specification.text = specification_of(run, change);
  event.outcome = evidence::conclude(run.command, run.exit_code, test_report);
  event.success = evidence::success_of(command, event.outcome);
  event.success.implementation_time = std::chrono::duration_cast<Milliseconds>(run.duration);
  event.success.llm_calls_used = run.llm_calls;
  event.event_type = type_of(event.outcome.verdict, command.kind);
  event.patterns_used = run.patterns_used;
  event.implementation.files_changed = change.files_changed;
  event.implementation.files = std::move(change.files);
  event.cycle = knowledge::cycle_id(event.project, event.specification.text);

  std::vector<std::string> notes;
  extract_into(parts, event, notes);
  AUTODEV_TRY_ASSIGN(const auto cycle, parts.store->cycle(event.cycle));
  if (cycle && cycle->failures > 0 && !cycle->succeeded) {
    event.previous_attempt = Verdict::failed;
    if (event.outcome.verdict == Verdict::passed) AUTODEV_TRY(add_earlier_units(parts, *cycle, event));
  }
  AUTODEV_TRY_ASSIGN(LearnReport report, system.learn(std::move(event)));
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
  return report;
}

}  // namespace autodev::app
