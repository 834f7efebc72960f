// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What functions do with their objects. Each object adds to the counters of its type and, when it goes through two different steps, to
// the list of distinct traces; patterns are mined again from the list when it has grown by a quarter. Copies of known code teach nothing
// here, and one file counts once per trace.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "knowledge/behaviour_rows.h"
#include "knowledge/behaviour_view.h"
#include "knowledge/fold_behaviour.h"
#include "knowledge/guard_rows.h"
#include "knowledge/unit_codec.h"
#include "mine/object_traces.h"
#include "mine/usage_patterns.h"

namespace autodev::knowledge {
namespace {

/// Bounds of one type. A type with more traces is a hub ("~self", "str") whose frequent behaviour is in the first ones.
constexpr std::uint32_t max_traces_per_type = 512;
constexpr std::size_t max_places = 8, max_trace_projects = 8, max_trace_events = 4;
constexpr std::size_t max_example_bytes = 4096;
constexpr std::size_t max_frameworks = 16;

mine::SequenceLimits limits() {
  mine::SequenceLimits limits;
  // Within one store the sources are files; bounds keep mining of the largest type near a millisecond.
  limits.max_visits = 512;
  limits.max_nodes = 20'000;
  return limits;
}

bool is_time_to_mine(const UsageRow& row) {
  return row.places >= mine::SequenceLimits{}.min_support && row.places >= row.mined + std::max<std::uint32_t>(1, row.mined / 4);
}

CodeUnit example_of(const CodeUnit& unit) {
  CodeUnit example = unit;
  example.tree.clear();
  example.doc.clear();
  example.text = base::clip_utf8(example.text, max_example_bytes);
  return example;
}

/// Adds the trace to its row. True: it stands in a file that was not counted yet.
Result<bool> note_trace(FoldState& fold, const EventContext& context, const UnitWorked& worked, UsageRow& group, const std::string& key,
                        std::vector<std::string> steps) {
  AUTODEV_TRY_ASSIGN(auto row, load<TraceRow>(fold.kv, table::usage, key));
  if (!row && group.traces >= max_traces_per_type) return false;
  if (!row) {
    ++group.traces;
    row.emplace();
    row->steps = std::move(steps);
    row->example = example_of(worked.unit);
    row->first = row->last = context.event.timestamp;
  }
  ++row->units;
  if (is_executed(worked.strength)) ++row->verified;
  if (is_executed(worked.strength) && worked.tested) ++row->tested;
  if (worked.strength == EvidenceStrength::history) ++row->history;
  if (row->projects.size() < max_trace_projects) note_name(row->projects, context.event.project);
  note_event(row->events, context.event.id);
  if (row->events.size() > max_trace_events) row->events.resize(max_trace_events);
  row->first = std::min(row->first, context.event.timestamp);
  row->last = std::max(row->last, context.event.timestamp);
  const std::uint64_t place = base::hash64(context.event.project + '\0' + worked.unit.path);
  const bool fresh = row->places.size() < max_places && std::find(row->places.begin(), row->places.end(), place) == row->places.end();
  if (fresh) row->places.push_back(place);
  AUTODEV_TRY(store(fold, table::usage, key, *row));
  return fresh;
}

Result<std::vector<TraceRow>> traces_of(const base::KvRead& kv, const std::string& group) {
  std::vector<TraceRow> traces;
  Result<void> outcome;
  AUTODEV_TRY(kv.scan(table::usage, group, {}, [&](std::string_view key, std::string_view value) {
    if (key.size() == group.size()) return true;
    auto row = decode_row<TraceRow>(value);
    if (row) traces.push_back(std::move(*row));
    else outcome = tl::make_unexpected(std::move(row).error());
    return outcome.has_value();
  }));
  AUTODEV_TRY(std::move(outcome));
  return traces;
}

/// Evidence and examples from the traces that contain the pattern.
BehaviourRow row_of(const std::string& key, const UsageRow& group, const mine::SequencePattern& pattern, const std::vector<TraceRow>& traces,
                    std::vector<const TraceRow*>& containing) {
  BehaviourRow row;
  row.group = key;
  row.language = group.language;
  row.type = group.type;
  row.steps = pattern.events;
  row.files = pattern.sources;
  std::vector<std::pair<Timestamp, EventId>> events;
  for (const TraceRow& trace : traces) {
    if (!mine::SequenceMiner::contains(trace.steps, pattern.events)) continue;
    containing.push_back(&trace);
    ++row.evidence.distinct_instances;
    row.evidence.instances += trace.units;
    row.evidence.verified_passes += trace.verified;
    row.evidence.tested_passes += trace.tested;
    row.evidence.history_passes += trace.history;
    for (const std::string& project : trace.projects) note_name(row.projects, project);
    for (const std::string& module : trace.example.imports)
      if (row.frameworks.size() < max_frameworks) note_name(row.frameworks, module);
    for (const EventId& event : trace.events) events.push_back({trace.last, event});
    row.last_seen = std::max(row.last_seen, trace.last);
  }
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [when, event] : events) note_event(row.events, event);
  row.evidence.projects = static_cast<std::uint32_t>(row.projects.size());
  // The plainest instances explain best.
  std::stable_sort(containing.begin(), containing.end(), [](const TraceRow* a, const TraceRow* b) {
    return a->steps.size() != b->steps.size() ? a->steps.size() < b->steps.size() : a->example.text.size() < b->example.text.size();
  });
  if (!containing.empty()) row.kind = containing.front()->example.kind;
  return row;
}

Result<void> save_behaviour(FoldState& fold, PatternId id, BehaviourRow row, const std::vector<const TraceRow*>& containing, Timestamp now) {
  AUTODEV_TRY_ASSIGN(const auto known, load<BehaviourRow>(fold.kv, table::behaviour, key_of(id)));
  row.learned_at = known ? known->learned_at : now;
  AUTODEV_TRY_ASSIGN(const auto opinion, load<OpinionRow>(fold.kv, table::opinion, key_of(id)));
  if (opinion) {
    row.evidence.helped = opinion->helped;
    row.evidence.irrelevant = opinion->irrelevant;
    row.evidence.wrong = opinion->wrong;
  }
  for (std::size_t i = 0; i < 2 && i < containing.size(); ++i)
    AUTODEV_TRY(fold.kv.put(table::example, std::string(key_of(id)) + static_cast<char>(i), encode_unit(containing[i]->example)));
  AUTODEV_TRY(store(fold, table::behaviour, key_of(id), row));
  AUTODEV_TRY(fold.kv.put(table::order, order_key(behaviour_order, row.learned_at, id.digest), key_of(id)));
  fold.changed.insert(id);
  AUTODEV_TRY_ASSIGN(const auto document, behaviour_document(fold.kv, id));
  return document ? fold.index.put(*document) : Result<void>{};
}

Result<void> drop_behaviour(FoldState& fold, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<BehaviourRow>(fold.kv, table::behaviour, key_of(id)));
  if (!row) return {};
  AUTODEV_TRY(fold.kv.erase(table::order, order_key(behaviour_order, row->learned_at, id.digest)));
  AUTODEV_TRY(fold.kv.erase(table::behaviour, key_of(id)));
  for (const char number : {'\0', '\1'}) AUTODEV_TRY(fold.kv.erase(table::example, std::string(key_of(id)) + number));
  fold.changed.insert(id);
  return fold.index.erase(id);
}

