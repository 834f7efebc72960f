// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How vectors lie in the store. Both tables are keyed by block number (4 bytes, big-endian).
//
//   vbit  block of 2,048 documents: checksum u64, 40 bytes of zeros, live bitmap (256 bytes), up to 16
//         stripes (bit_scan.h), as many as it has needed so far
//   vec   block of as many rows as fit into 64 KiB with LMDB's header: row = check u32, scale f32, int8 values
//
// The header of 48 bytes puts the stripes of a mapped block on whole cache lines. Both sizes leave little of the last
// page unused: 34 and 264 bytes a document at 256 dimensions. The checksum of a block is over everything behind it and
// mixed with the block's number; the check of a row is over scale and values and mixed with the document's number.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "index/bit_scan.h"

namespace autodev::index {

inline constexpr std::uint32_t bit_block_documents = 2048;
inline constexpr std::size_t bit_header_bytes = 48;
inline constexpr std::size_t live_bytes = bit_block_documents / 8;
inline constexpr std::size_t stripes_start = bit_header_bytes + live_bytes;
inline constexpr std::size_t row_header_bytes = 8;
inline constexpr std::size_t row_block_bytes = (64u << 10) - 16;  // 16: LMDB's header of a value in pages of its own

inline constexpr std::uint32_t bit_block_stripes = bit_block_documents / stripe_documents;

/// Of a block that has been written up to this place.
[[nodiscard]] constexpr std::size_t bit_block_bytes(std::uint32_t dimensions, std::uint32_t place) noexcept {
  return stripes_start + (std::size_t{place / stripe_documents} + 1) * stripe_bytes(dimensions);
}
/// Stripes of a block of that many bytes; 0 where no block has so many.
[[nodiscard]] constexpr std::uint32_t stripes_of(std::size_t bytes, std::uint32_t dimensions) noexcept {
  if (bytes <= stripes_start || (bytes - stripes_start) % stripe_bytes(dimensions) != 0) return 0;
  const std::size_t stripes = (bytes - stripes_start) / stripe_bytes(dimensions);
  return stripes <= bit_block_stripes ? static_cast<std::uint32_t>(stripes) : 0;
}
[[nodiscard]] constexpr std::size_t row_bytes(std::uint32_t dimensions) noexcept {
  return row_header_bytes + dimensions;
}
[[nodiscard]] constexpr std::uint32_t rows_per_block(std::uint32_t dimensions) noexcept {
  return static_cast<std::uint32_t>(row_block_bytes / row_bytes(dimensions));
}

template <typename Number>
[[nodiscard]] Number load_number(const char* bytes) noexcept {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}
template <typename Number>
void store_number(char* bytes, Number number) noexcept {
  std::memcpy(bytes, &number, sizeof number);
}

[[nodiscard]] inline std::uint64_t bit_block_checksum(std::string_view block, std::uint32_t number) noexcept {
  return base::mix64(base::hash64(block.substr(sizeof(std::uint64_t))), number);
}
[[nodiscard]] inline std::uint32_t row_check(std::string_view row, std::uint32_t document) noexcept {
  return static_cast<std::uint32_t>(base::mix64(base::hash64(row.substr(sizeof(std::uint32_t))), document));
}

}  // namespace autodev::index
