// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Replay: a real history, test-then-train: what would have been saved here?
//
// For every commit that adds or changes a single function: the arm, which has learned from earlier commits only, proposes; the
// project's test command judges the tree of that commit with the proposal in place of what was written; only then the commit is
// learned. Trees are copied out of the object store into the sandbox, without the repository, so nothing later exists where
// anything runs, and no work tree is touched.
//
//   avoided   proposed without seeing a test, and the tests passed
//   visible   proposed after the tests had chosen among candidates: a class of its own, because tests that guide do not judge
//   wrong     proposed without seeing a test, and the tests failed
//   abstained nothing was sure enough
//   unseen    the tests pass without the change as well: they cannot judge it, so it is not counted
//   broken    the commit itself fails its tests here: not counted
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/parts.h"
#include "apply/sandbox.h"

namespace autodev::app {

enum class ReplayOutcome : std::uint8_t { avoided, visible, wrong, abstained, unseen, broken };
[[nodiscard]] std::string_view to_string(ReplayOutcome outcome) noexcept;

struct ReplayOptions {
  std::string repository;
  std::string test;
  std::string since;                ///< judge only commits after this one; earlier ones are learned
  std::uint64_t limit = 100;        ///< judge at most so many commits, the newest
  double epsilon = 0.02;
  std::size_t candidates = 8;
  std::chrono::milliseconds test_timeout{120'000};
  std::uint64_t tree_bytes = std::uint64_t{64} << 20;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::string memory_file;          ///< verdicts so far, JSON Lines; a commit in it is not judged again. Empty: none
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
};

struct ReplayedCommit {
  std::string commit, function, file;
  ReplayOutcome outcome = ReplayOutcome::abstained;
  double p_success = 0;
};

struct ReplayReport {
  std::vector<ReplayedCommit> commits;       ///< judged, oldest first
  std::array<std::uint64_t, 6> counts{};     ///< by ReplayOutcome
  std::uint64_t walked = 0, learned = 0;     ///< commits; functions
  std::uint64_t test_runs = 0, known = 0;    ///< processes; verdicts of an earlier run
  bool interrupted = false;

  [[nodiscard]] std::uint64_t of(ReplayOutcome outcome) const { return counts[static_cast<std::size_t>(outcome)]; }
  /// Commits that the tests could judge.
  [[nodiscard]] std::uint64_t judged() const;
};

/// Errors: those of the repository and the sandbox; `unavailable` when the test command cannot be started.
[[nodiscard]] Result<ReplayReport> replay_history(Parts& parts, apply::Sandbox& sandbox, const ReplayOptions& options);

}  // namespace autodev::app
