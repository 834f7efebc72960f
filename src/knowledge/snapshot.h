// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Snapshot (Memento): a journal position with the digest of the state folded up to it.
//
// Creating one copies nothing, looking at one folds the journal up to its position in memory, and restoring
// one appends a record, so that what came later is out of the knowledge but not out of the journal.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"
#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

struct Snapshot {
  std::string name;  ///< [A-Za-z0-9._-]{1,64}, not starting with a dot
  Timestamp created{};
  JournalPosition position;
  std::string state_digest;
  std::uint64_t patterns = 0, events = 0;
};

/// Differences between two states, each list sorted by id.
struct SnapshotDiff {
  std::vector<PatternId> added, removed, changed;
};

class Snapshots {
 public:
  /// `folder` is `.auto-dev/knowledge`.
  Snapshots(base::Env& env, std::string folder, Study study);

  /// `usage` for a bad name, `cannot_create` when the name is taken.
  Result<Snapshot> create(const std::string& name, KnowledgeStore& live);
  /// Sorted by creation.
  [[nodiscard]] Result<std::vector<Snapshot>> list();
  /// `no_input` when there is none of this name.
  [[nodiscard]] Result<Snapshot> find(const std::string& name);
  /// The knowledge as of the snapshot, folded in memory; read-only. Cost: one fold of the journal.
  [[nodiscard]] Result<std::unique_ptr<KnowledgeStore>> open(const Snapshot& snapshot);
  [[nodiscard]] static Result<SnapshotDiff> diff(KnowledgeStore& before, KnowledgeStore& after);
  /// The record that takes knowledge back to the snapshot.
  [[nodiscard]] static Forget restore_record(const Snapshot& snapshot);

 private:
  base::Env& env_;
  std::string folder_;
  Study study_;
};

}  // namespace autodev::knowledge
