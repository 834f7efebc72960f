// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fixes are found again by the ids of the failures: the guard keeps their first 64 bits, which the rows of failures
// sort by.
#include "knowledge/edit_view.h"

#include <algorithm>
#include <set>

#include "base/wire.h"
#include "knowledge/behaviour_view.h"
#include "knowledge/guard_rows.h"
#include "knowledge/guard_view.h"
#include "mine/object_traces.h"

namespace autodev::knowledge {
namespace {

/// At most as many exceptions as one in five, as for the rules that behavioural patterns show.
bool is_firm(const mine::UsageRule& rule) {
  return std::uint64_t{rule.violations} * 4 <= rule.support;
}

Result<std::optional<FixInstance>> fix_of(const base::KvRead& state, const Digest& failure) {
  AUTODEV_TRY_ASSIGN(auto failed, load<FailedRow>(state, table::failed, key_of(failure)));
  AUTODEV_TRY_ASSIGN(auto passed, view_replacement(state, {failure}));
  if (!failed || !passed) return std::nullopt;
  return FixInstance{{failure}, std::move(failed->unit), std::move(*passed)};
}

/// Failures behind the guard, the first example before the others.
Result<std::vector<Digest>> failures_of(const base::KvRead& state, const GuardRow& row) {
  std::vector<Digest> ids{row.example};
  for (const std::uint64_t source : row.sources) {
    AUTODEV_TRY(state.scan(table::failed, hashed_prefix(source), {}, [&](std::string_view key, std::string_view) {
      const Digest id = base::WireReader(key).digest();
      if (id != row.example) ids.push_back(id);
      return ids.size() < max_shown_fixes;
    }));
    if (ids.size() >= max_shown_fixes) break;
  }
  return ids;
}

struct Reading {
  mine::EventGraph graph;
  std::vector<mine::ObjectTrace> traces;
};

std::optional<Reading> reading_of(const CodeUnit& unit) {
  const auto tree = syntax::decode_nast(unit.tree);
  if (!tree || tree->nodes.empty()) return std::nullopt;
  Reading reading{mine::event_graph(*tree), {}};
  reading.traces = mine::object_traces(reading.graph);
  return reading;
}

/// How often objects of the type keep and violate the rule.
std::pair<std::size_t, std::size_t> judged(const Reading& reading, std::string_view type, const mine::UsageRule& rule) {
  std::size_t kept = 0, violated = 0;
  for (const mine::ObjectTrace& trace : reading.traces) {
    if (trace.type != type) continue;
    const mine::RuleOutcome outcome = mine::judge(rule, reading.graph, trace);
    kept += outcome == mine::RuleOutcome::kept;
    violated += outcome == mine::RuleOutcome::violated;
  }
  return {kept, violated};
}

/// Counts the rules that the fix restored: broken before, never broken and kept more often after.
Result<void> note_restored(const base::KvRead& state, const FixInstance& fix, std::vector<RestoredRule>& restored) {
  const auto before = reading_of(fix.before);
  const auto after = reading_of(fix.after);
  if (!before || !after) return {};
  std::set<std::string> types;
  for (const mine::ObjectTrace& trace : before->traces) types.insert(trace.type);
  for (const std::string& type : types) {
    AUTODEV_TRY_ASSIGN(const auto rules, rules_of_type(state, fix.before.language, type, min_restored_support));
    for (const mine::UsageRule& rule : rules) {
      if (!is_firm(rule)) continue;
      const auto [kept, violated] = judged(*before, type, rule);
      const auto [kept_now, violated_now] = judged(*after, type, rule);
      if (violated == 0 || violated_now != 0 || kept_now <= kept) continue;
      const auto known = std::find_if(restored.begin(), restored.end(), [&](const RestoredRule& one) {
        return one.type == type && one.rule.shape == rule.shape && one.rule.a == rule.a && one.rule.b == rule.b;
      });
      if (known == restored.end())
        restored.push_back({type, rule, 1});
      else
        ++known->fixes;
    }
  }
  return {};
}

}  // namespace

Result<EditDetails> view_edit(const base::KvRead& state, PatternId guard) {
  EditDetails details;
  AUTODEV_TRY_ASSIGN(const auto row, load<GuardRow>(state, table::guard, key_of(guard)));
  if (!row) return details;
  AUTODEV_TRY_ASSIGN(const auto failures, failures_of(state, *row));
  for (const Digest& failure : failures) {
    AUTODEV_TRY_ASSIGN(auto fix, fix_of(state, failure));
    if (!fix) continue;
    AUTODEV_TRY(note_restored(state, *fix, details.restored));
    details.fixes.push_back(std::move(*fix));
  }
  std::stable_sort(details.restored.begin(), details.restored.end(),
                   [](const RestoredRule& a, const RestoredRule& b) { return a.fixes > b.fixes; });
  return details;
}

}  // namespace autodev::knowledge
