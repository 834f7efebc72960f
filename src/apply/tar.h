// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tar: a folder's files as one archive, so that any number of them travels into the sandbox over one pipe.
//
// The POSIX ustar form; names longer than its fields take the GNU extension that every tar reads.
#pragma once

#include <string>
#include <vector>

namespace autodev::apply {

struct TreeFile {
  std::string path;  ///< relative, '/' between folders
  std::string text;
  bool executable = false;
  std::string link;  ///< not empty: a symbolic link that says this
};

/// Times are zero and owners absent: equal files give equal bytes.
[[nodiscard]] std::string make_tar(const std::vector<TreeFile>& files);

}  // namespace autodev::apply
