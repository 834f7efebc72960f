// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/stem_sum.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/hash.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define AUTODEV_X86 1
#include <immintrin.h>
#endif

namespace autodev::index {
namespace {

constexpr std::size_t dimensions = StemSum::dimension_count, row_bytes = dimensions / 2;
constexpr float weight_steps = 16384;  // the largest weight of the shipped table, 0.46 x 3.77, just fits into 16 bits
constexpr float trigram_share = 0.5F;  ///< of an unknown stem: the rest is its own
constexpr float root_of_dimensions = 16;
constexpr std::int32_t nibble_zero = 8;

std::int32_t rounded(float value) noexcept { return static_cast<std::int32_t>(value + (value < 0 ? -0.5F : 0.5F)); }

/// Eight bits to eight bytes of 0 or 1.
constexpr std::array<std::uint64_t, 256> spread = [] {
  std::array<std::uint64_t, 256> table{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    for (std::size_t bit = 0; bit < 8; ++bit) table[byte] |= std::uint64_t{(byte >> bit) & 1U} << (8 * bit);
  return table;
}();

/// How many of the hashes have each bit, for the 256 bits that are drawn from a hash. A byte a bit, at most 255 hashes.
class BitCounts {
 public:
  void add(std::uint64_t hash) noexcept {
    for (std::size_t word = 0; word < dimensions / 64; ++word) {
      hash = base::mix64(hash, word);
      for (std::size_t byte = 0; byte < 8; ++byte) eights_[word * 8 + byte] += spread[(hash >> (8 * byte)) & 0xFFU];
    }
    ++hashes_;
  }
  /// Ones less noughts.
  [[nodiscard]] std::array<std::int32_t, dimensions> signs() const noexcept {
    std::array<std::int32_t, dimensions> result;
    for (std::size_t i = 0; i < dimensions; ++i) result[i] = 2 * static_cast<std::int32_t>((eights_[i / 8] >> (8 * (i % 8))) & 0xFFU) - hashes_;
    return result;
  }

 private:
  std::array<std::uint64_t, dimensions / 8> eights_{};
  std::int32_t hashes_ = 0;
};

#ifdef AUTODEV_X86
void add_products(__m128i values, __m128i weights, std::int32_t* sums) noexcept {
  const __m128i zero = _mm_setzero_si128();
  auto* const target = reinterpret_cast<__m128i*>(sums);
  const __m128i low = _mm_madd_epi16(_mm_unpacklo_epi8(values, zero), weights), high = _mm_madd_epi16(_mm_unpackhi_epi8(values, zero), weights);
  _mm_store_si128(target, _mm_add_epi32(_mm_load_si128(target), low));
  _mm_store_si128(target + 1, _mm_add_epi32(_mm_load_si128(target + 1), high));
}

void add_pair_sse2(const char* first, std::int16_t first_weight, const char* second, std::int16_t second_weight, std::int32_t* sums) noexcept {
  const __m128i low_nibble = _mm_set1_epi8(15);
  const __m128i weights = _mm_set1_epi32(static_cast<std::int32_t>((static_cast<std::uint32_t>(static_cast<std::uint16_t>(second_weight)) << 16U) |
                                                                    static_cast<std::uint16_t>(first_weight)));
  for (std::size_t i = 0; i < row_bytes; i += 16) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(first + i)), b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(second + i));
    const __m128i a_low = _mm_and_si128(a, low_nibble), b_low = _mm_and_si128(b, low_nibble);
    const __m128i a_high = _mm_and_si128(_mm_srli_epi16(a, 4), low_nibble), b_high = _mm_and_si128(_mm_srli_epi16(b, 4), low_nibble);
    add_products(_mm_unpacklo_epi8(a_low, b_low), weights, sums + i);
    add_products(_mm_unpackhi_epi8(a_low, b_low), weights, sums + i + 8);
    add_products(_mm_unpacklo_epi8(a_high, b_high), weights, sums + row_bytes + i);
    add_products(_mm_unpackhi_epi8(a_high, b_high), weights, sums + row_bytes + i + 8);
  }
}

[[gnu::target("avx2")]] inline void add_eight_avx2(__m128i values, __m256i weights, std::int32_t* sums) noexcept {
  auto* const target = reinterpret_cast<__m256i*>(sums);
  _mm256_store_si256(target, _mm256_add_epi32(_mm256_load_si256(target), _mm256_madd_epi16(_mm256_cvtepu8_epi16(values), weights)));
}

