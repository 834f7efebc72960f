// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Work tree copy: all files of a folder that belong to the project, for a scratch copy.
//
// In a git work tree: tracked files and untracked ones that git does not ignore, as they are on the disk. Elsewhere: every
// file. Relative links that stay within the folder are copied as links; other links, nested repositories, `.git` and
// `.auto-dev` are left out; nothing is written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"

namespace autodev::observe {

struct CopiedFile {
  std::string path, text;
  bool executable = false;
  std::string link;  ///< not empty: a symbolic link, and what it says
};

struct WorktreeCopy {
  std::vector<CopiedFile> files;  ///< sorted by path
  std::uint64_t left_out = 0;     ///< links that lead out of the folder, and what cannot be read
};

/// Errors: `unavailable` when there is more than `max_bytes` or 100,000 files.
[[nodiscard]] Result<WorktreeCopy> copy_worktree(base::Env& env, const std::string& root, std::uint64_t max_bytes);

/// The same of one commit, without a work tree: `revision` is a hash. The copy holds nothing later, not even a repository.
[[nodiscard]] Result<WorktreeCopy> copy_commit(base::Env& env, const std::string& repository, const std::string& revision,
                                               std::uint64_t max_bytes);

}  // namespace autodev::observe
