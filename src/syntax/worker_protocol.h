// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Worker protocol: what ParserPool and the parse worker say to each other over pipes.
//
//   frame    u32 length (little-endian), then that many bytes
//   hello    "auto-dev parse-worker 1", sent once by the worker
//   request  language u8, wanted u8 (bit 0 functions, 1 types, 2 blocks), varint min_block_nodes, max_unit_nodes,
//            deadline in ms; path, source: varint length + bytes
//   reply    u8 0 and FileUnits, or u8 1 and error code u8, message, hint
//
// Both sides check lengths against caps before they allocate: the worker runs foreign input and is not trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "autodev/error.h"
#include "syntax/extract.h"

namespace autodev::syntax {

inline constexpr std::string_view worker_hello = "auto-dev parse-worker 1";
/// The largest source, its path and the head.
inline constexpr std::uint32_t max_request_bytes = (1u << 20) + (16u << 10);
/// Units repeat text (see units.cpp); 64 MiB is more than the caps there allow for a file of 1 MiB.
inline constexpr std::uint32_t max_reply_bytes = 64u << 20;

struct ParseRequest {
  Language language = Language::unknown;
  ExtractOptions options;
  std::string_view path;
  std::string_view source;
};

[[nodiscard]] std::string encode_request(const ParseRequest& request);
/// Views point into `bytes`.
[[nodiscard]] Result<ParseRequest> decode_request(std::string_view bytes);

[[nodiscard]] std::string encode_reply(const Result<FileUnits>& reply);
/// Every unit gets `path`; the worker cannot choose another. The outer error is a broken reply.
[[nodiscard]] Result<Result<FileUnits>> decode_reply(std::string_view bytes, std::string_view path);

/// The four bytes before a payload.
[[nodiscard]] std::string frame_head(std::size_t size);
[[nodiscard]] std::uint32_t frame_size(std::string_view head) noexcept;

}  // namespace autodev::syntax
