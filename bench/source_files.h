// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Source files below folders, in a fixed order, for the benches that read real code.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "base/text.h"

namespace autodev::bench {

struct SourceFile {
  std::string path;
  Language language = Language::unknown;

  [[nodiscard]] std::string read() const {
    std::ifstream in(path, std::ios::binary);
    std::stringstream buffer;
    buffer << in.rdbuf();
    return buffer.str();
  }
};

/// All files with a known language, sorted by path; <vector> and the like count as C++.
inline std::vector<SourceFile> source_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  std::error_code ignored;
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, ignored);
       entry != end; entry.increment(ignored)) {
    if (!entry->is_regular_file(ignored)) continue;
    SourceFile file{entry->path().string(), language_from_path(entry->path().string())};
    const bool standard_header = file.path.find("/c++/") != std::string::npos && !entry->path().has_extension();
    if (file.language == Language::unknown && standard_header) file.language = Language::cpp;
    if (file.language != Language::unknown) files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace autodev::bench
