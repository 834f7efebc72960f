// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Listing, guarded reading, and finding the last record from the end of the last segment.
#include "knowledge/journal_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace autodev::knowledge {
namespace {

std::optional<std::uint32_t> segment_number(std::string_view name) {
  if (name.size() != 12 || !name.ends_with(".log")) return std::nullopt;
  std::uint32_t number = 0;
  const char* end = name.data() + 8;
  const auto [rest, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || rest != end || number == 0) return std::nullopt;
  return number;
}

ReplicaPosition position_of(std::uint32_t segment, const Frame& frame) {
  return {frame.sequence, segment, frame.end, frame.checksum, frame.time_ms};
}

/// Examines one segment from its end; true when it holds a good record.
bool examine(const SegmentName& name, const SegmentBytes& segment, ReplicaTail& tail) {
  const std::string_view bytes = segment.bytes();
  const std::uint64_t size = segment.from() + bytes.size();
  if (auto frame = last_frame(name, bytes, segment.from())) {
    tail.position = position_of(name.number, *frame);
    tail.keep = size;
    tail.unreadable = 0;
    return true;
  }
  SegmentScanner scanner(name, bytes, segment.from());
  std::optional<Frame> last;
  while (auto frame = scanner.next()) last = frame;
  tail.keep = scanner.tail_is_torn() ? scanner.good_end() : size;
  tail.unreadable = size - std::min(size, scanner.good_end());
  if (last) tail.position = position_of(name.number, *last);
  return last.has_value();
}

}  // namespace

std::string segment_path(const std::string& replica_folder, std::uint32_t number) {
  return fmt::format("{}/{:08}.log", replica_folder, number);
}

Result<std::vector<ReplicaId>> list_replicas(base::Env& env, const std::string& journal_folder) {
  AUTODEV_TRY_ASSIGN(const auto entries, env.list(journal_folder));
  std::vector<ReplicaId> replicas;
  for (const auto& entry : entries)
    if (entry.type == base::FileType::directory)
      if (const auto id = ReplicaId::parse(entry.name); id && id->hex() == entry.name) replicas.push_back(*id);
  std::sort(replicas.begin(), replicas.end());
  return replicas;
}

Result<std::vector<SegmentFile>> list_segments(base::Env& env, const std::string& replica_folder) {
  AUTODEV_TRY_ASSIGN(const auto entries, env.list(replica_folder));
  std::vector<SegmentFile> segments;
  for (const auto& entry : entries)
    if (entry.type == base::FileType::file)
      if (const auto number = segment_number(entry.name)) segments.push_back({*number, replica_folder + "/" + entry.name});
  std::sort(segments.begin(), segments.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return segments;
}

Result<ReplicaSegments> list_journal(base::Env& env, const std::string& journal_folder) {
  ReplicaSegments journal;
  AUTODEV_TRY_ASSIGN(const auto replicas, list_replicas(env, journal_folder));
  for (const ReplicaId& replica : replicas) {
    AUTODEV_TRY_ASSIGN(auto segments, list_segments(env, journal_folder + "/" + replica.hex()));
    if (!segments.empty()) journal.emplace(replica, std::move(segments));
  }
  return journal;
}

Result<SegmentBytes> SegmentBytes::open(base::Env& env, const std::string& path, std::uint64_t from,
                                        const std::string& lock_path, bool guarded,
                                        std::chrono::milliseconds lock_timeout) {
  std::unique_ptr<base::FileLock> lock;
  if (guarded) {
    auto locked = env.lock_file(lock_path, lock_timeout);
    if (locked) lock = std::move(*locked);
    // A folder that we may not write to has no writer of ours either.
    else if (locked.error().code == ErrorCode::busy) return tl::make_unexpected(locked.error());
  }
  SegmentBytes segment;
  AUTODEV_TRY_ASSIGN(segment.mapped_, env.map_file(path));
  const std::string_view all = segment.mapped_->bytes();
  segment.header_ = all.substr(0, segment_header_bytes);
  segment.from_ = std::min<std::uint64_t>(from, all.size());
  if (guarded) {
    segment.copied_ = std::make_unique<std::string>(all.substr(segment.from_));
    segment.mapped_.reset();
  }
  return segment;
}

tl::unexpected<Error> newer_segment(const std::string& path) {
  return fail(ErrorCode::config, path + " has a newer journal format than this program knows",
              "use the newer version of auto-dev that wrote it");
}

Result<ReplicaTail> find_tail(base::Env& env, const std::string& journal_folder, const ReplicaId& replica, bool guarded,
                              std::chrono::milliseconds lock_timeout) {
  const std::string folder = journal_folder + "/" + replica.hex();
  AUTODEV_TRY_ASSIGN(const auto segments, list_segments(env, folder));
  ReplicaTail tail;
  for (auto file = segments.rbegin(); file != segments.rend(); ++file) {
    AUTODEV_TRY_ASSIGN(const auto segment, SegmentBytes::open(env, file->path, segment_header_bytes, folder + "/lock",
                                                              guarded && file == segments.rbegin(), lock_timeout));
    const SegmentName name{replica, file->number};
    const HeaderState header = check_header(name, segment.header());
    if (header == HeaderState::newer) return newer_segment(file->path);
    ReplicaTail here = tail;
    const bool found = header != HeaderState::torn && examine(name, segment, here);
    if (file == segments.rbegin()) {
      tail.segment = file->number;
      tail.size = header == HeaderState::torn ? segment.header().size() : segment.from() + segment.bytes().size();
      tail.keep = header == HeaderState::torn ? 0 : here.keep;
      tail.unreadable = header == HeaderState::torn ? 0 : here.unreadable;
      tail.appendable = header == HeaderState::good || header == HeaderState::torn;
    }
    if (!found) continue;
    tail.position = here.position;
    break;
  }
  return tail;
}

}  // namespace autodev::knowledge
