// SPDX-License-Identifier: MIT OR Apache-2.0
//
// FeatureWeights: how much a structural feature tells, from how often it was seen.
//
// Counts lie in one hashed row of a count-min sketch (Cormode & Muthukrishnan 2005): 4 MiB whatever the library holds.
// Features that share a cell are taken for more frequent than they are, never for rarer, so a weight is a lower bound
// of the bits it tells.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace autodev::mine {

class FeatureWeights {
 public:
  void add(const std::vector<std::uint64_t>& features) {
    if (!counts_) counts_.reset(new std::uint32_t[cells]());
    for (const std::uint64_t feature : features) ++counts_[feature >> shift];
    total_ += features.size();
  }
  /// log2 of all occurrences over the feature's, rounded down to eighths of a bit so that machines agree; 0 when
  /// nothing was seen.
  [[nodiscard]] double weight_of(std::uint64_t feature) const noexcept {
    if (!counts_) return 0;
    const std::uint64_t count = counts_[feature >> shift] + std::uint64_t{1};
    return (eighths_of_log2(total_ + 1) - eighths_of_log2(count)) / 8.0;
  }
  void clear() {
    counts_.reset();
    total_ = 0;
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return counts_ ? cells * sizeof(std::uint32_t) : 0; }

 private:
  static constexpr std::size_t cells = std::size_t{1} << 20;
  static constexpr unsigned shift = 44;

  /// 8 log2(value) rounded down: three squarings of the mantissa give three binary digits.
  static int eighths_of_log2(std::uint64_t value) noexcept {
    const auto whole = static_cast<int>(std::bit_width(value)) - 1;
    std::uint64_t mantissa = whole > 31 ? value >> (whole - 31) : value << (31 - whole);  // in [2^31, 2^32)
    int eighths = whole;
    for (int digit = 0; digit < 3; ++digit) {
      mantissa = mantissa * mantissa >> 31;
      const bool above = mantissa >> 32 != 0;
      if (above) mantissa >>= 1;
      eighths = 2 * eighths + (above ? 1 : 0);
    }
    return eighths;
  }

  std::unique_ptr<std::uint32_t[]> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace autodev::mine
