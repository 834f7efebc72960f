// SPDX-License-Identifier: MIT OR Apache-2.0
//
// StemSum: the weighted sum of stem vectors that a text's vector is made of, in whole numbers.
//
// Weights are rounded to 1/16384 once and everything after is integer arithmetic, so the sum is exact: its order does not matter, and
// every processor gives the same. Two rows are multiplied and added by one instruction (pmaddwd, part of every x86-64); the plain
// loop elsewhere gives the same numbers, and a test compares them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "index/static_table.h"

namespace autodev::index {

class StemSum {
 public:
  static constexpr std::size_t dimension_count = StaticTable::dimension_count;
  /// 4,096 stems of the largest weight do not overflow.
  static constexpr std::size_t max_stems = 4096;
  enum class Arithmetic : std::uint8_t { widest, sse2, plain };  ///< all give the same sums

  explicit StemSum(Arithmetic arithmetic = Arithmetic::widest) : arithmetic_(arithmetic) {}

  /// Adds `weight` times a row of a static table (values of -7 to 7, packed in nibbles that are 8 more). |weight| <= 1.99.
  void add_row(std::string_view nibbles, float weight) noexcept;
  /// Adds a vector of length `weight` for a stem that no table has: signs from its hash and from its character trigrams.
  void add_unknown(std::string_view stem, float weight) noexcept;
  [[nodiscard]] std::array<float, dimension_count> values() noexcept;

 private:
  void add_pair(std::string_view first, std::int16_t first_weight, std::string_view second, std::int16_t second_weight) noexcept;

  Arithmetic arithmetic_;
  std::string_view waiting_;  ///< a row that waits for its second
  std::int16_t waiting_weight_ = 0;
  std::int32_t offset_ = 0;  ///< 8 x the weights of all rows: to be taken from every sum
  alignas(32) std::array<std::int32_t, dimension_count> sums_{};
};

}  // namespace autodev::index
