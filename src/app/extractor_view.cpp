// SPDX-License-Identifier: MIT OR Apache-2.0
//
// PatternExtractor: patterns within a set of files, without a store.
#include <algorithm>
#include <iterator>
#include <set>

#include "app/parts.h"
#include "knowledge/behaviour_rows.h"
#include "mine/hole_type.h"
#include "mine/idiom_extractor.h"
#include "mine/naming.h"
#include "mine/pattern_extractor.h"
#include "mine/quality.h"
#include "mine/usage_patterns.h"
#include "mine/usage_text.h"

namespace autodev {
namespace {

constexpr std::size_t examples_shown = 2;

std::vector<CodeUnit> units_of(app::Parts& parts, const std::vector<FileChange>& files) {
  LearningEvent event;
  event.implementation.files = files;
  std::vector<std::string> notes;
  app::extract_into(parts, event, notes);
  std::vector<CodeUnit> units;
  for (UnitChange& change : event.implementation.units)
    if (change.after) units.push_back(std::move(*change.after));
  return units;
}

Pattern public_pattern(const mine::StructuralPattern& found, const std::vector<CodeUnit>& units, const std::string& project) {
  const CodeUnit& leader = units[found.leader];
  std::vector<std::string> names;
  std::set<Digest> distinct;
  Pattern pattern;
  for (const std::size_t member : found.members) {
    if (member != found.leader) names.push_back(units[member].name);
    distinct.insert(units[member].alpha);
    if (pattern.examples.size() < examples_shown) {
      pattern.examples.push_back(units[member]);
      pattern.examples.back().tree.clear();
    }
  }
  pattern.id = found.id;
  pattern.evidence.instances = static_cast<std::uint32_t>(found.members.size());
  pattern.evidence.distinct_instances = static_cast<std::uint32_t>(distinct.size());
  pattern.evidence.projects = 1;
  pattern.name = mine::pattern_name(leader, names);
  pattern.description = mine::pattern_description(leader, found.pattern, pattern.evidence.instances);
  pattern.context = {leader.language, leader.kind, leader.imports, {project}};
  pattern.implementation = mine::render(found.pattern, mine::hole_names(found.pattern));
  pattern.holes = mine::public_holes(found.pattern);
  pattern.summary = mine::pattern_summary(leader, found.pattern, pattern.holes);
  pattern.quality = mine::score(found.pattern, pattern.evidence);
  pattern.status = mine::status_of(pattern.quality, pattern.evidence);
  pattern.example_projects.assign(pattern.examples.size(), project);
  pattern.success_rate = mine::beta_share(0, 0);
  return pattern;
}

Pattern public_idiom(const mine::Idiom& found, const std::vector<CodeUnit>& units, const std::string& project) {
  const CodeUnit& leader = units[found.members.front()];
  std::set<Digest> distinct;
  Pattern pattern;
  pattern.kind = PatternKind::idiom;
  for (const std::size_t member : found.members) {
    distinct.insert(units[member].alpha);
    if (pattern.examples.size() == examples_shown) continue;
    pattern.examples.push_back(units[member]);
    pattern.examples.back().tree.clear();
  }
  pattern.id = found.id;
  pattern.evidence.instances = static_cast<std::uint32_t>(found.members.size());
  pattern.evidence.distinct_instances = static_cast<std::uint32_t>(distinct.size());
  pattern.evidence.projects = 1;
  pattern.name = mine::idiom_name(found.pattern.tree);
  pattern.description = mine::idiom_sentence(found.pattern.tree);
  pattern.context = {leader.language, leader.kind, leader.imports, {project}};
  pattern.implementation = mine::render(found.pattern);
  pattern.holes = mine::public_holes(found.pattern);
  pattern.quality = mine::score(found.pattern, pattern.evidence);
  pattern.status = mine::status_of(pattern.quality, pattern.evidence);
  pattern.example_projects.assign(pattern.examples.size(), project);
  pattern.success_rate = mine::beta_share(0, 0);
  return pattern;
}

Pattern public_usage(const mine::UsagePattern& found, const std::vector<CodeUnit>& units, const std::string& project) {
  std::set<Digest> distinct;
  Pattern pattern;
  for (const std::size_t member : found.members) {
    distinct.insert(units[member].alpha);
    if (pattern.examples.size() < examples_shown) {
      pattern.examples.push_back(units[member]);
      pattern.examples.back().tree.clear();
    }
  }
  pattern.id = knowledge::behaviour_id(found.language, found.type, found.steps);
  pattern.kind = PatternKind::behavioural;
  pattern.evidence.instances = static_cast<std::uint32_t>(found.members.size());
  pattern.evidence.distinct_instances = static_cast<std::uint32_t>(distinct.size());
  pattern.evidence.projects = 1;
  pattern.name = mine::usage_name(found.type, found.steps);
  pattern.description = mine::usage_sentence(found.language, found.type, found.steps, pattern.evidence.instances, found.files, {});
  const CodeUnit& first = units[found.members.front()];
  pattern.context = {found.language, first.kind, first.imports, {project}};
  pattern.implementation = mine::usage_snippet(found.language, found.type, found.steps);
  pattern.quality = mine::score(mine::usage_nodes(found.steps), mine::usage_holes(found.steps), pattern.evidence);
  pattern.status = mine::status_of(pattern.quality, pattern.evidence);
  pattern.example_projects.assign(pattern.examples.size(), project);
  pattern.success_rate = mine::beta_share(0, 0);
  return pattern;
}

}  // namespace

Result<std::vector<Pattern>> PatternExtractor::extract_patterns(const std::vector<FileChange>& files, bool include_probation) {
  std::vector<CodeUnit> units = units_of(parts_, files);
  const auto first_block = std::stable_partition(units.begin(), units.end(), [](const CodeUnit& unit) { return unit.kind != UnitKind::block; });
  const std::vector<CodeUnit> blocks(std::make_move_iterator(first_block), std::make_move_iterator(units.end()));
  units.erase(first_block, units.end());
  std::vector<Pattern> patterns;
  const auto keep = [&](Pattern pattern) {
    if (include_probation || pattern.quality.keeps()) patterns.push_back(std::move(pattern));
  };
  for (const mine::StructuralPattern& found : mine::extract_structural(units)) keep(public_pattern(found, units, parts_.options.project));
  for (const mine::Idiom& found : mine::extract_idioms(blocks)) keep(public_idiom(found, blocks, parts_.options.project));
  for (const mine::UsagePattern& found : mine::extract_usage(units)) keep(public_usage(found, units, parts_.options.project));
  return patterns;
}

Result<QualityScore> PatternExtractor::evaluate_pattern_quality(PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto pattern, parts_.store->pattern(id));
  if (!pattern) return fail(ErrorCode::no_input, "no pattern has the id " + id.hex());
  return pattern->quality;
}

}  // namespace autodev
