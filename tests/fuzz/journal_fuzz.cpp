// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Two games with the bytes of a segment. Even first byte: the input is the file; whatever the scanner takes for a record
// must be one, byte for byte. Odd: a good segment of three records is edited at places the input names; only the records
// that were written may come out, in their order.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "knowledge/segment.h"

namespace {

using namespace autodev::knowledge;

const SegmentName name{{}, 1};

void scan_foreign(std::string_view bytes) {
  (void)check_header(name, bytes);
  (void)last_frame(name, bytes);
  SegmentScanner scanner(name, bytes, segment_header_bytes);
  std::uint64_t end = segment_header_bytes;
  while (const auto frame = scanner.next()) {
    if (frame->offset < end || frame->end > segment_header_bytes + bytes.size()) std::abort();
    end = frame->end;
    const std::string same = encode_frame(name, frame->offset, frame->sequence, frame->time_ms, frame->kind, frame->payload);
    const std::string_view stored = bytes.substr(frame->offset - segment_header_bytes, same.size());
    if (stored.substr(0, same.size() - 4) != std::string_view(same).substr(0, same.size() - 4)) std::abort();
    if (frame->trailer_good && stored != same) std::abort();
  }
}

void scan_edited(std::string_view edits) {
  const std::array<std::string, 3> payloads = {"first", std::string(100, 'x'), std::string(edits.substr(0, 20))};
  std::string bytes;
  for (std::size_t i = 0; i < payloads.size(); ++i)
    bytes += encode_frame(name, segment_header_bytes + bytes.size(), i + 1, 1000, 3, payloads[i]);
  for (std::size_t i = 0; i + 2 < edits.size(); i += 3) {
    const auto place = static_cast<std::size_t>(static_cast<std::uint8_t>(edits[i]) * 256 + static_cast<std::uint8_t>(edits[i + 1]));
    if (place < bytes.size()) bytes[place] = edits[i + 2];
    else bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), place % 7));
  }
  SegmentScanner scanner(name, bytes, segment_header_bytes);
  std::uint64_t last = 0;
  while (const auto frame = scanner.next()) {
    if (frame->sequence <= last || frame->sequence > payloads.size()) std::abort();
    last = frame->sequence;
    if (frame->payload != payloads[last - 1]) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] % 2 == 0) scan_foreign(rest);
  else scan_edited(rest);
  return 0;
}
