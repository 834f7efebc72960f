// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The decisions' readable side: one file per decision, one per type with the current weights. Derived, like pattern files.
#include <set>

#include "app/decision_text.h"

namespace autodev::app {
namespace {

using base::Json;

Result<void> write_decision(Parts& parts, const std::string& folder, const knowledge::DecisionSummary& decision) {
  return parts.env.write_file_atomically(folder + "/" + decision.id.hex() + ".json", base::dump_json_pretty(to_json(decision)));
}

Result<void> write_weights(Parts& parts, const std::string& folder, const std::string& type) {
  AUTODEV_TRY_ASSIGN(const auto votes, parts.decisions.votes(type));
  Json list = Json::array();
  for (const Vote& vote : votes) list.push_back(to_json(vote));
  return parts.env.write_file_atomically(folder + "/weights." + type + ".json",
                                         base::dump_json_pretty({{"type", type}, {"options", std::move(list)}}));
}

Result<void> write_all(Parts& parts, const std::string& folder) {
  std::set<std::string> wanted;
  Result<void> outcome;
  AUTODEV_TRY(parts.store->for_each_decision([&](const knowledge::DecisionSummary& decision) {
    wanted.insert(decision.id.hex() + ".json");
    outcome = write_decision(parts, folder, decision);
    return outcome.has_value();
  }));
  AUTODEV_TRY(std::move(outcome));
  AUTODEV_TRY_ASSIGN(const auto types, parts.store->decision_types());
  for (const std::string& type : types) {
    AUTODEV_TRY(write_weights(parts, folder, type));
    wanted.insert("weights." + type + ".json");
  }
  AUTODEV_TRY_ASSIGN(const auto entries, parts.env.list(folder));
  for (const base::DirectoryEntry& entry : entries)
    if (entry.type == base::FileType::file && entry.name.ends_with(".json") && !wanted.contains(entry.name))
      AUTODEV_TRY(parts.env.remove_file(folder + "/" + entry.name));
  return {};
}

}  // namespace

Result<void> write_decision_files(Parts& parts, const knowledge::RefreshReport& folded) {
  const std::string folder = parts.knowledge_folder() + "/decisions";
  if (folded.rebuilt) {
    AUTODEV_TRY_ASSIGN(const auto types, parts.store->decision_types());
    AUTODEV_TRY_ASSIGN(const auto there, parts.env.status(folder));
    if (types.empty() && !there) return {};
    AUTODEV_TRY(parts.env.create_directories(folder));
    return write_all(parts, folder);
  }
  if (folded.changed_decisions.empty()) return {};
  AUTODEV_TRY(parts.env.create_directories(folder));
  std::set<std::string> types;
  for (const DecisionId& id : folded.changed_decisions) {
    AUTODEV_TRY_ASSIGN(const auto decision, parts.store->decision(id));
    if (!decision) continue;
    types.insert(decision->type);
    AUTODEV_TRY(write_decision(parts, folder, *decision));
  }
  for (const std::string& type : types) AUTODEV_TRY(write_weights(parts, folder, type));
  return {};
}

}  // namespace autodev::app
