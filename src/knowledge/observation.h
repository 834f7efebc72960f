// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Observation: what an event teaches, and why. The only input of the fold besides control records.
//
// A learner is a pure function from an event to observations; it never looks at current knowledge.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "autodev/event.h"
#include "autodev/ids.h"
#include "mine/edit_pattern.h"

namespace autodev::knowledge {

/// A unit stood in an implementation that passed (or, for histories, stayed).
struct UnitWorked {
  CodeUnit unit;
  EvidenceStrength strength = EvidenceStrength::history;
  bool tested = false;            ///< at least one executed test passed in this cycle
  std::optional<double> relative_runtime;  ///< runtime / baseline when measured
};

/// A unit stood in an implementation that failed, was reverted or had to be fixed.
struct UnitFailed {
  CodeUnit unit;
  std::optional<CodeUnit> replacement;  ///< what passed in its place
  EvidenceStrength strength = EvidenceStrength::history;
  std::string cause;
};

/// A pattern was applied in this cycle.
struct PatternApplied {
  PatternId pattern;
  bool passed = false;
};

/// One attempt of a cycle ended.
struct CycleAttempt {
  CycleId cycle;
  Verdict verdict = Verdict::unknown;
  EvidenceStrength strength = EvidenceStrength::none;
  std::optional<std::uint32_t> llm_calls;
  std::optional<Milliseconds> time;
  std::uint32_t patterns_used = 0;  ///< patterns the attempt was made from
};

/// An executed attempt showed this error. Names of causes and rules are those of evidence/error_cause.h.
struct ErrorSeen {
  Digest error;                 ///< of the signature
  std::string signature, cause, rule;
  std::string check, message, file;  ///< as reported, `message` clipped to 500 bytes
  std::uint32_t line = 0;
  bool of_code = true;          ///< false: the machine's fault, nothing in the code repairs it
};

/// What an executed attempt changed after a failed one. When it passes, it repairs the errors of the cycle that are open; when
/// it fails in another way, it is the repair of those that are gone, should the cycle pass later.
struct ErrorFixed {
  CycleId cycle;
  bool passed = false;
  std::string diff;             ///< unified, may be empty
  std::string command;          ///< what was executed
  bool tests = false;           ///< the command runs tests, so that its pass speaks for builds and checks, too
  bool got_to_run = false;      ///< of a failure: not stopped by a compiler, so that compile errors that are gone are repaired
  std::vector<Digest> still;    ///< errors of this attempt
};

/// Code that failed under execution was replaced and then passed.
struct UnitFixed {
  CodeUnit before, after;
  EvidenceStrength strength = EvidenceStrength::exit_code;
  std::vector<mine::FixRung> rungs;
};

using Observation = std::variant<UnitWorked, UnitFailed, PatternApplied, CycleAttempt, ErrorSeen, ErrorFixed, UnitFixed>;

/// A learner: a pure function object. `why` of each observation is its rule's name for --explain.
struct Taught {
  Observation observation;
  std::string rule;  ///< "verified-pass", "history-stayed", "fix-of-same-lines", ...
};
using Study = std::function<std::vector<Taught>(const LearningEvent&)>;

}  // namespace autodev::knowledge
