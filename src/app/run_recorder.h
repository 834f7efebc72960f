// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Run recorder: what `learn run` learns from one wrapped command.
//
// The work tree is observed while the command runs; the outcome is concluded from the exit code and, where
// given, a JUnit report. A failure followed by a pass on the same specification is one cycle: the passing
// event then carries every unit that was tried in the cycle, so that code which was innocent in the failed
// attempts is cleared and code that was replaced is linked to its replacement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/parts.h"
#include "observe/worktree.h"

namespace autodev::app {

struct FinishedRun {
  std::vector<std::string> command;
  int exit_code = 0;
  std::chrono::nanoseconds duration{};
  std::string root;                        ///< folder whose changes count
  std::string specification;               ///< may be empty
  std::optional<std::string> junit;        ///< JUnit report that this run wrote
  std::string junit_file;                  ///< where it lies, for messages
  std::optional<std::uint32_t> llm_calls;
  std::vector<PatternId> patterns_used;
  std::string source = "run";              ///< LearningEvent::source
  std::string language, signature;         ///< of the specification; may be empty
  std::vector<LedgerEntry> ledger;
};

/// Journals and folds the event of a finished run. `change` is the work tree as it was tested.
[[nodiscard]] Result<LearnReport> record_run(LearningSystem& system, const FinishedRun& run,
                                             observe::WorktreeChange change);

}  // namespace autodev::app
