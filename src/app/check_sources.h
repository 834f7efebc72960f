// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a check looks at: files as they are, the work tree's changes, what is staged, or standard input.
//
// Staged contents are read from git's index, not from the work tree: a pre-commit hook judges what is committed. Of
// changed files only units that differ from the last commit are checked, so old code never stands in the way. What cannot be
// read does not hide what can.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/env.h"

namespace autodev::app {

struct CheckedSource {
  std::string path;                   ///< as shown: as named, or relative to the current folder
  std::string file;                   ///< where a fix would be written; empty: nowhere
  std::string text;
  std::optional<std::string> before;  ///< the committed version; units that are in it are not checked
};

/// What could be read, and what not.
struct CheckedSources {
  std::vector<CheckedSource> list;
  std::vector<Error> unreadable;   ///< named files that are absent, too large or of no known language
  std::vector<std::string> notes;  ///< changed or found files that are not looked at, and why
};

/// Named files, and source files below named folders: those that git does not ignore, where it is there to ask, else all but
/// hidden ones.
[[nodiscard]] CheckedSources named_sources(base::Env& env, const std::vector<std::string>& names);
/// Files that differ from the last commit: in the work tree (new ones included), or as staged. Paths as seen from the current folder.
[[nodiscard]] Result<CheckedSources> changed_sources(base::Env& env, bool staged);

}  // namespace autodev::app
