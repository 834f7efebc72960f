// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names and files of a journal folder: `<replica hex>/<%08u>.log`, and safe ways to look into them.
//
// A writer may cut a torn tail off the last segment of *its own* replica. Touching a mapping behind the new end
// of a file kills the process, so the last segment of our own replica is copied under the
// writers' lock; all other segments never shrink in place and are mapped.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "knowledge/journal.h"
#include "knowledge/segment.h"

namespace autodev::knowledge {

/// One segment file as listed.
struct SegmentFile {
  std::uint32_t number = 0;
  std::string path;
};

/// Segments of every replica, numbers ascending. Foreign names in the folder are passed over.
using ReplicaSegments = std::map<ReplicaId, std::vector<SegmentFile>>;

[[nodiscard]] Result<std::vector<ReplicaId>> list_replicas(base::Env& env, const std::string& journal_folder);
[[nodiscard]] Result<std::vector<SegmentFile>> list_segments(base::Env& env, const std::string& replica_folder);
[[nodiscard]] Result<ReplicaSegments> list_journal(base::Env& env, const std::string& journal_folder);
[[nodiscard]] std::string segment_path(const std::string& replica_folder, std::uint32_t number);

/// Bytes of a segment from `from` on, mapped or copied.
class SegmentBytes {
 public:
  /// `guarded`: the file may be cut by a writer; its lock file is `lock_path`.
  [[nodiscard]] static Result<SegmentBytes> open(base::Env& env, const std::string& path, std::uint64_t from,
                                                 const std::string& lock_path, bool guarded,
                                                 std::chrono::milliseconds lock_timeout);
  /// From `from()` to the end of the file.
  [[nodiscard]] std::string_view bytes() const noexcept { return mapped_ ? mapped_->bytes().substr(from_) : std::string_view(*copied_); }
  [[nodiscard]] std::uint64_t from() const noexcept { return from_; }
  /// The first bytes of the file, at most a header's.
  [[nodiscard]] std::string_view header() const noexcept { return header_; }

 private:
  std::unique_ptr<base::MappedFile> mapped_;
  std::unique_ptr<std::string> copied_;  // behind a pointer: views stay valid when this object moves
  std::string header_;
  std::uint64_t from_ = 0;
};

/// The last good record of a replica and what lies behind it.
struct ReplicaTail {
  ReplicaPosition position;       ///< sequence 0: no good record at all
  std::uint32_t segment = 0;      ///< the last segment; 0: none
  std::uint64_t keep = 0;         ///< bytes of it that must stay; the rest is a torn tail
  std::uint64_t size = 0;         ///< its size
  std::uint64_t unreadable = 0;   ///< damaged or torn bytes behind the last good record
  bool appendable = false;        ///< its header is good, or torn and can be written anew
};

/// Looks from the end; scans a segment only when its end is not a good record.
/// Errors: `config` for a newer format version.
[[nodiscard]] Result<ReplicaTail> find_tail(base::Env& env, const std::string& journal_folder, const ReplicaId& replica,
                                            bool guarded, std::chrono::milliseconds lock_timeout);

[[nodiscard]] tl::unexpected<Error> newer_segment(const std::string& path);

}  // namespace autodev::knowledge
