// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/snapshot.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/hash.h"
#include "base/text.h"
#include "knowledge/pattern_json.h"

namespace autodev::knowledge {
namespace {

using base::Json;

constexpr std::string_view snapshot_format = "auto-dev.snapshot/1";
constexpr std::uint64_t max_file_bytes = std::uint64_t{16} << 20;

Result<void> check_name(const std::string& name) {
  const bool fits = !name.empty() && name.size() <= 64 && name.front() != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                             c == '_' || c == '-';
                    });
  if (fits) return {};
  return fail(ErrorCode::usage, "\"" + base::strip_controls(name) + "\" is no name for a snapshot",
              "use 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.'");
}

// Numbers of 64 bits are texts: many JSON readers keep only 53.
Json position_json(const JournalPosition& position) {
  Json json = Json::object();
  for (const auto& [replica, last] : position)
    json[replica.hex()] = {{"checksum", std::to_string(last.checksum)}, {"offset", std::to_string(last.offset)},
                           {"segment", last.segment},                   {"sequence", std::to_string(last.sequence)},
                           {"time_ms", std::to_string(last.time_ms)}};
  return json;
}

template <typename Number>
std::optional<Number> number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  const auto& text = found->get_ref<const std::string&>();
  Number value{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && rest == text.data() + text.size() ? std::optional<Number>(value) : std::nullopt;
}

