// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Dispatch of records, the event table, and the small tools of the fold.
#include "knowledge/totals.h"
#include "knowledge/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "base/text.h"
#include "base/wire.h"
#include "knowledge/pattern_text.h"
#include "mine/quality.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_events = 32;     // pattern.h
constexpr std::size_t max_projects = 256;  // reusability is saturated at a dozen
constexpr std::size_t max_summary = 200;   // knowledge_store.h
/// An event that changes more functions than this is a mass change; its specification says nothing about any one of
/// them. Nine of ten changes in public histories touch fewer than 20 functions.
constexpr std::size_t max_units_described = 32;
constexpr std::size_t max_said = 512;  // beyond the longest subject line

std::size_t described_units(const LearningEvent& event) {
  return static_cast<std::size_t>(
      std::count_if(event.implementation.units.begin(), event.implementation.units.end(),
                    [](const UnitChange& change) { return change.after && change.after->kind != UnitKind::block; }));
}

/// What a request says first is what it is about: the rest of a commit message is why, and who signed it off.
std::optional<index::Said> said_by(std::string_view specification, std::size_t units) {
  specification = base::trim(specification);
  const std::string line(base::clip_utf8(specification.substr(0, specification.find('\n')), max_said));
  if (line.empty()) return std::nullopt;
  return index::Said{line, 1.0 / static_cast<double>(std::max<std::size_t>(1, units))};
}

EventRow row_of(const RecordView& record, const LearningEvent& event, const std::vector<Taught>& taught) {
  EventSummary summary;
  summary.id = event.id;
  summary.key = record.key;
  summary.timestamp = event.timestamp;
  summary.type = event.event_type;
  summary.source = event.source;
  summary.project = event.project;
  summary.revision = event.revision;
  summary.specification = base::clip_utf8(event.specification.text, max_summary);
  summary.verdict = event.outcome.verdict;
  summary.strength = event.outcome.strength;
  summary.cycle = event.cycle;
  summary.units = static_cast<std::uint32_t>(event.implementation.units.size());
  std::map<std::string, std::uint32_t> rules;
  for (const Taught& one : taught) ++rules[one.rule];
  for (const auto& [rule, times] : rules) summary.rules.push_back(fmt::format("{}: {}", rule, times));
  return {std::move(summary), record.location};
}

}  // namespace

Result<void> count(FoldState& fold, std::string_view counter, std::uint64_t by) {
  AUTODEV_TRY_ASSIGN(const std::uint64_t earlier, counted(fold.kv, counter));
  std::string value;
  base::WireWriter(value).varint(earlier + by);
  return fold.kv.put(table::counter, counter, value);
}

Result<void> count_pattern(FoldState& fold, std::string_view counter, PatternKind kind) {
  if (kind != PatternKind::structural) AUTODEV_TRY(count(fold, counter_of(counter, kind)));
  return count(fold, counter);
}

Result<void> list_by_status(FoldState& fold, PatternId id, const PatternEvidence& evidence, const QualityScore& quality) {
  AUTODEV_TRY(fold.kv.put(table::order, tested_order + std::string(key_of(id)), key_of(id)));
  const std::string key = active_order + std::string(key_of(id));
  if (mine::status_of(quality, evidence) == PatternStatus::active) return fold.kv.put(table::order, key, key_of(id));
  return fold.kv.erase(table::order, key);
}

Result<std::optional<PatternId>> resolve(const FoldState& fold, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, fold.kv.get(table::pattern, key_of(id)));
  if (row) return id;
  AUTODEV_TRY_ASSIGN(const auto unit, load<UnitRow>(fold.kv, table::unit, key_of(id)));
  return unit ? std::optional<PatternId>(unit->pattern) : std::nullopt;
}

void note_event(std::vector<EventId>& events, const EventId& id) {
  if (std::find(events.begin(), events.end(), id) != events.end()) return;
  events.insert(events.begin(), id);
  if (events.size() > max_events) events.resize(max_events);
}

void note_name(std::vector<std::string>& names, const std::string& name) {
  const auto place = std::lower_bound(names.begin(), names.end(), name);
  if (name.empty() || names.size() >= max_projects || (place != names.end() && *place == name)) return;
  names.insert(place, name);
}

std::uint64_t place_of(const LearningEvent& event, const CodeUnit& unit) {
  return base::hash64(event.project + '\0' + unit.path + '\0' + unit.scope + '\0' + unit.name);
}

