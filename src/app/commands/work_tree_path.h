// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Files that a command may write: those of the work tree, but not of git or of our store.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "autodev/error.h"

namespace autodev::app::commands {

/// `path` as seen from the current folder, relative to the root (empty: the root itself); `usage`, with `named` for what the user
/// wrote, when it leaves the work tree or enters .git or .auto-dev.
[[nodiscard]] inline Result<std::string> within_work_tree(const std::string& root, const std::string& current, const std::string& path,
                                                          const std::string& named) {
  const std::string relative = std::filesystem::path(current + "/").append(path).lexically_normal().lexically_relative(root).string();
  if (relative.empty() || relative == ".." || relative.starts_with("../") || relative.starts_with(".git/") || relative.starts_with(".auto-dev/"))
    return fail(ErrorCode::usage, fmt::format("{} lies outside of the work tree {}", named, root));
  return relative == "." ? std::string() : relative;
}

}  // namespace autodev::app::commands
