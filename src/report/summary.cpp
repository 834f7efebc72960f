// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Summaries of an arm's results: counts first, shares from the counts, intervals from the shares. Pure, so every
// published number can be recomputed from the printed lines.
#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "report/prequential.h"
#include "report/statistics.h"

namespace autodev::report {
namespace {

constexpr std::size_t window = 20;  // fixed by the published format

using Rows = std::vector<const TaskResult*>;

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

void count(const Rows& rows, StratumSummary& summary) {
  for (const TaskResult* row : rows) {
    const bool applied = row->proposal.action == Action::apply;
    ++summary.tasks;
    summary.applied += applied ? 1u : 0u;
    summary.adapted += row->proposal.action == Action::adapt ? 1u : 0u;
    summary.abstained += applied ? 0u : 1u;
    summary.avoided += row->avoided() ? 1u : 0u;
    summary.false_reuse += applied && !row->avoided() ? 1u : 0u;
    summary.attempts += row->proposal.attempts;
    summary.llm_calls += row->llm_calls;
    summary.llm_calls_baseline += row->llm_calls_baseline;
  }
}

void measure_bounds(const std::vector<Forecast>& forecasts, StratumSummary& summary) {
  constexpr double rounding = 1e-12;
  for (const double epsilon : told_bounds) {
    BoundOutcome& bound = summary.bounds.emplace_back();
    bound.epsilon = epsilon;
    for (const Forecast& forecast : forecasts) {
      if (forecast.probability + rounding < 1 - epsilon) continue;
      ++bound.taken;
      bound.wrong += forecast.happened ? 0u : 1u;
    }
  }
}

void measure_calibration(const Rows& rows, std::uint64_t seed, StratumSummary& summary) {
  std::vector<Forecast> forecasts;
  for (const TaskResult* row : rows) {
    if (row->proposal.action == Action::skip || row->proposal.code.empty()) continue;
    forecasts.push_back({row->proposal.p_success, row->judgement.passed && row->judgement.hidden_passed});
  }
  summary.forecasts = forecasts.size();
  summary.ece = calibration_error(forecasts);
  summary.ece_by_chance = calibration_error_by_chance(forecasts, seed);
  summary.brier = brier_score(forecasts);
  if (forecasts.empty()) return;
  measure_bounds(forecasts, summary);
  const auto right = std::count_if(forecasts.begin(), forecasts.end(), [](const Forecast& f) { return f.happened; });
  const double rate = static_cast<double>(right) / static_cast<double>(forecasts.size());
  summary.brier_base_rate = rate * (1 - rate);
}

void measure_interval(const Rows& rows, std::uint64_t seed, StratumSummary& summary) {
  std::map<std::string_view, Cluster> by_stream;
  for (const TaskResult* row : rows) {
    Cluster& cluster = by_stream[row->task.stream];
    ++cluster.tasks;
    cluster.successes += row->avoided() ? 1u : 0u;
  }
  summary.streams = by_stream.size();
  std::vector<Cluster> clusters;
  for (const auto& [stream, cluster] : by_stream) clusters.push_back(cluster);
  if (const auto interval = cluster_bootstrap(clusters, seed)) {
    summary.avoided_low = interval->lower;
    summary.avoided_high = interval->upper;
  }
}

void measure_windows(const Rows& rows, StratumSummary& summary) {
  for (std::size_t start = 0; start < rows.size(); start += window) {
    const std::size_t end = std::min(start + window, rows.size());
    const auto avoided = std::count_if(rows.begin() + static_cast<std::ptrdiff_t>(start),
                                       rows.begin() + static_cast<std::ptrdiff_t>(end),
                                       [](const TaskResult* row) { return row->avoided(); });
    summary.avoided_by_window.push_back(static_cast<double>(avoided) / static_cast<double>(end - start));
  }
}

void measure_time(const Rows& rows, StratumSummary& summary) {
  std::vector<double> times;
  for (const TaskResult* row : rows) times.push_back(row->wall_ms);
  if (times.empty()) return;
  std::sort(times.begin(), times.end());
  summary.wall_ms_median = times[times.size() / 2];
  summary.wall_ms_p99 = times[(times.size() * 99 - 1) / 100];
  summary.wall_ms_max = times.back();
}

StratumSummary summarise_rows(std::string name, const Rows& rows, std::uint64_t seed) {
  StratumSummary summary;
  summary.stratum = std::move(name);
  count(rows, summary);
  summary.avoided_share = share(summary.avoided, summary.tasks);
  summary.reuse_rate = share(summary.applied, summary.tasks);
  summary.abstention_share = share(summary.abstained, summary.tasks);
  summary.false_reuse_share = share(summary.false_reuse, summary.applied);
  summary.false_reuse_upper = clopper_pearson(summary.false_reuse, summary.applied).upper;
  measure_calibration(rows, seed, summary);
  measure_interval(rows, seed, summary);
  measure_windows(rows, summary);
  measure_time(rows, summary);
  return summary;
}

}  // namespace

std::vector<StratumSummary> summarise(const std::vector<TaskResult>& results, std::uint64_t seed) {
  static constexpr std::array<std::string_view, 3> order{"R", "M", "N"};
  std::vector<StratumSummary> summaries;
  Rows all;
  for (const auto& result : results) all.push_back(&result);
  for (const auto stratum : order) {
    Rows rows;
    for (const TaskResult* row : all)
      if (row->task.stratum == stratum) rows.push_back(row);
    if (!rows.empty()) summaries.push_back(summarise_rows(std::string(stratum), rows, seed));
  }
  summaries.push_back(summarise_rows("all", all, seed));
  return summaries;
}

}  // namespace autodev::report
