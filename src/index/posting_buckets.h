// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The parts of a posting block as they lie in the store (postings.h has the layout): directory, buckets, lists.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "index/postings.h"

namespace autodev::index {

inline constexpr std::uint32_t bucket_count = 1024;
inline constexpr std::uint32_t remainder_bits = 30;
inline constexpr std::size_t directory_bytes = bucket_count * 2 * sizeof(std::uint32_t);

[[nodiscard]] inline std::uint32_t bucket_of_term(TermKey term) noexcept {
  return static_cast<std::uint32_t>(term >> remainder_bits) % bucket_count;
}
[[nodiscard]] inline std::uint32_t remainder_of_term(TermKey term) noexcept {
  return static_cast<std::uint32_t>(term & ((std::uint64_t{1} << remainder_bits) - 1));
}

[[nodiscard]] inline std::uint32_t u16_at(const char* bytes) noexcept {
  return std::uint32_t{static_cast<std::uint8_t>(bytes[0])} | std::uint32_t{static_cast<std::uint8_t>(bytes[1])} << 8;
}
[[nodiscard]] inline std::uint32_t u32_at(const char* bytes) noexcept {
  return u16_at(bytes) | u16_at(bytes + 2) << 16;
}
inline void put_u16(char* bytes, std::uint32_t value) noexcept {
  bytes[0] = static_cast<char>(static_cast<std::uint8_t>(value));
  bytes[1] = static_cast<char>(static_cast<std::uint8_t>(value >> 8));
}
inline void put_u32(char* bytes, std::uint32_t value) noexcept {
  put_u16(bytes, value);
  put_u16(bytes + 2, value >> 16);
}

/// Where a bucket lies in its block, and its check.
struct BucketPlace {
  std::uint32_t start = 0, end = 0, check = 0;
};
/// `directory` has directory_bytes. The places are only plausible once the bucket agrees with its check.
[[nodiscard]] inline BucketPlace place_of_bucket(const char* directory, std::uint32_t bucket) noexcept {
  const std::size_t at = bucket * sizeof(std::uint32_t);
  return {bucket == 0 ? 0 : u32_at(directory + at - sizeof(std::uint32_t)), u32_at(directory + at),
          u32_at(directory + directory_bytes / 2 + at)};
}
[[nodiscard]] inline std::uint32_t check_of_bucket(std::string_view bytes, std::uint32_t block,
                                                   std::uint32_t bucket) noexcept {
  return static_cast<std::uint32_t>(base::mix64(base::hash64(bytes), std::uint64_t{block} * bucket_count + bucket));
}

/// One list of a bucket.
struct BucketList {
  std::uint32_t remainder = 0, size = 0;
  std::string_view all;  ///< with head and count
  const char* postings = nullptr;
};

/// Walks a bucket whose check was right. Never reads beyond it, whatever it holds.
class BucketWalk {
 public:
  explicit BucketWalk(std::string_view bucket) noexcept : rest_(bucket) { read(); }
  [[nodiscard]] bool at_end() const noexcept { return list_.all.empty(); }
  [[nodiscard]] const BucketList& operator*() const noexcept { return list_; }
  [[nodiscard]] const BucketList* operator->() const noexcept { return &list_; }
  void next() noexcept {
    rest_.remove_prefix(list_.all.size());
    read();
  }

 private:
  void read() noexcept {
    list_ = {};
    if (rest_.size() < sizeof(std::uint32_t) + 2) return;
    const std::uint32_t head = u32_at(rest_.data());
    std::size_t start = sizeof(std::uint32_t);
    std::uint32_t size = head & 3;
    if (size == 0) {
      size = u16_at(rest_.data() + start);
      start += 2;
    }
    if (size == 0 || size > block_documents || rest_.size() < start + PostingBlock::bytes_of(size)) return;
    list_ = {head >> 2, size, rest_.substr(0, start + PostingBlock::bytes_of(size)), rest_.data() + start};
  }
  std::string_view rest_;
  BucketList list_;
};

/// Appends a list. `postings` are ascending, as in a list that is no bitmap.
void append_list(std::string& bucket, std::uint32_t remainder, const std::vector<std::uint16_t>& postings);

}  // namespace autodev::index
