// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/json_views.h"

#include <fmt/format.h>

#include "base/text.h"

namespace autodev::app {
namespace {

using base::Json;

template <typename Id>
Json hex_list(const std::vector<Id>& ids) {
  Json list = Json::array();
  for (const auto& id : ids) list.push_back(id.hex());
  return list;
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const PatternEvidence& e) {
  return {{"instances", e.instances},
          {"distinct_instances", e.distinct_instances},
          {"projects", e.projects},
          {"places", e.places},
          {"verified_passes", e.verified_passes},
          {"tested_passes", e.tested_passes},
          {"history_passes", e.history_passes},
          {"failures", e.failures},
          {"history_failures", e.history_failures},
          {"applied", e.applied},
          {"applied_passed", e.applied_passed},
          {"helped", e.helped},
          {"irrelevant", e.irrelevant},
          {"wrong", e.wrong},
          {"best_relative_runtime", or_null(e.best_relative_runtime)}};
}

Json to_json(const QualityScore& q) {
  return {{"total", q.total() / 1000.0},
          {"reusability", q.reusability / 1000.0},
          {"simplicity", q.simplicity / 1000.0},
          {"test_coverage", q.test_coverage / 1000.0},
          {"performance", q.performance / 1000.0}};
}

/// In bits.
Json to_json(const PatternGain& gain) {
  const auto bits = [](auto thousandths) { return static_cast<double>(thousandths) / 1000.0; };
  return {{"total", bits(gain.total)}, {"occurrences", gain.occurrences}, {"fragment", bits(gain.fragment)},
          {"index", bits(gain.index)}, {"use", bits(gain.use)},           {"description", bits(gain.description)}};
}

}  // namespace

Json to_json(const Pattern& pattern) {
  Json holes = Json::array();
  for (const Hole& hole : pattern.holes) {
    Json fillers = Json::array();
    for (const auto& [text, count] : hole.fillers) fillers.push_back({{"text", text}, {"count", count}});
    holes.push_back({{"name", hole.name}, {"kind", hole.kind}, {"fillers", fillers}, {"distinct", hole.distinct},
                     {"entropy", hole.entropy}, {"constant", or_null(hole.constant)}, {"nullable", hole.nullable},
                     {"places", hole.places}, {"binder", hole.binder}, {"scope", hole.scope}});
  }
  Json examples = Json::array();
  for (std::size_t i = 0; i < pattern.examples.size(); ++i) {
    const CodeUnit& unit = pattern.examples[i];
    examples.push_back({{"project", i < pattern.example_projects.size() ? pattern.example_projects[i] : std::string()},
                        {"path", unit.path}, {"name", unit.name}, {"scope", unit.scope}, {"first_line", unit.first_line},
                        {"text", unit.text}});
  }
  return {{"id", pattern.id.hex()},
          {"pattern_kind", to_string(pattern.kind)},
          {"name", pattern.name},
          {"description", pattern.description},
          {"summary", pattern.summary},
          {"language", to_string(pattern.context.language)},
          {"kind", to_string(pattern.context.kind)},
          {"frameworks", pattern.context.frameworks},
          {"projects", pattern.context.projects},
          {"implementation", pattern.implementation},
          {"holes", holes},
          {"examples", examples},
          {"status", to_string(pattern.status)},
          {"quality", to_json(pattern.quality)},
          {"evidence", to_json(pattern.evidence)},
          {"gain", to_json(pattern.gain)},
          {"reach", to_string(pattern.reach)},
          {"unkept", pattern.unkept},
          {"success_rate",
           {{"mean", pattern.success_rate.mean}, {"lower", pattern.success_rate.lower}, {"upper", pattern.success_rate.upper}}},
          {"usage_count", pattern.usage_count},
          {"learned_at", base::format_timestamp(pattern.learned_at)},
          {"last_seen", base::format_timestamp(pattern.last_seen)},
          {"events", hex_list(pattern.events)}};
}

Json to_json(const AntiPattern& anti) {
  return {{"id", anti.id.hex()},
          {"name", anti.name},
          {"language", to_string(anti.language)},
          {"kind", to_string(anti.kind)},
          {"before", anti.before},
          {"after", or_null(anti.after)},
          {"strength", to_string(anti.strength)},
          {"failures", anti.failures},
          {"later_passes", anti.later_passes},
          {"cause", anti.cause},
          {"events", hex_list(anti.events)}};
}

Json to_json(const LearnReport& report) {
  return {{"event", report.event.hex()},      {"duplicate", report.duplicate}, {"units", report.units},
          {"units_too_large", report.units_too_large},
          {"patterns", hex_list(report.patterns)}, {"rules", report.rules},    {"notes", report.notes}};
}

Json to_json(const PatternsByKind& kinds) {
  return {{"structural", kinds.structural}, {"behavioural", kinds.behavioural}, {"idiom", kinds.idiom}, {"window", kinds.window},
          {"edit", kinds.edit}};
}

Json to_json(const LearningMetrics& m) {
  Json value = {{"patterns_learned", m.patterns_learned},
                {"patterns_by_kind", to_json(m.patterns_by_kind)},
                {"patterns_tested", m.patterns_tested},
                {"patterns_active", m.patterns_active},
                {"anti_patterns_identified", m.anti_patterns_identified},
                {"success_rate_trend", m.success_rate_trend},
                {"llm_reduction_rate", or_null(m.llm_reduction_rate)},
                {"decision_accuracy", or_null(m.decision_accuracy)},
                {"decision_accuracy_trend", m.decision_accuracy_trend},
                {"pattern_effect", m.pattern_effect ? base::Json{{"difference", m.pattern_effect->difference}, {"low", m.pattern_effect->low},
                                                                 {"high", m.pattern_effect->high}, {"shown", m.pattern_effect->shown},
                                                                 {"held_back", m.pattern_effect->held_back}}
                                                    : base::Json(nullptr)},
                {"knowledge_base_size", m.knowledge_base_size},
                {"average_implementation_time_ms",
                 m.average_implementation_time ? Json(m.average_implementation_time->count()) : Json()},
                {"pattern_reuse_rate", or_null(m.pattern_reuse_rate)},
                {"failure_rate", or_null(m.failure_rate)},
                {"events", m.events},
                {"cycles", m.cycles}};
  if (m.explanations.empty()) return value;
  Json explanations = Json::object();
  for (const MetricExplanation& item : m.explanations)
    explanations[item.name] = {{"formula", item.formula}, {"inputs", item.inputs}, {"events", hex_list(item.events)},
                               {"events_total", item.events_total}};
  value["explain"] = explanations;
  return value;
}

Json to_json(const SimilarPattern& hit) {
  Json words = Json::array();
  for (const auto& [word, share] : hit.words) words.push_back({{"word", word}, {"share", share}});
  Json value = to_json(hit.pattern);
  value["match"] = {{"score", hit.score}, {"text", hit.text}, {"lexical_part", hit.lexical_part}, {"dense_part", hit.dense_part},
                    {"lexical", hit.lexical}, {"dense", hit.dense}, {"coverage", hit.coverage},
                    {"structure", hit.structure ? Json(*hit.structure) : Json(nullptr)}, {"success_factor", hit.success_factor},
                    {"source_factor", hit.source_factor}, {"gone", hit.gone}, {"words", words}};
  for (const VectorShare& share : hit.vectors)
    value["match"]["vectors"].push_back({{"word", share.word}, {"share", share.share}, {"nearest", share.nearest}, {"nearest_share", share.nearest_share}});
  if (hit.common) value["match"].update({{"common", *hit.common}, {"overlap", hit.overlap}, {"missing", hit.missing}});
  value["forms"] = Json::array();
  for (const PatternId& form : hit.forms) value["forms"].push_back(form.hex());
  return value;
}

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", *share * 100) : std::string("-");
}

}  // namespace autodev::app
