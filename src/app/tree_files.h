// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A copy of a work tree in the form that the sandbox takes.
#pragma once

#include <utility>
#include <vector>

#include "apply/tar.h"
#include "observe/worktree_copy.h"

namespace autodev::app {

[[nodiscard]] inline std::vector<apply::TreeFile> tree_files(observe::WorktreeCopy copy) {
  std::vector<apply::TreeFile> files;
  files.reserve(copy.files.size());
  for (observe::CopiedFile& file : copy.files)
    files.push_back({std::move(file.path), std::move(file.text), file.executable, std::move(file.link)});
  return files;
}

}  // namespace autodev::app
