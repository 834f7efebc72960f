// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The two ways of observing a work tree, and where they remember: private to worktree*.cpp.
#pragma once

#include <string>

#include "observe/git_program.h"
#include "observe/worktree.h"

namespace autodev::observe {

/// Files under `<memory_folder>/worktree/`.
struct WorktreeMemory {
  explicit WorktreeMemory(const std::string& memory_folder);

  std::string folder;
  std::string last;      ///< text: id of the remembered state
  std::string lock;
  std::string index;     ///< git: private index
  std::string objects;   ///< git: private objects

  /// Manifest mode: one file per state, named by its digest.
  [[nodiscard]] std::string pack(std::string_view digest) const;
};

/// Digits of a remembered id behind `prefix` ("git:", "files:"); absent when there is none of that kind.
[[nodiscard]] Result<std::optional<std::string>> remembered(base::Env& env, const WorktreeMemory& memory,
                                                            std::string_view prefix);

[[nodiscard]] Result<WorktreeChange> observe_git_tree(Git git, const WorktreeMemory& memory);
[[nodiscard]] Result<WorktreeChange> observe_plain_folder(base::Env& env, const std::string& root,
                                                          const WorktreeMemory& memory);

/// Appends a file to what an event carries, unless it is vendored, generated, binary, or one too many.
void add_file_change(WorktreeChange& change, FileChange file);

}  // namespace autodev::observe
