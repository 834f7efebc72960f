// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What failed: the units of a failed attempt, the code a revert removed, the code a fix replaced.
//
// An attempt that fails blames the functions that its failures are about (attribution.h), and all that it changed where nobody
// can know; the pass that ends the cycle clears those that were still there (they count as later passes of the same code).
#include "evidence/error_signature.h"
#include "learn/attribution.h"
#include "learn/learner.h"

namespace autodev::learn {
namespace {

constexpr std::string_view history_fix = "history-fix";

bool is_history_fix(const Outcome& outcome) {
  for (const CheckFailure& failure : outcome.failures)
    if (failure.id == history_fix) return true;
  return false;
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
  if (executed) {
    for (BlamedUnit& blamed : blamed_units(event))
      blame(taught, *event.implementation.units[blamed.change].after, std::nullopt, event.outcome.strength, std::move(blamed.cause),
            "failed-attempt");
    return taught;
  }
  for (const UnitChange& change : event.implementation.units)
    if (change.before)
      blame(taught, *change.before, change.after, EvidenceStrength::history, event.specification.text.substr(0, 200), "reverted");
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
