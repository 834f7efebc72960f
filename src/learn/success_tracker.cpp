// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What worked: every unit that stands in an implementation whose outcome was a pass.
//
// "Tested" needs an executed test that passed in the same cycle; a successful build alone is not a test. Tests that the change
// itself wrote or edited were made to pass with it: alone they do not make it tested, unless a mutation check has shown that
// they notice faults. Tests that let most faults through do not make it tested either.
#include "learn/learner.h"

namespace autodev::learn {
namespace {

bool had_passing_test(const LearningEvent& event) noexcept {
  if (!is_executed(event)) return false;
  if (event.outcome.tests_passed) return *event.outcome.tests_passed > 0;
  return event.success.tests_passed.value_or(false);
}

/// Do the tests notice when the code is wrong? Absent without a mutation check.
std::optional<bool> notices_faults(const Outcome& outcome) noexcept {
  const std::uint32_t killed = outcome.mutants_killed.value_or(0), survived = outcome.mutants_survived.value_or(0);
  if (killed + survived == 0) return std::nullopt;
  return killed > survived;
}

bool only_own_tests(const LearningEvent& event) noexcept { return event.outcome.tests_passed_before == 0u; }

bool is_tested(const LearningEvent& event) noexcept {
  return had_passing_test(event) && notices_faults(event.outcome).value_or(!only_own_tests(event));
}

std::optional<double> relative_runtime(const PerformanceMetrics& metrics) noexcept {
  if (!metrics.runtime_ms || !metrics.baseline_runtime_ms || *metrics.baseline_runtime_ms <= 0) return std::nullopt;
  return *metrics.runtime_ms / *metrics.baseline_runtime_ms;
}

/// A pass that one of its own metrics contradicts is no pass.
bool is_contradicted(const SuccessMetrics& success) noexcept {
  return success.compilation_success == false || success.tests_passed == false || success.security_passed == false;
}

}  // namespace

bool is_executed(const LearningEvent& event) noexcept {
  return event.outcome.strength >= EvidenceStrength::exit_code;
}

std::vector<knowledge::Taught> study_success(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  const Outcome& outcome = event.outcome;
  if (outcome.verdict != Verdict::passed || outcome.strength == EvidenceStrength::none || outcome.flaky ||
      is_contradicted(event.success))
    return taught;
  const bool tested = is_tested(event);
  const std::string rule = !is_executed(event) ? "history-stayed" : had_passing_test(event) && !tested ? "own-tests-pass" : "verified-pass";
  for (const UnitChange& change : event.implementation.units) {
    if (!change.after) continue;
    taught.push_back({knowledge::UnitWorked{*change.after, outcome.strength, tested,
                                            relative_runtime(event.metrics)},
                      rule});
  }
  return taught;
}

}  // namespace autodev::learn
