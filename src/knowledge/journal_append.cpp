// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Appending: lock, find the end, cut a torn tail, write, sync, acknowledge.
//
// Time is a hybrid logical clock (Kulkarni et al. 2014): the wall clock, but never before a record that this folder
// already holds, also of other replicas. So what is recorded after a merge sorts behind what was merged, and
// the fold goes on instead of starting over.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/journal.h"
#include "knowledge/journal_files.h"
#include "knowledge/replica.h"

namespace autodev::knowledge {
namespace {

/// A foreign clock further ahead than this is wrong and not followed; its records only cost refolding.
constexpr std::int64_t max_clock_lead_ms = 24LL * 60 * 60 * 1000;

/// The latest believable time of the other replicas, plus one millisecond, or 0.
Result<std::int64_t> time_behind_others(base::Env& env, const std::string& folder, const ReplicaId& own,
                                        std::int64_t now_ms) {
  std::int64_t latest = 0;
  AUTODEV_TRY_ASSIGN(const auto replicas, list_replicas(env, folder));
  for (const ReplicaId& replica : replicas) {
    if (replica == own) continue;
    const auto tail = find_tail(env, folder, replica, false, std::chrono::milliseconds(0));
    if (!tail) continue;  // a foreign segment that cannot be read is the reader's problem
    const std::int64_t time = tail->position.time_ms;
    if (time >= latest && time <= now_ms + max_clock_lead_ms) latest = time + 1;
  }
  return latest;
}

/// Writes frames into the last segment and the ones after it; undoes everything unless finished.
class SegmentWriter {
 public:
  SegmentWriter(base::Env& env, std::string folder, ReplicaId replica, const ReplicaTail& tail, std::uint64_t limit)
      : env_(env), folder_(std::move(folder)), name_{replica, std::max<std::uint32_t>(tail.segment, 1)}, limit_(limit),
        size_(tail.keep), keep_(tail.keep), actual_(tail.size) {
    begins_file_ = tail.keep == 0;
    if (tail.segment != 0 && (!tail.appendable || tail.keep >= limit)) start_next();
  }

  Result<RecordKey> add(std::uint64_t sequence, std::int64_t time_ms, const Payload& payload, std::string_view encoded) {
    if (size_ > segment_header_bytes && size_ + encoded.size() + record_overhead_bytes > limit_) {
      AUTODEV_TRY(flush());
      start_next();
    }
    if (size_ == 0) put(encode_header(name_));
    put(encode_frame(name_, size_, sequence, time_ms, static_cast<std::uint8_t>(kind_of(payload)), encoded));
    return RecordKey{Timestamp(Milliseconds(time_ms)), name_.replica, sequence};
  }

  /// Writes and syncs what was added to the current segment.
  Result<void> flush() {
    if (buffer_.empty()) return {};
    const std::string path = segment_path(folder_, name_.number);
    AUTODEV_TRY_ASSIGN(auto file, env_.open_append(path));
    // Acknowledged bytes end at keep_; the tail behind it was torn.
    if (actual_ > keep_) AUTODEV_TRY(file->truncate(keep_));
    written_.push_back({std::move(file), keep_});
    AUTODEV_TRY(written_.back().file->append(buffer_));
    AUTODEV_TRY(written_.back().file->sync());
    if (begins_file_) {
      AUTODEV_TRY(env_.sync_directory(folder_));
      AUTODEV_TRY(env_.sync_directory(folder_ + "/.."));
    }
    buffer_.clear();
    return {};
  }

  /// Cuts everything written by this object off again; best effort, a rest is a torn tail for the next append.
  void undo() {
    for (auto written = written_.rbegin(); written != written_.rend(); ++written) {
      if (written->file->truncate(written->size)) (void)written->file->sync();
    }
  }

 private:
  struct Written {
    std::unique_ptr<base::AppendFile> file;
    std::uint64_t size;
  };

  void start_next() {
    ++name_.number;
    size_ = keep_ = actual_ = 0;
    begins_file_ = true;
  }
  void put(std::string_view bytes) {
    buffer_.append(bytes);
    size_ += bytes.size();
  }

  base::Env& env_;
  std::string folder_;
  SegmentName name_;
  std::uint64_t limit_;
  std::uint64_t size_;    ///< with the buffer
  std::uint64_t keep_;    ///< of the file before this append
  std::uint64_t actual_;  ///< of the file before this append, torn tail included
  bool begins_file_ = false;
  std::string buffer_;
  std::vector<Written> written_;
};

Result<std::vector<std::string>> encode_all(const std::vector<Payload>& payloads, std::uint64_t segment_bytes) {
  std::vector<std::string> encoded;
  encoded.reserve(payloads.size());
  for (const Payload& payload : payloads) {
    encoded.push_back(encode_payload(payload));
    if (encoded.back().empty() || encoded.back().size() > std::max<std::uint64_t>(segment_bytes, 1u << 20))
      return fail(ErrorCode::bad_data, "a record is too large for the journal",
                  "split the event: fewer files per event");
  }
  return encoded;
}

}  // namespace

Result<std::vector<RecordKey>> Journal::append(const std::vector<Payload>& payloads) {
  std::vector<RecordKey> keys;
  if (payloads.empty()) return keys;
  AUTODEV_TRY_ASSIGN(const auto encoded, encode_all(payloads, options_.segment_bytes));
  AUTODEV_TRY_ASSIGN(const ReplicaId own, find_or_create_replica(env_, folder_));
  const std::string folder = folder_ + "/" + own.hex();
  AUTODEV_TRY(env_.create_directories(folder));
  AUTODEV_TRY_ASSIGN(const auto lock, env_.lock_file(folder + "/lock", options_.lock_timeout));
  AUTODEV_TRY_ASSIGN(const auto tail, find_tail(env_, folder_, own, false, options_.lock_timeout));
  const std::int64_t now = std::clamp<std::int64_t>(env_.now().time_since_epoch().count(), 0, max_time_ms);
  AUTODEV_TRY_ASSIGN(const std::int64_t others, time_behind_others(env_, folder_, own, now));
  const std::int64_t time = std::max({now, tail.position.time_ms, others});
  // Unreadable bytes may have been records that other copies have: their sequences are not used again.
  std::uint64_t sequence = tail.position.sequence + tail.unreadable / record_overhead_bytes;

  SegmentWriter writer(env_, folder, own, tail, options_.segment_bytes);
  const auto write_all = [&]() -> Result<void> {
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      AUTODEV_TRY_ASSIGN(const RecordKey key, writer.add(++sequence, time, payloads[i], encoded[i]));
      keys.push_back(key);
    }
    return writer.flush();
  };
  if (auto written = write_all(); !written) {
    writer.undo();
    Error error = std::move(written).error();
    error.message = fmt::format("{} event(s) were not recorded: {}", payloads.size(), error.message);
    return tl::make_unexpected(std::move(error));
  }
  return keys;
}

}  // namespace autodev::knowledge
