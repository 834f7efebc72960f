// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What is done number by number. The loops are plain; each instruction set compiles them for itself.
#include "index/bert_kernels.h"

#include <array>
#include <bit>
#include <cmath>

#include "index/bert_multiply.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTODEV_X86 1
#endif

namespace autodev::index::bert {
namespace {

/// e^x for x <= 0, relative error below 1e-6: 2^n times the Taylor series of degree 6 on |r| <= ln(2) / 2.
[[gnu::always_inline]] inline float exp_of(float x) noexcept {
  constexpr float lowest = -87.0F;                 // below is less than the smallest normal number
  constexpr float round = 12582912.0F;             // 1.5 * 2^23: adding it leaves no fraction
  constexpr float ln2_high = 0.693359375F;         // few bits, so that n * ln2_high is exact
  constexpr float ln2_low = -2.12194440e-4F;
  x = x > lowest ? x : lowest;  // also what is no number
  const float n = x * 1.44269504F + round - round;
  const float r = x - n * ln2_high - n * ln2_low;
  const float series = 1 + r * (1 + r * (1.0F / 2 + r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720))))));
  return series * std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
}

/// x times the normal distribution's share below x. The error function is formula 7.1.26 of Abramowitz & Stegun, error below 2e-7.
[[gnu::always_inline]] inline float gelu(float x) noexcept {
  const float a = (x < 0 ? -x : x) * 0.70710678F;
  const float t = 1 / (1 + 0.3275911F * a);
  const float series = t * (0.254829592F + t * (-0.284496736F + t * (1.421413741F + t * (-1.453152027F + t * 1.061405429F))));
  const float tail = 0.5F * series * exp_of(-a * a);
  return x * (x < 0 ? tail : 1 - tail);
}

/// The approximation by tanh: x * sigmoid(2 u).
[[gnu::always_inline]] inline float gelu_tanh(float x) noexcept {
  const float u = 1.5957691216F * (x + 0.044715F * x * x * x);  // 2 * sqrt(2 / pi)
  const float e = exp_of(u < 0 ? u : -u);
  return x * (u < 0 ? e : 1.0F) / (1 + e);
}

[[gnu::always_inline]] inline void activate_loop(float* values, std::size_t count, Activation activation) noexcept {
  if (activation == Activation::gelu)
    for (std::size_t i = 0; i < count; ++i) values[i] = gelu(values[i]);
  else if (activation == Activation::gelu_tanh)
    for (std::size_t i = 0; i < count; ++i) values[i] = gelu_tanh(values[i]);
  else
    for (std::size_t i = 0; i < count; ++i) values[i] = values[i] < 0 ? 0 : values[i];
}

[[gnu::always_inline]] inline void norm_loop(float* panel, const float* added, std::size_t features, const LayerNorm& norm,
                                             float epsilon) noexcept {
  std::array<float, lanes> mean{}, scale{};
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t i = 0; i < lanes; ++i) {
      const float value = panel[f * lanes + i] + (added != nullptr ? added[f * lanes + i] : 0);
      panel[f * lanes + i] = value;
      mean[i] += value;
    }
  const float share = 1 / static_cast<float>(features);
  for (std::size_t i = 0; i < lanes; ++i) mean[i] *= share;
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t i = 0; i < lanes; ++i) {
      const float difference = panel[f * lanes + i] - mean[i];
      scale[i] += difference * difference;
    }
  for (std::size_t i = 0; i < lanes; ++i) scale[i] = 1 / std::sqrt(scale[i] * share + epsilon);
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t i = 0; i < lanes; ++i)
      panel[f * lanes + i] = (panel[f * lanes + i] - mean[i]) * scale[i] * norm.scale[f] + norm.shift[f];
}

[[gnu::always_inline]] inline void softmax_loop(float* scores, std::size_t keys, float scale) noexcept {
  std::array<float, lanes> largest, sum{};
  for (std::size_t i = 0; i < lanes; ++i) largest[i] = scores[i];
  for (std::size_t k = 1; k < keys; ++k)
    for (std::size_t i = 0; i < lanes; ++i) largest[i] = scores[k * lanes + i] > largest[i] ? scores[k * lanes + i] : largest[i];
  for (std::size_t k = 0; k < keys; ++k)
    for (std::size_t i = 0; i < lanes; ++i) {
      const float value = exp_of((scores[k * lanes + i] - largest[i]) * scale);
      scores[k * lanes + i] = value;
      sum[i] += value;
    }
  for (std::size_t i = 0; i < lanes; ++i) sum[i] = 1 / sum[i];
  for (std::size_t k = 0; k < keys; ++k)
    for (std::size_t i = 0; i < lanes; ++i) scores[k * lanes + i] *= sum[i];
}

void activate_scalar(float* values, std::size_t count, Activation activation) noexcept { activate_loop(values, count, activation); }
void norm_scalar(float* panel, const float* added, std::size_t features, const LayerNorm& norm, float epsilon) noexcept {
  norm_loop(panel, added, features, norm, epsilon);
}
void softmax_scalar(float* scores, std::size_t keys, float scale) noexcept { softmax_loop(scores, keys, scale); }

#ifdef AUTODEV_X86
[[gnu::target("avx2,fma")]] void activate_avx2(float* values, std::size_t count, Activation activation) noexcept {
  activate_loop(values, count, activation);
}
[[gnu::target("avx2,fma")]] void norm_avx2(float* panel, const float* added, std::size_t features, const LayerNorm& norm,
                                           float epsilon) noexcept {
  norm_loop(panel, added, features, norm, epsilon);
}
[[gnu::target("avx2,fma")]] void softmax_avx2(float* scores, std::size_t keys, float scale) noexcept { softmax_loop(scores, keys, scale); }
#endif

}  // namespace

Kernels kernels([[maybe_unused]] CpuPath path) noexcept {
#ifdef AUTODEV_X86
  // These loops are bound by memory and division: wider registers gain nothing.
  if (path != CpuPath::scalar) return {product_kernel(path), activate_avx2, norm_avx2, softmax_avx2};
#endif
  return {product_kernel(CpuPath::scalar), activate_scalar, norm_scalar, softmax_scalar};
}

CpuPath fastest_kernels() noexcept {
#ifdef AUTODEV_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma")) return CpuPath::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CpuPath::avx2;
#endif
  return CpuPath::scalar;
}

}  // namespace autodev::index::bert
