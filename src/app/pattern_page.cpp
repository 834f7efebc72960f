// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See pattern_page.h. Foreign text goes through strip_controls before it reaches a terminal.
#include "app/pattern_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/pattern_text.h"
#include "base/text.h"

namespace autodev::app {
namespace {

constexpr std::size_t template_lines = 60, instance_lines = 24;
constexpr std::size_t filler_bytes = 32, shown_texts = 4;

void heading(Output& out, std::string_view text) {
  out.line();
  out.line(out.style(text, base::Style::bold));
}

void indented(Output& out, std::string_view text) {
  const std::string moved = base::moved_to_margin(text);
  for (const std::string_view line : base::split_lines(moved)) out.line(fmt::format("    {}", line));
}

/// "parameter, declared here, 3 places"; what everybody expects is left out.
std::string type_of(const Hole& hole) {
  std::vector<std::string> parts{hole.kind};
  if (!hole.scope.empty() && hole.scope != hole.kind) parts.push_back(hole.scope);
  if (hole.binder && hole.scope != "parameter") parts.emplace_back("declared here");
  if (hole.places > 1) parts.push_back(fmt::format("{} places", hole.places));
  if (hole.nullable) parts.emplace_back("may be empty");
  return base::join(parts, ", ");
}

std::string one_line(std::string_view text) {
  const std::string folded = base::strip_controls(base::fold_whitespace(text));
  const std::string_view clipped = base::clip_utf8(folded, filler_bytes);
  if (folded.empty()) return "(nothing)";
  return clipped.size() < folded.size() ? std::string(clipped) + "…" : folded;
}

/// "users ×3, orders ×2 and 4 more".
std::string fillers_of(const Hole& hole) {
  std::vector<std::string> texts;
  for (const auto& [text, count] : hole.fillers)
    if (texts.size() < shown_texts)
      texts.push_back(count > 1 ? fmt::format("{} ×{}", one_line(text), count) : one_line(text));
  const std::string list = base::join(texts, ", ");
  return hole.distinct > texts.size() ? fmt::format("{} and {} more", list, hole.distinct - texts.size()) : list;
}

void print_holes(Output& out, const std::vector<Hole>& holes) {
  if (holes.empty()) return;
  heading(out, "holes");
  std::size_t widest = 0;
  std::size_t widest_type = 0;
  for (const Hole& hole : holes) {
    widest = std::max(widest, hole.name.size());
    widest_type = std::max(widest_type, type_of(hole).size());
  }
  for (const Hole& hole : holes) {
    const std::string name = out.style(hole.name, base::Style::yellow) + std::string(widest - hole.name.size(), ' ');
    const std::string always =
        hole.constant ? fmt::format("nearly always {}; ", one_line(*hole.constant)) : std::string();
    out.line(fmt::format("    {}  {:<{}}  {}{}", name, type_of(hole), widest_type, always, fillers_of(hole)));
  }
}

void print_instances(Output& out, const Pattern& pattern) {
  for (std::size_t i = 0; i < pattern.examples.size(); ++i) {
    const CodeUnit& example = pattern.examples[i];
    const std::string project = i < pattern.example_projects.size() ? base::strip_controls(pattern.example_projects[i]) : std::string();
    heading(out, fmt::format("seen in {}:{}{}", base::strip_controls(example.path), example.first_line, project.empty() ? "" : " of " + project));
    indented(out, base::strip_controls(clip_lines(example.text, instance_lines)));
  }
}

std::string mention(const PatternNames& names, PatternId id) {
  const auto name = names.find(id);
  return fmt::format("{} {}", id.hex().substr(0, 12), name == names.end() ? "" : base::strip_controls(name->second));
}

void print_relatives(Output& out, const knowledge::PatternRelatives& relatives, const PatternNames& names) {
  if (relatives.parents.empty() && relatives.more_general.empty() && relatives.more_specific.empty()) return;
  heading(out, "relatives");
  for (const PatternId& id : relatives.more_general) out.line("    more general   " + mention(names, id));
  for (const PatternId& id : relatives.more_specific) out.line("    more specific  " + mention(names, id));
  if (relatives.parents.empty()) return;
  const knowledge::CommonParent& nearest = relatives.parents.front();
  out.line(fmt::format("    more general, in common with {} ({} level{}):", mention(names, nearest.covers.front()),
                       relatives.parents.size(), relatives.parents.size() == 1 ? "" : "s"));
  out.line();
  indented(out, with_holes_marked(base::strip_controls(clip_lines(nearest.implementation, instance_lines)),
                                  nearest.holes, out.color));
}

std::string status_of(const Pattern& pattern) {
  if (pattern.status == PatternStatus::probation) return "on probation: searchable, never applied without a check";
  if (pattern.status == PatternStatus::deprecated) return "deprecated: failures or feedback speak against it";
  return "active";
}

void print_evidence(Output& out, const Pattern& pattern) {
  heading(out, "evidence");
  out.line(fmt::format("    kind      {}, {} {}", to_string(pattern.kind), to_string(pattern.context.language),
                       to_string(pattern.context.kind)));
  out.line(fmt::format("    status    {}", status_of(pattern)));
  out.line(fmt::format("    kept      {}", kept_sentence(pattern)));
  out.line(fmt::format("    seen      {}", evidence_sentence(pattern)));
  if (!pattern.context.projects.empty())
    out.line(fmt::format("    projects  {}", base::strip_controls(base::join(pattern.context.projects, ", "))));
  if (!pattern.context.frameworks.empty())
    out.line(fmt::format("    imports   {}", base::strip_controls(base::join(pattern.context.frameworks, ", "))));
  out.line(fmt::format("    learned   {}, last seen {}", base::format_timestamp(pattern.learned_at),
                       base::format_timestamp(pattern.last_seen)));
  out.line(fmt::format("    success   {:.2f} (95 % interval {:.2f} to {:.2f})", pattern.success_rate.mean,
                       pattern.success_rate.lower, pattern.success_rate.upper));
  heading(out, "score");
  for (const std::string& line : quality_terms(pattern)) out.line("    " + line);
  if (pattern.kind != PatternKind::behavioural) out.line("    " + gain_term(pattern.gain));
}

}  // namespace

std::string with_holes_marked(std::string_view code, const std::vector<Hole>& holes, bool color) {
  if (!color) return std::string(code);
  std::string marked;
  for (std::size_t i = 0; i < code.size();) {
    const Hole* longest = nullptr;
    if (code[i] == '$')
      for (const Hole& hole : holes)
        if (code.substr(i).starts_with(hole.name) && (longest == nullptr || hole.name.size() > longest->name.size()))
          longest = &hole;
    if (longest == nullptr) {
      marked += code[i++];
      continue;
    }
    marked += base::styled(longest->name, base::Style::yellow, true);
    i += longest->name.size();
  }
  return marked;
}

void print_pattern(Output& out, const Pattern& pattern, const knowledge::PatternRelatives& relatives,
                   const PatternNames& names) {
  out.line(fmt::format("{}  {}", out.style(base::strip_controls(pattern.name), base::Style::bold),
                       out.style(pattern.id.hex(), base::Style::dim)));
  out.line(base::strip_controls(pattern.summary.empty() ? pattern.description : pattern.summary));
  heading(out, pattern.holes.empty() ? "code" : "template");
  indented(out, with_holes_marked(base::strip_controls(clip_lines(pattern.implementation, template_lines)),
                                  pattern.holes, out.color));
  print_holes(out, pattern.holes);
  print_instances(out, pattern);
  print_relatives(out, relatives, names);
  print_evidence(out, pattern);
}

}  // namespace autodev::app
