// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Run recorder: what `learn run` learns from one wrapped command.
//
// The work tree is observed while the command runs; the outcome is judged from reports, the exit code and what was printed
// (evidence/observed.h). A failure followed by a pass on the same specification is one cycle: the passing
// event then carries every unit that was tried in the cycle, so that code which was innocent in the failed
// attempts is cleared and code that was replaced is linked to its replacement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/parts.h"
#include "evidence/observed.h"
#include "observe/worktree.h"

namespace autodev::app {

struct FinishedRun {
  std::vector<std::string> command;
  int exit_code = 0;
  std::chrono::nanoseconds duration{};
  std::string root;                        ///< folder whose changes count
  std::string specification;               ///< may be empty
  std::string output;                      ///< what it printed, as far as it was kept
  std::vector<evidence::Report> reports;   ///< that this run wrote
  std::optional<evidence::Benchmarks> baseline;   ///< what benchmarks are compared with
  std::vector<std::string> parts;          ///< of the specification; empty: those its text lists
  std::vector<evidence::Judgement> repeats;       ///< further runs of the same tree
  std::optional<std::uint32_t> mutants_killed, mutants_survived;
  std::string repair;                      ///< difference to the failed attempt before, where `change` is not that; else empty
  std::optional<std::uint32_t> llm_calls;
  std::vector<PatternId> patterns_used;
  std::string source = "run";              ///< LearningEvent::source
  std::string language, signature;         ///< of the specification; may be empty
  std::vector<LedgerEntry> ledger;
};

/// The judgement of the first run, made flaky by the others where they differ.
[[nodiscard]] evidence::Judgement judge_run(const FinishedRun& run);

/// Journals and folds the event of a finished run. `change` is the work tree as it was tested.
[[nodiscard]] Result<LearnReport> record_run(LearningSystem& system, const FinishedRun& run,
                                             observe::WorktreeChange change);

}  // namespace autodev::app
