// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/exchange.h"

#include <fmt/format.h>

#include <set>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "knowledge/exchange_units.h"

namespace autodev::knowledge {
namespace {

using base::Json;

constexpr std::size_t problems_shown = 20;
constexpr std::size_t max_entries = 1'000'000;

std::string project_name(const std::string& name, bool anonymise) {
  return anonymise ? "project-" + base::hash128(name).hex().substr(0, 12) : name;
}

Json evidence_json(const PatternEvidence& e) {
  return {{"instances", e.instances},   {"distinct_instances", e.distinct_instances},
          {"projects", e.projects},     {"verified_passes", e.verified_passes},
          {"tested_passes", e.tested_passes}, {"history_passes", e.history_passes},
          {"failures", e.failures},     {"history_failures", e.history_failures},
          {"applied", e.applied},       {"applied_passed", e.applied_passed},
          {"helped", e.helped},         {"irrelevant", e.irrelevant},
          {"wrong", e.wrong}};
}

Json pattern_json(const Pattern& pattern, const CodeUnit& leader, const ExportOptions& options) {
  Json projects = Json::array();
  for (const std::string& project : pattern.context.projects) projects.push_back(project_name(project, options.anonymise));
  Json holes = Json::array();
  for (const Hole& hole : pattern.holes) holes.push_back({{"name", hole.name}, {"kind", hole.kind}, {"distinct", hole.distinct}});
  return {{"id", pattern.id.hex()},
          {"name", pattern.name},
          {"description", pattern.description},
          {"implementation", pattern.implementation},
          {"holes", holes},
          {"frameworks", pattern.context.frameworks},
          {"projects", projects},
          {"status", to_string(pattern.status)},
          {"quality_per_mille", pattern.quality.total()},
          {"evidence", evidence_json(pattern.evidence)},
          {"learned_at", base::format_timestamp(pattern.learned_at)},
          {"unit", unit_to_json(leader, options.anonymise)}};
}

Json anti_json(const AntiPattern& anti, const CodeUnit& failed, const ExportOptions& options) {
  Json value = {{"id", anti.id.hex()},       {"name", anti.name},
                {"cause", anti.cause},       {"strength", to_string(anti.strength)},
                {"failures", anti.failures}, {"later_passes", anti.later_passes},
                {"unit", unit_to_json(failed, options.anonymise)}};
  if (anti.after) value["after"] = *anti.after;
  return value;
}

Result<Json> checked_document(std::string_view document, std::string_view origin) {
  AUTODEV_TRY_ASSIGN(Json json, base::parse_json(document, origin, {.max_bytes = max_import_bytes}));
  if (!json.is_object() || !json.contains("format") || !json["format"].is_string())
    return fail(ErrorCode::bad_data, fmt::format("{}: this is no knowledge export: $.format is missing", origin),
                "exports are made by `auto-dev learn export --output FILE`");
  const std::string format = json["format"].get<std::string>();
  if (format != exchange_format) {
    if (format.starts_with("auto-dev.knowledge/"))
      return fail(ErrorCode::config, fmt::format("{}: format {} is not known here (this program reads {})", origin, format, exchange_format),
                  "use the newer version of auto-dev that wrote it");
    return fail(ErrorCode::bad_data, fmt::format("{}: $.format is '{}', expected {}", origin, format, exchange_format));
  }
  for (const char* list : {"patterns", "anti_patterns"})
    if (!json.contains(list) || !json[list].is_array() || json[list].size() > max_entries)
      return fail(ErrorCode::bad_data, fmt::format("{}: $.{} must be a list of at most {} entries", origin, list, max_entries));
  return json;
}

Result<ImportedPattern> read_entry(const Json& entry, const std::string& at, std::string_view origin, bool anti) {
  if (!entry.is_object() || !entry.contains("unit")) return fail(ErrorCode::bad_data, at + ".unit: missing");
  ImportedPattern imported;
  imported.origin = std::string(base::clip_utf8(origin, 256));
  imported.anti = anti;
  AUTODEV_TRY_ASSIGN(imported.exemplar, unit_from_json(entry["unit"], at + ".unit"));
  const auto text = [&](const char* name) {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_string()) return std::string();
    return std::string(base::clip_utf8(base::strip_controls(found->get_ref<const std::string&>()), 1024));
  };
  imported.name = text("name");
  imported.description = text("description");
  imported.cause = text("cause");
  return imported;
}

class Planner {
 public:
  Planner(KnowledgeStore& store, std::string_view origin) : store_(store), origin_(origin) {}

  Result<void> take(const Json& list, const char* name, bool anti) {
    for (std::size_t i = 0; i < list.size(); ++i) AUTODEV_TRY(take_one(list[i], fmt::format("$.{}[{}]", name, i), anti));
    return {};
  }
  ImportPlan finish() { return std::move(plan_); }

