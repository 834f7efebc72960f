// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Frames in and out, and the search for the next good record after damage.
#include "knowledge/segment.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/wire.h"

namespace autodev::knowledge {
namespace {

constexpr std::string_view header_magic{"ADJRNL\r\n", 8};  // CR LF: a text-mode copy damages it visibly
constexpr std::uint32_t record_magic = 0x4352'4aad;        // bytes ad 4a 52 43, the first is no ASCII and no UTF-8 lead
constexpr std::size_t head_bytes = 25;                     // magic, length, sequence, time, kind

std::uint64_t seed_of(const SegmentName& name, std::uint64_t offset) {
  std::string place;
  base::WireWriter writer(place);
  writer.digest(name.replica.digest);
  writer.u32(name.number);
  writer.u64(offset);
  return base::hash64(place);
}

std::uint32_t u32_at(std::string_view bytes, std::size_t position) {
  return base::WireReader(bytes.substr(position, 4)).u32();
}

/// Length of the frame that starts at `position` if its head and length are plausible and it ends within `bytes`.
std::optional<std::size_t> complete_frame(std::string_view bytes, std::size_t position) {
  if (bytes.size() - position < record_overhead_bytes || u32_at(bytes, position) != record_magic) return std::nullopt;
  const std::size_t length = u32_at(bytes, position + 4);
  if (length < record_overhead_bytes || length > bytes.size() - position) return std::nullopt;
  return length;
}

/// The frame at `position` when it is complete and its checksum holds.
std::optional<Frame> frame_at(const SegmentName& name, std::string_view bytes, std::size_t position, std::uint64_t base) {
  const auto length = complete_frame(bytes, position);
  if (!length) return std::nullopt;
  const std::string_view body = bytes.substr(position, *length - 12);
  base::WireReader tail(bytes.substr(position + *length - 12, 12));
  Frame frame;
  frame.offset = base + position;
  frame.end = frame.offset + *length;
  frame.checksum = tail.u64();
  frame.trailer_good = tail.u32() == *length;
  if (base::hash64(body, seed_of(name, frame.offset)) != frame.checksum) return std::nullopt;
  base::WireReader reader(body.substr(8));
  frame.sequence = reader.u64();
  frame.time_ms = static_cast<std::int64_t>(reader.u64());
  frame.kind = reader.u8();
  frame.payload = body.substr(head_bytes);
  return frame;
}

}  // namespace

std::string encode_header(const SegmentName& name) {
  std::string bytes(header_magic);
  base::WireWriter writer(bytes);
  writer.u32(segment_version);
  writer.u32(name.number);
  writer.digest(name.replica.digest);
  writer.u64(base::hash64(bytes));
  return bytes;
}

HeaderState check_header(const SegmentName& name, std::string_view bytes) noexcept {
  if (bytes.size() < segment_header_bytes) return HeaderState::torn;
  bytes = bytes.substr(0, segment_header_bytes);
  base::WireReader reader(bytes.substr(header_magic.size()));
  const std::uint32_t version = reader.u32();
  const std::uint32_t number = reader.u32();
  const Digest replica = reader.digest();
  if (!bytes.starts_with(header_magic) || reader.u64() != base::hash64(bytes.substr(0, segment_header_bytes - 8)))
    return HeaderState::damaged;
  if (version > segment_version) return HeaderState::newer;
  return version == segment_version && number == name.number && replica == name.replica.digest ? HeaderState::good
                                                                                              : HeaderState::damaged;
}

std::string encode_frame(const SegmentName& name, std::uint64_t offset, std::uint64_t sequence, std::int64_t time_ms,
                         std::uint8_t kind, std::string_view payload) {
  const auto length = static_cast<std::uint32_t>(payload.size() + record_overhead_bytes);
  std::string bytes;
  bytes.reserve(length);
  base::WireWriter writer(bytes);
  writer.u32(record_magic);
  writer.u32(length);
  writer.u64(sequence);
  writer.u64(static_cast<std::uint64_t>(time_ms));
  writer.u8(kind);
  bytes.append(payload);
  writer.u64(base::hash64(bytes, seed_of(name, offset)));
  writer.u32(length);
  return bytes;
}

std::optional<Frame> last_frame(const SegmentName& name, std::string_view bytes, std::uint64_t base) {
  if (bytes.size() < record_overhead_bytes) return std::nullopt;
  const std::size_t length = u32_at(bytes, bytes.size() - 4);
  if (length < record_overhead_bytes || length > bytes.size()) return std::nullopt;
  auto frame = frame_at(name, bytes, bytes.size() - length, base);
  return frame && frame->end == base + bytes.size() ? frame : std::nullopt;
}

SegmentScanner::SegmentScanner(const SegmentName& name, std::string_view bytes, std::uint64_t base)
    // Honest data has a false candidate once in 2^32 bytes; 16 times the size is far more than it ever needs.
    : name_(name), bytes_(bytes), base_(base), budget_(16 * (bytes.size() + 4096)) {}

std::optional<Frame> SegmentScanner::next() {
  if (position_ >= bytes_.size()) return std::nullopt;
  auto frame = frame_at(name_, bytes_, position_, base_);
  if (!frame) frame = resynchronise();
  if (!frame) {
    finish();
    return std::nullopt;
  }
  if (!frame->trailer_good) damaged_.push_back({frame->end - 4, frame->end, "the repeated length is damaged; nothing is lost"});
  position_ = static_cast<std::size_t>(frame->end - base_);
  good_end_ = position_;
  return frame;
}

std::optional<Frame> SegmentScanner::resynchronise() {
  std::string magic;
  base::WireWriter(magic).u32(record_magic);
  for (std::size_t at = bytes_.find(magic, position_ + 1); at != std::string_view::npos; at = bytes_.find(magic, at + 1)) {
    const auto length = complete_frame(bytes_, at);
    if (!length || u32_at(bytes_, at + *length - 4) != *length) continue;
    if (*length > budget_) break;
    budget_ -= *length;
    auto frame = frame_at(name_, bytes_, at, base_);
    if (!frame) continue;
    damaged_.push_back({base_ + position_, frame->offset, fmt::format("{} damaged bytes were passed over", at - position_)});
    return frame;
  }
  return std::nullopt;
}

void SegmentScanner::finish() {
  tail_is_torn_ = !complete_frame(bytes_, position_).has_value();
  if (!tail_is_torn_)
    damaged_.push_back({base_ + position_, base_ + bytes_.size(), "the checksum of the last record does not match"});
  position_ = bytes_.size();
}

}  // namespace autodev::knowledge
