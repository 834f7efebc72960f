// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/pattern_view.h"

#include "knowledge/pattern_text.h"
#include "knowledge/state_rows.h"
#include "knowledge/unit_codec.h"
#include "mine/quality.h"
#include "mine/template.h"

namespace autodev::knowledge {
namespace {

Result<std::optional<CodeUnit>> example(const base::KvRead& state, PatternId id, char number) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::example, std::string(key_of(id)) + number));
  if (!bytes) return std::nullopt;
  AUTODEV_TRY_ASSIGN(auto unit, decode_unit(*bytes));
  return std::optional<CodeUnit>(std::move(unit));
}

PatternContext context_of(const PatternRow& row) {
  return {row.language, row.kind, frameworks_of(row), row.projects};
}

constexpr std::size_t events_shown = 16;

/// Only tested code can exceed 0.7, so most templates need not be decoded to know that they are not active.
Result<bool> is_active(const base::KvRead& state, std::string_view key, const PatternEvidence& evidence) {
  if (evidence.tested_passes == 0) return false;
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::shape, key));
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
  return mine::status_of(mine::score(shape, evidence), evidence) == PatternStatus::active;
}

}  // namespace

Result<PatternCounts> view_counts(const base::KvRead& state) {
  PatternCounts counts;
  Result<void> problem;
  AUTODEV_TRY(state.scan(table::pattern, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto row = decode_row<PatternRow>(value);
    if (!row) return problem = tl::make_unexpected(row.error()), false;
    if (row->evidence.instances == 0) return ++counts.imported, true;
    ++counts.learned;
    if (!row->events.empty() && counts.events.size() < events_shown) counts.events.push_back(row->events.front());
    const auto active = is_active(state, key, row->evidence);
    if (!active) return problem = tl::make_unexpected(active.error()), false;
    counts.active += *active ? 1 : 0;
    return true;
  }));
  AUTODEV_TRY(problem);
  return counts;
}

Result<std::optional<Pattern>> view_pattern(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<PatternRow>(state, table::pattern, key_of(id)));
  if (!row) return std::nullopt;
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::shape, key_of(id)));
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
  Pattern pattern;
  pattern.id = id;
  pattern.name = name_of(*row);
  pattern.description = row->description;
  pattern.context = context_of(*row);
  pattern.implementation = mine::render(shape);
  pattern.holes = mine::public_holes(shape);
  for (const char number : {'\0', '\1'}) {
    AUTODEV_TRY_ASSIGN(auto unit, example(state, id, number));
    if (!unit) continue;
    unit->tree.clear();
    pattern.examples.push_back(std::move(*unit));
  }
  const PatternEvidence& evidence = row->evidence;
  pattern.quality = mine::score(shape, evidence);
  pattern.status = mine::status_of(pattern.quality, evidence);
  pattern.evidence = evidence;
  // Executed outcomes only: what a history suggests is not a success rate.
  pattern.success_rate = mine::beta_share(evidence.verified_passes + evidence.applied_passed, evidence.failures);
  pattern.usage_count = evidence.applied;
  pattern.learned_at = row->learned_at;
  pattern.last_seen = row->last_seen;
  pattern.events = row->events;
  return pattern;
}

Result<std::optional<AntiPattern>> view_anti_pattern(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<FailedRow>(state, table::failed, key_of(id)));
  if (!row) return std::nullopt;
  AntiPattern anti;
  anti.id = id;
  anti.name = row->name.empty() ? row->unit.name : row->name;
  anti.language = row->unit.language;
  anti.kind = row->unit.kind;
  anti.before = row->unit.text;
  anti.after = row->after;
  anti.strength = row->strength;
  anti.failures = row->failures + row->history_failures;
  anti.later_passes = row->later_passes;
  anti.cause = row->cause;
  anti.events = row->events;
  return anti;
}

Result<std::optional<CodeUnit>> view_leading_unit(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(auto unit, example(state, id, '\0'));
  if (unit) return unit;
  AUTODEV_TRY_ASSIGN(auto failed, load<FailedRow>(state, table::failed, key_of(id)));
  return failed ? std::optional<CodeUnit>(std::move(failed->unit)) : std::nullopt;
}

}  // namespace autodev::knowledge