[[gnu::target("avx2")]] void add_pair_avx2(const char* first, std::int16_t first_weight, const char* second, std::int16_t second_weight,
                                           std::int32_t* sums) noexcept {
  const __m128i low_nibble = _mm_set1_epi8(15);
  const __m256i weights = _mm256_set1_epi32(static_cast<std::int32_t>((static_cast<std::uint32_t>(static_cast<std::uint16_t>(second_weight)) << 16U) |
                                                                       static_cast<std::uint16_t>(first_weight)));
  for (std::size_t i = 0; i < row_bytes; i += 16) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(first + i)), b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(second + i));
    const __m128i a_low = _mm_and_si128(a, low_nibble), b_low = _mm_and_si128(b, low_nibble);
    const __m128i a_high = _mm_and_si128(_mm_srli_epi16(a, 4), low_nibble), b_high = _mm_and_si128(_mm_srli_epi16(b, 4), low_nibble);
    add_eight_avx2(_mm_unpacklo_epi8(a_low, b_low), weights, sums + i);
    add_eight_avx2(_mm_unpackhi_epi8(a_low, b_low), weights, sums + i + 8);
    add_eight_avx2(_mm_unpacklo_epi8(a_high, b_high), weights, sums + row_bytes + i);
    add_eight_avx2(_mm_unpackhi_epi8(a_high, b_high), weights, sums + row_bytes + i + 8);
  }
}
#endif

/// The first half of the sum takes the lower nibbles: which dimension is which is nobody's business, as long as it is the same one.
void add_pair_plain(const char* first, std::int16_t first_weight, const char* second, std::int16_t second_weight, std::int32_t* sums) noexcept {
  for (std::size_t i = 0; i < row_bytes; ++i) {
    const auto a = static_cast<std::uint8_t>(first[i]), b = static_cast<std::uint8_t>(second[i]);
    sums[i] += (a & 15) * first_weight + (b & 15) * second_weight;
    sums[row_bytes + i] += (a >> 4) * first_weight + (b >> 4) * second_weight;
  }
}

}  // namespace

void StemSum::add_pair(std::string_view first, std::int16_t first_weight, std::string_view second, std::int16_t second_weight) noexcept {
#ifdef AUTODEV_X86
  static const bool wide = __builtin_cpu_supports("avx2") != 0;
  if (arithmetic_ == Arithmetic::widest && wide) return add_pair_avx2(first.data(), first_weight, second.data(), second_weight, sums_.data());
  if (arithmetic_ != Arithmetic::plain) return add_pair_sse2(first.data(), first_weight, second.data(), second_weight, sums_.data());
#endif
  add_pair_plain(first.data(), first_weight, second.data(), second_weight, sums_.data());
}

void StemSum::add_row(std::string_view nibbles, float weight) noexcept {
  const auto steps = static_cast<std::int16_t>(std::clamp(rounded(weight * weight_steps), -32767, 32767));
  offset_ += nibble_zero * steps;
  if (waiting_.empty()) {
    waiting_ = nibbles;
    waiting_weight_ = steps;
    return;
  }
  add_pair(waiting_, waiting_weight_, nibbles, steps);
  waiting_ = {};
}

void StemSum::add_unknown(std::string_view stem, float weight) noexcept {
  BitCounts own, trigrams;
  own.add(base::hash64(stem));
  const auto at = [&](std::size_t i) -> std::uint64_t { return i == 0 ? '<' : i > stem.size() ? '>' : static_cast<unsigned char>(stem[i - 1]); };
  const std::size_t counted = std::min<std::size_t>(stem.size(), 255);
  for (std::size_t i = 0; i < counted; ++i) trigrams.add(base::mix64(7, (at(i) << 16U) | (at(i + 1) << 8U) | at(i + 2)));
  const float each = weight / root_of_dimensions * weight_steps;
  const std::int32_t own_steps = rounded(each * (1 - trigram_share));
  const std::int32_t trigram_steps = rounded(each * trigram_share / std::sqrt(static_cast<float>(stem.size() + 1)));
  const auto own_signs = own.signs(), trigram_signs = trigrams.signs();
  for (std::size_t i = 0; i < dimensions; ++i) sums_[i] += own_steps * own_signs[i] + trigram_steps * trigram_signs[i];
}

std::array<float, StemSum::dimension_count> StemSum::values() noexcept {
  if (!waiting_.empty()) add_pair(waiting_, waiting_weight_, waiting_, 0);
  waiting_ = {};
  std::array<float, dimensions> result;
  for (std::size_t i = 0; i < dimensions; ++i) result[i] = static_cast<float>(sums_[i] - offset_) / weight_steps;
  return result;
}

}  // namespace autodev::index
