// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The rows of decisions within the state, and a stored decision as the question it was.
#pragma once

#include "base/kv.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/state_rows.h"
#include "vote/decider.h"

namespace autodev::knowledge {

class VoteRead final : public vote::MemoryRead {
 public:
  explicit VoteRead(const base::KvRead& state) : state_(state) {}
  [[nodiscard]] Result<std::optional<std::string_view>> get(std::string_view key) const override {
    return state_.get(table::vote, key);
  }

 private:
  const base::KvRead& state_;
};

class VoteWrite final : public vote::Memory {
 public:
  explicit VoteWrite(base::KvWrite& state) : state_(state) {}
  [[nodiscard]] Result<std::optional<std::string_view>> get(std::string_view key) const override {
    return state_.get(table::vote, key);
  }
  Result<void> put(std::string_view key, std::string_view value) override { return state_.put(table::vote, key, value); }

 private:
  base::KvWrite& state_;
};

// What KnowledgeStore answers about decisions; see there.
[[nodiscard]] Result<std::vector<DecisionId>> view_decisions_named(const base::KvRead& state, std::string_view prefix);
[[nodiscard]] Result<std::vector<std::string>> view_decision_types(const base::KvRead& state);
[[nodiscard]] Result<std::vector<std::string>> view_decided_options(const base::KvRead& state, std::string_view type);

/// A context that cannot be read is none.
[[nodiscard]] vote::Question question_of(const DecisionSummary& decision);

}  // namespace autodev::knowledge
