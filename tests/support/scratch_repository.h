// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A real git repository for one test: fixed author and dates, no configuration of the machine.
#pragma once

#include <string>
#include <vector>

#include "support/support.h"

namespace autodev::test {

class ScratchRepository {
 public:
  /// `init_options`: e.g. {"--object-format=sha256"}, {"--bare"}.
  explicit ScratchRepository(const std::vector<std::string>& init_options = {});

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Writes a file below the root, creating folders.
  void write(const std::string& name, const std::string& content) const;
  void remove(const std::string& name) const;
  /// Runs git in the repository; fails the test on a non-zero exit code. Returns standard output, trimmed.
  std::string git(const std::vector<std::string>& arguments, const std::string& input = {}) const;
  /// Adds everything and commits, one minute after the commit before. Returns the hash.
  std::string commit(const std::string& message);
  /// Digest over names, contents, modes and times of everything below `folder`.
  [[nodiscard]] static std::string fingerprint(const std::string& folder);

 private:
  TemporaryFolder folder_;
  std::string path_;
  std::int64_t seconds_ = 1'700'000'000;
};

}  // namespace autodev::test
