// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/pattern_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace autodev::app {
namespace {

std::string counted(std::uint32_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

void indented(Output& out, std::string_view text) {
  for (const std::string_view line : base::split_lines(text)) out.line(fmt::format("    {}", line));
}

void print_holes(Output& out, const Pattern& pattern) {
  if (pattern.holes.empty()) return;
  out.line("holes");
  for (const Hole& hole : pattern.holes) {
    std::string fillers;
    for (const auto& [text, count] : hole.fillers)
      fillers += fmt::format("{}{} x{}", fillers.empty() ? "" : ", ", base::fold_whitespace(base::clip_utf8(text, 40)), count);
    out.line(fmt::format("    {:<5} {:<11} {}{}", hole.name, hole.kind, fillers,
                         hole.distinct > hole.fillers.size() ? fmt::format(", ... ({} distinct)", hole.distinct) : ""));
  }
}

void print_quality(Output& out, const Pattern& pattern) {
  const QualityScore& q = pattern.quality;
  out.line(fmt::format("quality        {:.3f} = 0.3 x {:.3f} reusability + 0.2 x {:.3f} simplicity + 0.3 x {:.3f} test coverage "
                       "+ 0.2 x {:.3f} performance; active above 0.700",
                       q.total() / 1000.0, q.reusability / 1000.0, q.simplicity / 1000.0, q.test_coverage / 1000.0,
                       q.performance / 1000.0));
  out.line(fmt::format("success        {:.2f} (95 % interval {:.2f} to {:.2f})", pattern.success_rate.mean,
                       pattern.success_rate.lower, pattern.success_rate.upper));
}

}  // namespace

std::string evidence_sentence(const Pattern& pattern) {
  const PatternEvidence& e = pattern.evidence;
  if (e.instances == 0) return "imported, not yet seen here";
  std::string text = fmt::format("{} in {}", counted(e.instances, "instance"), counted(e.projects, "project"));
  if (e.verified_passes > 0) text += fmt::format("; {} executed ({} with tests)", fmt::format("{} pass{}", e.verified_passes, e.verified_passes == 1 ? "" : "es"), e.tested_passes);
  if (e.history_passes > 0) text += fmt::format("; {} from histories", e.history_passes);
  if (e.failures > 0) text += fmt::format("; {}", counted(e.failures, "executed failure"));
  if (e.history_failures > 0) text += fmt::format("; {} later fixed or reverted", e.history_failures);
  if (e.applied > 0) text += fmt::format("; applied {} times, {} passed", e.applied, e.applied_passed);
  if (e.helped + e.irrelevant + e.wrong > 0)
    text += fmt::format("; feedback {} helped, {} irrelevant, {} wrong", e.helped, e.irrelevant, e.wrong);
  return text;
}

std::vector<std::string> quality_terms(const Pattern& pattern) {
  const PatternEvidence& e = pattern.evidence;
  const QualityScore& q = pattern.quality;
  const auto share = [](std::uint32_t per_mille) { return per_mille / 1000.0; };
  return {
      fmt::format("reusability {:.3f}: {} of {} applications passed, {} project(s), {} said it was wrong", share(q.reusability),
                  e.applied_passed, e.applied, e.projects, e.wrong),
      fmt::format("simplicity {:.3f}: {} hole(s), {} lines", share(q.simplicity), pattern.holes.size(),
                  base::split_lines(pattern.implementation).size()),
      fmt::format("test coverage {:.3f}: {} of {} instances have a passing executed test, {} executed failure(s)",
                  share(q.test_coverage), e.tested_passes, e.instances, e.failures),
      e.best_relative_runtime ? fmt::format("performance {:.3f}: best runtime {:.2f} of the baseline", share(q.performance), *e.best_relative_runtime)
                              : std::string("performance 0.000: never timed"),
      fmt::format("quality {:.3f} = 0.3 reusability + 0.2 simplicity + 0.3 test coverage + 0.2 performance (active above 0.700)",
                  share(q.total())),
  };
}

std::string clip_lines(std::string_view text, std::size_t count) {
  const auto lines = base::split_lines(text);
  if (lines.size() <= count + 1) return std::string(text);
  std::string clipped;
  for (std::size_t i = 0; i < count; ++i) clipped += std::string(lines[i]) + "\n";
  return clipped + fmt::format("... {} more lines", lines.size() - count);
}

void print_pattern(Output& out, const Pattern& pattern) {
  out.line(fmt::format("{}  {}", out.style(pattern.name, base::Style::bold), pattern.id.hex()));
  if (!pattern.description.empty()) out.line(pattern.description);
  out.line();
  out.line(fmt::format("pattern        {}", to_string(pattern.kind)));
  out.line(fmt::format("language       {} {}", to_string(pattern.context.language), to_string(pattern.context.kind)));
  out.line(fmt::format("status         {}", to_string(pattern.status)));
  out.line(fmt::format("evidence       {}", evidence_sentence(pattern)));
  print_quality(out, pattern);
  if (!pattern.context.projects.empty()) out.line(fmt::format("projects       {}", base::join(pattern.context.projects, ", ")));
  if (!pattern.context.frameworks.empty())
    out.line(fmt::format("imports        {}", base::join(pattern.context.frameworks, ", ")));
  out.line(fmt::format("learned        {}, last seen {}", base::format_timestamp(pattern.learned_at),
                       base::format_timestamp(pattern.last_seen)));
  out.line();
  out.line("template");
  indented(out, base::strip_controls(pattern.implementation));
  print_holes(out, pattern);
  for (const CodeUnit& example : pattern.examples) {
    out.line(fmt::format("example {}:{}", example.path, example.first_line));
    indented(out, base::strip_controls(clip_lines(example.text, 40)));
  }
}

}  // namespace autodev::app
