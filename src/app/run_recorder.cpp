// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/run_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "app/run_evidence.h"
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/spec_coverage.h"
#include "knowledge/record.h"

namespace autodev::app {
namespace {

/// Attempts of one cycle that are looked back at; more than a person makes in a day.
constexpr std::size_t attempts_looked_back = 50;

using Place = std::tuple<std::string, UnitKind, std::string, std::string>;

Place place_of(const CodeUnit& unit) {
  return {unit.path, unit.kind, unit.scope, unit.name};
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
  for (auto id = cycle.events.begin(); id != cycle.events.end() && looked < attempts_looked_back; ++id, ++looked) {
    AUTODEV_TRY_ASSIGN(const auto earlier, parts.store->load_event(*id));
    if (earlier && (earlier->outcome.verdict == Verdict::unknown || earlier->outcome.flaky)) continue;
    if (!earlier || earlier->outcome.verdict != Verdict::failed) break;
    for (const UnitChange& change : earlier->implementation.units)
      if (change.after && seen.insert(place_of(*change.after)).second)
        event.implementation.units.push_back({std::nullopt, change.after});
  }
  return {};
}

/// How the attempt before ended that proved anything. The newest event of the cycle comes first.
Result<Verdict> previous_verdict(Parts& parts, const knowledge::CycleSummary& cycle) {
  for (const EventId& id : cycle.events) {
    AUTODEV_TRY_ASSIGN(const auto earlier, parts.store->event(id));
    if (earlier && earlier->verdict != Verdict::unknown) return earlier->verdict;
  }
  return Verdict::unknown;
}

/// "specification: 2 of 3 parts have a passing test; none for: refunds".
std::string coverage_note(const std::vector<std::string>& parts, const std::vector<std::string>& covered) {
  std::string missing;
  for (const std::string& part : parts)
    if (std::find(covered.begin(), covered.end(), part) == covered.end()) missing += (missing.empty() ? "; none for: " : ", ") + part;
  return fmt::format("specification: {} of {} parts have a passing test{}", covered.size(), parts.size(), base::clip_utf8(missing, 400));
}

void add_specification_coverage(const FinishedRun& run, const evidence::Judgement& judgement, LearningEvent& event,
                                std::vector<std::string>& notes) {
  event.specification.parts = run.parts.empty() ? evidence::parts_in(event.specification.text) : run.parts;
  if (event.specification.parts.empty() || event.outcome.verdict == Verdict::unknown) return;
  // Without names of tests, or when tests passed without a name, nothing is known.
  if (!judgement.tests || (judgement.tests->passed > 0 && judgement.tests->passed_ids.empty())) {
    if (!run.parts.empty()) notes.emplace_back("specification: which parts are covered is not known: no names of passing tests were seen");
    return;
  }
  const evidence::TestReport& tests = *judgement.tests;
  event.outcome.covered_parts = evidence::covered_parts(event.specification.parts, tests.passed_ids);
  event.success.specification_coverage =
      static_cast<double>(event.outcome.covered_parts.size()) / static_cast<double>(event.specification.parts.size());
  notes.push_back(coverage_note(event.specification.parts, event.outcome.covered_parts));
}

void add_performance(const FinishedRun& run, LearningEvent& event) {
  for (const evidence::Report& report : run.reports)
    if (const auto* benchmarks = std::get_if<evidence::Benchmarks>(&report)) event.metrics = evidence::performance_of(*benchmarks, run.baseline);
  event.success.performance_met = evidence::performance_met(event.metrics);
  const PerformanceMetrics& metrics = event.metrics;
  constexpr double clearly = 0.95;  // the noise that performance_met allows
  if (event.outcome.verdict == Verdict::passed && metrics.runtime_ms && metrics.baseline_runtime_ms &&
      *metrics.runtime_ms < *metrics.baseline_runtime_ms * clearly)
    event.event_type = LearningEventType::performance_improved;
}

}  // namespace

evidence::Judgement judge_run(const FinishedRun& run) {
  evidence::Judgement judgement = evidence::judge({run.command, run.exit_code, run.output, run.reports});
  if (!run.repeats.empty()) {
    std::vector<evidence::Judgement> runs = run.repeats;
    runs.insert(runs.begin(), judgement);
    const evidence::Repeated repeated = evidence::compare_runs(runs);
    judgement.outcome.runs = static_cast<std::uint32_t>(runs.size());
    judgement.outcome.flaky_tests = repeated.flaky;
    judgement.outcome.flaky = judgement.outcome.flaky || repeated.verdicts_differ || !repeated.flaky.empty();
  }
  judgement.outcome.mutants_killed = run.mutants_killed;
  judgement.outcome.mutants_survived = run.mutants_survived;
  return judgement;
}

Result<LearnReport> record_run(LearningSystem& system, const FinishedRun& run, observe::WorktreeChange change) {
  Parts& parts = system.parts();
  const evidence::CommandClass command = evidence::classify_command(run.command);
  const evidence::Judgement judgement = judge_run(run);
  LearningEvent event;
  event.source = run.source;
  event.project = parts.options.project;
  event.revision = change.state.id;
  event.specification.text = specification_of(run, change);
  event.specification.language = run.language;
  event.specification.signature = run.signature;
  event.ledger = run.ledger;
  event.outcome = judgement.outcome;
  event.success = judgement.success;
  event.success.implementation_time = std::chrono::duration_cast<Milliseconds>(run.duration);
  event.success.llm_calls_used = run.llm_calls;
  event.event_type = type_of(event.outcome.verdict, command.kind);
  std::vector<std::string> notes;
  add_specification_coverage(run, judgement, event, notes);
  add_performance(run, event);
  if (judgement.tests) event.outcome.tests_passed_before = tests_from_before(change, *judgement.tests);
  if (judgement.coverage) event.outcome.changed_lines_covered = changed_lines_covered(change, *judgement.coverage);
  const std::string repair = run.repair.empty() ? repair_diff(change.files) : run.repair;
  event.patterns_used = run.patterns_used;
  event.implementation.files_changed = change.files_changed;
  event.implementation.files = std::move(change.files);
  event.cycle = knowledge::cycle_id(event.project, event.specification.text);

  const std::uint32_t too_large = extract_into(parts, event, notes);
  if (too_large > 0) notes.push_back(too_large_note(too_large));
  AUTODEV_TRY_ASSIGN(const auto cycle, parts.store->cycle(event.cycle));
  AUTODEV_TRY_ASSIGN(const Verdict previous, cycle ? previous_verdict(parts, *cycle) : Result<Verdict>(Verdict::unknown));
  if (previous == Verdict::failed) {
    event.previous_attempt = Verdict::failed;
    event.implementation.diff = repair;
    if (event.outcome.verdict == Verdict::passed) AUTODEV_TRY(add_earlier_units(parts, *cycle, event));
  }
  if (run.specification.empty() && event.outcome.verdict == Verdict::failed)
    notes.emplace_back("no --spec: a pass that repairs this is linked to it only when both name the same specification");
  AUTODEV_TRY_ASSIGN(LearnReport report, system.learn(std::move(event)));
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
  report.units_too_large += too_large;
  return report;
}

}  // namespace autodev::app
