// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The parse worker: reads requests from stdin, parses, writes replies to stdout, until stdin ends.
//
// It holds no state between files. Running out of memory or time ends the process; the pool notices.
#include <cstdio>
#include <string>

#include "syntax/extract.h"
#include "syntax/worker_protocol.h"

namespace autodev::syntax {
namespace {

bool read_bytes(std::string& out, std::size_t count) {
  out.resize(count);
  return std::fread(out.data(), 1, count, stdin) == count;
}

bool write_frame(std::string_view payload) {
  const auto head = frame_head(payload.size());
  return std::fwrite(head.data(), 1, head.size(), stdout) == head.size() &&
         std::fwrite(payload.data(), 1, payload.size(), stdout) == payload.size() && std::fflush(stdout) == 0;
}

Result<FileUnits> answer(std::string_view bytes) {
  AUTODEV_TRY_ASSIGN(const ParseRequest request, decode_request(bytes));
  return extract_units(request.source, request.language, request.path, request.options);
}

}  // namespace

int run_parse_worker() {
  constexpr int protocol_error = 65;
  if (!write_frame(worker_hello)) return protocol_error;
  std::string head, payload;
  while (read_bytes(head, 4)) {
    const auto size = frame_size(head);
    if (size > max_request_bytes || !read_bytes(payload, size)) return protocol_error;
    auto reply = encode_reply(answer(payload));
    if (reply.size() > max_reply_bytes)
      reply = encode_reply(fail(ErrorCode::bad_data, "the units of this file are too large together"));
    if (!write_frame(reply)) return protocol_error;
  }
  return 0;
}

}  // namespace autodev::syntax