 private:
  Result<void> take_one(const Json& entry, const std::string& at, bool anti) {
    auto imported = read_entry(entry, at, origin_, anti);
    if (!imported) {
      ++plan_.report.rejected;
      if (plan_.report.problems.size() < problems_shown) plan_.report.problems.push_back(imported.error().message);
      return {};
    }
    const PatternId id{anti ? imported->exemplar.fingerprint : imported->exemplar.alpha};
    AUTODEV_TRY_ASSIGN(const bool known, is_known(id, anti));
    if (known || !seen_.insert({anti, id}).second) {
      ++plan_.report.known;
      return {};
    }
    ++plan_.report.added;
    plan_.payloads.emplace_back(std::move(*imported));
    return {};
  }
  Result<bool> is_known(PatternId id, bool anti) {
    if (anti) {
      AUTODEV_TRY_ASSIGN(const auto found, store_.anti_pattern(id));
      return found.has_value();
    }
    AUTODEV_TRY_ASSIGN(const auto found, store_.pattern(id));
    return found.has_value();
  }

  KnowledgeStore& store_;
  std::string_view origin_;
  ImportPlan plan_;
  std::set<std::pair<bool, PatternId>> seen_;
};

}  // namespace

Result<std::string> export_knowledge(KnowledgeStore& store, const ExportOptions& options) {
  Json patterns = Json::array();
  std::uint64_t active = 0;
  Result<void> problem;
  AUTODEV_TRY(store.for_each_pattern([&](const Pattern& pattern) {
    const auto leader = store.leading_unit(pattern.id);
    if (!leader) problem = tl::make_unexpected(leader.error());
    if (leader && *leader) patterns.push_back(pattern_json(pattern, **leader, options));
    active += pattern.status == PatternStatus::active ? 1 : 0;
    return problem.has_value();
  }));
  AUTODEV_TRY(problem);
  Json anti_patterns = Json::array();
  AUTODEV_TRY(store.for_each_anti_pattern([&](const AntiPattern& anti) {
    const auto failed = store.leading_unit(anti.id);
    if (!failed) problem = tl::make_unexpected(failed.error());
    if (failed && *failed) anti_patterns.push_back(anti_json(anti, **failed, options));
    return problem.has_value();
  }));
  AUTODEV_TRY(problem);
  const Json statistics = {{"patterns", patterns.size()}, {"active", active}, {"anti_patterns", anti_patterns.size()}};
  return base::dump_json_pretty({{"format", exchange_format},
                                 {"version", options.program_version},
                                 {"exported_at", base::format_timestamp(options.exported_at)},
                                 {"anonymised", options.anonymise},
                                 {"statistics", statistics},
                                 {"patterns", std::move(patterns)},
                                 {"anti_patterns", std::move(anti_patterns)}});
}

Result<ImportPlan> plan_import(KnowledgeStore& store, std::string_view document, std::string_view origin) {
  AUTODEV_TRY_ASSIGN(const Json json, checked_document(document, origin));
  Planner planner(store, origin);
  AUTODEV_TRY(planner.take(json["patterns"], "patterns", false));
  AUTODEV_TRY(planner.take(json["anti_patterns"], "anti_patterns", true));
  return planner.finish();
}

Result<std::uint64_t> merge_journal(base::Env& env, const std::string& from_journal, const std::string& into_journal) {
  std::uint64_t copied = 0;
  AUTODEV_TRY_ASSIGN(const auto replicas, env.list(from_journal));
  for (const base::DirectoryEntry& replica : replicas) {
    if (replica.type != base::FileType::directory || !ReplicaId::parse(replica.name)) continue;
    const std::string target = into_journal + "/" + replica.name;
    AUTODEV_TRY(env.create_directories(target));
    AUTODEV_TRY_ASSIGN(const auto segments, env.list(from_journal + "/" + replica.name));
    for (const base::DirectoryEntry& segment : segments) {
      if (segment.type != base::FileType::file || !segment.name.ends_with(".log")) continue;
      AUTODEV_TRY_ASSIGN(const std::string theirs, env.read_file(from_journal + "/" + replica.name + "/" + segment.name));
      const std::string path = target + "/" + segment.name;
      AUTODEV_TRY_ASSIGN(const auto status, env.status(path));
      std::string ours;
      if (status) {
        AUTODEV_TRY_ASSIGN(ours, env.read_file(path));
      }
      if (theirs.size() <= ours.size() || !theirs.starts_with(ours)) continue;
      AUTODEV_TRY(env.write_file_atomically(path, theirs, true));
      ++copied;
    }
  }
  return copied;
}

}  // namespace autodev::knowledge
