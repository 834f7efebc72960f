// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/pattern_files.h"

#include <optional>

#include "knowledge/behaviour_rows.h"
#include "knowledge/pattern_json.h"
#include "knowledge/pattern_view.h"
#include "knowledge/state_rows.h"

namespace autodev::knowledge {
namespace {

/// Larger files are none of ours.
constexpr std::uint64_t max_file_bytes = std::uint64_t{16} << 20;

std::string file_of(const std::string& folder, PatternId id) { return folder + "/" + id.hex() + ".json"; }

Result<void> write_if_different(base::Env& env, const std::string& path, const std::string& bytes) {
  const auto present = env.read_file(path, max_file_bytes);
  if (present && *present == bytes) return {};
  return env.write_file_atomically(path, bytes);
}

/// One file: written when `json` is present, removed otherwise.
Result<void> settle(base::Env& env, const std::string& path, const std::optional<base::Json>& json) {
  return json ? write_if_different(env, path, base::dump_json_pretty(*json)) : env.remove_file(path);
}

Result<std::optional<base::Json>> pattern_as_json(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto pattern, view_pattern(state, id));
  return pattern ? std::optional<base::Json>(pattern_json(*pattern)) : std::nullopt;
}

Result<std::optional<base::Json>> anti_pattern_as_json(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto anti, view_anti_pattern(state, id));
  return anti ? std::optional<base::Json>(anti_pattern_json(*anti)) : std::nullopt;
}

/// Adds the ids of the files that are there, so that those of vanished patterns are settled too.
Result<void> add_listed(base::Env& env, const std::string& folder, std::set<PatternId>& ids) {
  AUTODEV_TRY_ASSIGN(const auto entries, env.list(folder));
  for (const auto& entry : entries)
    if (entry.type == base::FileType::file && entry.name.size() == 37 && entry.name.ends_with(".json"))
      if (const auto id = PatternId::parse(std::string_view(entry.name).substr(0, 32))) ids.insert(*id);
  return {};
}

}  // namespace

Result<void> write_pattern_files(base::Env& env, const std::string& folder, const base::KvRead& state,
                                 const std::set<PatternId>& ids) {
  const std::string patterns = folder + "/patterns";
  const std::string anti_patterns = folder + "/anti_patterns";
  AUTODEV_TRY(env.create_directories(patterns));
  AUTODEV_TRY(env.create_directories(anti_patterns));
  for (const PatternId& id : ids) {
    AUTODEV_TRY_ASSIGN(const auto pattern, pattern_as_json(state, id));
    AUTODEV_TRY(settle(env, file_of(patterns, id), pattern));
    AUTODEV_TRY_ASSIGN(const auto anti, anti_pattern_as_json(state, id));
    AUTODEV_TRY(settle(env, file_of(anti_patterns, id), anti));
  }
  return {};
}

Result<void> write_all_pattern_files(base::Env& env, const std::string& folder, const base::KvRead& state) {
  std::set<PatternId> ids;
  const auto add = [&ids](const Digest& id) -> Result<bool> { return ids.insert({id}), true; };
  AUTODEV_TRY(for_each_in_order(state, pattern_order, add));
  AUTODEV_TRY(for_each_in_order(state, behaviour_order, add));
  AUTODEV_TRY(for_each_in_order(state, failed_order, add));
  AUTODEV_TRY(add_listed(env, folder + "/patterns", ids));
  AUTODEV_TRY(add_listed(env, folder + "/anti_patterns", ids));
  return write_pattern_files(env, folder, state, ids);
}

}  // namespace autodev::knowledge
