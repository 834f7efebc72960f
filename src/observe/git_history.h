// SPDX-License-Identifier: MIT OR Apache-2.0
//
// GitHistory: a version history as a stream of weak learning events, oldest first.
//
// A commit's message is the specification, its diff the implementation, touched test files evidence of kind
// *history*. A later revert, or a fix commit that rewrites the same unit, marks the earlier code as failed,
// at the time of the later commit: the event of commit t is made from commits <= t alone.
// `git` is run as a program with a hostile-repository-safe environment; the repository is never written to.
//
// | commit   | event_type             | verdict (strength history) | besides                                        |
// |----------|------------------------|----------------------------|------------------------------------------------|
// | ordinary | implementation_success | passed: it stayed so far   |                                                |
// | fix      | implementation_success | passed                     | failures = {id "history-fix", message subject}:|
// |          |                        |                            | the `before` code was wrong                    |
// | revert   | implementation_failure | failed                     | `before` is the reverted code                  |
//
// Merges are skipped, and so are the oldest commits of a shallow clone, whose diffs are not theirs. Which
// messages make a fix or a revert: commit_message.h. Which files are carried: paths.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "base/env.h"

namespace autodev::observe {

/// CheckFailure::id of the failure that a fix commit reports about the code it replaced.
inline constexpr std::string_view history_fix_id = "history-fix";

struct GitOptions {
  std::string since_commit;     ///< only commits after this one (exclusive); empty = from the start
  std::string until = "HEAD";
  std::uint64_t max_commits = UINT64_MAX;  ///< the newest so many
  std::uint32_t max_files_per_commit = 200;  ///< larger commits are imports or reformatting: skipped, counted
  bool anonymise_authors = true;  ///< authors are never recorded; kept for clarity
};

struct GitCounts {
  std::uint64_t commits = 0;          ///< in the walked range; with an early stop, those walked
  std::uint64_t skipped_large = 0;    ///< commits with too many files or bytes, or at the edge of a shallow clone
  std::uint64_t skipped_binary = 0;   ///< files that are binary, generated, or larger than 1 MiB
  std::uint64_t skipped_unsupported = 0;  ///< commits without any file to learn from
  std::uint64_t events = 0;           ///< commits that were visited
  std::string last_commit;            ///< the newest commit walked, visited or not: the next `since_commit`
};

struct GitCommitEvent {
  LearningEvent event;     ///< files filled (before/after), units empty
  std::uint64_t number = 0;  ///< 1-based position in the walk
  std::uint64_t total = 0;
};

/// Walks the history; `visit` returns false to stop. Stops in the same way when the user interrupts the program.
/// Errors: `no_input` (no repository, no commits, no such `until`), `unavailable` (no git, or a partial clone
/// whose contents are not here), `permission` (safe.directory), `config` (`since_commit` is not part of this
/// history any more: start over without it), and whatever `visit` returns.
[[nodiscard]] Result<GitCounts> walk_git_history(base::Env& env, const std::string& repository,
                                                 const GitOptions& options,
                                                 const std::function<Result<bool>(GitCommitEvent&&)>& visit);

/// Root folder of the work tree that contains `path`; absent when there is none.
[[nodiscard]] Result<std::optional<std::string>> git_root(base::Env& env, const std::string& path);

}  // namespace autodev::observe
