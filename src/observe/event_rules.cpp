// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table of event_rules.h, row by row.
#include "observe/event_rules.h"

#include <fmt/format.h>

namespace autodev::observe {
namespace {

void check_type_and_verdict(const LearningEvent& event, Complaints& complaints) {
  const Verdict implied = verdict_of_type(event.event_type);
  const Verdict given = event.outcome.verdict;
  if (implied == Verdict::unknown || given == Verdict::unknown || given == implied) return;
  complaints.add("$.outcome.verdict",
                 fmt::format("\"{}\" contradicts $.event_type \"{}\"", to_string(given), to_string(event.event_type)));
}

void check_pass(const LearningEvent& event, std::string_view verdict_path, Complaints& complaints) {
  const Outcome& outcome = event.outcome;
  if (outcome.verdict != Verdict::passed) return;
  const std::string claim = verdict_path == "$.event_type"
                                ? fmt::format("$.event_type \"{}\"", to_string(event.event_type))
                                : fmt::format("{} \"passed\"", verdict_path);
  if (outcome.exit_code.value_or(0) != 0)
    complaints.add("$.outcome.exit_code", fmt::format("{} contradicts {}", *outcome.exit_code, claim));
  if (outcome.tests_failed.value_or(0) > 0)
    complaints.add("$.outcome.tests.failed", fmt::format("{} contradicts {}", *outcome.tests_failed, claim));
}

void check_success(const LearningEvent& event, Complaints& complaints) {
  const auto passed = event.success.tests_passed;
  if (!passed) return;
  constexpr std::string_view path = "$.success.tests_passed";
  const std::uint32_t failed = event.outcome.tests_failed.value_or(0);
  if (*passed && failed > 0) complaints.add(path, fmt::format("true contradicts $.outcome.tests.failed {}", failed));
  if (*passed && event.event_type == LearningEventType::test_failed)
    complaints.add(path, "true contradicts $.event_type \"TestFailed\"");
  if (!*passed && event.event_type == LearningEventType::test_passed)
    complaints.add(path, "false contradicts $.event_type \"TestPassed\"");
}

void check_performance(const LearningEvent& event, Complaints& complaints) {
  if (event.event_type != LearningEventType::performance_improved) return;
  const PerformanceMetrics& metrics = event.metrics;
  if (metrics.runtime_ms && metrics.baseline_runtime_ms && *metrics.runtime_ms >= *metrics.baseline_runtime_ms)
    complaints.add("$.metrics.runtime_ms",
                   "not below $.metrics.baseline_runtime_ms, which contradicts $.event_type "
                   "\"PerformanceImproved\"");
  if (event.success.performance_met == false)
    complaints.add("$.success.performance_met", "false contradicts $.event_type \"PerformanceImproved\"");
}

void check_strength(const Outcome& outcome, Complaints& complaints) {
  constexpr std::string_view path = "$.outcome.strength";
  if (outcome.strength == EvidenceStrength::exit_code && !outcome.exit_code)
    complaints.add(path, "\"exit_code\" needs the code in $.outcome.exit_code");
  const bool counted = outcome.tests_passed || outcome.tests_failed || outcome.tests_skipped;
  if (outcome.strength == EvidenceStrength::report && !counted && outcome.failures.empty())
    complaints.add(path, "\"report\" needs the counts in $.outcome.tests or the failures in $.outcome.failures");
}

}  // namespace

Verdict verdict_of_type(LearningEventType type) noexcept {
  switch (type) {
    case LearningEventType::implementation_success:
    case LearningEventType::test_passed:
    case LearningEventType::performance_improved:
      return Verdict::passed;
    case LearningEventType::implementation_failure:
    case LearningEventType::test_failed:
      return Verdict::failed;
    case LearningEventType::pattern_identified:
      break;
  }
  return Verdict::unknown;
}

EvidenceStrength strength_of_evidence(const Outcome& outcome) noexcept {
  if (outcome.tests_passed || outcome.tests_failed) return EvidenceStrength::report;
  return outcome.exit_code ? EvidenceStrength::exit_code : EvidenceStrength::none;
}

void check_consistency(const LearningEvent& event, std::string_view verdict_path, Complaints& complaints) {
  if (verdict_path != "$.event_type") check_type_and_verdict(event, complaints);
  check_pass(event, verdict_path, complaints);
  check_success(event, complaints);
  check_performance(event, complaints);
  check_strength(event.outcome, complaints);
}

}  // namespace autodev::observe
