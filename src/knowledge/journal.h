// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Journal: the truth. Append-only segments, one folder per replica, checksums per record.
//
// `append` returns after fdatasync: acknowledged means durable. A replica appends only to its own folder,
// under a file lock, with strictly increasing sequence and never decreasing time; merging two stores is
// a union of files. On open a torn tail (a crash in mid-append) is cut; a damaged record elsewhere is
// skipped and reported with its position, and reading goes on at the next good record.
// Format: docs/storage-format.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "base/env.h"
#include "knowledge/record.h"

namespace autodev::knowledge {

/// How far each replica's records have been read: last sequence and byte position behind it.
struct ReplicaPosition {
  std::uint64_t sequence = 0;
  std::uint32_t segment = 0;  ///< number of the segment file
  std::uint64_t offset = 0;   ///< byte offset behind the record
  auto operator<=>(const ReplicaPosition&) const = default;
};
using JournalPosition = std::map<ReplicaId, ReplicaPosition>;

struct DamagedRecord {
  std::string file;
  std::uint64_t offset = 0;
  std::string reason;
};

class Journal {
 public:
  /// `folder` is `.auto-dev/knowledge/journal`. The replica id is created on first append.
  Journal(base::Env& env, std::string folder);

  /// Durable when it returns. All payloads of one call are written with one sync.
  Result<std::vector<RecordKey>> append(const std::vector<Payload>& payloads);

  /// Calls `visit` for every good record behind `from`, in canonical order across replicas; stops when it
  /// returns false. Damage is collected into `damaged` if given.
  Result<JournalPosition> read(const JournalPosition& from, const std::function<bool(const Record&)>& visit,
                               std::vector<DamagedRecord>* damaged = nullptr);

  /// Position behind the last good record of every replica, cheaply (file sizes when unchanged).
  [[nodiscard]] Result<JournalPosition> end();

 private:
  base::Env& env_;
  std::string folder_;
};

}  // namespace autodev::knowledge
