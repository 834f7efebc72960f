// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Feedback and imports: records that are no events.
#include "knowledge/fold_behaviour.h"

namespace autodev::knowledge {
namespace {

/// A claim about one exemplar: findable, without any local trust. Known code is not changed by it.
Result<void> import_pattern(FoldState& fold, const RecordKey& key, const ImportedPattern& imported) {
  const CodeUnit& unit = imported.exemplar;
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::unit, key_of(unit.alpha)));
  if (known) return {};
  const auto tree = checked_tree(unit);
  if (!tree) return count(fold, "units without use");
  PatternRow row;
  row.origin = imported.origin.empty() ? "import" : imported.origin;
  row.name = imported.name;
  row.description = imported.description;
  row.learned_at = row.last_seen = key.time;
  row.members.push_back(unit.alpha);
  for (const std::string& module : unit.imports) row.imports[module] = 1;
  AUTODEV_TRY(create_pattern(fold, unit, *tree, mine::minhash(mine::structural_features(*tree)), row));
  AUTODEV_TRY(count_pattern(fold, counter::imported, row.form));
  AUTODEV_TRY(store(fold, table::unit, key_of(unit.alpha), UnitRow{{unit.alpha}, 0, failure_key(unit)}));
  AUTODEV_TRY(fold.kv.erase(table::block, key_of(unit.alpha)));
  return save_pattern(fold, {unit.alpha}, row, true);
}

Result<void> import_failure(FoldState& fold, const RecordKey& key, const ImportedPattern& imported) {
  const CodeUnit& unit = imported.exemplar;
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::failed, key_of(failure_key(unit))));
  if (known || !checked_tree(unit)) return {};
  FailedRow row;
  row.unit = unit;
  row.origin = imported.origin.empty() ? "import" : imported.origin;
  row.name = imported.name;
  row.cause = imported.cause;
  row.first = row.last = key.time;
  AUTODEV_TRY(
      fold.kv.put(table::order, order_key(failed_order, row.first, failure_key(unit)), key_of(failure_key(unit))));
  AUTODEV_TRY(count(fold, counter::anti_patterns));
  if (imported.replacement) row.after = imported.replacement->text;
  fold.changed_anti.insert({failure_key(unit)});
  AUTODEV_TRY(store(fold, table::failed, key_of(failure_key(unit)), row));
  if (imported.replacement) AUTODEV_TRY(note_near_failure(fold, unit, imported.replacement));
  return imported.replacement ? import_guards(fold, unit, *imported.replacement, row.origin) : Result<void>{};
}

/// An answer that helped is what the query meant, an irrelevant one is not. Wrong code may well be what was meant.
Result<void> learn_answer(FoldState& fold, PatternId id, const PatternRow& row, const Feedback& feedback) {
  const bool helped = feedback.verdict == FeedbackVerdict::helped;
  if (feedback.query.empty() || (!helped && feedback.verdict != FeedbackVerdict::irrelevant)) return {};
  AUTODEV_TRY_ASSIGN(const index::Document document, stored_document(fold, id, row));
  return fold.index.note_answer(document, feedback.query, helped);
}

}  // namespace

Result<void> fold_feedback(FoldState& fold, const Feedback& feedback) {
  AUTODEV_TRY_ASSIGN(const bool guards, note_feedback(fold, feedback));
  AUTODEV_TRY_ASSIGN(const bool behaves, feedback_on_behaviour(fold, feedback));
  if (behaves) return {};
  AUTODEV_TRY_ASSIGN(const auto id, resolve(fold, feedback.pattern));
  if (!id) return guards ? Result<void>{} : count(fold, "feedback on unknown patterns");
  AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold.kv, table::pattern, key_of(*id)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names a pattern that it does not have");
  switch (feedback.verdict) {
    case FeedbackVerdict::helped:
      ++row->evidence.helped;
      break;
    case FeedbackVerdict::irrelevant:
      ++row->evidence.irrelevant;
      break;
    case FeedbackVerdict::wrong:
      ++row->evidence.wrong;
      break;
    case FeedbackVerdict::disable:
    case FeedbackVerdict::enable:
      break;
  }
  AUTODEV_TRY(learn_answer(fold, *id, *row, feedback));
  return save_pattern(fold, *id, *row, false);
}

Result<void> fold_import(FoldState& fold, const RecordKey& key, const ImportedPattern& imported) {
  if (imported.exemplar.language == Language::unknown || imported.exemplar.alpha.empty()) return {};
  return imported.anti ? import_failure(fold, key, imported) : import_pattern(fold, key, imported);
}

}  // namespace autodev::knowledge
