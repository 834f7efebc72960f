// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Whatever decode_payload accepts survives being written and read again; nothing crashes it. The first byte is the kind,
// the rest the CBOR (compressed here, so that the fuzzer need not learn zstd) or, with the high bit set, the frame.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/compress.h"
#include "knowledge/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autodev::knowledge;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto kind = static_cast<RecordKind>(data[0] & 0x07);
  if ((data[0] & 0x80) != 0) {
    (void)decode_payload(kind, rest);
    return 0;
  }
  const auto payload = decode_payload(kind, autodev::base::compress(rest));
  if (!payload) return 0;
  const std::string once = encode_payload(*payload);
  const auto again = decode_payload(kind, once);
  if (!again || encode_payload(*again) != once) std::abort();
  if (const auto* event = std::get_if<autodev::LearningEvent>(&*payload)) (void)event_id(*event);
  return 0;
}
