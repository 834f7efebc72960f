// SPDX-License-Identifier: MIT OR Apache-2.0
//
// GitHistory: a version history as a stream of weak learning events, oldest first.
//
// A commit's message is the specification, its diff the implementation, touched test files evidence of kind
// *history*. A later revert, or a fix commit that rewrites the same unit, marks the earlier code as failed,
// at the time of the later commit: the event of commit t is made from commits <= t alone.
// `git` is run as a program with a hostile-repository-safe environment; the repository is never written to.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "base/env.h"

namespace autodev::observe {

struct GitOptions {
  std::string since_commit;     ///< only commits after this one (exclusive); empty = from the start
  std::string until = "HEAD";
  std::uint64_t max_commits = UINT64_MAX;  ///< the newest so many
  std::uint32_t max_files_per_commit = 200;  ///< larger commits are imports or reformatting: skipped, counted
  bool anonymise_authors = true;  ///< authors are never recorded; kept for clarity
};

struct GitCounts {
  std::uint64_t commits = 0;          ///< in the walked range
  std::uint64_t skipped_large = 0, skipped_binary = 0, skipped_unsupported = 0;
};

struct GitCommitEvent {
  LearningEvent event;     ///< files filled (before/after), units empty
  std::uint64_t number = 0;  ///< 1-based position in the walk
  std::uint64_t total = 0;
};

/// Walks the history; `visit` returns false to stop. Errors: `no_input` (no repository, no commits),
/// `unavailable` (no git), `permission` (safe.directory).
[[nodiscard]] Result<GitCounts> walk_git_history(base::Env& env, const std::string& repository,
                                                 const GitOptions& options,
                                                 const std::function<Result<bool>(GitCommitEvent&&)>& visit);

/// Root folder of the work tree that contains `path`; absent when there is none.
[[nodiscard]] Result<std::optional<std::string>> git_root(base::Env& env, const std::string& path);

}  // namespace autodev::observe
