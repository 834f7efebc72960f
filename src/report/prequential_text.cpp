// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rendering of prequential_text.h. Shares that do not exist (no tasks, one stream) print as a dash and as JSON
// null: a number nobody measured is never shown.
#include "report/prequential_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/json.h"

namespace autodev::report {
namespace {

using base::Json;

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100 * *share) : std::string("-");
}

std::string interval(const StratumSummary& summary) {
  if (!summary.avoided_low || !summary.avoided_high) return "one stream";
  return fmt::format("{:.0f}-{:.0f} %", 100 * *summary.avoided_low, 100 * *summary.avoided_high);
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : std::string("-");
}

std::string false_reuse(const StratumSummary& summary) {
  if (summary.applied == 0) return "-";
  return fmt::format("{}/{} (<= {:.1f} %)", summary.false_reuse, summary.applied, 100 * summary.false_reuse_upper);
}

std::string row(std::string_view arm, const StratumSummary& s) {
  return fmt::format("{:<10} {:<4} {:>5} {:>8} {:>11} {:>8} {:>18} {:>10} {:>6} {:>6} {:>11} {:>16}  {}\n", arm, s.stratum,
                     s.tasks, percent(s.avoided_share), interval(s), percent(s.reuse_rate), false_reuse(s),
                     percent(s.abstention_share), number(s.ece), number(s.brier),
                     fmt::format("{}/{}", s.llm_calls, s.llm_calls_baseline),
                     fmt::format("{:.0f}/{:.0f}/{:.0f}", s.wall_ms_median, s.wall_ms_p99, s.wall_ms_max), sparkline(s.avoided_by_window));
}

/// What larger and smaller bounds would have let through; only for strata with forecasts that any of them takes.
std::string bounds_rows(const std::vector<ArmReport>& reports) {
  std::string rows;
  for (const auto& report : reports) {
    for (const auto& s : report.strata) {
      if (s.stratum == "all" || s.bounds.empty() || s.bounds.back().taken == 0) continue;
      rows += fmt::format("{:<10} {:<4}", report.arm, s.stratum);
      for (const BoundOutcome& bound : s.bounds) rows += fmt::format(" {:>12}", fmt::format("{} / {}", bound.taken - bound.wrong, bound.wrong));
      rows += fmt::format("   of {} tasks\n", s.tasks);
    }
  }
  if (rows.empty()) return {};
  std::string head = fmt::format("\n{:<15}", "right / wrong");
  for (const double epsilon : told_bounds) head += fmt::format(" {:>12}", fmt::format("ε = {:.2f}", epsilon));
  return head + "   what a bound on wrong reuse would have let through of the same forecasts\n" + rows;
}

Json optional_number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json bounds_json(const StratumSummary& s) {
  Json list = Json::array();
  for (const BoundOutcome& bound : s.bounds) list.push_back({{"epsilon", bound.epsilon}, {"taken", bound.taken}, {"wrong", bound.wrong}});
  return list;
}

Json summary_json(const StratumSummary& s) {
  return Json{{"tasks", s.tasks},
              {"streams", s.streams},
              {"applied", s.applied},
              {"adapted", s.adapted},
              {"abstained", s.abstained},
              {"avoided", s.avoided},
              {"false_reuse", s.false_reuse},
              {"attempts", s.attempts},
              {"avoided_share", optional_number(s.avoided_share)},
              {"avoided_low", optional_number(s.avoided_low)},
              {"avoided_high", optional_number(s.avoided_high)},
              {"avoided_by_window", s.avoided_by_window},
              {"reuse_rate", optional_number(s.reuse_rate)},
              {"false_reuse_share", optional_number(s.false_reuse_share)},
              {"false_reuse_upper", s.false_reuse_upper},
              {"abstention_share", optional_number(s.abstention_share)},
              {"forecasts", s.forecasts},
              {"ece", optional_number(s.ece)},
              {"ece_by_chance", optional_number(s.ece_by_chance)},
              {"bounds", bounds_json(s)},
              {"brier", optional_number(s.brier)},
              {"brier_base_rate", optional_number(s.brier_base_rate)},
              {"llm_calls", s.llm_calls},
              {"llm_calls_baseline", s.llm_calls_baseline},
              {"wall_ms_median", s.wall_ms_median},
              {"wall_ms_p99", s.wall_ms_p99},
              {"wall_ms_max", s.wall_ms_max}};
}

Json task_json(const TaskResult& result, bool emit_code) {
  Json patterns = Json::array();
  for (const auto& id : result.proposal.patterns) patterns.push_back(id.hex());
  Json line{{"id", result.task.id},
            {"stream", result.task.stream},
            {"stratum", result.task.stratum},
            {"position", result.position},
            {"action", std::string(to_string(result.proposal.action))},
            {"pattern_ids", std::move(patterns)},
            {"p_success", result.proposal.p_success},
            {"passed", result.judgement.passed},
            {"hidden_passed", result.judgement.hidden_passed},
            {"llm_calls", result.llm_calls},
            {"llm_calls_baseline", result.llm_calls_baseline},
            {"attempts", result.proposal.attempts},
            {"wall_ms", result.wall_ms}};
  if (emit_code && !result.proposal.features.empty()) line["features"] = result.proposal.features;
  if (emit_code) line["code"] = result.proposal.action == Action::skip ? std::string() : result.proposal.code;
  return line;
}

}  // namespace

std::string sparkline(const std::vector<double>& shares) {
  static constexpr std::array<std::string_view, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (const double value : shares) {
    const double clamped = std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0;
    line += bars[std::min<std::size_t>(7, static_cast<std::size_t>(clamped * 8))];
  }
  return line;
}

std::string render_table(const std::vector<ArmReport>& reports) {
  std::string table = fmt::format("{:<10} {:<4} {:>5} {:>8} {:>11} {:>8} {:>18} {:>10} {:>6} {:>6} {:>11} {:>16}  {}\n", "arm",
                                  "str.", "tasks", "avoided", "95 %", "applied", "false reuse", "abstained", "ECE",
                                  "Brier", "calls", "ms med/p99/max", "avoided per 20 tasks");
  for (const auto& report : reports) {
    for (const auto& summary : report.strata) {
      if (summary.stratum == "all" && summary.tasks > 0) continue;
      table += row(report.arm, summary);
    }
    if (report.unjudged > 0)
      table += fmt::format("{:<10} {} tasks left out: nothing here could judge them\n", report.arm, report.unjudged);
  }
  return table + bounds_rows(reports);
}

std::string render_json_lines(const ArmReport& report, bool emit_code) {
  std::string lines;
  for (const auto& result : report.results) lines += base::dump_json(task_json(result, emit_code)) + "\n";
  Json summary{{"arm", report.arm}, {"teacher", report.teacher}, {"unjudged", report.unjudged}};
  for (const auto& stratum : report.strata) summary[stratum.stratum] = summary_json(stratum);
  return lines + base::dump_json(Json{{"summary", std::move(summary)}}) + "\n";
}

}  // namespace autodev::report
