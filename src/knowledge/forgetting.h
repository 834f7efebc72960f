// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Forgetting: which records do not count, because of the forget records of the whole journal.
//
// A pure function of the set of forget records, so replicas with the same segments forget the same. The rules are in
// record.h at Forget.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "knowledge/record.h"

namespace autodev::knowledge {

class Forgetting {
 public:
  Forgetting() = default;
  /// `records` in any order.
  explicit Forgetting(std::vector<std::pair<RecordKey, Forget>> records);

  [[nodiscard]] bool knows(const RecordKey& key) const { return keys_.contains(key); }
  /// Does any record at this place not count, whatever it says?
  [[nodiscard]] bool drops(const RecordKey& key) const;
  /// Does this event at this place not count? Includes drops().
  [[nodiscard]] bool drops(const RecordKey& key, const LearningEvent& event) const;
  /// The same for a decision, by its id and project.
  [[nodiscard]] bool drops(const RecordKey& key, const DecisionId& id, const std::string& project) const;

 private:
  struct Restore {
    RecordKey at;
    std::map<ReplicaId, std::uint64_t> keep;
    [[nodiscard]] bool beyond(const RecordKey& key) const;
  };

  std::set<RecordKey> keys_;
  std::set<EventId> events_;
  std::map<std::string, RecordKey> projects_;  ///< the latest record for each project
  RecordKey everything_;                       ///< the latest; all zero: none
  std::vector<Restore> restores_;              ///< those in force
};

}  // namespace autodev::knowledge
