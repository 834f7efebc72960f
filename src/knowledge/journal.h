// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Journal: the truth. Append-only segments, one folder per replica, checksums per record.
//
// `append` returns after fdatasync: acknowledged means durable. A replica appends only to its own folder,
// under a file lock, with strictly increasing sequence and never decreasing time; merging two stores is
// a union of files. A torn tail (a crash in mid-append) is ignored by readers and cut by the next append; a
// damaged record elsewhere is skipped and reported with its position, and reading goes on at the next good
// record.
// Format: docs/storage-format.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"
#include "knowledge/record.h"

namespace autodev::knowledge {

/// How far each replica's records have been read: last record and byte position behind it.
struct ReplicaPosition {
  std::uint64_t sequence = 0;
  std::uint32_t segment = 0;   ///< number of the segment file
  std::uint64_t offset = 0;    ///< byte offset behind the record
  std::uint64_t checksum = 0;  ///< of that record: tells a continued file from a replaced one
  std::int64_t time_ms = 0;    ///< of that record
  auto operator<=>(const ReplicaPosition&) const = default;
};
using JournalPosition = std::map<ReplicaId, ReplicaPosition>;

struct DamagedRecord {
  std::string file;
  std::uint64_t offset = 0;
  std::string reason;
};

struct JournalOptions {
  /// A new segment is begun beyond this: small enough to copy and scan at once, large enough to keep folders short.
  std::uint64_t segment_bytes = std::uint64_t{64} << 20;
  /// Longest wait for another writer of the same replica.
  std::chrono::milliseconds lock_timeout{30'000};
};

class Journal {
 public:
  /// `folder` is `.auto-dev/knowledge/journal`. The replica id is created on first append.
  Journal(base::Env& env, std::string folder, JournalOptions options = {});

  /// Durable when it returns. All payloads of one call are written with one sync (one per segment begun) or, on
  /// an error, not at all. Times are those of the clock, but never before any record already in `folder`.
  Result<std::vector<RecordKey>> append(const std::vector<Payload>& payloads);

  /// Calls `visit` for every good record behind `from`, in canonical order across replicas; stops when it
  /// returns false (that record counts as read). Damage is collected into `damaged` if given. Returns the
  /// position behind the last visited record. Errors: `config` for segments of a newer format version.
  Result<JournalPosition> read(const JournalPosition& from, const std::function<bool(const Record&)>& visit,
                               std::vector<DamagedRecord>* damaged = nullptr);

  /// The record at a place that read() reported; `no_input` when it is not there any more.
  [[nodiscard]] Result<Record> read_at(const ReplicaId& replica, const RecordLocation& location);

  /// Position behind the last good record of every replica, from the ends of the last segments.
  [[nodiscard]] Result<JournalPosition> end();

  /// True when the files still hold exactly the records that `position` was taken behind, as far as its last
  /// records tell; false after files were replaced, cut or removed.
  [[nodiscard]] Result<bool> holds(const JournalPosition& position);

  /// This copy's replica id; absent before the first append and in a copy that has not appended yet.
  [[nodiscard]] Result<std::optional<ReplicaId>> replica() const;

  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  [[nodiscard]] const JournalOptions& options() const noexcept { return options_; }

 private:
  base::Env& env_;
  std::string folder_;
  JournalOptions options_;
};

}  // namespace autodev::knowledge
