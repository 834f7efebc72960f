// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One-permutation MinHash (Li, Owen & Zhang 2012): one pass puts every feature into one of 64 bins and keeps
// the smallest value of each. Empty bins borrow from a bin chosen by a hash of (bin, attempt), which is the
// optimal densification of Shrivastava (2017): the estimate stays unbiased with the least variance.
#include <algorithm>

#include "base/hash.h"
#include "mine/signature.h"

namespace autodev::mine {

namespace {

constexpr std::uint32_t empty_bin = UINT32_MAX;
constexpr std::uint64_t permutation = 0x9ae16a3b2f90404fULL;  // any odd constant; fixed, because signatures are stored

void densify(Signature& signature) {
  const Signature sparse = signature;
  for (std::uint64_t bin = 0; bin < signature_bins; ++bin) {
    for (std::uint64_t attempt = 1; signature[bin] == empty_bin; ++attempt)
      signature[bin] = sparse[base::mix64(bin, attempt) % signature_bins];
  }
}

}  // namespace

Signature minhash(const std::vector<std::uint64_t>& features) {
  Signature signature;
  signature.fill(empty_bin);
  if (features.empty()) return signature;
  for (const std::uint64_t feature : features) {
    const std::uint64_t hash = base::mix64(permutation, feature);
    const std::size_t bin = hash >> 58;
    signature[bin] = std::min(signature[bin], std::min(static_cast<std::uint32_t>(hash), empty_bin - 1));
  }
  densify(signature);
  return signature;
}

double estimated_jaccard(const Signature& a, const Signature& b) noexcept {
  std::uint32_t equal = 0;
  for (std::size_t bin = 0; bin < signature_bins; ++bin) equal += a[bin] == b[bin] && a[bin] != empty_bin;
  return static_cast<double>(equal) / static_cast<double>(signature_bins);
}

BandKeys band_keys(const Signature& signature, Language language) {
  constexpr std::size_t rows = signature_bins / signature_bands;
  BandKeys keys{};
  for (std::size_t band = 0; band < signature_bands; ++band) {
    std::uint64_t key = base::mix64(static_cast<std::uint64_t>(language) + 1, band);
    for (std::size_t row = 0; row < rows; ++row) key = base::mix64(key, signature[band * rows + row]);
    keys[band] = key;
  }
  return keys;
}

}  // namespace autodev::mine
