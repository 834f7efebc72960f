// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Segment: the bytes of one journal file, as pure functions. docs/storage-format.md has the grammar.
//
//   segment := header record*
//   record  := magic length sequence time kind payload checksum length
//
// The checksum is seeded with replica, segment number and file offset: a record that was copied to another place, also
// one inside the payload of a torn record, is not a record there. The repeated length lets a writer find the
// last record from the end of the file. The scanner resynchronises after damage with a bounded amount of work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/ids.h"
#include "knowledge/record.h"

namespace autodev::knowledge {

inline constexpr std::uint32_t segment_version = 1;
inline constexpr std::size_t segment_header_bytes = 40;
inline constexpr std::size_t record_overhead_bytes = 37;
/// Times outside [0, this] (the year 9999) are damage: they would pull every later clock with them.
inline constexpr std::int64_t max_time_ms = 253'402'300'799'999;

/// Which file the bytes belong to.
struct SegmentName {
  ReplicaId replica;
  std::uint32_t number = 1;
};

enum class HeaderState : std::uint8_t {
  good,
  torn,     ///< shorter than a header: its creation was interrupted
  damaged,  ///< not what encode_header writes for this name
  newer,    ///< intact, of a newer format version
};

[[nodiscard]] std::string encode_header(const SegmentName& name);
[[nodiscard]] HeaderState check_header(const SegmentName& name, std::string_view bytes) noexcept;

/// A good record within a segment; `payload` points into the scanned bytes.
struct Frame {
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t end = 0;
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
  std::uint8_t kind = 0;
  std::uint64_t checksum = 0;
  bool trailer_good = true;  ///< the repeated length agrees
  std::string_view payload;
};

/// Bytes that are no good record.
struct DamagedRange {
  std::uint64_t offset = 0, end = 0;
  std::string reason;
};

/// `offset` is where the record will lie in the file.
[[nodiscard]] std::string encode_frame(const SegmentName& name, std::uint64_t offset, std::uint64_t sequence,
                                       std::int64_t time_ms, std::uint8_t kind, std::string_view payload);

/// The record whose last byte is the last of `bytes` (file offset `base` + size); absent when there is none.
[[nodiscard]] std::optional<Frame> last_frame(const SegmentName& name, std::string_view bytes, std::uint64_t base = 0);

/// Walks over the records of `bytes`, which lie at file offset `base` (a record's beginning).
class SegmentScanner {
 public:
  SegmentScanner(const SegmentName& name, std::string_view bytes, std::uint64_t base);

  /// The next good record; absent at the end. Damage on the way is collected.
  [[nodiscard]] std::optional<Frame> next();

  /// Behind the last good record so far.
  [[nodiscard]] std::uint64_t good_end() const noexcept { return base_ + good_end_; }
  /// Damage between good records, and complete but damaged records at the end; a torn tail is neither.
  [[nodiscard]] std::vector<DamagedRange>& damaged() noexcept { return damaged_; }
  /// After the last next(): the rest behind good_end() is an append that did not finish (or nothing).
  [[nodiscard]] bool tail_is_torn() const noexcept { return tail_is_torn_; }

 private:
  std::optional<Frame> resynchronise();
  void finish();

  SegmentName name_;
  std::string_view bytes_;
  std::uint64_t base_;
  std::size_t position_ = 0;
  std::size_t good_end_ = 0;
  std::uint64_t budget_;  ///< bytes that may still be hashed while looking for a good record
  bool tail_is_torn_ = false;
  std::vector<DamagedRange> damaged_;
};

}  // namespace autodev::knowledge
