// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See behaviour_view.h. Rules of a pattern are read from the counters of its type when it is looked at, so they are never stale.
#include "knowledge/behaviour_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/behaviour_rows.h"
#include "knowledge/pattern_view.h"
#include "knowledge/step_rows.h"
#include "mine/keep.h"
#include "mine/quality.h"
#include "mine/usage_patterns.h"
#include "mine/usage_text.h"

namespace autodev::knowledge {
namespace {

/// As many supports as a pattern needs, and no more exceptions than one in five: below, it is a habit and no rule.
constexpr std::uint32_t min_rule_support = 4;
constexpr std::size_t max_rules_shown = 4;

bool is_shown(const mine::UsageRule& rule, const std::vector<std::string>& steps) {
  const auto has = [&](const std::string& step) { return std::find(steps.begin(), steps.end(), step) != steps.end(); };
  const bool about = has(rule.a) && (rule.shape == mine::RuleShape::guarded || has(rule.b));
  return about && std::uint64_t{rule.violations} * 4 <= rule.support;
}

/// The rule of docs/mining.md; empty for behaviour that says something.
Result<std::string> trivial_because(const base::KvRead& state, const BehaviourRow& row) {
  StepReader counts;
  std::size_t telling = 0;
  for (const std::string& step : row.steps) {
    AUTODEV_TRY_ASSIGN(const auto count, counts.of(state, row.language, step));
    if (mine::is_telling_so_far(count.step, count.all)) ++telling;
  }
  if (telling >= mine::needed_telling_steps) return std::string();
  return fmt::format("trivial: usual: {} of its steps is rarer than one in {} of the language's, fewer than {}", telling, mine::telling_step_share,
                     mine::needed_telling_steps);
}

}  // namespace

QualityScore quality_of(const BehaviourRow& row) {
  return mine::score(mine::usage_nodes(row.steps), mine::usage_holes(row.steps), row.evidence);
}

Result<std::vector<mine::UsageRule>> rules_of_type(const base::KvRead& state, Language language, std::string_view type, std::uint32_t min_support) {
  AUTODEV_TRY_ASSIGN(const auto group, load<UsageRow>(state, table::usage, usage_key(language, type)));
  return group ? group->counters.rules(min_support) : std::vector<mine::UsageRule>{};
}

Result<std::optional<Pattern>> view_behaviour(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<BehaviourRow>(state, table::behaviour, key_of(id)));
  if (!row) return std::nullopt;
  Pattern pattern;
  pattern.id = id;
  pattern.kind = PatternKind::behavioural;
  pattern.name = mine::usage_name(row->type, row->steps);
  pattern.context = {row->language, row->kind, row->frameworks, row->projects};
  pattern.implementation = mine::usage_snippet(row->language, row->type, row->steps);
  for (const char number : {'\0', '\1'}) {
    AUTODEV_TRY_ASSIGN(auto unit, stored_example(state, id, number));
    if (unit) pattern.examples.push_back(std::move(*unit));
  }
  pattern.example_projects = row->example_projects;
  pattern.example_projects.resize(pattern.examples.size());
  AUTODEV_TRY_ASSIGN(const auto rules, rules_of_type(state, row->language, row->type, min_rule_support));
  std::vector<mine::UsageRule> shown;
  for (const mine::UsageRule& rule : rules)
    if (is_shown(rule, row->steps) && shown.size() < max_rules_shown) shown.push_back(rule);
  pattern.description = mine::usage_sentence(row->language, row->type, row->steps, row->evidence.instances,
                                            std::min(files_of(row->places), row->evidence.instances), shown);
  pattern.quality = quality_of(*row);
  pattern.status = mine::status_of(pattern.quality, row->evidence);
  pattern.evidence = row->evidence;
  AUTODEV_TRY_ASSIGN(pattern.unkept, trivial_because(state, *row));
  pattern.reach = mine::reach_of(row->evidence, pattern.unkept, false);  // what was not chosen has no row
  pattern.success_rate = mine::beta_share(row->evidence.verified_passes, 0);
  pattern.learned_at = row->learned_at;
  pattern.last_seen = row->last_seen;
  for (const TimedEvent& event : row->events) pattern.events.push_back(event.id);
  return pattern;
}

Result<std::optional<index::Document>> behaviour_document(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto pattern, view_behaviour(state, id));
  if (!pattern) return std::nullopt;
  index::Document document;
  document.id = id;
  document.language = pattern->context.language;
  document.kind = pattern->context.kind;
  document.pattern = pattern->kind;
  document.frameworks = pattern->context.frameworks;
  document.name = pattern->name;
  document.description = pattern->description;
  document.code = pattern->implementation;
  return document;
}

}  // namespace autodev::knowledge
