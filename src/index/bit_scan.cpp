// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The kernels. Costs of four groups are added in bytes (4 * 60 < 256), then widened to 16 bits: even and odd
// documents apart, which needs no shuffling, and put in order only for the rare stripe that has something.
#include "index/bit_scan.h"

#include <algorithm>
#include <bit>
#include <cmath>

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTODEV_X86 1
#include <immintrin.h>
// g++ 12 takes the "undefined" operands inside its own AVX-512 intrinsics for mistakes (GCC bug 105593).
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace autodev::index {
namespace {

constexpr double weight_steps = 15;
constexpr std::uint32_t half_stripe = stripe_documents / 2;

std::uint8_t byte_at(const char* bytes, std::size_t i) noexcept { return static_cast<std::uint8_t>(bytes[i]); }

void mark_below(std::uint16_t limit, StripeCosts& out) noexcept {
  out.below = {};
  for (std::uint32_t i = 0; i < stripe_documents; ++i)
    if (out.costs[i] < limit) out.below[i / 64] |= std::uint64_t{1} << (i % 64);
}

void stripe_scalar(const char* stripe, const char* /*next*/, const std::uint8_t* table, std::uint32_t groups,
                   std::uint16_t limit, StripeCosts& out) noexcept {
  out.costs.fill(0);
  for (std::uint32_t group = 0; group < groups; ++group, stripe += group_bytes, table += 16) {
    for (std::uint32_t i = 0; i < half_stripe; ++i) {
      const std::uint8_t byte = byte_at(stripe, i);
      out.costs[i] = static_cast<std::uint16_t>(out.costs[i] + table[byte & 15]);
      out.costs[i + half_stripe] = static_cast<std::uint16_t>(out.costs[i + half_stripe] + table[byte >> 4]);
    }
  }
  mark_below(limit, out);
}

[[gnu::always_inline]] inline std::int32_t dot_loop(const std::int16_t* query, const std::int8_t* row,
                                                    std::uint32_t count) noexcept {
  std::int32_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) sum += std::int32_t{query[i]} * std::int32_t{row[i]};
  return sum;
}

std::int32_t dot_scalar(const std::int16_t* query, const std::int8_t* row, std::uint32_t count) noexcept {
  return dot_loop(query, row, count);
}

#ifdef AUTODEV_X86

[[gnu::target("avx2")]] std::int32_t dot_avx2(const std::int16_t* query, const std::int8_t* row,
                                              std::uint32_t count) noexcept {
  const std::uint32_t whole = count / 16 * 16;
  __m256i sum = _mm256_setzero_si256();
  for (std::uint32_t i = 0; i < whole; i += 16) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(query + i));
    const __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + i)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
  }
  alignas(32) std::array<std::int32_t, 8> parts;
  _mm256_store_si256(reinterpret_cast<__m256i*>(parts.data()), sum);
  std::int32_t total = dot_loop(query + whole, row + whole, count - whole);
  for (const std::int32_t part : parts) total += part;
  return total;
}

[[gnu::target("avx512f,avx512bw")]] std::int32_t dot_avx512(const std::int16_t* query, const std::int8_t* row,
                                                            std::uint32_t count) noexcept {
  const std::uint32_t whole = count / 32 * 32;
  __m512i sum = _mm512_setzero_si512();
  for (std::uint32_t i = 0; i < whole; i += 32) {
    const __m512i a = _mm512_loadu_si512(query + i);
    const __m512i b = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + i)));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
  }
  return _mm512_reduce_add_epi32(sum) + dot_loop(query + whole, row + whole, count - whole);
}

[[gnu::target("avx2")]] inline void store_in_order(__m256i even, __m256i odd, std::uint16_t* out) noexcept {
  const __m256i a = _mm256_unpacklo_epi16(even, odd), b = _mm256_unpackhi_epi16(even, odd);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm256_permute2x128_si256(a, b, 0x20));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 16), _mm256_permute2x128_si256(a, b, 0x31));
}