Result<void> mine_group(FoldState& fold, const EventContext& context, const std::string& key, UsageRow& group) {
  group.mined = group.places;
  AUTODEV_TRY_ASSIGN(const auto traces, traces_of(fold.kv, key));
  mine::SequenceMiner miner(limits());
  for (const TraceRow& trace : traces)
    for (const std::uint64_t place : trace.places) miner.add(trace.steps, place);
  const auto closed = miner.closed();
  std::vector<PatternId> chosen;
  AUTODEV_TRY(store(fold, table::usage, key, group));  // what is said of a pattern includes the rules of its type
  for (const std::size_t number : mine::shown_patterns(group.type, closed, miner)) {
    const PatternId id = behaviour_id(group.language, group.type, closed[number].events);
    std::vector<const TraceRow*> containing;
    BehaviourRow row = row_of(key, group, closed[number], traces, containing);
    AUTODEV_TRY(save_behaviour(fold, id, std::move(row), containing, context.event.timestamp));
    chosen.push_back(id);
  }
  for (const PatternId& id : group.patterns)
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) AUTODEV_TRY(drop_behaviour(fold, id));
  group.patterns = std::move(chosen);
  return {};
}

}  // namespace

Result<void> fold_behaviour(FoldState& fold, const EventContext& context, const UnitWorked& worked, const syntax::Nast& tree) {
  if (worked.unit.kind != UnitKind::function && worked.unit.kind != UnitKind::method) return {};
  const mine::EventGraph graph = mine::event_graph(tree);
  const std::uint64_t project = base::hash64(context.event.project);
  for (const mine::ObjectTrace& trace : mine::object_traces(graph)) {
    const std::string key = usage_key(worked.unit.language, trace.type);
    AUTODEV_TRY_ASSIGN(auto group, load<UsageRow>(fold.kv, table::usage, key));
    // Types of which nothing but single calls is known are most of all types and teach nothing.
    if (!group && !trace.tells()) continue;
    if (!group) {
      group.emplace();
      group->language = worked.unit.language;
      group->type = trace.type;
    }
    group->counters.add(graph, trace, project);
    if (trace.tells()) {
      auto steps = mine::step_names(trace);
      const std::string row = trace_key(key, steps);
      AUTODEV_TRY_ASSIGN(const bool fresh, note_trace(fold, context, worked, *group, row, std::move(steps)));
      if (fresh) ++group->places;
      if (fresh && is_time_to_mine(*group)) AUTODEV_TRY(mine_group(fold, context, key, *group));
    }
    AUTODEV_TRY(store(fold, table::usage, key, *group));
  }
  return {};
}

Result<bool> feedback_on_behaviour(FoldState& fold, const Feedback& feedback) {
  AUTODEV_TRY_ASSIGN(auto row, load<BehaviourRow>(fold.kv, table::behaviour, key_of(feedback.pattern)));
  if (!row) return false;
  // What was said is kept by id; the row shows it.
  AUTODEV_TRY_ASSIGN(const auto opinion, load<OpinionRow>(fold.kv, table::opinion, key_of(feedback.pattern)));
  if (opinion) {
    row->evidence.helped = opinion->helped;
    row->evidence.irrelevant = opinion->irrelevant;
    row->evidence.wrong = opinion->wrong;
  }
  fold.changed.insert(feedback.pattern);
  AUTODEV_TRY(store(fold, table::behaviour, key_of(feedback.pattern), *row));
  return true;
}

}  // namespace autodev::knowledge
