// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What functions do with their objects. Each object adds to the counters of its type and, when it goes through two different steps, to
// the list of distinct traces; patterns are mined again from the list when it has grown by a quarter, and count every further use of their
// steps in between. Copies of known code teach nothing here, and mining sees at most 8 files of a trace.
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
constexpr std::size_t max_mined_places = 8, max_trace_projects = 8, max_trace_events = 4, max_pattern_events = 32;
constexpr std::size_t max_example_bytes = 4096;
constexpr std::size_t max_examples = 2;
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

/// Keeps the newest `limit` events, newest first; of equal times the one that came last.
void note_timed(std::vector<TimedEvent>& events, const TimedEvent& event, std::size_t limit) {
  if (std::any_of(events.begin(), events.end(), [&](const TimedEvent& known) { return known.id == event.id; })) return;
  const auto place = std::find_if(events.begin(), events.end(), [&](const TimedEvent& known) { return known.when <= event.when; });
  events.insert(place, event);
  if (events.size() > limit) events.resize(limit);
}

std::uint64_t file_of(const EventContext& context, const UnitWorked& worked) {
  return base::hash64(context.event.project + '\0' + worked.unit.path);
}

bool is_same_function(const CodeUnit& a, const CodeUnit& b) { return a.path == b.path && a.scope == b.scope && a.name == b.name; }

/// Two objects of one function, or two versions of it, are one example.
bool has_function(const std::vector<const TraceExample*>& shown, const std::string& project, const CodeUnit& unit) {
  return std::any_of(shown.begin(), shown.end(), [&](const TraceExample* known) {
    return known->project == project && is_same_function(known->unit, unit);
  });
}

void note_example(TraceRow& row, const EventContext& context, const CodeUnit& unit) {
  if (row.examples.size() >= max_examples) return;
  if (!row.examples.empty() && has_function({&row.examples.front()}, context.event.project, unit)) return;
  row.examples.push_back({context.event.project, example_of(unit)});
}

/// What a use of an object added to the row of its trace.
struct NotedTrace {
  bool kept = false;   ///< the trace has a row
  bool added = false;  ///< it was not known
  bool fresh = false;  ///< it stands in a file that mining has not seen it in
};

Result<NotedTrace> note_trace(FoldState& fold, const EventContext& context, const UnitWorked& worked, UsageRow& group, const std::string& key,
                              const std::vector<std::string>& steps) {
  AUTODEV_TRY_ASSIGN(auto row, load<TraceRow>(fold.kv, table::usage, key));
  NotedTrace noted;
  if (!row && group.traces >= max_traces_per_type) return noted;
  noted.kept = true;
  if (!row) {
    noted.added = true;
    ++group.traces;
    row.emplace();
    row->steps = steps;
    row->first = row->last = context.event.timestamp;
  }
  note_example(*row, context, worked.unit);
  ++row->units;
  if (is_executed(worked.strength)) ++row->verified;
  if (is_executed(worked.strength) && worked.tested) ++row->tested;
  if (worked.strength == EvidenceStrength::history) ++row->history;
  if (row->projects.size() < max_trace_projects) note_name(row->projects, context.event.project);
  note_timed(row->events, {context.event.timestamp, context.event.id}, max_trace_events);
  row->first = std::min(row->first, context.event.timestamp);
  row->last = std::max(row->last, context.event.timestamp);
  const bool few = row->places.size() < max_mined_places;
  noted.fresh = note_file(row->places, file_of(context, worked)) && few;
  AUTODEV_TRY(store(fold, table::usage, key, *row));
  return noted;
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

/// The plainest instances explain best: of different functions, those with the fewest steps, of equal ones the shortest.
std::vector<const TraceExample*> plainest(std::vector<const TraceRow*> containing) {
  std::stable_sort(containing.begin(), containing.end(),
                   [](const TraceRow* a, const TraceRow* b) { return a->steps.size() < b->steps.size(); });
  std::vector<std::pair<std::size_t, const TraceExample*>> all;
  for (const TraceRow* trace : containing)
    for (const TraceExample& example : trace->examples) all.emplace_back(trace->steps.size(), &example);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->unit.text.size() < b.second->unit.text.size();
  });
  std::vector<const TraceExample*> shown;
  for (const auto& [steps, example] : all)
    if (shown.size() < max_examples && !has_function(shown, example->project, example->unit)) shown.push_back(example);
  return shown;
}

