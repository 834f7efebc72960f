// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Mutation check: would the tests have noticed if the change were wrong? Small faults go into the changed lines of a copy of the
// project, and the same command runs on each, in the sandbox. The user's files are read and never written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apply/sandbox.h"
#include "observe/worktree.h"

namespace autodev::app {

struct MutationOptions {
  std::string root;          ///< of the project
  std::string folder;        ///< below it, where the command starts; empty: the root
  std::vector<std::string> command;
  std::size_t mutants = 8;
  std::chrono::milliseconds timeout{60'000};  ///< of each run
  std::uint64_t tree_bytes = std::uint64_t{64} << 20;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::function<void(const std::string&)> on_step;
};

struct MutationResult {
  std::uint32_t killed = 0, survived = 0;
  std::vector<std::string> survivors;  ///< "cart.py:3: + became -"
};

/// Errors: `unavailable` when there is no sandbox, the project is too large for a copy, the command does not pass on the
/// unchanged copy, or nothing that changed can be mutated.
[[nodiscard]] Result<MutationResult> check_by_mutants(base::Env& env, apply::Sandbox& sandbox, const observe::WorktreeChange& change,
                                                      const MutationOptions& options);

}  // namespace autodev::app
