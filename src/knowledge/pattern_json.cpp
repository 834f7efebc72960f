// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/pattern_json.h"

#include "base/text.h"

namespace autodev::knowledge {
namespace {

using base::Json;

Json ids_json(const std::vector<EventId>& ids) {
  Json list = Json::array();
  for (const EventId& id : ids) list.push_back(id.hex());
  return list;
}

Json examples_json(const Pattern& pattern) {
  Json list = Json::array();
  for (std::size_t i = 0; i < pattern.examples.size(); ++i) {
    const CodeUnit& unit = pattern.examples[i];
    list.push_back({{"first_line", unit.first_line}, {"last_line", unit.last_line}, {"name", unit.name},
                    {"path", unit.path},             {"scope", unit.scope},         {"text", unit.text},
                    {"project", i < pattern.example_projects.size() ? pattern.example_projects[i] : std::string()}});
  }
  return list;
}

Json holes_json(const std::vector<Hole>& holes) {
  Json list = Json::array();
  for (const Hole& hole : holes) {
    Json fillers = Json::array();
    for (const auto& [text, times] : hole.fillers) fillers.push_back({{"text", text}, {"times", times}});
    Json json = {{"binder", hole.binder}, {"distinct", hole.distinct}, {"entropy", hole.entropy}, {"fillers", std::move(fillers)},
                 {"kind", hole.kind},     {"name", hole.name},         {"nullable", hole.nullable}, {"places", hole.places},
                 {"scope", hole.scope}};
    if (hole.constant) json["constant"] = *hole.constant;
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

Json evidence_json(const PatternEvidence& evidence) {
  Json json = {{"instances", evidence.instances},
               {"distinct_instances", evidence.distinct_instances},
               {"projects", evidence.projects},
               {"places", evidence.places},
               {"verified_passes", evidence.verified_passes},
               {"tested_passes", evidence.tested_passes},
               {"history_passes", evidence.history_passes},
               {"failures", evidence.failures},
               {"history_failures", evidence.history_failures},
               {"applied", evidence.applied},
               {"applied_passed", evidence.applied_passed},
               {"helped", evidence.helped},
               {"irrelevant", evidence.irrelevant},
               {"wrong", evidence.wrong}};
  if (evidence.best_relative_runtime) json["best_relative_runtime"] = *evidence.best_relative_runtime;
  return json;
}

Json pattern_json(const Pattern& pattern) {
  return {{"format", "auto-dev.pattern/1"},
          {"id", pattern.id.hex()},
          {"pattern_kind", to_string(pattern.kind)},
          {"name", pattern.name},
          {"description", pattern.description},
          {"summary", pattern.summary},
          {"language", to_string(pattern.context.language)},
          {"kind", to_string(pattern.context.kind)},
          {"frameworks", pattern.context.frameworks},
          {"projects", pattern.context.projects},
          {"implementation", pattern.implementation},
          {"holes", holes_json(pattern.holes)},
          {"examples", examples_json(pattern)},
          {"status", to_string(pattern.status)},
          {"quality",
           {{"total", pattern.quality.total()},
            {"reusability", pattern.quality.reusability},
            {"simplicity", pattern.quality.simplicity},
            {"test_coverage", pattern.quality.test_coverage},
            {"performance", pattern.quality.performance}}},
          {"evidence", evidence_json(pattern.evidence)},
          {"success_rate",
           {{"mean", pattern.success_rate.mean}, {"lower", pattern.success_rate.lower}, {"upper", pattern.success_rate.upper}}},
          {"usage_count", pattern.usage_count},
          {"learned_at", base::format_timestamp(pattern.learned_at)},
          {"last_seen", base::format_timestamp(pattern.last_seen)},
          {"events", ids_json(pattern.events)}};
}

Json anti_pattern_json(const AntiPattern& anti) {
  Json json = {{"format", "auto-dev.anti_pattern/1"},
               {"id", anti.id.hex()},
               {"name", anti.name},
               {"language", to_string(anti.language)},
               {"kind", to_string(anti.kind)},
               {"before", anti.before},
               {"strength", to_string(anti.strength)},
               {"failures", anti.failures},
               {"later_passes", anti.later_passes},
               {"cause", anti.cause},
               {"events", ids_json(anti.events)}};
  if (anti.after) json["after"] = *anti.after;
  return json;
}

}  // namespace autodev::knowledge
