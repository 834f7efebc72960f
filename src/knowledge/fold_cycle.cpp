// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Cycles: attempts at one specification; and how applied patterns served.
#include <algorithm>

#include "base/text.h"
#include "knowledge/fold.h"
#include "knowledge/fold_behaviour.h"

namespace autodev::knowledge {

Result<void> fold_applied(FoldState& fold, const EventContext& context, const PatternApplied& applied) {
  AUTODEV_TRY_ASSIGN(const auto id, resolve(fold, applied.pattern));
  if (!id) {
    AUTODEV_TRY_ASSIGN(const bool behaviour, apply_behaviour(fold, context, applied));
    return behaviour ? Result<void>{} : count(fold, "applied unknown patterns");
  }
  AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold.kv, table::pattern, key_of(*id)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names a pattern that it does not have");
  ++row->evidence.applied;
  if (applied.passed)
    ++row->evidence.applied_passed;
  else
    ++row->evidence.failures;
  note_event(row->events, context.event.id);
  row->last_seen = std::max(row->last_seen, context.event.timestamp);
  if (applied.passed && context.said) {
    AUTODEV_TRY_ASSIGN(const index::Document document, stored_document(fold, *id, *row));
    AUTODEV_TRY(fold.index.note_use(document, {context.said->text}));
  }
  if (!applied.passed) AUTODEV_TRY(turn_if_harmful(fold, *id, *row, context.event.timestamp));
  return save_pattern(fold, *id, *row, false);
}

Result<void> fold_attempt(FoldState& fold, const EventContext& context, const CycleAttempt& attempt) {
  const LearningEvent& event = context.event;
  AUTODEV_TRY_ASSIGN(auto stored, load<CycleSummary>(fold.kv, table::cycle, key_of(attempt.cycle)));
  if (!stored) {
    stored.emplace();
    stored->id = attempt.cycle;
    stored->project = event.project;
    stored->specification = base::clip_utf8(event.specification.text, 200);
    stored->first = stored->last = event.timestamp;
    AUTODEV_TRY(count(fold, counter::cycles));
  }
  CycleSummary& cycle = *stored;
  ++cycle.attempts;
  if (attempt.verdict == Verdict::failed) ++cycle.failures;
  if (attempt.verdict == Verdict::passed) {
    cycle.succeeded = true;
    if (attempt.patterns_used > 0 && is_executed(attempt.strength)) cycle.reused = true;
  }
  if (!cycle.executed && is_executed(attempt.strength)) {
    cycle.executed = true;
    AUTODEV_TRY(fold.kv.put(table::order, order_key(executed_cycle_order, context.key), key_of(attempt.cycle)));
  }
  cycle.first = std::min(cycle.first, event.timestamp);
  cycle.last = std::max(cycle.last, event.timestamp);
  if (attempt.llm_calls) cycle.llm_calls = cycle.llm_calls.value_or(0) + *attempt.llm_calls;
  if (attempt.time) cycle.time = cycle.time.value_or(Milliseconds(0)) + *attempt.time;
  note_event(cycle.events, event.id);
  return store(fold, table::cycle, key_of(cycle.id), cycle);
}

}  // namespace autodev::knowledge
