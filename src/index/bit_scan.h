// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bit scan: the first, coarse pass over all documents. A document is the signs of its rotated vector, one bit a
// dimension; the query keeps sign and 4 bits of weight a dimension. A document's cost is the sum of the weights of
// the dimensions in which the signs differ (the idea of RaBitQ, Gao & Long 2024: small costs are large cosines).
//
// Layout, as in FastScan (Andre et al. 2015): a *stripe* is 128 documents. Dimensions are taken in groups of four; a
// group of a stripe is 64 bytes, byte k = the four bits of document k (low half) and of document k + 64 (high half).
// The cost of four dimensions is one of 16 values, looked up for 16 .. 64 documents in one byte shuffle. All sums are
// integers, so every kernel gives the same numbers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace autodev::index {

inline constexpr std::uint32_t stripe_documents = 128;
inline constexpr std::uint32_t group_dimensions = 4;
inline constexpr std::uint32_t group_bytes = 64;
inline constexpr std::uint32_t most_group_cost = 60;  ///< four weights of 15 at most
/// Up to here the largest sum of costs fits into 16 bits.
inline constexpr std::uint32_t max_dimensions = 4096;

/// Groups of a stripe: the dimensions rounded up to a multiple of 16, since sums are widened every four groups.
[[nodiscard]] constexpr std::uint32_t groups_of(std::uint32_t dimensions) noexcept {
  return (dimensions + 15) / 16 * 4;
}
[[nodiscard]] constexpr std::uint32_t stripe_bytes(std::uint32_t dimensions) noexcept {
  return groups_of(dimensions) * group_bytes;
}

/// Instructions a kernel is made of. Every one gives the same results.
enum class CpuPath : std::uint8_t { scalar = 0, avx2 = 1, avx512 = 2 };

/// What this machine can run, slowest first; never empty.
[[nodiscard]] std::vector<CpuPath> cpu_paths();
[[nodiscard]] inline CpuPath fastest_path() { return cpu_paths().back(); }

/// The query as a table: for each group, the cost of each of the 16 sign patterns.
[[nodiscard]] std::vector<std::uint8_t> cost_table(const std::vector<float>& rotated);

/// Writes the signs of one document into its stripe.
void set_signs(char* stripe, std::uint32_t place, const std::vector<float>& rotated) noexcept;
void clear_signs(char* stripe, std::uint32_t place, std::uint32_t dimensions) noexcept;

/// Costs of the documents of a stripe, and which are below a limit.
struct StripeCosts {
  std::array<std::uint64_t, 2> below{};  ///< bit k of word w: document 64 w + k
  alignas(64) std::array<std::uint16_t, stripe_documents> costs;  ///< only set where some bit of `below` is
};

/// Adds up one stripe. `limit` is the first cost that is too large; `next` is the stripe to be fetched from memory meanwhile, null where
/// the processor will fetch it unasked, which it does for the one that follows.
using StripeKernel = void (*)(const char* stripe, const char* next, const std::uint8_t* table, std::uint32_t groups,
                              std::uint16_t limit, StripeCosts& out) noexcept;
[[nodiscard]] StripeKernel stripe_kernel(CpuPath path) noexcept;

/// Sum of the products of a query (12 bits and a sign) and a row of signed bytes.
using DotKernel = std::int32_t (*)(const std::int16_t* query, const std::int8_t* row, std::uint32_t count) noexcept;
[[nodiscard]] DotKernel dot_kernel(CpuPath path) noexcept;

}  // namespace autodev::index
