// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rounds of signs and transform. Where the dimensions are no power of two, the transform is done on the first and on
// the last 2^k of them, which overlap and so mix all.
#include "index/rotation.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "base/hash.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace autodev::index {
namespace {

constexpr std::uint32_t rounds = 2;                       // one leaves sparse vectors on few values
constexpr std::uint64_t seed = 0x6f72'7468'6f67'6f6eULL;  // any: part of the format

#if defined(__SSE2__)
/// The first two steps of every four values, where partners are neighbours: the same sums and differences as in the
/// plain loop.
void first_two_steps(float* values, std::uint32_t count) noexcept {
  const __m128 odd = _mm_castsi128_ps(_mm_set_epi32(INT32_MIN, 0, INT32_MIN, 0)),
               upper = _mm_castsi128_ps(_mm_set_epi32(INT32_MIN, INT32_MIN, 0, 0));
  for (std::uint32_t i = 0; i < count; i += 4) {
    const __m128 all = _mm_loadu_ps(values + i);
    const __m128 pairs = _mm_add_ps(_mm_shuffle_ps(all, all, _MM_SHUFFLE(2, 2, 0, 0)),
                                    _mm_xor_ps(_mm_shuffle_ps(all, all, _MM_SHUFFLE(3, 3, 1, 1)), odd));
    _mm_storeu_ps(values + i, _mm_add_ps(_mm_movelh_ps(pairs, pairs), _mm_xor_ps(_mm_movehl_ps(pairs, pairs), upper)));
  }
}
#endif

void transform(float* values, std::uint32_t count, float scale) noexcept {
  std::uint32_t half = 1;
#if defined(__SSE2__)
  if (count >= 4) {
    first_two_steps(values, count);
    half = 4;
  }
#endif
  for (; half < count; half *= 2) {
    for (std::uint32_t start = 0; start < count; start += 2 * half) {
      float* __restrict__ const low = values + start;
      float* __restrict__ const high = low + half;
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
