// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/metrics_html.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/html.h"
#include "report/metrics.h"

namespace autodev::report {
namespace {

constexpr std::string_view colour = "#2060c0";

/// Stored text comes from elsewhere: controls and markup are taken out of it.
std::string shown(std::string_view text) { return escaped(base::strip_controls(base::clip_utf8(text, 200))); }

std::string trend(const std::vector<double>& shares, std::string_view what) {
  if (shares.empty()) return {};
  return share_chart({{shares, colour}}, fmt::format("{}, windows of {}; latest {:.0f} %", what, trend_window, shares.back() * 100));
}

std::string number(const std::optional<double>& share) { return share ? fmt::format("{:.1f} %", *share * 100) : "-"; }

std::string value_of(const LearningMetrics& m, std::string_view name) {
  if (name == "patterns_learned") return fmt::format("{} ({} active)", m.patterns_learned, m.patterns_active);
  if (name == "anti_patterns_identified") return std::to_string(m.anti_patterns_identified);
  if (name == "knowledge_base_size") return base::format_bytes(m.knowledge_base_size);
  if (name == "failure_rate") return number(m.failure_rate);
  if (name == "decision_accuracy") return number(m.decision_accuracy);
  if (name == "pattern_reuse_rate") return number(m.pattern_reuse_rate);
  if (name == "llm_reduction_rate") return number(m.llm_reduction_rate);
  if (name == "average_implementation_time")
    return m.average_implementation_time ? base::format_duration(*m.average_implementation_time) : std::string("-");
  if (name == "pattern_effect" && m.pattern_effect)
    return fmt::format("{:+.0f} points [{:+.0f}, {:+.0f}]", m.pattern_effect->difference * 100, m.pattern_effect->low * 100, m.pattern_effect->high * 100);
  return name.ends_with("_trend") ? "see the curve" : "-";
}

std::string numbers(const LearningMetrics& metrics) {
  std::string rows = "<tr><th>metric</th><th>value</th><th>formula</th><th>inputs</th></tr>";
  for (const MetricExplanation& item : metrics.explanations)
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", shown(item.name), value_of(metrics, item.name), escaped(item.formula),
                        shown(item.inputs));
  return "<table>" + rows + "</table>";
}

std::string history(const std::vector<knowledge::DecisionSummary>& decisions) {
  if (decisions.empty()) return "<p>No decisions yet.</p>";
  std::string rows = "<tr><th>decision</th><th>time</th><th>type</th><th>chosen</th><th>outcome</th><th>context</th></tr>";
  for (const auto& decision : decisions)
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", decision.id.hex().substr(0, 12),
                        base::format_timestamp(decision.time), shown(decision.type), shown(decision.chosen),
                        decision.success ? fmt::format("{} ({:.2f})", *decision.success ? "success" : "failure", decision.reward) : "none yet",
                        shown(decision.context));
  return "<table>" + rows + "</table>";
}

}  // namespace

std::string render_metrics(const LearningMetrics& metrics, const std::vector<knowledge::DecisionSummary>& decisions) {
  return page("What was learned", "<h2>Trends</h2>" + trend(metrics.success_rate_trend, "Executed cycles that succeeded") +
                                      trend(metrics.decision_accuracy_trend, "Decisions that came out well") + "<h2>Numbers</h2>" +
                                      numbers(metrics) + "<h2>Latest decisions</h2>" + history(decisions));
}

}  // namespace autodev::report