/// 64 documents of a stripe: 32 in the low halves of the bytes, 32 in the high ones.
[[gnu::target("avx2")]] bool half_avx2(const char* stripe, const std::uint8_t* table, std::uint32_t groups,
                                       std::uint16_t limit, std::uint16_t* low_costs,
                                       std::uint16_t* high_costs) noexcept {
  const __m256i four_bits = _mm256_set1_epi8(15), low_byte = _mm256_set1_epi16(255);
  __m256i low_even = _mm256_setzero_si256(), low_odd = low_even, high_even = low_even, high_odd = low_even;
  for (std::uint32_t group = 0; group < groups; group += 4) {
    __m256i low = _mm256_setzero_si256(), high = low;
    for (std::uint32_t i = 0; i < 4; ++i, stripe += group_bytes, table += 16) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(stripe));
      const __m256i costs = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table)));
      low = _mm256_add_epi8(low, _mm256_shuffle_epi8(costs, _mm256_and_si256(bytes, four_bits)));
      high = _mm256_add_epi8(
          high, _mm256_shuffle_epi8(costs, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), four_bits)));
    }
    low_even = _mm256_add_epi16(low_even, _mm256_and_si256(low, low_byte));
    low_odd = _mm256_add_epi16(low_odd, _mm256_srli_epi16(low, 8));
    high_even = _mm256_add_epi16(high_even, _mm256_and_si256(high, low_byte));
    high_odd = _mm256_add_epi16(high_odd, _mm256_srli_epi16(high, 8));
  }
  // There is no unsigned comparison: the smallest of all is what is compared.
  const __m256i least =
      _mm256_min_epu16(_mm256_min_epu16(low_even, low_odd), _mm256_min_epu16(high_even, high_odd));
  const __m256i bound = _mm256_set1_epi16(static_cast<short>(limit));
  if (_mm256_movemask_epi8(_mm256_cmpeq_epi16(_mm256_max_epu16(least, bound), least)) == -1) return false;
  store_in_order(low_even, low_odd, low_costs);
  store_in_order(high_even, high_odd, high_costs);
  return true;
}

[[gnu::target("avx2")]] void stripe_avx2(const char* stripe, const char* next, const std::uint8_t* table,
                                         std::uint32_t groups, std::uint16_t limit, StripeCosts& out) noexcept {
  if (next != nullptr)
    for (std::uint32_t group = 0; group < groups; ++group) __builtin_prefetch(next + std::size_t{group} * group_bytes);
  std::uint16_t* const costs = out.costs.data();
  const bool first = half_avx2(stripe, table, groups, limit, costs, costs + half_stripe);
  const bool second = half_avx2(stripe + 32, table, groups, limit, costs + 32, costs + half_stripe + 32);
  out.below = {};
  if (!first && !second) return;
  for (const std::uint32_t start : {0u, 32u}) {
    if (start == 0 ? first : second) continue;
    std::fill_n(costs + start, 32, std::uint16_t{0xffff});
    std::fill_n(costs + half_stripe + start, 32, std::uint16_t{0xffff});
  }
  mark_below(limit, out);
}

/// Interleaves and stores 64 costs; the bits of those below the bound.
[[gnu::target("avx512f,avx512bw")]] inline std::uint64_t store_in_order(__m512i even, __m512i odd, __m512i bound,
                                                                        std::uint16_t* out) noexcept {
  alignas(64) static constexpr std::array<std::uint16_t, 32> first = {0,  32, 1,  33, 2,  34, 3,  35, 4,  36, 5,
                                                                      37, 6,  38, 7,  39, 8,  40, 9,  41, 10, 42,
                                                                      11, 43, 12, 44, 13, 45, 14, 46, 15, 47};
  const __m512i places = _mm512_load_si512(first.data());
  const __m512i a = _mm512_permutex2var_epi16(even, places, odd);
  const __m512i b = _mm512_permutex2var_epi16(even, _mm512_add_epi16(places, _mm512_set1_epi16(16)), odd);
  _mm512_store_si512(out, a);
  _mm512_store_si512(out + 32, b);
  return std::uint64_t{_mm512_cmplt_epu16_mask(a, bound)} | std::uint64_t{_mm512_cmplt_epu16_mask(b, bound)} << 32;
}

[[gnu::target("avx512f,avx512bw")]] void stripe_avx512(const char* stripe, const char* next, const std::uint8_t* table,
                                                       std::uint32_t groups, std::uint16_t limit,
                                                       StripeCosts& out) noexcept {
  const __m512i four_bits = _mm512_set1_epi8(15), low_byte = _mm512_set1_epi16(255);
  __m512i low_even = _mm512_setzero_si512(), low_odd = low_even, high_even = low_even, high_odd = low_even;
  for (std::uint32_t group = 0; group < groups; group += 4) {
    if (next != nullptr)
      for (std::uint32_t i = 0; i < 4; ++i) __builtin_prefetch(next + std::size_t{group + i} * group_bytes);
    __m512i low = _mm512_setzero_si512(), high = low;
    for (std::uint32_t i = 0; i < 4; ++i, stripe += group_bytes, table += 16) {
      const __m512i bytes = _mm512_loadu_si512(stripe);
      const __m512i costs = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table)));
      low = _mm512_add_epi8(low, _mm512_shuffle_epi8(costs, _mm512_and_si512(bytes, four_bits)));
      high = _mm512_add_epi8(
          high, _mm512_shuffle_epi8(costs, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), four_bits)));
    }
    low_even = _mm512_add_epi16(low_even, _mm512_and_si512(low, low_byte));
    low_odd = _mm512_add_epi16(low_odd, _mm512_srli_epi16(low, 8));
    high_even = _mm512_add_epi16(high_even, _mm512_and_si512(high, low_byte));
    high_odd = _mm512_add_epi16(high_odd, _mm512_srli_epi16(high, 8));
  }
  const __m512i bound = _mm512_set1_epi16(static_cast<short>(limit));
  const __m512i least = _mm512_min_epu16(_mm512_min_epu16(low_even, low_odd), _mm512_min_epu16(high_even, high_odd));
  out.below = {};
  if (_mm512_cmplt_epu16_mask(least, bound) == 0) return;
  const std::uint64_t low_64 = store_in_order(low_even, low_odd, bound, out.costs.data());
  const std::uint64_t high_64 = store_in_order(high_even, high_odd, bound, out.costs.data() + half_stripe);
  out.below = {low_64, high_64};
}

