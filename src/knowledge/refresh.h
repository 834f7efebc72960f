// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Refresh: brings the state up to the end of the journal.
//
// In batches, each one write transaction that also moves the stored position, so a killed refresh goes on where it
// was. Another process may refresh the same state meanwhile: the position is read again inside every
// transaction. Going on is possible when the new records sort behind the last folded one and none of them forgets;
// otherwise the tables are cleared and everything is folded again.
#pragma once

#include "base/env.h"
#include "base/kv.h"
#include "index/embedder.h"
#include "knowledge/earlier_events.h"
#include "knowledge/forgetting.h"
#include "knowledge/journal_cursor.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/state_rows.h"

namespace autodev::knowledge {

class Refresh {
 public:
  Refresh(base::Env& env, Journal& journal, base::Kv& kv, const index::Embedder& embedder, const Study& study,
          const StoreOptions& options)
      : env_(env), journal_(journal), kv_(kv), embedder_(embedder), study_(study), options_(options) {}

  Result<RefreshReport> run();

 private:
  enum class Step : std::uint8_t { more, done, start_over };

  [[nodiscard]] FoldHead fresh_head() const;
  /// Why the stored state cannot be continued; empty when it can.
  [[nodiscard]] Result<std::string> reason_to_start_over(const std::optional<FoldHead>& head);
  Result<void> collect_forgets();
  Result<Step> fold_batch();
  Result<void> clear_all(base::KvWrite& txn);
  Result<void> load_forgets(const base::KvRead& txn);
  void start_over(std::string reason);
  [[nodiscard]] Result<std::optional<LearningEvent>> read_event(const EventRow& row);
  void note_damage();
  Result<void> show_progress(const JournalPosition& reached);

  base::Env& env_;
  Journal& journal_;
  base::Kv& kv_;
  const index::Embedder& embedder_;
  const Study& study_;
  const StoreOptions& options_;

  RefreshReport report_;
  std::set<PatternId> changed_, changed_anti_;
  std::set<DecisionId> changed_decisions_;
  std::optional<JournalCursor> cursor_;
  bool from_scratch_ = false;
  std::vector<std::pair<RecordKey, Forget>> forgets_;
  std::optional<Forgetting> forgetting_;
  std::uint64_t total_ = 0;
  EarlierEvents earlier_{[this](const EventRow& row) { return read_event(row); }};
};

/// The stored head; absent in an empty state or one that cannot be read.
[[nodiscard]] Result<std::optional<FoldHead>> load_head(const base::KvRead& state);

}  // namespace autodev::knowledge