std::optional<JournalPosition> position_from(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  JournalPosition position;
  for (const auto& [key, value] : json.items()) {
    const auto replica = ReplicaId::parse(key);
    if (!replica || !value.is_object()) return std::nullopt;
    const auto sequence = number_of<std::uint64_t>(value, "sequence");
    const auto offset = number_of<std::uint64_t>(value, "offset");
    const auto checksum = number_of<std::uint64_t>(value, "checksum");
    const auto time = number_of<std::int64_t>(value, "time_ms");
    const auto segment = value.find("segment");
    if (!sequence || !offset || !checksum || !time || segment == value.end() || !segment->is_number_unsigned())
      return std::nullopt;
    position[*replica] = {*sequence, segment->get<std::uint32_t>(), *offset, *checksum, *time};
  }
  return position;
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Result<Snapshot> Snapshots::create(KnowledgeStore& store, const std::string& name) {
  AUTODEV_TRY(check_name(name));
  AUTODEV_TRY_ASSIGN(const auto taken, env_.status(file_of(name)));
  if (taken) return fail(ErrorCode::usage, "there is a snapshot \"" + name + "\" already", "choose another name");
  AUTODEV_TRY(store.refresh());
  Snapshot snapshot;
  snapshot.name = name;
  snapshot.created_at = env_.now();
  AUTODEV_TRY_ASSIGN(snapshot.position, store.folded_position());
  AUTODEV_TRY_ASSIGN(snapshot.digest, store.knowledge_digest());
  const Json json = {{"format", snapshot_format},
                     {"name", name},
                     {"created_at", base::format_timestamp(snapshot.created_at)},
                     {"position", position_json(snapshot.position)},
                     {"digest", snapshot.digest}};
  AUTODEV_TRY(env_.create_directories(folder_ + "/snapshots"));
  AUTODEV_TRY(env_.write_file_atomically(file_of(name), base::dump_json_pretty(json), true));
  return snapshot;
}

Result<Snapshot> Snapshots::find(const std::string& name) {
  AUTODEV_TRY(check_name(name));
  const std::string file = file_of(name);
  auto text = env_.read_file(file, max_file_bytes);
  if (!text) {
    if (text.error().code != ErrorCode::no_input) return tl::make_unexpected(std::move(text).error());
    return fail(ErrorCode::no_input, "there is no snapshot \"" + name + "\"", "list the snapshots to see their names");
  }
  AUTODEV_TRY_ASSIGN(const Json json, base::parse_json(*text, file));
  const std::string format = json.is_object() ? text_of(json, "format") : std::string();
  if (format != snapshot_format) {
    if (format.starts_with("auto-dev.snapshot/"))
      return fail(ErrorCode::config, file + " has the newer format " + format, "use the newer version of auto-dev that wrote it");
    return fail(ErrorCode::bad_data, file + " is not a snapshot");
  }
  const auto position = json.contains("position") ? position_from(json["position"]) : std::nullopt;
  const auto created = base::parse_timestamp(text_of(json, "created_at"));
  if (!position || !created) return fail(ErrorCode::bad_data, file + " is damaged");
  return Snapshot{name, *created, *position, text_of(json, "digest")};
}

Result<std::vector<Snapshot>> Snapshots::list() {
  std::vector<Snapshot> snapshots;
  AUTODEV_TRY_ASSIGN(const auto entries, env_.list(folder_ + "/snapshots"));
  for (const auto& entry : entries) {
    if (entry.type != base::FileType::file || !entry.name.ends_with(".json")) continue;
    auto snapshot = find(entry.name.substr(0, entry.name.size() - 5));
    if (snapshot) snapshots.push_back(std::move(*snapshot));
    else if (snapshot.error().code == ErrorCode::config) return tl::make_unexpected(std::move(snapshot).error());
  }
  return snapshots;
}

Result<std::unique_ptr<KnowledgeStore>> Snapshots::open_as_of(const JournalPosition& position) {
  StoreOptions options;
  options.learner = learner_;
  options.read_only = true;
  options.as_of = position;
  AUTODEV_TRY_ASSIGN(auto store, KnowledgeStore::open(env_, folder_, study_, options));
  AUTODEV_TRY(store->refresh());
  return store;
}

Result<RefreshReport> Snapshots::restore(KnowledgeStore& store, const std::string& name) {
  AUTODEV_TRY_ASSIGN(const Snapshot snapshot, find(name));
  Forget control;
  control.restore = true;
  for (const auto& [replica, last] : snapshot.position) control.keep.emplace_back(replica, last.sequence);
  control.reason = "restore of snapshot " + name;
  AUTODEV_TRY(store.append({Payload(control)}));
  return store.refresh();
}

Result<KnowledgeContent> content_of(KnowledgeStore& store) {
  KnowledgeContent content;
  AUTODEV_TRY(store.for_each_pattern([&](const Pattern& pattern) {
    content.items.emplace(KnowledgeContent::Item{std::string(to_string(pattern.kind)), pattern.id}, base::hash128(base::dump_json(pattern_json(pattern))));
    return true;
  }));
  AUTODEV_TRY(store.for_each_guard([&](const Guard& guard) {
    if (!guard.pattern.flaw.empty()) return true;
    const Json seen = {{"before", guard.pattern.before.text}, {"after", guard.pattern.after.text}, {"level", mine::to_string(guard.level)},
                       {"confirmed", guard.counts.confirmed}, {"false_alarms", guard.counts.false_alarms}};
    content.items.emplace(KnowledgeContent::Item{std::string(to_string(PatternKind::edit)), guard.id}, base::hash128(base::dump_json(seen)));
    return true;
  }));
  AUTODEV_TRY(store.for_each_anti_pattern([&](const AntiPattern& anti) {
    content.items.emplace(KnowledgeContent::Item{"anti-pattern", anti.id}, base::hash128(base::dump_json(anti_pattern_json(anti))));
    return true;
  }));
  return content;
}

KnowledgeDifference difference(const KnowledgeContent& before, const KnowledgeContent& after) {
  KnowledgeDifference result;
  for (const auto& [item, digest] : after.items) {
    const auto found = before.items.find(item);
    if (found == before.items.end()) result.added.push_back(item);
    else if (found->second != digest) result.changed.push_back(item);
  }
  for (const auto& [item, digest] : before.items)
    if (!after.items.contains(item)) result.removed.push_back(item);
  return result;
}

Result<KnowledgeDifference> difference(KnowledgeStore& before, KnowledgeStore& after) {
  AUTODEV_TRY_ASSIGN(const auto old, content_of(before));
  AUTODEV_TRY_ASSIGN(const auto now, content_of(after));
  return difference(old, now);
}

}  // namespace autodev::knowledge
