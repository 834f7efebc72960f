// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Snapshot (Memento): a named journal position with the digest of what was known there.
//
// Because knowledge is a fold, a position is all that has to be kept: the state as of then is folded again when it
// is wanted, and going back is a journal record like any other ("restore", see record.h at Forget), so it merges,
// and can itself be taken back. What was forgotten stays forgotten in every view and after every restore.
#pragma once

#include <memory>
#include <map>
#include <string>
#include <vector>

#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

struct Snapshot {
  std::string name;        ///< [A-Za-z0-9._-]{1,64}, not beginning with a dot
  Timestamp created_at{};
  JournalPosition position;
  std::string digest;      ///< knowledge_digest() at the position
};

/// What is known at one moment, for comparing: everything that a reader sees, by kind and id. Kinds are those of patterns,
/// "edit" and "anti-pattern" included.
struct KnowledgeContent {
  struct Item {
    std::string kind;
    PatternId id;
    auto operator<=>(const Item&) const = default;
  };
  std::map<Item, Digest> items;
};
/// Cost: that of showing every pattern.
[[nodiscard]] Result<KnowledgeContent> content_of(KnowledgeStore& store);

/// Patterns and anti-patterns that differ between two states, by kind, then id.
struct KnowledgeDifference {
  using Item = KnowledgeContent::Item;
  std::vector<Item> added, removed, changed;
};
[[nodiscard]] KnowledgeDifference difference(const KnowledgeContent& before, const KnowledgeContent& after);

class Snapshots {
 public:
  /// `folder` is `.auto-dev/knowledge`; `learner` as in StoreOptions.
  Snapshots(base::Env& env, std::string folder, Study study, std::string learner)
      : env_(env), folder_(std::move(folder)), study_(std::move(study)), learner_(std::move(learner)) {}

  /// Refreshes `store` and remembers where it stands. Errors: `usage` for a bad name or one that is taken.
  Result<Snapshot> create(KnowledgeStore& store, const std::string& name);
  /// By name; files that are no snapshots are passed over.
  [[nodiscard]] Result<std::vector<Snapshot>> list();
  /// `no_input` when there is none of this name, `config` for a newer format.
  [[nodiscard]] Result<Snapshot> find(const std::string& name);
  /// Knowledge as of a position, folded in memory.
  [[nodiscard]] Result<std::unique_ptr<KnowledgeStore>> open_as_of(const JournalPosition& position);
  /// Appends the record that drops everything behind the snapshot, and refreshes.
  Result<RefreshReport> restore(KnowledgeStore& store, const std::string& name);

 private:
  [[nodiscard]] std::string file_of(const std::string& name) const { return folder_ + "/snapshots/" + name + ".json"; }

  base::Env& env_;
  std::string folder_;
  Study study_;
  std::string learner_;
};

/// What came and went from `before` to `after`. Patterns are compared by everything a reader sees of them.
[[nodiscard]] Result<KnowledgeDifference> difference(KnowledgeStore& before, KnowledgeStore& after);

}  // namespace autodev::knowledge
