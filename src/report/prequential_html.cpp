// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The page of prequential_html.h. Curves end where an arm's results end.
#include "report/prequential_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/html.h"

namespace autodev::report {
namespace {

constexpr double height = 220;
constexpr double margin = 36;
constexpr std::size_t window_size = 20;  // as in StratumSummary::avoided_by_window
constexpr std::array<std::string_view, 8> colours{"#888888", "#d08000", "#7a5cc0", "#b0b040",
                                                  "#c03030", "#30a070", "#2060c0", "#000000"};

double at_y(double share) { return height - margin - std::clamp(share, 0.0, 1.0) * (height - 2 * margin); }

const StratumSummary* stratum_of(const ArmReport& report, const std::string& name) {
  const auto found = std::find_if(report.strata.begin(), report.strata.end(),
                                  [&](const StratumSummary& s) { return s.stratum == name && s.tasks > 0; });
  return found == report.strata.end() ? nullptr : &*found;
}

std::string curves(const std::vector<ArmReport>& reports, const std::string& stratum) {
  std::vector<Curve> shares;
  std::string legend;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto* summary = stratum_of(reports[i], stratum);
    if (summary == nullptr) continue;
    const auto colour = colours[i % colours.size()];
    shares.push_back({summary->avoided_by_window, colour});
    legend += fmt::format("<span style=\"color:{}\">&#9644; {}</span> ", colour, escaped(reports[i].arm));
  }
  return share_chart(shares, fmt::format("Calls avoided per {} tasks, in order of arrival: {}", window_size, legend));
}

std::string share_cell(const std::optional<double>& share) {
  return share ? fmt::format("<td>{:.1f} %</td>", 100 * *share) : std::string("<td>-</td>");
}
std::string number_cell(const std::optional<double>& value) {
  return value ? fmt::format("<td>{:.3f}</td>", *value) : std::string("<td>-</td>");
}

std::string table(const std::vector<ArmReport>& reports, const std::string& stratum) {
  std::string rows =
      "<tr><th>arm</th><th>tasks</th><th>avoided</th><th>95 %</th><th>applied</th><th>false reuse</th><th>at most</th>"
      "<th>ECE</th><th>Brier</th><th>base rate</th><th>calls</th><th>ms median</th><th>p99</th><th>max</th></tr>";
  for (const auto& report : reports) {
    const auto* s = stratum_of(report, stratum);
    if (s == nullptr) continue;
    const auto range = s->avoided_low && s->avoided_high
                           ? fmt::format("{:.0f}-{:.0f} %", 100 * *s->avoided_low, 100 * *s->avoided_high)
                           : std::string("one stream");
    rows += fmt::format(
        "<tr><td>{}</td><td>{}</td>{}<td>{}</td>{}<td>{}/{}</td><td>{}</td>{}{}{}<td>{}/{}</td>"
        "<td>{:.0f}</td><td>{:.0f}</td><td>{:.0f}</td></tr>",
        escaped(report.arm), s->tasks, share_cell(s->avoided_share), range, share_cell(s->reuse_rate), s->false_reuse,
        s->applied, s->applied > 0 ? fmt::format("{:.1f} %", 100 * s->false_reuse_upper) : std::string("-"),
        number_cell(s->ece), number_cell(s->brier), number_cell(s->brier_base_rate), s->llm_calls,
        s->llm_calls_baseline, s->wall_ms_median, s->wall_ms_p99, s->wall_ms_max);
  }
  return "<table>" + rows + "</table>";
}

/// Said and observed, in ten bins of equal mass.
std::vector<std::pair<double, double>> reliability(const ArmReport& report, const std::string& stratum) {
  std::vector<std::pair<double, bool>> said;
  for (const auto& r : report.results)
    if (r.task.stratum == stratum && r.proposal.action != Action::skip && !r.proposal.code.empty())
      said.emplace_back(r.proposal.p_success, r.judgement.passed && r.judgement.hidden_passed);
  std::stable_sort(said.begin(), said.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::pair<double, double>> bins;
  const std::size_t count = std::min<std::size_t>(10, said.size());
  for (std::size_t b = 0; b < count; ++b) {
    const auto first = b * said.size() / count;
    const auto last = (b + 1) * said.size() / count;
    double p = 0;
    double right = 0;
    for (std::size_t i = first; i < last; ++i) {
      p += said[i].first;
      right += said[i].second ? 1 : 0;
    }
    bins.emplace_back(p / static_cast<double>(last - first), right / static_cast<double>(last - first));
  }
  return bins;
}

std::string reliability_figure(const ArmReport& report, const std::string& stratum) {
  const auto bins = reliability(report, stratum);
  if (bins.empty()) return {};
  const double side = height - 2 * margin;
  std::string svg = fmt::format("<line x1=\"{0}\" y1=\"{1}\" x2=\"{2}\" y2=\"{0}\" stroke=\"#bbb\"/>", margin,
                                height - margin, margin + side);
  for (const auto& [p, right] : bins)
    svg +=
        fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"#2060c0\"/>", margin + p * side, at_y(right));
  return fmt::format(
      "<figure><svg width=\"{0}\" height=\"{0}\" role=\"img\">{1}</svg><figcaption>{2}: said (right) against "
      "observed (up)</figcaption></figure>",
      height, svg, escaped(report.arm));
}

}  // namespace

std::string render_html(const std::vector<ArmReport>& reports, std::string_view title) {
  std::string body;
  for (const std::string stratum : {"R", "M", "N"}) {
    const bool present = std::any_of(reports.begin(), reports.end(),
                                     [&](const ArmReport& r) { return stratum_of(r, stratum) != nullptr; });
    if (!present) continue;
    body += fmt::format("<h2>Stratum {}</h2>{}{}", stratum, curves(reports, stratum), table(reports, stratum));
    for (const auto& report : reports) body += reliability_figure(report, stratum);
  }
  const auto teacher = reports.empty() ? std::string() : reports.front().teacher;
  return page(title, fmt::format("<p>Test-then-train: each task was answered, judged by its own tests in a sandbox, and only then learned from. A "
                                 "call is avoided only if the emitted code passed everything. Teacher: {}.</p>{}",
                                 escaped(teacher), body));
}

}  // namespace autodev::report