/// Evidence and examples from the traces that contain the pattern.
BehaviourRow row_of(const std::string& key, const UsageRow& group, const mine::SequencePattern& pattern, const std::vector<TraceRow>& traces,
                    std::vector<const TraceExample*>& examples) {
  std::vector<const TraceRow*> containing;
  BehaviourRow row;
  row.group = key;
  row.language = group.language;
  row.type = group.type;
  row.steps = pattern.events;
  for (const TraceRow& trace : traces) {
    if (!mine::SequenceMiner::contains(trace.steps, pattern.events)) continue;
    row.learned_at = containing.empty() ? trace.first : std::min(row.learned_at, trace.first);
    containing.push_back(&trace);
    ++row.evidence.distinct_instances;
    row.evidence.instances += trace.units;
    row.evidence.verified_passes += trace.verified;
    row.evidence.tested_passes += trace.tested;
    row.evidence.history_passes += trace.history;
    for (const std::string& project : trace.projects) note_name(row.projects, project);
    for (const TraceExample& example : trace.examples)
      for (const std::string& module : example.unit.imports)
        if (row.frameworks.size() < max_frameworks) note_name(row.frameworks, module);
    for (const std::uint64_t place : trace.places) note_file(row.places, place);
    for (const TimedEvent& event : trace.events) note_timed(row.events, event, max_pattern_events);
    row.last_seen = std::max(row.last_seen, trace.last);
  }
  examples = plainest(std::move(containing));
  if (!examples.empty()) row.kind = examples.front()->unit.kind;
  for (const TraceExample* example : examples) row.example_projects.push_back(example->project);
  return row;
}

/// What only the row itself has counted: traces keep fewer projects and events, and know nothing of how the pattern served.
void keep_known(BehaviourRow& row, const BehaviourRow& known) {
  for (const std::string& project : known.projects) note_name(row.projects, project);
  for (auto event = known.events.rbegin(); event != known.events.rend(); ++event) note_timed(row.events, *event, max_pattern_events);
  row.last_seen = std::max(row.last_seen, known.last_seen);
  row.evidence.applied = known.evidence.applied;
  row.evidence.applied_passed = known.evidence.applied_passed;
  row.evidence.failures = known.evidence.failures;
}

Result<void> put_behaviour(FoldState& fold, PatternId id, const BehaviourRow& row, bool index_again) {
  AUTODEV_TRY(store(fold, table::behaviour, key_of(id), row));
  AUTODEV_TRY(fold.kv.put(table::order, order_key(behaviour_order, row.learned_at, id.digest), key_of(id)));
  fold.changed.insert(id);
  if (row.evidence.tested_passes > 0) AUTODEV_TRY(list_by_status(fold, id, row.evidence, quality_of(row)));
  if (!index_again) return {};
  AUTODEV_TRY_ASSIGN(const auto document, behaviour_document(fold.kv, id));
  return document ? fold.index.put(*document) : Result<void>{};
}

Result<void> save_behaviour(FoldState& fold, PatternId id, BehaviourRow row, const std::vector<const TraceExample*>& examples) {
  AUTODEV_TRY_ASSIGN(const auto known, load<BehaviourRow>(fold.kv, table::behaviour, key_of(id)));
  if (known) {
    keep_known(row, *known);
    AUTODEV_TRY(fold.kv.erase(table::order, order_key(behaviour_order, known->learned_at, id.digest)));
  }
  row.evidence.projects = static_cast<std::uint32_t>(row.projects.size());
  AUTODEV_TRY_ASSIGN(const auto opinion, load<OpinionRow>(fold.kv, table::opinion, key_of(id)));
  if (opinion) {
    row.evidence.helped = opinion->helped;
    row.evidence.irrelevant = opinion->irrelevant;
    row.evidence.wrong = opinion->wrong;
  }
  for (std::size_t i = 0; i < examples.size(); ++i)
    AUTODEV_TRY(fold.kv.put(table::example, std::string(key_of(id)) + static_cast<char>(i), encode_unit(examples[i]->unit)));
  return put_behaviour(fold, id, row, true);
}

