// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a check looks at: files as they are, the work tree's changes, what is staged, or standard input.
//
// Staged contents are read from git's index, not from the work tree: a pre-commit hook judges what is committed. Of
// changed files only units that differ from the last commit are checked, so old code never stands in the way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"

namespace autodev::app {

struct CheckedSource {
  std::string path;                   ///< as shown
  std::string file;                   ///< where a fix would be written; empty: nowhere
  std::string text;
  std::optional<std::string> before;  ///< the committed version; units that are in it are not checked
};

/// Named files. `no_input` for absent ones.
[[nodiscard]] Result<std::vector<CheckedSource>> named_sources(base::Env& env, const std::vector<std::string>& files);
/// Files that differ from the last commit: in the work tree (new ones included), or as staged.
[[nodiscard]] Result<std::vector<CheckedSource>> changed_sources(base::Env& env, bool staged);

}  // namespace autodev::app
