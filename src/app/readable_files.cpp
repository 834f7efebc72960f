// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a person can open in an editor: pattern files (written by the store) and metrics.json.
#include "app/json_views.h"
#include "app/parts.h"
#include "report/metrics.h"

namespace autodev::app {
namespace {

/// Bytes of all files below `folder`; iterative, links are not followed.
Result<std::uint64_t> folder_size(base::Env& env, const std::string& folder) {
  std::uint64_t bytes = 0;
  std::vector<std::string> pending = {folder};
  while (!pending.empty()) {
    const std::string current = std::move(pending.back());
    pending.pop_back();
    AUTODEV_TRY_ASSIGN(const auto entries, env.list(current));
    for (const base::DirectoryEntry& entry : entries) {
      const std::string path = current + "/" + entry.name;
      if (entry.type == base::FileType::directory) pending.push_back(path);
      if (entry.type != base::FileType::file) continue;
      AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
      if (status) bytes += status->size;
    }
  }
  return bytes;
}

}  // namespace

Result<LearningMetrics> metrics_of(Parts& parts, bool explain) {
  AUTODEV_TRY_ASSIGN(const std::uint64_t journal, folder_size(parts.env, parts.knowledge_folder() + "/journal"));
  AUTODEV_TRY_ASSIGN(const std::uint64_t state, folder_size(parts.env, parts.knowledge_folder() + "/embeddings"));
  return report::compute_metrics(*parts.store, journal + state, explain);
}

Result<void> write_readable_files(Parts& parts, const knowledge::RefreshReport& folded) {
  if (folded.records == 0 && !folded.rebuilt) return {};
  std::vector<PatternId> changed = folded.changed;
  changed.insert(changed.end(), folded.changed_anti.begin(), folded.changed_anti.end());
  if (!changed.empty() || folded.rebuilt) AUTODEV_TRY(parts.store->write_files(changed));
  AUTODEV_TRY(write_decision_files(parts, folded));
  AUTODEV_TRY_ASSIGN(const LearningMetrics metrics, metrics_of(parts, true));
  return parts.env.write_file_atomically(parts.knowledge_folder() + "/metrics.json",
                                         base::dump_json_pretty(to_json(metrics)));
}

}  // namespace autodev::app
