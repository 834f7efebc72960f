// SPDX-License-Identifier: MIT OR Apache-2.0
//
// GitLog: `git log --raw` as a stream of commits, oldest first, one held at a time.
//
// Records are lines. Paths with unusual bytes come quoted (core.quotePath), messages are indented by one blank,
// and each commit begins with a byte 0x01, so no message and no file name can pass for something else.
// Parents come before children (--date-order), whatever their dates say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "observe/git_program.h"

namespace autodev::observe {

/// One line of a raw diff.
struct RawChange {
  std::string old_mode, new_mode;  ///< "100644", "100755", "120000" (link), "160000" (submodule), "000000" (absent)
  std::string old_id, new_id;      ///< all zeros when absent
  std::string path;
};

struct RawCommit {
  std::string hash;
  std::int64_t time = 0;    ///< seconds since 1970, the committer's clock
  std::string message;      ///< at most 256 KiB
  std::vector<RawChange> changes;  ///< at most `max_changes`
  std::uint64_t change_count = 0;  ///< all of them
};

class GitLog {
 public:
  /// `range`: arguments that name the commits, made of hashes only.
  [[nodiscard]] static Result<GitLog> start(const Git& git, const std::vector<std::string>& range,
                                            std::size_t max_changes);
  /// The next commit; absent at the end. `busy` when the program was interrupted by the user.
  [[nodiscard]] Result<std::optional<RawCommit>> next();

 private:
  GitLog(const Git& git, std::unique_ptr<base::ChildProcess> child, std::size_t max_changes)
      : git_(&git), child_(std::move(child)), max_changes_(max_changes) {}
  Result<std::optional<std::string>> read_line();
  Result<void> add_line(RawCommit& commit, const std::string& line) const;

  const Git* git_;
  std::unique_ptr<base::ChildProcess> child_;
  std::size_t max_changes_;
  std::string header_;  ///< first line of the next commit, read ahead
  bool begun_ = false;
};

/// Parses ":old_mode new_mode old_id new_id status\tpath", the path quoted or not.
[[nodiscard]] std::optional<RawChange> parse_raw_line(std::string_view line);
/// Undoes git's C-style quoting; text without quotes is returned as it is.
[[nodiscard]] std::string unquote_path(std::string_view text);
/// "100644" or "100755": neither absent nor a link nor a submodule.
[[nodiscard]] bool is_regular_mode(std::string_view mode) noexcept;

}  // namespace autodev::observe
