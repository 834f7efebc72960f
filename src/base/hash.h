// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Hashing: XXH3 from libxxhash. 64 bits for tables and checksums, 128 bits for ids.
#pragma once

#include <cstdint>
#include <string_view>

#include "autodev/ids.h"

namespace autodev::base {

[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0) noexcept;
[[nodiscard]] Digest hash128(std::string_view bytes, std::uint64_t seed = 0) noexcept;

/// Mixes one 64-bit value into a running hash (a bijective finaliser in between; order matters).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t state, std::uint64_t value) noexcept {
  std::uint64_t x = state ^ (value + 0x9e3779b97f4a7c15ULL + (state << 6) + (state >> 2));
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace autodev::base
