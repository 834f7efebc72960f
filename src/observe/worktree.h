// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Worktree: what changed in a folder since the last recorded state.
//
// In a git work tree the state is a tree object, written through a private index and a private object folder
// (the user's repository is read, never written). Elsewhere it is a manifest of sizes, times and hashes.
//
// Only files up to 1 MiB (256 KiB without git) count. Ignored files, links, nested repositories and
// `.auto-dev` are not looked at. Observers of the same folder wait for each other.
#pragma once

#include <string>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/env.h"

namespace autodev::observe {

struct WorktreeState {
  std::string id;  ///< "git:<tree>" or "files:<digest>"
};

struct WorktreeChange {
  WorktreeState state;            ///< the state now
  std::vector<FileChange> files;  ///< sources and build files against the state before; at most 200 of at most 1 MiB
  std::uint32_t files_changed = 0;  ///< also those not listed
  bool first = false;             ///< no earlier state was recorded: `files` against HEAD (git) or empty
};

/// Compares `root` with the state remembered under `memory_folder` (`.auto-dev/state`).
/// Errors: `no_input` (no such folder), `permission` (safe.directory), `busy` (another observer for 30 s), `io`.
[[nodiscard]] Result<WorktreeChange> observe_worktree(base::Env& env, const std::string& root,
                                                      const std::string& memory_folder);
/// Remembers `state` as the last recorded one. Call after the event is journalled.
Result<void> remember_worktree(base::Env& env, const std::string& memory_folder, const WorktreeState& state);

}  // namespace autodev::observe
