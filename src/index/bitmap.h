// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bitmap: the set of document numbers that pass a filter.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace autodev::index {

class Bitmap {
 public:
  explicit Bitmap(std::uint32_t size) : words_((std::size_t{size} + 63) / 64) {}
  void set(std::uint32_t i) noexcept {
    if (i / 64 < words_.size()) words_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  [[nodiscard]] bool test(std::uint32_t i) const noexcept {
    return i / 64 < words_.size() && ((words_[i / 64] >> (i % 64)) & 1) != 0;
  }
  /// 64 numbers at once: bit k of word w is number 64 w + k.
  [[nodiscard]] std::uint64_t word(std::size_t w) const noexcept { return w < words_.size() ? words_[w] : 0; }
  /// Keeps what both have.
  void intersect(const Bitmap& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= i < other.words_.size() ? other.words_[i] : 0;
  }
  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t total = 0;
    for (const std::uint64_t word : words_) total += static_cast<std::uint64_t>(std::popcount(word));
    return total;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace autodev::index
