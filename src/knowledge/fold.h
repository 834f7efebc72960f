// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fold: journal records in canonical order -> state. The only code that changes knowledge.
//
// It is deterministic: the state is a function of the sequence of records and nothing else, not of how they were cut
// into batches and transactions, nor of the clock. One file per kind of observation:
//
//   fold_worked.cpp   units that worked: known code counts, near-copies join a pattern, the rest leads a new one
//   fold_blocks.cpp   blocks: counted until they have shown to recur
//   fold_idioms.cpp   fragments of other blocks: counted until they have shown to be idioms
//   fold_windows.cpp  runs of statements: noted until one is met again
//   fold_failed.cpp   units that failed
//   fold_guards.cpp   guards: confirmed by fixes, doubted by code that passes, switched by their users
//   fold_cycle.cpp    attempts of cycles, applied patterns
//   fold_error.cpp    errors that attempts showed, and what repaired them
//   fold_decision.cpp decisions, their outcomes, experiments
//   fold_control.cpp  feedback, imports
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/kv.h"
#include "index/search_index.h"
#include "knowledge/journal_cursor.h"
#include "knowledge/observation.h"
#include "knowledge/background_rows.h"
#include "knowledge/earlier_events.h"
#include "knowledge/state_rows.h"
#include "knowledge/step_rows.h"
#include "knowledge/window_rows.h"
#include "mine/placed_features.h"
#include "mine/signature.h"
#include "syntax/nast.h"

namespace autodev::knowledge {

/// What the parts of the fold share within one transaction.
struct FoldState {
  FoldState(base::KvWrite& state, const index::Embedder& embedder, EarlierEvents& events)
      : kv(state), index(state, embedder), earlier(events) {}
  base::KvWrite& kv;
  index::IndexWriter index;
  BackgroundWriter background;
  WindowSlots windows;
  StepCounts steps;
  EarlierEvents& earlier;
  std::set<PatternId> changed, changed_anti;
  std::set<DecisionId> changed_decisions;
};

/// Under what a failure of the unit is remembered: its fingerprint (the alpha digest of units that have none).
[[nodiscard]] inline const Digest& failure_key(const CodeUnit& unit) noexcept {
  return unit.fingerprint.empty() ? unit.alpha : unit.fingerprint;
}

/// The event whose observations are being folded.
struct EventContext {
  const LearningEvent& event;
  RecordKey key;
  std::vector<std::string> words;   ///< distinct words of the specification; empty when it is too diffuse
  std::optional<index::Said> said;  ///< its first line, as words for the index to learn; absent when it is too diffuse
  std::set<Digest> worked, failed;  ///< alpha digests that this event has taught already
};

class Fold {
 public:
  /// `earlier`: reads events that were folded before, in this transaction too.
  Fold(base::KvWrite& state, const index::Embedder& embedder, const Study& study, EarlierEvents& earlier)
      : state_(state, embedder, earlier), study_(study) {}

  /// Folds one record that counts. A second event with the same id changes nothing.
  Result<void> apply(const RecordView& record, const Payload& payload);
  /// Must be called before the transaction commits.
  Result<void> finish() {
    AUTODEV_TRY(state_.background.flush(state_.kv));
    AUTODEV_TRY(state_.windows.flush(state_.kv));
    AUTODEV_TRY(state_.steps.flush(state_.kv));
    return state_.index.flush();
  }
  [[nodiscard]] const FoldState& state() const noexcept { return state_; }

 private:
  Result<void> apply_event(const RecordView& record, const LearningEvent& event);

