// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rotation: one fixed orthogonal map of the space, so that every dimension carries about as much as any other.
//
// Quantising keeps the same number of steps for each dimension; where few dimensions carry most of a vector that
// loses the rest. Random signs and a Walsh-Hadamard transform (Ailon & Chazelle 2006, as in RaBitQ) spread
// it evenly for 2 additions a value and stage. Cosines do not change. Only additions, signs and one multiplication:
// the same bits on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace autodev::index {

class Rotation {
 public:
  explicit Rotation(std::uint32_t dimensions);
  /// In place. `values` has `dimensions` entries.
  void apply(std::vector<float>& values) const noexcept;

 private:
  std::uint32_t dimensions_;
  std::uint32_t power_;  ///< the largest power of two that is not above the dimensions
  float scale_;
  std::vector<float> signs_;  ///< one row of +1 and -1 a round
};

}  // namespace autodev::index
