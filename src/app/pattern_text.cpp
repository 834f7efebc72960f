// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/pattern_text.h"

#include <fmt/format.h>

#include <map>

#include <algorithm>

#include "base/text.h"

namespace autodev::app {
namespace {

std::string counted(std::uint32_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::map<std::string, std::uint64_t> counted_by_kind(const std::vector<knowledge::KnowledgeContent::Item>& items) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& item : items) ++counts[item.kind];
  return counts;
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
      fmt::format("reusability {:.3f}: {} of {} applications passed, {}, {} said it was wrong", share(q.reusability),
                  e.applied_passed, e.applied, counted(e.projects, "project"), e.wrong),
      fmt::format("simplicity {:.3f}: {}, {}", share(q.simplicity), counted(static_cast<std::uint32_t>(pattern.holes.size()), "hole"),
                  counted(static_cast<std::uint32_t>(base::split_lines(pattern.implementation).size()), "line")),
      fmt::format("test coverage {:.3f}: {} of {} instances have a passing executed test, {}", share(q.test_coverage), e.tested_passes,
                  e.instances, counted(e.failures, "executed failure")),
      e.best_relative_runtime ? fmt::format("performance {:.3f}: best runtime {:.2f} of the baseline", share(q.performance), *e.best_relative_runtime)
                              : std::string("performance 0.000: never timed"),
      fmt::format("quality {:.3f} = 0.3 reusability + 0.2 simplicity + 0.3 test coverage + 0.2 performance (active above 0.700)",
                  share(q.total())),
  };
}

std::string kept_sentence(const Pattern& pattern) {
  if (pattern.reach == PatternReach::general) return "general: seen in enough projects to expect it in others";
  if (pattern.reach == PatternReach::local) return "local: a convention of the projects it was seen in";
  return "no; " + pattern.unkept;
}

std::string gain_term(const PatternGain& gain) {
  const auto whole = [](std::uint64_t thousandths) { return static_cast<double>(thousandths) / 1000.0; };
  return fmt::format("gain {:.0f} bits = {} x ({:.0f} of code - {:.0f} to name it - {:.0f} for ends of sequences) - {:.0f} to write the template down",
                     static_cast<double>(gain.total) / 1000.0, gain.occurrences, whole(gain.fragment), whole(gain.index), whole(gain.use),
                     whole(gain.description));
}

std::string kinds_sentence(const PatternsByKind& kinds) {
  return fmt::format("{} structural, {} behavioural, {} idiom, {} window, {} edit", base::with_thousands(kinds.structural),
                     base::with_thousands(kinds.behavioural), base::with_thousands(kinds.idiom), base::with_thousands(kinds.window),
                     base::with_thousands(kinds.edit));
}

std::string by_kind_sentence(const std::vector<knowledge::KnowledgeContent::Item>& items) {
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counted_by_kind(items)) parts.push_back(fmt::format("{} {}", base::with_thousands(count), kind));
  return parts.empty() ? "nothing" : base::join(parts, ", ");
}

base::Json by_kind_json(const std::vector<knowledge::KnowledgeContent::Item>& items) {
  base::Json json = base::Json::object();
  for (const auto& [kind, count] : counted_by_kind(items)) json[kind] = count;
  return json;
}

std::string clip_lines(std::string_view text, std::size_t count) {
  const auto lines = base::split_lines(text);
  if (lines.size() <= count + 1) return std::string(text);
  std::string clipped;
  for (std::size_t i = 0; i < count; ++i) clipped += std::string(lines[i]) + "\n";
  return clipped + fmt::format("... {} more lines", lines.size() - count);
}

}  // namespace autodev::app
