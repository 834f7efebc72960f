// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/segment.h"

#include <fmt/format.h>

#include "base/compress.h"
#include "base/hash.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

const SegmentName name{{*Digest::parse("000102030405060708090a0b0c0d0e0f")}, 1};

/// A segment with the given payloads; sequences from 1, times from `time_ms`.
std::string segment_of(const std::vector<std::string>& payloads, std::vector<std::size_t>* ends = nullptr) {
  std::string bytes = encode_header(name);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    bytes += encode_frame(name, bytes.size(), i + 1, 1'700'000'000'000 + 1000 * static_cast<std::int64_t>(i), 3, payloads[i]);
    if (ends != nullptr) ends->push_back(bytes.size());
  }
  return bytes;
}

struct Scan {
  std::vector<std::string> payloads;
  std::vector<std::uint64_t> sequences;
  std::vector<DamagedRange> damaged;
  bool torn = false;
};

Scan scan(std::string_view bytes) {
  Scan result;
  if (bytes.size() < segment_header_bytes) return result;
  SegmentScanner scanner(name, bytes.substr(segment_header_bytes), segment_header_bytes);
  while (const auto frame = scanner.next()) {
    result.payloads.emplace_back(frame->payload);
    result.sequences.push_back(frame->sequence);
  }
  result.damaged = scanner.damaged();
  result.torn = scanner.tail_is_torn();
  return result;
}

const std::vector<std::string> three{"first", "the second record", "3"};

std::string hex_dump(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 16) {
    text += fmt::format("{:04x} ", i);
    for (std::size_t j = i; j < std::min(i + 16, bytes.size()); ++j)
      text += fmt::format(" {:02x}", static_cast<unsigned char>(bytes[j]));
    text += "\n";
  }
  return text;
}

std::string documented(const std::string& example) {
  const std::string document = test::file_bytes(AUTODEV_SOURCE_DIR "/docs/storage-format.md");
  const std::string marker = "<!-- example:" + example + " -->\n```\n";
  const std::size_t start = document.find(marker);
  if (start == std::string::npos) return {};
  const std::size_t end = document.find("```", start + marker.size());
  return document.substr(start + marker.size(), end - start - marker.size());
}

TEST(Segment, TheDocumentedExampleIsWhatIsWritten) {
  EXPECT_EQ(documented("segment"), hex_dump(segment_of({"hello", "world!"})));
}

TEST(Segment, TheDocumentedPayloadIsWhatIsWritten) {
  const Feedback feedback{{name.replica.digest}, FeedbackVerdict::helped, "fits"};
  EXPECT_EQ(documented("payload"), hex_dump(test::value_of(base::decompress(encode_payload(feedback), 1024))));
}

TEST(Segment, RecordsComeBackInOrder) {
  const Scan result = scan(segment_of(three));
  EXPECT_EQ(result.payloads, three);
  EXPECT_EQ(result.sequences, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_TRUE(result.damaged.empty());
  EXPECT_FALSE(result.torn);
}

TEST(Segment, CutAtEveryByteItKeepsAllCompleteRecords) {
  std::vector<std::size_t> ends;
  const std::string bytes = segment_of(three, &ends);
  for (std::size_t size = segment_header_bytes; size < bytes.size(); ++size) {
    const Scan result = scan(std::string_view(bytes).substr(0, size));
    const auto complete = static_cast<std::size_t>(std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= size; }));
    ASSERT_EQ(result.payloads, std::vector<std::string>(three.begin(), three.begin() + static_cast<std::ptrdiff_t>(complete))) << size;
    EXPECT_TRUE(result.damaged.empty()) << size;
    EXPECT_EQ(result.torn, std::find(ends.begin(), ends.end(), size) == ends.end() && size > segment_header_bytes) << size;
  }
}

TEST(Segment, AFlippedBitLosesAtMostTheRecordItHit) {
  std::vector<std::size_t> ends;
  const std::string bytes = segment_of(three, &ends);
  for (std::size_t i = segment_header_bytes; i < bytes.size(); ++i) {
    const auto hit = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), i) - ends.begin());
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = bytes;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      const Scan result = scan(bad);
      std::vector<std::string> expected = three;
      if (result.payloads != three) expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(hit));
      ASSERT_EQ(result.payloads, expected) << "byte " << i << " bit " << bit;
      EXPECT_TRUE(!result.damaged.empty() || result.torn) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Segment, ARecordIsValidOnlyAtItsOwnPlace) {
  const std::string bytes = segment_of(three);
  const SegmentName second{name.replica, 2};
  SegmentScanner other_segment(second, std::string_view(bytes).substr(segment_header_bytes), segment_header_bytes);
  EXPECT_FALSE(other_segment.next());
  SegmentScanner shifted(name, std::string_view(bytes).substr(segment_header_bytes), segment_header_bytes + 1);
  EXPECT_FALSE(shifted.next());
}

TEST(Segment, AWholeRecordInsideATornPayloadIsNotTakenForOne) {
  const std::string inner = encode_frame(name, 500, 9, 1'700'000'000'000, 3, "planted");
  const std::string bytes = segment_of({"good", "xx" + inner + "yy"});
  const Scan result = scan(std::string_view(bytes).substr(0, bytes.size() - 5));
  EXPECT_EQ(result.payloads, std::vector<std::string>{"good"});
  EXPECT_FALSE(last_frame(name, std::string_view(bytes).substr(0, bytes.size() - 14)));
}

TEST(Segment, TheLastRecordIsFoundFromTheEnd) {
  const std::string bytes = segment_of(three);
  const auto frame = last_frame(name, bytes);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->payload, "3");
  EXPECT_EQ(frame->sequence, 3u);
  for (std::size_t cut = 1; cut < 38; ++cut) {
    const auto torn = last_frame(name, std::string_view(bytes).substr(0, bytes.size() - cut));
    EXPECT_FALSE(torn) << cut;
  }
}

TEST(Segment, HeadersTellTornDamagedAndNewerApart) {
  const std::string good = encode_header(name);
  EXPECT_EQ(good.size(), segment_header_bytes);
  EXPECT_EQ(check_header(name, good), HeaderState::good);
  EXPECT_EQ(check_header({name.replica, 2}, good), HeaderState::damaged);
  EXPECT_EQ(check_header(name, std::string_view(good).substr(0, 39)), HeaderState::torn);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_EQ(check_header(name, bad), HeaderState::damaged) << i;
  }
  std::string newer = good;
  newer[8] = 2;
  const std::uint64_t checksum = base::hash64(std::string_view(newer).substr(0, 32));
  for (std::size_t i = 0; i < 8; ++i) newer[32 + i] = static_cast<char>(checksum >> (8 * i));
  EXPECT_EQ(check_header(name, newer), HeaderState::newer);
}

TEST(Segment, AFileFullOfFalseBeginningsIsScannedInBoundedTime) {
  // Every 37 bytes a head whose frame reaches to the end, with a correct repeated length: worst case of the search.
  constexpr std::size_t size = 1u << 20;
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at + 37 <= size; at += 37) {
    const auto length = static_cast<std::uint32_t>(37 * ((size - at) / 37));
    const std::string frame = encode_frame(name, 0, 1, 1, 3, {});
    bytes.replace(at, 4, frame, 0, 4);
    for (std::size_t i = 0; i < 4; ++i) bytes[at + 4 + i] = static_cast<char>(length >> (8 * i));
  }
  SegmentScanner scanner(name, bytes, segment_header_bytes);
  EXPECT_FALSE(scanner.next());
}

}  // namespace
}  // namespace autodev::knowledge
