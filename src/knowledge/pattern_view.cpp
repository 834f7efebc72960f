// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/pattern_view.h"

#include "knowledge/behaviour_view.h"
#include "knowledge/pattern_text.h"
#include "knowledge/state_rows.h"
#include "knowledge/totals.h"
#include "knowledge/unit_codec.h"
#include "mine/gain.h"
#include "mine/hole_type.h"
#include "mine/keep.h"
#include "mine/naming.h"
#include "mine/quality.h"
#include "mine/template.h"

namespace autodev::knowledge {
namespace {

PatternContext context_of(const PatternRow& row) {
  return {row.language, row.kind, frameworks_of(row), row.projects};
}

Result<mine::Template> shape_of(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::shape, key_of(id)));
  return mine::decode_template(bytes.value_or(std::string_view()));
}

}  // namespace

Result<std::optional<CodeUnit>> stored_example(const base::KvRead& state, PatternId id, char number) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::example, std::string(key_of(id)) + number));
  if (!bytes) return std::nullopt;
  AUTODEV_TRY_ASSIGN(auto unit, decode_unit(*bytes));
  return std::optional<CodeUnit>(std::move(unit));
}

Result<std::optional<Pattern>> view_pattern(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<PatternRow>(state, table::pattern, key_of(id)));
  if (!row) return view_behaviour(state, id);
  AUTODEV_TRY_ASSIGN(const mine::Template shape, shape_of(state, id));
  Pattern pattern;
  pattern.id = id;
  pattern.kind = row->form;
  pattern.name = name_of(*row);
  pattern.description = row->description;
  pattern.context = context_of(*row);
  pattern.implementation = mine::render(shape, mine::hole_names(shape));
  pattern.holes = mine::public_holes(shape);
  for (const char number : {'\0', '\1'}) {
    AUTODEV_TRY_ASSIGN(auto unit, stored_example(state, id, number));
    if (!unit) continue;
    unit->tree.clear();
    pattern.examples.push_back(std::move(*unit));
  }
  pattern.example_projects = row->example_projects;
  pattern.example_projects.resize(pattern.examples.size());
  if (!pattern.examples.empty()) pattern.summary = mine::pattern_summary(pattern.examples.front(), shape, pattern.holes);
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

Result<std::optional<Pattern>> view_measured_pattern(const base::KvRead& state, PatternId id, BackgroundReader& background) {
  AUTODEV_TRY_ASSIGN(auto pattern, view_pattern(state, id));
  if (!pattern) return std::nullopt;
  if (pattern->kind == PatternKind::behavioural) return pattern;  // has no template to measure
  AUTODEV_TRY_ASSIGN(const mine::Template shape, shape_of(state, id));
  AUTODEV_TRY_ASSIGN(const mine::Background* counts, background.of(state, shape.tree));
  AUTODEV_TRY_ASSIGN(const std::uint64_t library, counted(state, counter::patterns));
  pattern->gain = mine::gain_of(shape, *counts, mine::counted_occurrences(pattern->evidence), library);
  pattern->unkept = mine::unkept_because(shape, *counts, pattern->gain, pattern->evidence);
  // Idioms were measured when they were made: they save bits where they stand, copies included (mine/idiom.h).
  if (pattern->kind == PatternKind::idiom && !pattern->unkept.starts_with("trivial")) pattern->unkept.clear();
  pattern->reach = mine::reach_of(pattern->evidence, pattern->unkept, mine::trivial_because(shape, *counts, mine::bits_to_spare).has_value());
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
  AUTODEV_TRY_ASSIGN(auto unit, stored_example(state, id, '\0'));
  if (unit) return unit;
  AUTODEV_TRY_ASSIGN(auto failed, load<FailedRow>(state, table::failed, key_of(id)));
  return failed ? std::optional<CodeUnit>(std::move(failed->unit)) : std::nullopt;
}

Result<std::optional<index::Document>> view_document(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<PatternRow>(state, table::pattern, key_of(id)));
  if (!row) return behaviour_document(state, id);
  AUTODEV_TRY_ASSIGN(const auto leader, stored_example(state, id, '\0'));
  if (!leader) return std::nullopt;
  return document_of(id, *row, *leader);
}

}  // namespace autodev::knowledge
