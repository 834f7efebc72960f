// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/forgetting.h"

#include <algorithm>

namespace autodev::knowledge {

bool Forgetting::Restore::beyond(const RecordKey& key) const {
  const auto kept = keep.find(key.replica);
  return key < at && (kept == keep.end() || key.sequence > kept->second);
}

Forgetting::Forgetting(std::vector<std::pair<RecordKey, Forget>> records) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  // The last restore is in force; an earlier one is unless a later one in force goes back to before it.
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const auto& [key, forget] = *record;
    keys_.insert(key);
    if (forget.restore && std::none_of(restores_.begin(), restores_.end(), [&](const Restore& later) { return later.beyond(key); }))
      restores_.push_back({key, {forget.keep.begin(), forget.keep.end()}});
    events_.insert(forget.events.begin(), forget.events.end());
    if (!forget.project.empty()) projects_.emplace(forget.project, key);
    if (forget.everything) everything_ = std::max(everything_, key);
  }
}

bool Forgetting::drops(const RecordKey& key) const {
  return key < everything_ ||
         std::any_of(restores_.begin(), restores_.end(), [&](const Restore& restore) { return restore.beyond(key); });
}

bool Forgetting::drops(const RecordKey& key, const LearningEvent& event) const {
  if (events_.contains(event.id) || drops(key)) return true;
  const auto project = projects_.find(event.project);
  return project != projects_.end() && key < project->second;
}

bool Forgetting::drops(const RecordKey& key, const DecisionId& id, const std::string& project) const {
  if (events_.contains(EventId{id.digest}) || drops(key)) return true;
  const auto forgotten = projects_.find(project);
  return !project.empty() && forgotten != projects_.end() && key < forgotten->second;
}

}  // namespace autodev::knowledge
