// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What failed: the units of a failed attempt, the code a revert removed, the code a fix replaced.
//
// An attempt that fails blames all units it changed, because nobody knows which one was at fault; the pass that
// ends the cycle clears those that were still there (they count as later passes of the same code).
#include "evidence/error_signature.h"
#include "learn/learner.h"

namespace autodev::learn {
namespace {

constexpr std::string_view history_fix = "history-fix";

std::string first_cause(const Outcome& outcome) {
  if (!outcome.failures.empty()) {
    const CheckFailure& first = outcome.failures.front();
    return first.id.empty() ? first.message : first.message.empty() ? first.id : first.id + ": " + first.message;
  }
  if (outcome.exit_code) return (outcome.tool.empty() ? "command" : outcome.tool) + " exited with " + std::to_string(*outcome.exit_code);
  return "failed";
}

bool is_history_fix(const Outcome& outcome) {
  for (const CheckFailure& failure : outcome.failures)
    if (failure.id == history_fix) return true;
  return false;
}

/// Types and blocks are contained in what is blamed already, or contain it.
bool can_be_blamed(const CodeUnit& unit) noexcept {
  return unit.kind == UnitKind::function || unit.kind == UnitKind::method;
}

void blame(std::vector<knowledge::Taught>& taught, const CodeUnit& unit, const std::optional<CodeUnit>& replacement,
           EvidenceStrength strength, std::string cause, std::string_view rule) {
  if (!can_be_blamed(unit)) return;
  if (replacement && replacement->fingerprint == unit.fingerprint) return;
  taught.push_back({knowledge::UnitFailed{unit, replacement, strength, std::move(cause)}, std::string(rule)});
}

std::vector<knowledge::Taught> study_failed_attempt(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  const bool executed = is_executed(event);
  if (executed && evidence::only_environment(event.outcome.failures)) return taught;
  for (const UnitChange& change : event.implementation.units) {
    if (executed && change.after)
      blame(taught, *change.after, std::nullopt, event.outcome.strength, first_cause(event.outcome), "failed-attempt");
    else if (!executed && change.before)
      blame(taught, *change.before, change.after, EvidenceStrength::history, event.specification.text.substr(0, 200),
            "reverted");
  }
  return taught;
}

/// `before` code of a pass that followed a failure, or of a fix commit, gets its replacement linked.
std::vector<knowledge::Taught> study_replacements(const LearningEvent& event) {
  std::vector<knowledge::Taught> taught;
  const bool after_failure = event.previous_attempt == Verdict::failed && is_executed(event);
  const bool fix = is_history_fix(event.outcome) && event.outcome.strength == EvidenceStrength::history;
  if (!after_failure && !fix) return taught;
  for (const UnitChange& change : event.implementation.units) {
    if (!change.before || !change.after) continue;
    // Strength "none" links the replacement without counting the failure a second time.
    if (after_failure)
      blame(taught, *change.before, change.after, EvidenceStrength::none, {}, "failed-then-passed");
    else
      blame(taught, *change.before, change.after, EvidenceStrength::history, first_cause(event.outcome),
            "fix-of-same-lines");
  }
  return taught;
}

}  // namespace

std::vector<knowledge::Taught> study_failure(const LearningEvent& event) {
  if (event.outcome.flaky) return {};
  switch (event.outcome.verdict) {
    case Verdict::failed: return study_failed_attempt(event);
    case Verdict::passed: return study_replacements(event);
    case Verdict::unknown: return {};
  }
  return {};
}

}  // namespace autodev::learn
