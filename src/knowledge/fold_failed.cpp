// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Units that failed, by their fingerprint (names abstracted, literal values kept), with what replaced them. The same
// code is recognised at once when it is tried again. Failures lower the trust in a pattern that the code belongs to;
// they never create one and never raise anything.
#include <algorithm>

#include "base/text.h"
#include "knowledge/fold.h"
#include "mine/thresholds.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_cause = 500;

void note_replacement(FailedRow& row, const UnitFailed& failed) {
  if (!failed.replacement || failure_key(*failed.replacement) == failure_key(row.unit)) return;
  if (row.after && failed.strength < row.after_strength) return;
  row.after = failed.replacement->text;
  row.after_strength = failed.strength;
}

void note_failure(FailedRow& row, const EventContext& context, const UnitFailed& failed) {
  if (is_executed(failed.strength))
    ++row.failures;
  else
    ++row.history_failures;
  // The cause of the strongest evidence is kept.
  if (row.cause.empty() || failed.strength > row.strength) row.cause = base::clip_utf8(failed.cause, max_cause);
  row.strength = std::max(row.strength, failed.strength);
  note_event(row.events, context.event.id);
  row.last = std::max(row.last, context.event.timestamp);
}

Result<void> blame_pattern(FoldState& fold, const EventContext& context, const UnitFailed& failed) {
  AUTODEV_TRY_ASSIGN(const auto unit, load<UnitRow>(fold.kv, table::unit, key_of(failed.unit.alpha)));
  if (!unit) return {};
  AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold.kv, table::pattern, key_of(unit->pattern)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names a pattern that it does not have");
  if (is_executed(failed.strength))
    ++row->evidence.failures;
  else
    ++row->evidence.history_failures;
  AUTODEV_TRY(turn_if_harmful(fold, unit->pattern, *row, context.event.timestamp));
  return save_pattern(fold, unit->pattern, *row, false);
}

}  // namespace

Result<void> fold_failed(FoldState& fold, EventContext& context, const UnitFailed& failed) {
  const CodeUnit& unit = failed.unit;
  if (unit.language == Language::unknown || failure_key(unit).empty()) return {};
  AUTODEV_TRY_ASSIGN(auto stored, load<FailedRow>(fold.kv, table::failed, key_of(failure_key(unit))));
  const bool counts = failed.strength != EvidenceStrength::none && context.failed.insert(failure_key(unit)).second;
  if (!stored) {
    if (!counts || !checked_tree(unit)) return {};
    stored.emplace();
    stored->unit = unit;
    stored->first = stored->last = context.event.timestamp;
    AUTODEV_TRY(fold.kv.put(table::order, order_key(failed_order, stored->first, failure_key(unit)),
                            key_of(failure_key(unit))));
    AUTODEV_TRY(count(fold, counter::anti_patterns));
  }
  note_replacement(*stored, failed);
  if (counts) {
    note_failure(*stored, context, failed);
    AUTODEV_TRY(blame_pattern(fold, context, failed));
  }
  fold.changed_anti.insert({failure_key(unit)});
  if (stored->failures > 0) AUTODEV_TRY(note_near_failure(fold, unit, std::nullopt));
  return store(fold, table::failed, key_of(failure_key(unit)), *stored);
}

}  // namespace autodev::knowledge
