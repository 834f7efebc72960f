// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/totals.h"

#include "base/wire.h"
#include "knowledge/behaviour_rows.h"
#include "knowledge/state_rows.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t events_shown = 16;

/// The newest event of each of the first rows that have one.
template <typename Row>
Result<std::vector<EventId>> first_events(const base::KvRead& state, char letter, base::Table table) {
  std::vector<EventId> events;
  AUTODEV_TRY(for_each_in_order(state, letter, [&](const Digest& id) -> Result<bool> {
    AUTODEV_TRY_ASSIGN(const auto row, load<Row>(state, table, key_of(id)));
    if (row && !row->events.empty()) events.push_back(row->events.front());
    return events.size() < events_shown;
  }));
  return events;
}

Result<std::uint64_t> length_of(const base::KvRead& state, char letter) {
  std::uint64_t length = 0;
  AUTODEV_TRY(for_each_in_order(state, letter, [&length](const Digest&) -> Result<bool> { return ++length, true; }));
  return length;
}

}  // namespace

Result<std::uint64_t> counted(const base::KvRead& state, std::string_view counter) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::counter, counter));
  return bytes ? base::WireReader(*bytes).varint() : 0;
}

namespace {

/// Those of imports count from their first instance here.
Result<std::uint64_t> counted_of_kind(const base::KvRead& state, PatternKind kind) {
  AUTODEV_TRY_ASSIGN(const std::uint64_t created, counted(state, counter_of(counter::patterns, kind)));
  AUTODEV_TRY_ASSIGN(const std::uint64_t imported, counted(state, counter_of(counter::imported, kind)));
  AUTODEV_TRY_ASSIGN(const std::uint64_t confirmed, counted(state, counter_of(counter::confirmed, kind)));
  return created + confirmed - imported;
}

}  // namespace

Result<Totals> view_totals(const base::KvRead& state) {
  Totals totals;
  AUTODEV_TRY_ASSIGN(totals.events, counted(state, counter::events));
  AUTODEV_TRY_ASSIGN(totals.cycles, counted(state, counter::cycles));
  AUTODEV_TRY_ASSIGN(totals.anti_patterns, counted(state, counter::anti_patterns));
  AUTODEV_TRY_ASSIGN(totals.executed_attempts, counted(state, counter::attempts));
  AUTODEV_TRY_ASSIGN(totals.failed_attempts, counted(state, counter::failed_attempts));
  AUTODEV_TRY_ASSIGN(totals.decided, counted(state, counter::decided));
  AUTODEV_TRY(state.scan(table::counter, counter::decided_well, {}, [&totals](std::string_view, std::string_view value) {
    totals.decided_well.push_back(static_cast<std::uint32_t>(base::WireReader(value).varint()));
    return true;
  }));
  AUTODEV_TRY_ASSIGN(const std::uint64_t created, counted(state, counter::patterns));
  AUTODEV_TRY_ASSIGN(const std::uint64_t imported, counted(state, counter::imported));
  AUTODEV_TRY_ASSIGN(const std::uint64_t confirmed, counted(state, counter::confirmed));
  AUTODEV_TRY_ASSIGN(totals.patterns.idiom, counted_of_kind(state, PatternKind::idiom));
  AUTODEV_TRY_ASSIGN(totals.patterns.window, counted_of_kind(state, PatternKind::window));
  totals.patterns.structural = created + confirmed - imported - totals.patterns.idiom - totals.patterns.window;
  AUTODEV_TRY_ASSIGN(totals.patterns.behavioural, length_of(state, behaviour_order));
  AUTODEV_TRY_ASSIGN(totals.patterns.edit, counted(state, counter::edits));
  AUTODEV_TRY_ASSIGN(totals.active, length_of(state, active_order));
  AUTODEV_TRY_ASSIGN(totals.tested, length_of(state, tested_order));
  AUTODEV_TRY_ASSIGN(totals.pattern_events, first_events<PatternRow>(state, pattern_order, table::pattern));
  AUTODEV_TRY_ASSIGN(totals.anti_pattern_events, first_events<FailedRow>(state, failed_order, table::failed));
  AUTODEV_TRY(for_each_in_order(state, attempt_order, [&](const Digest& id) -> Result<bool> {
    totals.attempt_events.push_back({id});
    return totals.attempt_events.size() < events_shown;
  }));
  return totals;
}

}  // namespace autodev::knowledge
