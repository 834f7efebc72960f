// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Which errors an attempt showed, and what the attempt after it changed. Signatures and causes are computed here, from
// the failures that the event holds, so that another rule folds an old journal anew.
#include <algorithm>

#include "evidence/error_signature.h"
#include "evidence/evidence.h"
#include "evidence/line_diff.h"
#include "learn/learner.h"

namespace autodev::learn {
namespace {

constexpr std::size_t max_errors = 16;  // of one attempt: what a person reads before the first repair
constexpr std::size_t max_diff_bytes = std::size_t{16} << 10;

bool stops_a_build(evidence::Cause cause) noexcept {
  using evidence::Cause;
  return cause == Cause::syntax || cause == Cause::type || cause == Cause::missing_symbol || cause == Cause::api_misuse;
}

/// Events that carry whole units only: their differences, unit by unit.
std::string repair_of(const LearningEvent& event) {
  if (!event.implementation.diff.empty()) return event.implementation.diff;
  std::string diff;
  for (const UnitChange& change : event.implementation.units) {
    if (!change.before || !change.after || change.after->kind == UnitKind::block ||
        change.after->kind == UnitKind::type)
      continue;
    const std::size_t left = max_diff_bytes - std::min(diff.size(), max_diff_bytes);
    diff += evidence::line_diff(change.after->path, change.before->text, change.after->text, left);
  }
  return diff;
}

}  // namespace

std::vector<knowledge::Taught> study_errors(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  const Outcome& outcome = event.outcome;
  const bool unknown = outcome.verdict == Verdict::unknown;
  if (outcome.flaky || (!is_executed(event) && !unknown)) return taught;
  knowledge::ErrorFixed step;
  step.cycle = event.cycle;
  step.passed = outcome.verdict == Verdict::passed;
  step.command = outcome.command;
  const auto command = evidence::classify_shell(outcome.command);
  step.tests = command.kind == evidence::CommandKind::test || outcome.tests_passed.value_or(0) > 0;
  step.got_to_run = step.passed || outcome.tests_passed.value_or(0) + outcome.tests_failed.value_or(0) > 0;
  if (!step.passed) {
    bool stopped = false;
    for (const auto& signature : evidence::signatures_of(outcome.failures, max_errors)) {
      const bool of_code = signature.cause.cause != evidence::Cause::environment;
      if (unknown && of_code) continue;
      stopped = stopped || stops_a_build(signature.cause.cause);
      const CheckFailure& failure = signature.failure;
      taught.push_back(
          {knowledge::ErrorSeen{signature.id, signature.text, std::string(evidence::to_string(signature.cause.cause)),
                                std::string(signature.cause.rule), failure.id, failure.message, failure.file,
                                failure.line, of_code},
           "error-seen"});
      if (of_code) step.still.push_back(signature.id);
    }
    step.got_to_run = step.got_to_run || !stopped;
  }
  if (unknown) return taught;
  const bool after_failure = event.previous_attempt == Verdict::failed;
  if (after_failure) step.diff = repair_of(event);
  if (!step.passed || after_failure)
    taught.push_back({std::move(step), step.passed ? "error-repaired" : "errors-open"});
  return taught;
}

}  // namespace autodev::learn