void note_pass(PatternEvidence& evidence, const UnitWorked& worked) {
  ++evidence.instances;
  if (is_executed(worked.strength)) {
    ++evidence.verified_passes;
    if (worked.tested) ++evidence.tested_passes;
    if (worked.relative_runtime) {
      const double ratio = std::max(1.0, *worked.relative_runtime);
      evidence.best_relative_runtime = std::min(ratio, evidence.best_relative_runtime.value_or(ratio));
    }
  } else if (worked.strength == EvidenceStrength::history) {
    ++evidence.history_passes;
  }
}

Result<void> Fold::apply(const RecordView& record, const Payload& payload) {
  struct Visitor {
    Fold& fold;
    const RecordView& record;
    Result<void> operator()(const LearningEvent& event) const { return fold.apply_event(record, event); }
    Result<void> operator()(const Forget&) const { return {}; }  // acts through Forgetting
    Result<void> operator()(const Feedback& feedback) const { return fold_feedback(fold.state_, feedback); }
    Result<void> operator()(const DecisionMade& made) const { return fold_decision(fold.state_, record.key, made); }
    Result<void> operator()(const DecisionOutcome& outcome) const { return fold_outcome(fold.state_, outcome); }
    Result<void> operator()(const ImportedPattern& imported) const {
      return fold_import(fold.state_, record.key, imported);
    }
  };
  return std::visit(Visitor{*this, record}, payload);
}

Result<void> Fold::apply_event(const RecordView& record, const LearningEvent& event) {
  AUTODEV_TRY_ASSIGN(const auto known, state_.kv.get(table::event, key_of(event.id)));
  if (known) return {};
  const std::vector<Taught> taught = study_(event);
  AUTODEV_TRY(store(state_, table::event, key_of(event.id), row_of(record, event, taught)));
  AUTODEV_TRY(state_.kv.put(table::order, order_key(event_order, record.key), key_of(event.id)));
  AUTODEV_TRY(state_.kv.put(table::order, latest_event_key, key_of(event.id)));
  AUTODEV_TRY(count(state_, counter::events));
  if (is_executed(event.outcome.strength) && event.outcome.verdict != Verdict::unknown) {
    AUTODEV_TRY(state_.kv.put(table::order, order_key(attempt_order, record.key), key_of(event.id)));
    AUTODEV_TRY(count(state_, counter::attempts));
    if (event.outcome.verdict == Verdict::failed) AUTODEV_TRY(count(state_, counter::failed_attempts));
  }

  EventContext context{event, record.key, {}, {}, {}, {}};
  if (const std::size_t units = described_units(event); units <= max_units_described) {
    context.words = specification_words(event.specification.text);
    context.said = said_by(event.specification.text, units);
  }
  // Nothing is learned from outcomes that are not known, whatever a learner says.
  const bool teaches = event.outcome.verdict != Verdict::unknown && !event.outcome.flaky;
  if (teaches) AUTODEV_TRY(fold_experiment(state_, event));
  for (const Taught& one : taught) {
    if (const auto* worked = std::get_if<UnitWorked>(&one.observation)) {
      if (teaches) AUTODEV_TRY(fold_worked(state_, context, *worked));
    } else if (const auto* failed = std::get_if<UnitFailed>(&one.observation)) {
      if (teaches) AUTODEV_TRY(fold_failed(state_, context, *failed));
    } else if (const auto* fixed = std::get_if<UnitFixed>(&one.observation)) {
      if (teaches) AUTODEV_TRY(fold_fixed(state_, context, *fixed));
    } else if (const auto* applied = std::get_if<PatternApplied>(&one.observation)) {
      if (teaches) AUTODEV_TRY(fold_applied(state_, context, *applied));
    } else if (const auto* attempt = std::get_if<CycleAttempt>(&one.observation)) {
      AUTODEV_TRY(fold_attempt(state_, context, *attempt));
    } else if (const auto* seen = std::get_if<ErrorSeen>(&one.observation)) {
      // That a machine lacks something is known whatever became of the code.
      if (teaches || (!seen->of_code && !event.outcome.flaky)) AUTODEV_TRY(fold_error_seen(state_, context, *seen));
    } else if (const auto* repaired = std::get_if<ErrorFixed>(&one.observation)) {
      if (teaches) AUTODEV_TRY(fold_error_fixed(state_, context, *repaired));
    }
  }
  return {};
}

}  // namespace autodev::knowledge
