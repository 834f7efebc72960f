// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One pass over the store, then one small function per metric.
#include "report/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/pattern_effect.h"

namespace autodev::report {
namespace {

using knowledge::CycleSummary;
using knowledge::DecisionSummary;

struct Tally {
  knowledge::Totals totals;
  std::uint64_t decided_well = 0;
  std::vector<Trial> trials;
  std::vector<CycleSummary> executed;  ///< by time of their last attempt
};

constexpr std::size_t events_shown = 16;

void remember(std::vector<EventId>& list, const EventId& id) {
  if (list.size() < events_shown) list.push_back(id);
}

Result<Tally> tally(knowledge::KnowledgeStore& store) {
  Tally t;
  AUTODEV_TRY_ASSIGN(t.totals, store.totals());
  t.decided_well = std::accumulate(t.totals.decided_well.begin(), t.totals.decided_well.end(), std::uint64_t{0});
  AUTODEV_TRY(store.for_each_experiment([&](const DecisionSummary& decision) {
    t.trials.push_back({decision.chosen == knowledge::shown_option, decision.reward, decision.propensity});
    return true;
  }));
  AUTODEV_TRY(
      store.for_each_executed_cycle([&](const CycleSummary& cycle) { return t.executed.push_back(cycle), true; }));
  std::stable_sort(t.executed.begin(), t.executed.end(),
                   [](const CycleSummary& a, const CycleSummary& b) { return a.last < b.last; });
  return t;
}

std::vector<EventId> events_of(const std::vector<CycleSummary>& cycles, std::uint64_t& total) {
  std::vector<EventId> events;
  total = 0;
  for (auto cycle = cycles.rbegin(); cycle != cycles.rend(); ++cycle) {
    total += cycle->events.size();
    for (const EventId& id : cycle->events) remember(events, id);
  }
  return events;
}

std::vector<double> trend(const std::vector<CycleSummary>& cycles) {
  std::vector<double> shares;
  for (std::size_t start = 0; start < cycles.size(); start += trend_window) {
    const std::size_t end = std::min(cycles.size(), start + trend_window);
    const auto passed = std::count_if(cycles.begin() + static_cast<std::ptrdiff_t>(start),
                                      cycles.begin() + static_cast<std::ptrdiff_t>(end),
                                      [](const CycleSummary& cycle) { return cycle.succeeded; });
    shares.push_back(static_cast<double>(passed) / static_cast<double>(end - start));
  }
  return shares;
}

std::vector<double> decision_trend(const knowledge::Totals& totals) {
  std::vector<double> shares;
  std::uint64_t left = totals.decided;
  for (const std::uint32_t good : totals.decided_well) {
    const std::uint64_t window = std::min<std::uint64_t>(left, trend_window);
    shares.push_back(static_cast<double>(good) / static_cast<double>(window));
    left -= window;
  }
  return shares;
}

struct Explained {
  std::optional<double> value;
  MetricExplanation explanation;
};

/// Calls per cycle, first window against last window of the cycles that reported calls.
Explained llm_reduction(const std::vector<CycleSummary>& executed) {
  std::vector<CycleSummary> known;
  for (const CycleSummary& cycle : executed)
    if (cycle.llm_calls) known.push_back(cycle);
  Explained result;
  result.explanation.name = "llm_reduction_rate";
  result.explanation.formula = fmt::format(
      "1 - mean(calls of the last {0} cycles) / mean(calls of the first {0}); needs {1} executed cycles that report "
      "llm_calls_used, and a first mean above 0",
      trend_window, 2 * trend_window);
  result.explanation.events = events_of(known, result.explanation.events_total);
  result.explanation.inputs = fmt::format("{} executed cycles report their calls", known.size());
  if (known.size() < 2 * trend_window) return result;
  double first = 0;
  double last = 0;
  for (std::size_t i = 0; i < trend_window; ++i) {
    first += *known[i].llm_calls;
    last += *known[known.size() - 1 - i].llm_calls;
  }
  result.explanation.inputs +=
      fmt::format(": first {0} used {1:.0f}, last {0} used {2:.0f}", trend_window, first, last);
  if (first > 0) result.value = 1.0 - last / first;
  return result;
}

Explained implementation_time(const std::vector<CycleSummary>& executed) {
  std::vector<CycleSummary> timed;
  double sum = 0;
  for (const CycleSummary& cycle : executed)
    if (cycle.succeeded && cycle.time) {
      timed.push_back(cycle);
      sum += static_cast<double>(cycle.time->count());
    }
  Explained result;
  result.explanation.name = "average_implementation_time";
  result.explanation.formula = "mean implementation time of executed cycles that succeeded and report it";
  result.explanation.events = events_of(timed, result.explanation.events_total);
  result.explanation.inputs = fmt::format("{} cycles, {:.0f} ms together", timed.size(), sum);
  if (!timed.empty()) result.value = sum / static_cast<double>(timed.size());
  return result;
}

Explained share_of_executed(const std::vector<CycleSummary>& executed, const char* name, const char* formula,
                            bool (*counts)(const CycleSummary&)) {
  const auto hits = std::count_if(executed.begin(), executed.end(), counts);
  Explained result;
  result.explanation.name = name;
  result.explanation.formula = formula;
  result.explanation.events = events_of(executed, result.explanation.events_total);
  result.explanation.inputs = fmt::format("{} of {} executed cycles", hits, executed.size());
  if (!executed.empty()) result.value = static_cast<double>(hits) / static_cast<double>(executed.size());
  return result;
}

void explain_counts(const Tally& t, std::uint64_t size_bytes, std::vector<MetricExplanation>& list) {
  const PatternsByKind& kinds = t.totals.patterns;
  list.push_back({"patterns_learned",
                  "structural + behavioural + idiom + window patterns with at least one instance seen here (imported ones do not count; edit "
                  "patterns are guards and counted apart)",
                  fmt::format("{} + {} + {} + {} patterns, {} of them active, {} with an executed test; {} edit patterns", kinds.structural,
                              kinds.behavioural, kinds.idiom, kinds.window, t.totals.active, t.totals.tested, kinds.edit),
                  t.totals.pattern_events, t.totals.all_patterns()});
  list.push_back(
      {"anti_patterns_identified", "distinct code (alpha digest) that failed, was reverted or had to be fixed",
       fmt::format("{} failed units", t.totals.anti_patterns), t.totals.anti_pattern_events, t.totals.anti_patterns});
  list.push_back({"knowledge_base_size",
                  "bytes of the journal and of the derived state with its search index on disk",
                  fmt::format("{} bytes", size_bytes),
                  {},
                  0});
  list.push_back({"failure_rate", "executed attempts that failed / executed attempts",
                  fmt::format("{} of {} executed attempts", t.totals.failed_attempts, t.totals.executed_attempts),
                  t.totals.attempt_events, t.totals.executed_attempts});
  list.push_back({"decision_accuracy",
                  "decisions reported successful / decisions with a reported outcome",
                  fmt::format("{} of {} decisions", t.decided_well, t.totals.decided),
                  {},
                  0});
  list.push_back({"decision_accuracy_trend", "the same in windows of 20 outcomes as they were reported, oldest first (the last window may be shorter)",
                  fmt::format("{} decisions", t.totals.decided), {}, 0});
  list.push_back({"pattern_effect", "success share with the pattern shown - with it held back by chance, weighted by 1 / propensity",
                  fmt::format("{} experiments with an outcome", t.trials.size()), {}, 0});
}

}  // namespace

Result<LearningMetrics> compute_metrics(knowledge::KnowledgeStore& store, std::uint64_t size_bytes, bool explain) {
  AUTODEV_TRY_ASSIGN(const Tally t, tally(store));
  LearningMetrics metrics;
  metrics.patterns_learned = t.totals.all_patterns();
  metrics.patterns_by_kind = t.totals.patterns;
  metrics.patterns_tested = t.totals.tested;
  metrics.patterns_active = t.totals.active;
  metrics.anti_patterns_identified = t.totals.anti_patterns;
  metrics.knowledge_base_size = size_bytes;
  metrics.events = t.totals.events;
  metrics.cycles = t.totals.cycles;
  metrics.success_rate_trend = trend(t.executed);
  if (t.totals.decided > 0)
    metrics.decision_accuracy = static_cast<double>(t.decided_well) / static_cast<double>(t.totals.decided);
  metrics.decision_accuracy_trend = decision_trend(t.totals);
  metrics.pattern_effect = pattern_effect(t.trials);
  if (t.totals.executed_attempts > 0)
    metrics.failure_rate =
        static_cast<double>(t.totals.failed_attempts) / static_cast<double>(t.totals.executed_attempts);
  const Explained reduction = llm_reduction(t.executed);
  const Explained time = implementation_time(t.executed);
  const Explained reuse =
      share_of_executed(t.executed, "pattern_reuse_rate",
                        "executed cycles whose passing attempt was made from patterns / executed cycles",
                        [](const CycleSummary& cycle) { return cycle.reused; });
  const Explained success =
      share_of_executed(t.executed, "success_rate_trend",
                        "executed cycles that succeeded / executed cycles, windows of 20 by time of "
                        "the last attempt, oldest first (the last window may be shorter)",
                        [](const CycleSummary& cycle) { return cycle.succeeded; });
  metrics.llm_reduction_rate = reduction.value;
  if (time.value) metrics.average_implementation_time = Milliseconds(static_cast<std::int64_t>(*time.value + 0.5));
  metrics.pattern_reuse_rate = reuse.value;
  if (explain) {
    explain_counts(t, size_bytes, metrics.explanations);
    for (const Explained* item : {&success, &reuse, &reduction, &time})
      metrics.explanations.push_back(item->explanation);
  }
  return metrics;
}

}  // namespace autodev::report
