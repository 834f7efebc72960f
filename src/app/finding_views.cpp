// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/finding_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/code_layout.h"
#include "apply/gate.h"
#include "base/text.h"
#include "evidence/line_diff.h"

namespace autodev::app {
namespace {

using knowledge::Finding;
using knowledge::FindingKind;
using report::PlacedFinding;

constexpr std::size_t max_diff_bytes = 4'096;

std::uint32_t line_at(const CodeUnit& unit, std::uint32_t byte) {
  const auto end = std::min<std::size_t>(byte, unit.text.size());
  const auto breaks = std::count(unit.text.begin(), unit.text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  return unit.first_line + static_cast<std::uint32_t>(breaks);
}

/// Where the unit's text begins in the source; npos when it is not there as it stands.
std::size_t unit_start(const CodeUnit& unit, std::string_view source) {
  std::size_t line = 0;
  for (std::uint32_t i = 1; i < unit.first_line; ++i) {
    line = source.find('\n', line);
    if (line == std::string_view::npos) return line;
    ++line;
  }
  const auto start = source.find(unit.text, line);
  // In its own line, behind what may stand in front of it there.
  return start != std::string_view::npos && source.substr(line, start - line).find('\n') == std::string_view::npos ? start : std::string_view::npos;
}

void print_indented(Output& out, std::string_view head, const std::string& text) {
  constexpr std::size_t shown = 12;
  const auto lines = base::split_lines(text);
  out.line(fmt::format("    {}", head));
  for (std::size_t i = 0; i < std::min(shown, lines.size()); ++i)
    out.line("      " + base::strip_controls(std::string(lines[i])));
  if (lines.size() > shown) out.line(fmt::format("      ... {} more lines", lines.size() - shown));
}

/// What was better: in this code's own names where the fix fits it, else as it was where it passed.
void print_better(Output& out, const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  if (finding.fix) {
    const std::string diff = evidence::line_diff("", placed.text, *finding.fix, max_diff_bytes);
    const auto body = diff.find("@@\n", diff.find("@@") + 2);
    if (body != std::string::npos) return print_indented(out, "better", diff.substr(body + 3));
  }
  if (finding.after.empty()) return;
  print_indented(out, finding.kind == FindingKind::mistake ? "better" : fmt::format("better ({}, which passed)", base::strip_controls(finding.example_name)), finding.after);
}

}  // namespace

PlacedFinding place_finding(Finding finding, const CodeUnit& unit, std::string_view path, std::string_view source) {
  PlacedFinding placed;
  placed.path = path;
  placed.unit = unit.name;
  placed.first_line = line_at(unit, finding.start);
  placed.last_line = line_at(unit, finding.end > finding.start ? finding.end - 1 : finding.start);
  placed.text = unit.text.substr(finding.start, finding.end - finding.start);
  if (finding.fix) {
    if (const auto start = unit_start(unit, source); start != std::string_view::npos) {
      placed.unit_range = report::region_of(source, start, start + unit.text.size());
      finding.fix = apply::keep_layout(unit.text, apply::with_line_ends_of(*finding.fix, source), unit.language);
    } else {
      finding.fix.reset();
    }
  }
  placed.finding = std::move(finding);
  return placed;
}

bool has_another_purpose(const Finding& finding, const CodeUnit& unit) {
  if (finding.kind == FindingKind::mistake || finding.example_name == unit.name) return false;
  apply::VisibleTask failed, here;
  failed.spec = finding.example_name;
  here.spec = unit.name;
  failed.language = here.language = unit.language;
  return !apply::compare_polarity(failed, here).flips.empty();
}

base::Json finding_json(const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  base::Json events = base::Json::array();
  for (const EventId& event : finding.events) events.push_back(event.hex());
  base::Json value = {{"kind", to_string(finding.kind)}, {"id", finding.id.hex()}, {"level", mine::to_string(finding.level)},
                      {"path", placed.path}, {"unit", placed.unit}, {"line", placed.first_line}, {"last_line", placed.last_line},
                      {"cause", finding.cause}, {"before", finding.before}, {"after", finding.after},
                      {"confirmed", finding.confirmed}, {"doubts", finding.doubts}, {"events", std::move(events)},
                      {"past_failure", {{"id", finding.example.hex()}, {"name", finding.example_name},
                                        {"path", finding.example_path}, {"line", finding.example_line}}}};
  if (finding.kind == FindingKind::near) value["similarity"] = finding.similarity;
  if (!finding.flaw.empty()) value["flaw"] = finding.flaw;
  if (finding.fix) value["fix"] = *finding.fix;
  return value;
}

void print_finding(Output& out, const PlacedFinding& placed) {
  const Finding& finding = placed.finding;
  out.line(fmt::format("{}:{}: {}: {} {} in {}: {}", placed.path, placed.first_line, mine::to_string(finding.level),
                       to_string(finding.kind), finding.id.hex().substr(0, 12), placed.unit,
                       base::strip_controls(base::fold_whitespace(finding.flaw.empty() ? finding.cause : finding.before))));
  if (finding.kind == FindingKind::mistake && finding.flaw.empty()) print_indented(out, "looks like", finding.before);
  print_better(out, placed);
  const std::string likeness = finding.kind == FindingKind::near ? fmt::format("{:.0f} % alike; ", 100 * finding.similarity) : "";
  std::string events;
  for (const EventId& event : finding.events) {
    if (events.size() > 40) break;
    events += (events.empty() ? "" : ", ") + event.hex().substr(0, 12);
  }
  const std::string cause = finding.flaw.empty() ? "" : ": " + base::strip_controls(base::fold_whitespace(finding.cause));
  out.line(fmt::format("    past failure {}:{} {}{} ({}{} confirmed, {} against; events {})",
                       base::strip_controls(finding.example_path), finding.example_line,
                       base::strip_controls(finding.example_name), cause, likeness, finding.confirmed, finding.doubts, events));
}

}  // namespace autodev::app
