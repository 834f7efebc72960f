// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A block is several rows of factors times one or two panels, all sums in registers: every number of a panel that is loaded is used
// for all rows, every factor for all panels. Rows are taken outside and panels inside, so that each factor comes from memory once.
#include "index/bert_multiply.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTODEV_X86 1
#include <immintrin.h>
#ifndef __clang__  // g++ 12 takes the "undefined" operands of its own intrinsics for mistakes (GCC bug 105593)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace autodev::index::bert {
namespace {

/// Four numbers: a register of every processor that has any.
using Four = float __attribute__((vector_size(16), aligned(4), may_alias));

/// One row, one panel.
void row_plain(const Product& p, std::size_t n, std::size_t panel) noexcept {
  const auto* in = reinterpret_cast<const Four*>(p.in + panel * p.in_panel);
  auto* out = reinterpret_cast<Four*>(p.out + panel * p.out_panel + n * lanes);
  const float start = p.bias != nullptr ? p.bias[n] : 0;
  Four a{start, start, start, start}, b = a, c = a, d = a;
  if (p.add) {
    a = out[0];
    b = out[1];
    c = out[2];
    d = out[3];
  }
  const float* factor = p.factors + n * p.n_stride;
  for (std::size_t k = 0; k < p.depth; ++k, factor += p.k_stride, in += 4) {
    a += *factor * in[0];
    b += *factor * in[1];
    c += *factor * in[2];
    d += *factor * in[3];
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

void multiply_plain(const Product& p) noexcept {
  for (std::size_t n = 0; n < p.rows; ++n)
    for (std::size_t panel = 0; panel < p.panels; ++panel) row_plain(p, n, panel);
}

#ifdef AUTODEV_X86

template <std::size_t Rows>
[[gnu::target("avx2,fma")]] void block_avx2(const Product& p, std::size_t n, std::size_t panel) noexcept {
  const float* in = p.in + panel * p.in_panel;
  float* out = p.out + panel * p.out_panel + n * lanes;
  __m256 low[Rows], high[Rows];
  for (std::size_t r = 0; r < Rows; ++r) {
    low[r] = high[r] = p.bias != nullptr ? _mm256_set1_ps(p.bias[n + r]) : _mm256_setzero_ps();
    if (!p.add) continue;
    low[r] = _mm256_loadu_ps(out + r * lanes);
    high[r] = _mm256_loadu_ps(out + r * lanes + 8);
  }
  const float* factor = p.factors + n * p.n_stride;
  for (std::size_t k = 0; k < p.depth; ++k, factor += p.k_stride, in += lanes) {
    const __m256 a = _mm256_loadu_ps(in), b = _mm256_loadu_ps(in + 8);
    for (std::size_t r = 0; r < Rows; ++r) {
      const __m256 f = _mm256_broadcast_ss(factor + r * p.n_stride);
      low[r] = _mm256_fmadd_ps(f, a, low[r]);
      high[r] = _mm256_fmadd_ps(f, b, high[r]);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    _mm256_storeu_ps(out + r * lanes, low[r]);
    _mm256_storeu_ps(out + r * lanes + 8, high[r]);
  }
}

[[gnu::target("avx2,fma")]] void multiply_avx2(const Product& p) noexcept {
  std::size_t n = 0;
  for (; n + 4 <= p.rows; n += 4)
    for (std::size_t panel = 0; panel < p.panels; ++panel) block_avx2<4>(p, n, panel);
  for (; n < p.rows; ++n)
    for (std::size_t panel = 0; panel < p.panels; ++panel) block_avx2<1>(p, n, panel);
}

template <std::size_t Rows, std::size_t Panels>
[[gnu::target("avx512f")]] void block_avx512(const Product& p, std::size_t n, std::size_t panel) noexcept {
  const float* in = p.in + panel * p.in_panel;
  float* out = p.out + panel * p.out_panel + n * lanes;
  __m512 sums[Rows][Panels];
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Panels; ++c)
      sums[r][c] = p.add                 ? _mm512_loadu_ps(out + c * p.out_panel + r * lanes)
                   : p.bias != nullptr ? _mm512_set1_ps(p.bias[n + r])
                                       : _mm512_setzero_ps();
  const float* factor = p.factors + n * p.n_stride;
  for (std::size_t k = 0; k < p.depth; ++k, factor += p.k_stride, in += lanes) {
    __m512 x[Panels];
    for (std::size_t c = 0; c < Panels; ++c) x[c] = _mm512_loadu_ps(in + c * p.in_panel);
    for (std::size_t r = 0; r < Rows; ++r) {
      const __m512 f = _mm512_set1_ps(factor[r * p.n_stride]);
      for (std::size_t c = 0; c < Panels; ++c) sums[r][c] = _mm512_fmadd_ps(f, x[c], sums[r][c]);
    }
  }
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Panels; ++c) _mm512_storeu_ps(out + c * p.out_panel + r * lanes, sums[r][c]);
}

template <std::size_t Rows>
[[gnu::target("avx512f")]] void rows_avx512(const Product& p, std::size_t n) noexcept {
  std::size_t panel = 0;
  for (; panel + 2 <= p.panels; panel += 2) block_avx512<Rows, 2>(p, n, panel);
  if (panel < p.panels) block_avx512<Rows, 1>(p, n, panel);
}

[[gnu::target("avx512f")]] void multiply_avx512(const Product& p) noexcept {
  std::size_t n = 0;
  for (; n + 8 <= p.rows; n += 8) rows_avx512<8>(p, n);
  for (; n < p.rows; ++n) rows_avx512<1>(p, n);
}

#endif

}  // namespace

void (*product_kernel([[maybe_unused]] CpuPath path) noexcept)(const Product& product) noexcept {
#ifdef AUTODEV_X86
  if (path == CpuPath::avx512) return multiply_avx512;
  if (path == CpuPath::avx2) return multiply_avx2;
#endif
  return multiply_plain;
}

}  // namespace autodev::index::bert
