// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The four terms of quality.h. Counts are clamped before they are added, so that no sum wraps.
#include "mine/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "mine/thresholds.h"

namespace autodev::mine {

namespace {

/// min(0.5, 1 - exp(-(projects - 1) / 3)) per mille, by number of projects.
constexpr std::array<std::uint32_t, 5> project_prior = {0, 0, 283, 486, 500};

/// Concrete nodes of about 15 lines: units of measured Python code have 98 nodes in 26 lines.
constexpr std::uint32_t plain_nodes = 60;

/// exp(-1 / 8) with nine digits; powers of it are taken in integers.
constexpr std::uint64_t hole_cost = 882'496'903;
constexpr std::uint64_t hole_cost_unit = 1'000'000'000;

constexpr std::uint32_t sum(std::uint32_t a, std::uint32_t b) noexcept {
  return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

bool never_failed(const PatternEvidence& evidence) noexcept {
  return evidence.wrong == 0 && evidence.applied_passed >= evidence.applied;
}

std::uint32_t prior_of(const PatternEvidence& evidence) noexcept {
  return project_prior[std::min<std::size_t>(evidence.projects, project_prior.size() - 1)];
}

std::uint32_t reusability(const PatternEvidence& evidence) noexcept {
  const std::uint32_t proven = wilson_lower_permille(evidence.applied_passed, sum(evidence.applied, evidence.wrong));
  return never_failed(evidence) ? std::max(prior_of(evidence), proven) : proven;
}

std::uint32_t simplicity(std::uint32_t concrete, std::size_t holes) noexcept {
  if (concrete < trivial_nodes) return 0;
  std::uint64_t share = hole_cost_unit;
  for (std::size_t hole = 0; hole < holes && share > 0; ++hole) share = share * hole_cost / hole_cost_unit;
  return static_cast<std::uint32_t>(share * plain_nodes / std::max(plain_nodes, concrete) / 1'000'000);
}

std::uint32_t coverage(const PatternEvidence& evidence) noexcept {
  const std::uint32_t all = sum(std::max(evidence.instances, evidence.tested_passes), evidence.failures);
  return wilson_lower_permille(evidence.tested_passes, all);
}

std::uint32_t performance(const PatternEvidence& evidence) noexcept {
  const double ratio = evidence.best_relative_runtime.value_or(0.0);
  if (!std::isfinite(ratio) || ratio <= 0.0) return 0;
  return static_cast<std::uint32_t>(1000.0 / std::max(1.0, ratio));
}

}  // namespace

bool is_trivial(const Template& pattern) noexcept {
  return concrete_nodes(pattern) < trivial_nodes;
}

QualityScore score(const Template& pattern, const PatternEvidence& evidence) noexcept {
  return score(concrete_nodes(pattern), pattern.holes.size(), evidence);
}

QualityScore score(std::uint32_t concrete, std::size_t holes, const PatternEvidence& evidence) noexcept {
  return QualityScore{reusability(evidence), simplicity(concrete, holes), coverage(evidence), performance(evidence)};
}

PatternStatus status_of(const QualityScore& quality, const PatternEvidence& evidence) noexcept {
  const std::uint32_t passes = sum(sum(evidence.verified_passes, evidence.history_passes), evidence.applied_passed);
  const std::uint32_t failures = sum(evidence.failures, evidence.history_failures);
  const bool rejected = evidence.wrong >= 2 && evidence.wrong > evidence.helped;
  // Halves keep the sum of both within 32 bits; no real count comes near.
  const bool wide = passes > UINT32_MAX / 2 || failures > UINT32_MAX / 2;
  const std::uint32_t k = wide ? passes / 2 : passes;
  if (rejected || wilson_upper_permille(k, k + (wide ? failures / 2 : failures)) < 500)
    return PatternStatus::deprecated;
  return quality.keeps() ? PatternStatus::active : PatternStatus::probation;
}

std::vector<std::string> explain(const Template& pattern, const PatternEvidence& evidence) {
  const QualityScore quality = score(pattern, evidence);
  std::vector<std::string> lines;
  lines.push_back(
      fmt::format("reusability {} of 1000 (weight 3): {} of {} applications passed, {} called wrong, {} projects{}",
                  quality.reusability, evidence.applied_passed, evidence.applied, evidence.wrong, evidence.projects,
                  never_failed(evidence) ? "" : " (not counted after a failure)"));
  lines.push_back(fmt::format("simplicity {} of 1000 (weight 2): {} concrete nodes, {} holes{}", quality.simplicity,
                              concrete_nodes(pattern), pattern.holes.size(),
                              is_trivial(pattern) ? ", trivial: fewer than 6 concrete nodes" : ""));
  lines.push_back(
      fmt::format("test coverage {} of 1000 (weight 3): {} of {} instances with a passing test, {} failures",
                  quality.test_coverage, evidence.tested_passes, evidence.instances, evidence.failures));
  lines.push_back(evidence.best_relative_runtime
                      ? fmt::format("performance {} of 1000 (weight 2): {:.2f} times the best runtime in its class",
                                    quality.performance, *evidence.best_relative_runtime)
                      : std::string("performance 0 of 1000 (weight 2): never timed"));
  lines.push_back(fmt::format("total {} of 1000, {}", quality.total(),
                              quality.keeps() ? "above the gate of 700" : "not above the gate of 700"));
  return lines;
}

}  // namespace autodev::mine
