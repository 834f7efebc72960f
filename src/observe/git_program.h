// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Git: the `git` program on one repository that may be hostile.
//
// A repository's own configuration can name programs (file-system monitor, hooks, pager, diff drivers, signature
// checkers, clean filters, transports). None of them may run because somebody looks at a history. So git starts
// from an empty environment (no GIT_DIR of a calling hook), without system and user configuration, with every
// such setting overridden, and with all transports off: a partial clone cannot fetch what it lacks.
//
// Ownership is git's own check. When git refuses a repository of another user, the user's real configuration is
// asked once; only if it allows this very path (safe.directory), the permission is passed on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"

namespace autodev::observe {

using Variables = std::vector<std::pair<std::string, std::string>>;

class Git {
 public:
  /// `path`: a folder inside a work tree, a bare repository or a `.git` folder.
  /// Errors: `unavailable` (no git), `no_input` (no such folder, no repository), `permission` (safe.directory).
  [[nodiscard]] static Result<Git> open(base::Env& env, const std::string& path);

  /// The folder commands run in: `path` as given to open.
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  /// Root of the work tree; absent for bare repositories and inside `.git`.
  [[nodiscard]] const std::optional<std::string>& work_tree() const noexcept { return work_tree_; }
  [[nodiscard]] const std::string& git_folder() const noexcept { return git_folder_; }
  [[nodiscard]] base::Env& env() const noexcept { return *env_; }
  /// Name of the project: the root folder's, without ".git" for bare repositories.
  [[nodiscard]] std::string project_name() const;

  /// Variables added to every command from now on (a private index, overridden filters).
  void set_variables(Variables variables) { variables_ = std::move(variables); }

  /// Runs to the end; a non-zero exit code is left to the caller.
  [[nodiscard]] Result<base::ProcessResult> run(const std::vector<std::string>& arguments, std::string input = {}) const;
  /// Standard output of a command that has to succeed; `doing` completes "git could not ...".
  [[nodiscard]] Result<std::string> output(const std::vector<std::string>& arguments, std::string_view doing,
                                           std::string input = {}) const;
  /// Its first line; absent when the command fails.
  [[nodiscard]] Result<std::optional<std::string>> line(const std::vector<std::string>& arguments) const;
  [[nodiscard]] Result<std::unique_ptr<base::ChildProcess>> start(const std::vector<std::string>& arguments) const;
  /// The repository's own settings, names in git's canonical form, in the order read.
  [[nodiscard]] Result<Variables> settings() const;
  /// True when file contents may be missing here because a remote promised them.
  [[nodiscard]] Result<bool> is_partial_clone() const;
  /// What went wrong, from git's own words.
  [[nodiscard]] Error failure(const base::ProcessResult& result, std::string_view doing) const;

 private:
  Git(base::Env& env, std::string folder) : env_(&env), folder_(std::move(folder)) {}
  [[nodiscard]] base::ProcessOptions options(const std::vector<std::string>& arguments) const;
  Result<void> find_repository();
  [[nodiscard]] Result<bool> user_allows(std::string_view path) const;

  base::Env* env_;
  std::string folder_;
  std::string git_folder_;
  std::optional<std::string> work_tree_;
  std::string safe_directory_;  ///< the path the user's configuration allows; usually empty
  Variables variables_;
};

/// Absolute form of `path`, not resolved further.
[[nodiscard]] std::string absolute_path(base::Env& env, const std::string& path);

}  // namespace autodev::observe