  FoldState state_;
  const Study& study_;
};

// --- the parts
Result<void> fold_worked(FoldState& fold, EventContext& context, const UnitWorked& worked);
Result<void> fold_failed(FoldState& fold, EventContext& context, const UnitFailed& failed);
Result<void> fold_fixed(FoldState& fold, EventContext& context, const UnitFixed& fixed);
/// Code that passed under execution: what fires on it gave a false alarm. Each code counts once.
Result<void> doubt_guards(FoldState& fold, const UnitWorked& worked);
/// Makes the failed code findable by code that is nearly the same; with `after`, what fixed it.
Result<void> note_near_failure(FoldState& fold, const CodeUnit& failed, const std::optional<CodeUnit>& after);
/// Rungs of an imported pair: guards without any local evidence.
Result<void> import_guards(FoldState& fold, const CodeUnit& before, const CodeUnit& after, const std::string& origin);
/// Feedback is kept by id, whatever the id names now or later. Tells whether a guard or a failure has the id.
Result<bool> note_feedback(FoldState& fold, const Feedback& feedback);
/// A pattern whose uses keep failing becomes an anti-pattern.
Result<void> turn_if_harmful(FoldState& fold, PatternId id, const PatternRow& row, Timestamp when);
Result<void> fold_applied(FoldState& fold, const EventContext& context, const PatternApplied& applied);
Result<void> fold_attempt(FoldState& fold, const EventContext& context, const CycleAttempt& attempt);
Result<void> fold_error_seen(FoldState& fold, const EventContext& context, const ErrorSeen& seen);
Result<void> fold_error_fixed(FoldState& fold, const EventContext& context, const ErrorFixed& fixed);
Result<void> fold_feedback(FoldState& fold, const Feedback& feedback);
Result<void> fold_decision(FoldState& fold, const RecordKey& key, const DecisionMade& decision);
Result<void> fold_outcome(FoldState& fold, const DecisionOutcome& outcome);
/// The outcome of a cycle is the outcome of the experiment that waits for it.
Result<void> fold_experiment(FoldState& fold, const LearningEvent& event);
Result<void> fold_import(FoldState& fold, const RecordKey& key, const ImportedPattern& imported);

// --- what several parts use
template <typename Row>
Result<void> store(FoldState& fold, base::Table table, std::string_view key, const Row& row) {
  return fold.kv.put(table, key, encode_row(row));
}
Result<void> count(FoldState& fold, std::string_view counter, std::uint64_t by = 1);
/// Counts a pattern, and once more under its kind when that is not structural.
Result<void> count_pattern(FoldState& fold, std::string_view counter, PatternKind kind);
/// Keeps the lists of patterns with a test behind them and of those that are active.
Result<void> list_by_status(FoldState& fold, PatternId id, const PatternEvidence& evidence, const QualityScore& quality);
/// The pattern that `id` names: itself, or the one that the code with this alpha digest belongs to.
[[nodiscard]] Result<std::optional<PatternId>> resolve(const FoldState& fold, PatternId id);
/// Adds an event id as the newest of at most 32.
void note_event(std::vector<EventId>& events, const EventId& id);
/// Inserts a name into a sorted list of at most 256.
void note_name(std::vector<std::string>& names, const std::string& name);
/// Where a unit stands, whatever its code: two versions of a function are one place.
[[nodiscard]] std::uint64_t place_of(const LearningEvent& event, const CodeUnit& unit);
/// Counts one pass of the given strength.
void note_pass(PatternEvidence& evidence, const UnitWorked& worked);
[[nodiscard]] constexpr bool is_executed(EvidenceStrength strength) noexcept {
  return strength >= EvidenceStrength::exit_code;
}

/// A unit's tree, checked: it decodes, lies within the text, has the alpha digest the unit states, and is not trivial.
/// Absent otherwise: such a unit teaches nothing.
[[nodiscard]] std::optional<syntax::Nast> checked_tree(const CodeUnit& unit);

/// Counts a block. The history when it is time to make a pattern of it; absent otherwise.
[[nodiscard]] Result<std::optional<BlockRow>> fold_block(FoldState& fold, const EventContext& context,
                                                         const UnitWorked& worked);
/// The same block where it was met before there was a pattern: other literals become holes, the first is a second instance.
Result<void> add_earlier_blocks(FoldState& fold, PatternId id, PatternRow& row, const CodeUnit& unit, const BlockRow& history);
/// Counts the fragments of a block that is not known as a whole; one that has shown to be an idiom becomes a pattern.
Result<void> fold_idioms(FoldState& fold, EventContext& context, const UnitWorked& worked);
/// What the pattern of a whole block explains from now on is no support of its fragments.
Result<void> drop_fragments(FoldState& fold, const CodeUnit& unit);
/// Runs of statements of a new function that leads a pattern: those that were met before become patterns or join them, the
/// others are noted. `placed`: of the unit's tree. Cost: some microseconds, and one generalisation for each that was met.
Result<void> fold_windows(FoldState& fold, EventContext& context, const UnitWorked& worked, const syntax::Nast& tree,
                          const mine::PlacedFeatures& placed);
/// Keeps the unit as the second instance that is shown, unless there is one.
Result<void> save_second_example(FoldState& fold, PatternId id, PatternRow& row, const std::string& project, CodeUnit unit);

/// One more occurrence of code that belongs to a pattern.
Result<void> note_known(FoldState& fold, const EventContext& context, const UnitWorked& worked, UnitRow unit);
/// A new kind of instance of the pattern: counts it, and brings earlier failures of the same code with it.
Result<void> note_member(FoldState& fold, PatternId id, PatternRow& row, const CodeUnit& unit, std::uint32_t occurrences);
/// What every instance adds to the row of its pattern, new or known.
Result<void> note_instance(FoldState& fold, PatternRow& row, const EventContext& context, const UnitWorked& worked);
/// What was counted before there was a pattern.
void add_history(PatternRow& row, const BlockRow& history);
/// The search document is written again at every doubling of the instances: the words settle early.
[[nodiscard]] bool is_time_to_index(const PatternRow& row) noexcept;

/// A new pattern with `unit` as its leading instance: rows, bands, search document. Evidence is the caller's.
Result<void> create_pattern(FoldState& fold, const CodeUnit& unit, const syntax::Nast& tree,
                            const mine::Signature& signature, PatternRow& row);
/// Writes the row; the search document as well when its words may have changed, and what was `said` of it then.
Result<void> save_pattern(FoldState& fold, PatternId id, const PatternRow& row, bool index_again, const std::vector<index::Said>& said = {});
/// The search document of a stored pattern.
[[nodiscard]] Result<index::Document> stored_document(const FoldState& fold, PatternId id, const PatternRow& row);

}  // namespace autodev::knowledge
