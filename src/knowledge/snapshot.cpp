// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"

namespace autodev::knowledge {
namespace {

using base::Json;

bool is_good_name(const std::string& name) {
  if (name.empty() || name.size() > 64 || name.front() == '.') return false;
  return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

Json to_json(const Snapshot& snapshot) {
  Json position = Json::object();
  for (const auto& [replica, place] : snapshot.position)
    position[replica.hex()] = {{"sequence", place.sequence}, {"segment", place.segment}, {"offset", place.offset}};
  return {{"format", "auto-dev.snapshot/1"},
          {"name", snapshot.name},
          {"created", base::format_timestamp(snapshot.created)},
          {"position", position},
          {"state_digest", snapshot.state_digest},
          {"patterns", snapshot.patterns},
          {"events", snapshot.events}};
}

Result<Snapshot> from_json(const Json& json, const std::string& file) {
  const auto damaged = [&] { return fail(ErrorCode::bad_data, file + ": damaged snapshot", "delete the file"); };
  try {
    if (json.at("format").get<std::string>() != "auto-dev.snapshot/1")
      return fail(ErrorCode::config, file + ": unknown snapshot format", "use the newer version of auto-dev that wrote it");
    Snapshot snapshot;
    snapshot.name = json.at("name").get<std::string>();
    const auto created = base::parse_timestamp(json.at("created").get<std::string>());
    if (!created || !is_good_name(snapshot.name)) return damaged();
    snapshot.created = *created;
    snapshot.state_digest = json.at("state_digest").get<std::string>();
    snapshot.patterns = json.at("patterns").get<std::uint64_t>();
    snapshot.events = json.at("events").get<std::uint64_t>();
    for (const auto& [replica, place] : json.at("position").items()) {
      const auto id = ReplicaId::parse(replica);
      if (!id) return damaged();
      snapshot.position[*id] = {place.at("sequence").get<std::uint64_t>(), place.at("segment").get<std::uint32_t>(),
                                place.at("offset").get<std::uint64_t>()};
    }
    return snapshot;
  } catch (const Json::exception&) {
    return damaged();
  }
}

/// What makes a pattern the same to a reader: its text and its evidence.
using Face = std::pair<std::string, PatternEvidence>;

Result<std::map<PatternId, Face>> faces(KnowledgeStore& store) {
  std::map<PatternId, Face> found;
  AUTODEV_TRY(store.for_each_pattern([&](const Pattern& pattern) {
    found[pattern.id] = {pattern.implementation, pattern.evidence};
    return true;
  }));
  return found;
}

}  // namespace

Snapshots::Snapshots(base::Env& env, std::string folder, Study study)
    : env_(env), folder_(std::move(folder)), study_(std::move(study)) {}

Result<Snapshot> Snapshots::create(const std::string& name, KnowledgeStore& live) {
  if (!is_good_name(name))
    return fail(ErrorCode::usage, fmt::format("'{}' is no snapshot name", name),
                "use 1 to 64 letters, digits, dots, dashes and underscores, not beginning with a dot");
  const std::string file = folder_ + "/snapshots/" + name + ".json";
  AUTODEV_TRY_ASSIGN(const auto status, env_.status(file));
  if (status) return fail(ErrorCode::cannot_create, fmt::format("there is a snapshot '{}' already", name), "choose another name");
  Snapshot snapshot;
  snapshot.name = name;
  snapshot.created = env_.now();
  AUTODEV_TRY_ASSIGN(snapshot.position, live.folded_position());
  AUTODEV_TRY_ASSIGN(snapshot.state_digest, live.state_digest());
  AUTODEV_TRY(live.for_each_pattern([&](const Pattern&) { return ++snapshot.patterns, true; }));
  AUTODEV_TRY(live.for_each_event([&](const EventSummary&) { return ++snapshot.events, true; }));
  AUTODEV_TRY(env_.create_directories(folder_ + "/snapshots"));
  AUTODEV_TRY(env_.write_file_atomically(file, base::dump_json_pretty(to_json(snapshot)), true));
  return snapshot;
}

Result<std::vector<Snapshot>> Snapshots::list() {
  AUTODEV_TRY_ASSIGN(const auto entries, env_.list(folder_ + "/snapshots"));
  std::vector<Snapshot> all;
  for (const base::DirectoryEntry& entry : entries) {
    if (entry.type != base::FileType::file || !entry.name.ends_with(".json")) continue;
    AUTODEV_TRY_ASSIGN(Snapshot snapshot, find(entry.name.substr(0, entry.name.size() - 5)));
    all.push_back(std::move(snapshot));
  }
  std::stable_sort(all.begin(), all.end(), [](const Snapshot& a, const Snapshot& b) { return a.created < b.created; });
  return all;
}

Result<Snapshot> Snapshots::find(const std::string& name) {
  const std::string file = folder_ + "/snapshots/" + name + ".json";
  if (!is_good_name(name)) return fail(ErrorCode::usage, fmt::format("'{}' is no snapshot name", name));
  AUTODEV_TRY_ASSIGN(const auto status, env_.status(file));
  if (!status) return fail(ErrorCode::no_input, fmt::format("there is no snapshot '{}'", name), "`auto-dev learn snapshot list` shows all");
  AUTODEV_TRY_ASSIGN(const std::string text, env_.read_file(file, 1u << 20));
  AUTODEV_TRY_ASSIGN(const Json json, base::parse_json(text, file));
  return from_json(json, file);
}

Result<std::unique_ptr<KnowledgeStore>> Snapshots::open(const Snapshot& snapshot) {
  StoreOptions options;
  options.read_only = true;
  options.in_memory_state = true;
  options.as_of = snapshot.position;
  AUTODEV_TRY_ASSIGN(auto store, KnowledgeStore::open(env_, folder_, study_, std::move(options)));
  AUTODEV_TRY(store->refresh());
  return store;
}

Result<SnapshotDiff> Snapshots::diff(KnowledgeStore& before, KnowledgeStore& after) {
  AUTODEV_TRY_ASSIGN(const auto old_faces, faces(before));
  AUTODEV_TRY_ASSIGN(const auto new_faces, faces(after));
  SnapshotDiff diff;
  for (const auto& [id, face] : new_faces) {
    const auto found = old_faces.find(id);
    if (found == old_faces.end()) diff.added.push_back(id);
    else if (found->second != face) diff.changed.push_back(id);
  }
  for (const auto& [id, face] : old_faces)
    if (!new_faces.contains(id)) diff.removed.push_back(id);
  return diff;
}

Forget Snapshots::restore_record(const Snapshot& snapshot) {
  Forget forget;
  forget.restore = true;
  for (const auto& [replica, place] : snapshot.position) forget.keep.emplace_back(replica, place.sequence);
  forget.reason = "restore of snapshot " + snapshot.name;
  return forget;
}

}  // namespace autodev::knowledge
