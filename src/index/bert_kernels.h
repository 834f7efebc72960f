// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Kernels of the encoder. 16 tokens lie side by side in a *panel*: panel[feature][token]. So every step is the same operation on
// 16 numbers, sums run over features and never across a register, and weights are read as they lie in their file.
//
// The instruction sets round differently (fused multiply-add, order of sums): vectors agree to about 1e-6, not to the bit.
// They are not part of the folded state, so they need not.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/bert_model.h"
#include "index/bit_scan.h"

namespace autodev::index::bert {

inline constexpr std::size_t lanes = 16;

/// out[p][n][lane] = start + sum over k of factors[n * n_stride + k * k_stride] * in[p][k][lane], for n < rows, k < depth.
/// The start is the bias of n, or what is there already.
struct Product {
  const float* factors = nullptr;
  std::size_t n_stride = 0, k_stride = 0, rows = 0, depth = 0;
  const float* bias = nullptr;  ///< null: 0, or with `add` what is in `out`
  bool add = false;
  const float* in = nullptr;
  float* out = nullptr;
  std::size_t in_panel = 0, out_panel = 0, panels = 1;  ///< distances between panels, in numbers
};

struct Kernels {
  void (*multiply)(const Product& product) noexcept;
  /// The activation, number by number.
  void (*activate)(float* values, std::size_t count, Activation activation) noexcept;
  /// panel += added; then each token to mean 0 and variance 1 over its features, scaled and shifted.
  void (*add_and_norm)(float* panel, const float* added, std::size_t features, const LayerNorm& norm, float epsilon) noexcept;
  /// scores[key][lane], key < keys: each lane times `scale`, to e^(x - largest) / sum of these.
  void (*softmax)(float* scores, std::size_t keys, float scale) noexcept;
};

[[nodiscard]] Kernels kernels(CpuPath path) noexcept;
[[nodiscard]] CpuPath fastest_kernels() noexcept;

}  // namespace autodev::index::bert
