// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Export. Anonymised by default: project names, also those inside event-independent lists, become digests; paths keep
// their last part. Names of authors, event ids, specifications and commands are never part of an export.
#include "base/hash.h"
#include "base/text.h"
#include "knowledge/exchange.h"
#include "knowledge/pattern_json.h"
#include "knowledge/unit_json.h"

namespace autodev::knowledge {
namespace {

using base::Json;

/// Stable across exports, so that two exports of one sender agree; 48 bits do not give a short name away.
std::string project_digest(const std::string& project) {
  return "project-" + base::hash128("project\n" + project).hex().substr(0, 12);
}

Json pattern_entry(const Pattern& pattern, const CodeUnit& exemplar, bool anonymise) {
  Json projects = Json::array();
  for (const std::string& project : pattern.context.projects)
    projects.push_back(anonymise ? project_digest(project) : project);
  return {{"id", pattern.id.hex()},
          {"name", pattern.name},
          {"description", pattern.description},
          {"implementation", pattern.implementation},
          {"frameworks", pattern.context.frameworks},
          {"projects", std::move(projects)},
          {"status", to_string(pattern.status)},
          {"quality", pattern.quality.total()},
          {"evidence", evidence_json(pattern.evidence)},
          {"learned_at", base::format_timestamp(pattern.learned_at)},
          {"exemplar", unit_to_json(exemplar, anonymise)}};
}

Json anti_pattern_entry(const AntiPattern& anti, const CodeUnit& exemplar, const std::optional<CodeUnit>& replacement,
                        bool anonymise) {
  Json entry = {{"id", anti.id.hex()},
                {"name", anti.name},
                {"failures", anti.failures},
                {"later_passes", anti.later_passes},
                {"strength", to_string(anti.strength)},
                {"exemplar", unit_to_json(exemplar, anonymise)}};
  if (replacement) entry["replacement"] = unit_to_json(*replacement, anonymise);
  // What a tool printed may name people, machines and folders.
  if (!anonymise) {
    entry["cause"] = anti.cause;
    if (anti.after) entry["after"] = *anti.after;
  }
  return entry;
}

}  // namespace

Result<std::string> export_knowledge(base::Env& env, KnowledgeStore& store, const ExportOptions& options) {
  Json patterns = Json::array();
  Json anti_patterns = Json::array();
  Result<void> outcome;
  const auto exemplar_of = [&](PatternId id) -> std::optional<CodeUnit> {
    auto unit = store.leading_unit(id);
    if (!unit) outcome = tl::make_unexpected(std::move(unit).error());
    return unit ? std::move(*unit) : std::nullopt;
  };
  AUTODEV_TRY(store.for_each_pattern([&](const Pattern& pattern) {
    // Behaviour is counted from functions; those that taught it are exported as what they are.
    if (pattern.kind == PatternKind::behavioural) return true;
    if (const auto exemplar = exemplar_of(pattern.id))
      patterns.push_back(pattern_entry(pattern, *exemplar, options.anonymise));
    return outcome.has_value();
  }));
  AUTODEV_TRY(store.for_each_anti_pattern([&](const AntiPattern& anti) {
    // The id of a failure may also be that of a pattern: the code is the same then.
    const auto exemplar = exemplar_of(anti.id);
    auto replacement = store.replacement(anti.id);
    if (!replacement) outcome = tl::make_unexpected(std::move(replacement).error());
    if (exemplar && replacement) anti_patterns.push_back(anti_pattern_entry(anti, *exemplar, *replacement, options.anonymise));
    return outcome.has_value();
  }));
  AUTODEV_TRY(std::move(outcome));
  AUTODEV_TRY_ASSIGN(const auto counters, store.counters());
  Json statistics = {{"patterns", patterns.size()}, {"anti_patterns", anti_patterns.size()}};
  for (const char* name : {"events", "cycles", "decisions"}) {
    const auto found = counters.find(name);
    statistics[name] = found == counters.end() ? 0 : found->second;
  }
  return base::dump_json_pretty({{"format", "auto-dev.knowledge/1"},
                                 {"version", options.version},
                                 {"exported_at", base::format_timestamp(env.now())},
                                 {"patterns", std::move(patterns)},
                                 {"anti_patterns", std::move(anti_patterns)},
                                 {"statistics", std::move(statistics)}});
}

}  // namespace autodev::knowledge