#endif

}  // namespace

std::vector<CpuPath> cpu_paths() {
  std::vector<CpuPath> paths{CpuPath::scalar};
#ifdef AUTODEV_X86
  if (__builtin_cpu_supports("avx2")) paths.push_back(CpuPath::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) paths.push_back(CpuPath::avx512);
#endif
  return paths;
}

StripeKernel stripe_kernel([[maybe_unused]] CpuPath path) noexcept {
#ifdef AUTODEV_X86
  if (path == CpuPath::avx512) return stripe_avx512;
  if (path == CpuPath::avx2) return stripe_avx2;
#endif
  return stripe_scalar;
}

DotKernel dot_kernel([[maybe_unused]] CpuPath path) noexcept {
#ifdef AUTODEV_X86
  if (path == CpuPath::avx512) return dot_avx512;
  if (path == CpuPath::avx2) return dot_avx2;
#endif
  return dot_scalar;
}

std::vector<std::uint8_t> cost_table(const std::vector<float>& rotated) {
  const auto dimensions = static_cast<std::uint32_t>(rotated.size());
  std::vector<std::uint8_t> table(std::size_t{groups_of(dimensions)} * 16);
  float largest = 0;
  for (const float value : rotated) largest = std::max(largest, std::abs(value));
  if (!(largest > 0)) return table;
  const double steps = weight_steps / double{largest};
  for (std::uint32_t first = 0; first < dimensions; first += group_dimensions) {
    // Costs of a bit that is set rather than clear: the weight where the query's sign is minus, else minus the weight.
    std::array<int, group_dimensions> set{};
    int none_set = 0;
    for (std::uint32_t i = first; i < std::min(first + group_dimensions, dimensions); ++i) {
      const int weight = static_cast<int>(std::abs(double{rotated[i]}) * steps + 0.5);
      set[i - first] = rotated[i] > 0 ? -weight : weight;
      none_set += rotated[i] > 0 ? weight : 0;
    }
    std::array<int, 16> costs{none_set};
    for (std::uint32_t pattern = 1; pattern < 16; ++pattern)
      costs[pattern] = costs[pattern & (pattern - 1)] + set[static_cast<std::size_t>(std::countr_zero(pattern))];
    for (std::size_t i = 0; i < 16; ++i) table[first * 4 + i] = static_cast<std::uint8_t>(costs[i]);
  }
  return table;
}

void clear_signs(char* stripe, std::uint32_t place, std::uint32_t dimensions) noexcept {
  const bool high = place >= half_stripe;
  char* byte = stripe + place % half_stripe;
  for (std::uint32_t group = 0; group < groups_of(dimensions); ++group, byte += group_bytes)
    *byte = static_cast<char>(*byte & (high ? 0x0f : 0xf0));
}

void set_signs(char* stripe, std::uint32_t place, const std::vector<float>& rotated) noexcept {
  const auto dimensions = static_cast<std::uint32_t>(rotated.size());
  const std::uint32_t shift = place >= half_stripe ? 4 : 0;
  const std::uint32_t other = 0xf0u >> shift;  // the half of the byte that belongs to another document
  char* byte = stripe + place % half_stripe;
  const auto sign = [&](std::uint32_t i) { return i < dimensions && rotated[i] > 0 ? 1u : 0u; };
  std::uint32_t i = 0;
#ifdef AUTODEV_X86
  for (; i + group_dimensions <= dimensions; i += group_dimensions, byte += group_bytes) {
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_ps(_mm_cmpgt_ps(_mm_loadu_ps(rotated.data() + i), _mm_setzero_ps())));
    *byte = static_cast<char>((static_cast<std::uint8_t>(*byte) & other) | bits << shift);
  }
#endif
  for (; i < groups_of(dimensions) * group_dimensions; i += group_dimensions, byte += group_bytes) {
    const std::uint32_t bits = sign(i) | sign(i + 1) << 1 | sign(i + 2) << 2 | sign(i + 3) << 3;
    *byte = static_cast<char>((static_cast<std::uint8_t>(*byte) & other) | bits << shift);
  }
}

}  // namespace autodev::index
