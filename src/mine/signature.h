// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Signature: MinHash over structural features, and the LSH bands that make near-copies collide.
//
// Features are AROMA's (Luan et al., OOPSLA 2019, section 3.2): each leaf token with up to three ancestors and the
// child position below them, its neighbour token, and for local variables the contexts of the
// previous use. Local names are abstracted. One-permutation hashing with optimal densification
// (Shrivastava 2017) gives 64 bins; 16 bands of 4 bins find pairs of Jaccard >= 0.5 with probability
// 1 - (1 - J^4)^16 >= 0.64, and >= 0.99 from J = 0.71.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

inline constexpr std::size_t signature_bins = 64;
inline constexpr std::size_t signature_bands = 16;

using Signature = std::array<std::uint32_t, signature_bins>;
using BandKeys = std::array<std::uint64_t, signature_bands>;

/// Distinct feature hashes, sorted. Cost: O(nodes log nodes).
[[nodiscard]] std::vector<std::uint64_t> structural_features(const syntax::Nast& tree);
[[nodiscard]] Signature minhash(const std::vector<std::uint64_t>& features);
[[nodiscard]] BandKeys band_keys(const Signature& signature, Language language);
/// Share of equal bins: an unbiased estimate of the Jaccard similarity, standard error <= 0.0625.
[[nodiscard]] double estimated_jaccard(const Signature& a, const Signature& b) noexcept;

}  // namespace autodev::mine
