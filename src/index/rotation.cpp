// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rounds of signs and transform. Where the dimensions are no power of two, the transform is done on the first and on
// the last 2^k of them, which overlap and so mix all.
#include "index/rotation.h"

#include <bit>
#include <cmath>

#include "base/hash.h"

namespace autodev::index {
namespace {

constexpr std::uint32_t rounds = 2;                            // one leaves sparse vectors on few values
constexpr std::uint64_t seed = 0x6f72'7468'6f67'6f6eULL;  // any: part of the format

void transform(float* values, std::uint32_t count, float scale) noexcept {
  for (std::uint32_t half = 1; half < count; half *= 2) {
    for (std::uint32_t start = 0; start < count; start += 2 * half) {
      float* const low = values + start;
      float* const high = low + half;
      for (std::uint32_t i = 0; i < half; ++i) {
        const float a = low[i], b = high[i];
        low[i] = a + b;
        high[i] = a - b;
      }
    }
  }
  for (std::uint32_t i = 0; i < count; ++i) values[i] *= scale;
}

}  // namespace

Rotation::Rotation(std::uint32_t dimensions)
    : dimensions_(dimensions),
      power_(dimensions == 0 ? 0 : std::bit_floor(dimensions)),
      scale_(dimensions == 0 ? 1.0F : static_cast<float>(1 / std::sqrt(static_cast<double>(power_)))),
      signs_(std::size_t{rounds} * dimensions) {
  for (std::size_t i = 0; i < signs_.size(); ++i) signs_[i] = (base::mix64(seed, i) >> 63) != 0 ? 1.0F : -1.0F;
}

void Rotation::apply(std::vector<float>& values) const noexcept {
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const float* const signs = signs_.data() + std::size_t{round} * dimensions_;
    for (std::uint32_t i = 0; i < dimensions_; ++i) values[i] *= signs[i];
    transform(values.data(), power_, scale_);
    if (power_ != dimensions_) transform(values.data() + (dimensions_ - power_), power_, scale_);
  }
}

}  // namespace autodev::index
