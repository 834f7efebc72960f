// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One Stream per replica walks through its segments; the cursor picks the smallest key.
#include "knowledge/journal_cursor.h"

#include <fmt/format.h>

#include "knowledge/journal_files.h"

namespace autodev::knowledge {

/// The records of one replica from a position on.
class JournalCursor::Stream {
 public:
  Stream(base::Env& env, ReplicaId replica, std::vector<SegmentFile> files, ReplicaPosition from, std::string lock_path,
         bool own, std::chrono::milliseconds lock_timeout)
      : env_(env), replica_(replica), files_(std::move(files)), last_(from), lock_path_(std::move(lock_path)), own_(own),
        lock_timeout_(lock_timeout) {
    while (next_file_ < files_.size() && files_[next_file_].number < from.segment) ++next_file_;
  }

  /// The record the stream stands on; absent at its end.
  [[nodiscard]] const std::optional<RecordView>& head() const noexcept { return head_; }
  [[nodiscard]] const ReplicaId& replica() const noexcept { return replica_; }

  Result<void> advance(std::vector<DamagedRecord>& damaged) {
    head_.reset();
    while (true) {
      if (!scanner_) {
        if (next_file_ == files_.size()) return {};
        AUTODEV_TRY(open_file(damaged));
        continue;
      }
      auto frame = scanner_->next();
      collect(damaged, !frame);
      if (!frame) {
        scanner_.reset();
        ++next_file_;
      } else if (accept(*frame, damaged)) {
        return {};
      }
    }
  }

 private:
  [[nodiscard]] const SegmentFile& file() const { return files_[next_file_]; }

  Result<void> open_file(std::vector<DamagedRecord>& damaged) {
    const bool resumed = file().number == last_.segment;
    const std::uint64_t from = resumed ? last_.offset : segment_header_bytes;
    const bool is_last = next_file_ + 1 == files_.size();
    AUTODEV_TRY_ASSIGN(bytes_, SegmentBytes::open(env_, file().path, from, lock_path_, own_ && is_last, lock_timeout_));
    const SegmentName name{replica_, file().number};
    switch (check_header(name, bytes_->header())) {
      case HeaderState::newer: return newer_segment(file().path);
      case HeaderState::torn:
        if (!is_last) damaged.push_back({file().path, 0, "the file is cut off within its header"});
        ++next_file_;
        return {};
      case HeaderState::damaged:
        damaged.push_back({file().path, 0, "the header of the file is damaged; its records are read all the same"});
        break;
      case HeaderState::good: break;
    }
    scanner_.emplace(name, bytes_->bytes(), bytes_->from());
    return {};
  }

  void collect(std::vector<DamagedRecord>& damaged, bool at_end) {
    for (DamagedRange& range : scanner_->damaged()) damaged.push_back({file().path, range.offset, std::move(range.reason)});
    scanner_->damaged().clear();
    const std::uint64_t end = bytes_->from() + bytes_->bytes().size();
    if (at_end && scanner_->tail_is_torn() && next_file_ + 1 < files_.size())
      damaged.push_back({file().path, scanner_->good_end(),
                         fmt::format("{} bytes at the end of a finished file are no record", end - scanner_->good_end())});
  }

  bool accept(const Frame& frame, std::vector<DamagedRecord>& damaged) {
    if (frame.sequence <= last_.sequence || frame.time_ms < last_.time_ms || frame.time_ms > max_time_ms) {
      damaged.push_back({file().path, frame.offset, "the record's sequence or time is out of order"});
      return false;
    }
    last_ = {frame.sequence, file().number, frame.end, frame.checksum, frame.time_ms};
    head_ = RecordView{{Timestamp(Milliseconds(frame.time_ms)), replica_, frame.sequence},
                       static_cast<RecordKind>(frame.kind),
                       frame.payload,
                       {file().number, frame.offset, frame.end, frame.checksum}};
    return true;
  }

  base::Env& env_;
  ReplicaId replica_;
  std::vector<SegmentFile> files_;
  std::size_t next_file_ = 0;
  ReplicaPosition last_;
  std::string lock_path_;
  bool own_;
  std::chrono::milliseconds lock_timeout_;
  std::optional<SegmentBytes> bytes_;
  std::optional<SegmentScanner> scanner_;
  std::optional<RecordView> head_;
};

JournalCursor::JournalCursor() = default;
JournalCursor::~JournalCursor() = default;
JournalCursor::JournalCursor(JournalCursor&&) noexcept = default;
JournalCursor& JournalCursor::operator=(JournalCursor&&) noexcept = default;

Result<JournalCursor> JournalCursor::open(base::Env& env, const Journal& journal, const JournalPosition& from) {
  JournalCursor cursor;
  cursor.position_ = from;
  AUTODEV_TRY_ASSIGN(auto files, list_journal(env, journal.folder()));
  if (files.empty()) return cursor;
  AUTODEV_TRY_ASSIGN(const auto own, journal.replica());
  for (auto& [replica, segments] : files) {
    const auto known = from.find(replica);
    const ReplicaPosition start = known == from.end() ? ReplicaPosition{} : known->second;
    if (segments.back().number == start.segment) {
      AUTODEV_TRY_ASSIGN(const auto status, env.status(segments.back().path));
      if (status && status->size == start.offset) continue;
    }
    auto stream = std::make_unique<Stream>(env, replica, std::move(segments), start,
                                           journal.folder() + "/" + replica.hex() + "/lock", own == replica,
                                           journal.options().lock_timeout);
    AUTODEV_TRY(cursor.step(*stream));
    if (stream->head()) cursor.streams_.push_back(std::move(stream));
  }
  return cursor;
}

Result<void> JournalCursor::step(Stream& stream) { return stream.advance(damaged_); }

Result<std::optional<RecordView>> JournalCursor::next() {
  if (current_ != nullptr) {
    AUTODEV_TRY(step(*current_));
    if (!current_->head()) std::erase_if(streams_, [this](const auto& stream) { return stream.get() == current_; });
    current_ = nullptr;
  }
  for (const auto& stream : streams_)
    if (current_ == nullptr || stream->head()->key < current_->head()->key) current_ = stream.get();
  if (current_ == nullptr) return std::nullopt;
  const RecordView& view = *current_->head();
  position_[view.key.replica] = {view.key.sequence, view.location.segment, view.location.end, view.location.checksum,
                                 view.key.time.time_since_epoch().count()};
  return view;
}

}  // namespace autodev::knowledge