/// Counts one more use in the patterns that its trace contains. The document is written again at every doubling.
Result<void> note_use(FoldState& fold, const EventContext& context, const UnitWorked& worked, const UsageRow& group,
                      const std::vector<std::string>& steps, bool added) {
  for (const PatternId& id : group.patterns) {
    AUTODEV_TRY_ASSIGN(auto row, load<BehaviourRow>(fold.kv, table::behaviour, key_of(id)));
    if (!row || !mine::SequenceMiner::contains(steps, row->steps)) continue;
    const Timestamp now = context.event.timestamp;
    if (now < row->learned_at) {
      AUTODEV_TRY(fold.kv.erase(table::order, order_key(behaviour_order, row->learned_at, id.digest)));
      row->learned_at = now;
    }
    row->last_seen = std::max(row->last_seen, now);
    if (added) ++row->evidence.distinct_instances;
    ++row->evidence.instances;
    if (is_executed(worked.strength)) ++row->evidence.verified_passes;
    if (is_executed(worked.strength) && worked.tested) ++row->evidence.tested_passes;
    if (worked.strength == EvidenceStrength::history) ++row->evidence.history_passes;
    note_name(row->projects, context.event.project);
    row->evidence.projects = static_cast<std::uint32_t>(row->projects.size());
    note_file(row->places, file_of(context, worked));
    note_timed(row->events, {now, context.event.id}, max_pattern_events);
    const std::uint32_t n = row->evidence.instances;
    AUTODEV_TRY(put_behaviour(fold, id, *row, (n & (n - 1)) == 0));
  }
  return {};
}

Result<void> drop_behaviour(FoldState& fold, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<BehaviourRow>(fold.kv, table::behaviour, key_of(id)));
  if (!row) return {};
  AUTODEV_TRY(fold.kv.erase(table::order, order_key(behaviour_order, row->learned_at, id.digest)));
  AUTODEV_TRY(fold.kv.erase(table::behaviour, key_of(id)));
  for (const char number : {'\0', '\1'}) AUTODEV_TRY(fold.kv.erase(table::example, std::string(key_of(id)) + number));
  for (const char list : {tested_order, active_order}) AUTODEV_TRY(fold.kv.erase(table::order, list + std::string(key_of(id))));
  fold.changed.insert(id);
  return fold.index.erase(id);
}

Result<void> mine_group(FoldState& fold, const std::string& key, UsageRow& group) {
  group.mined = group.places;
  AUTODEV_TRY_ASSIGN(const auto traces, traces_of(fold.kv, key));
  mine::SequenceMiner miner(limits());
  for (const TraceRow& trace : traces)
    for (std::size_t i = 0; i < trace.places.size() && i < max_mined_places; ++i) miner.add(trace.steps, trace.places[i]);
  const auto closed = miner.closed();
  std::vector<PatternId> chosen;
  for (const std::size_t number : mine::shown_patterns(group.type, closed, miner)) {
    const PatternId id = behaviour_id(group.language, group.type, closed[number].events);
    std::vector<const TraceExample*> examples;
    BehaviourRow row = row_of(key, group, closed[number], traces, examples);
    AUTODEV_TRY(save_behaviour(fold, id, std::move(row), examples));
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
      const auto steps = mine::step_names(trace);
      AUTODEV_TRY(fold.steps.count(fold.kv, worked.unit.language, steps));
      AUTODEV_TRY_ASSIGN(const NotedTrace noted, note_trace(fold, context, worked, *group, trace_key(key, steps), steps));
      if (noted.fresh) ++group->places;
      const bool mines = noted.fresh && is_time_to_mine(*group);
      AUTODEV_TRY(store(fold, table::usage, key, *group));  // what is said of a pattern includes the rules of its type
      if (noted.kept) AUTODEV_TRY(note_use(fold, context, worked, *group, steps, noted.added));
      if (mines) AUTODEV_TRY(mine_group(fold, key, *group));
    }
    AUTODEV_TRY(store(fold, table::usage, key, *group));
  }
  return {};
}

Result<bool> apply_behaviour(FoldState& fold, const EventContext& context, const PatternApplied& applied) {
  AUTODEV_TRY_ASSIGN(auto row, load<BehaviourRow>(fold.kv, table::behaviour, key_of(applied.pattern)));
  if (!row) return false;
  ++row->evidence.applied;
  if (applied.passed) ++row->evidence.applied_passed;
  else ++row->evidence.failures;
  note_timed(row->events, {context.event.timestamp, context.event.id}, max_pattern_events);
  row->last_seen = std::max(row->last_seen, context.event.timestamp);
  AUTODEV_TRY(put_behaviour(fold, applied.pattern, *row, false));
  return true;
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
