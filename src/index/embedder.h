// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Embedder: text -> vector of unit length. One interface for every source of vectors.
//
// The name identifies the *space*: vectors of different names are never compared. The first embedder hashes
// sub-word features (words, word pairs, character trigrams) with signs into 256 dimensions and weights
// them by their rarity in the corpus; it needs no download and never returns zeros for text that has words.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::index {

using Vector = std::vector<float>;

/// A stem and how often it counts in a text.
struct CountedStem {
  std::string_view text;
  double count = 1;
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  /// Name of the space, with version: "hashed-subword/1".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::uint32_t dimensions() const noexcept = 0;
  /// Unit length; all zeros only for text without a single word.
  [[nodiscard]] virtual Result<Vector> embed(std::string_view text) const = 0;
  /// The vector of a text whose stems (terms_of, words only, any order, repeated or not) the caller has at hand:
  /// splitting a text costs as much as embedding it. Absent from embedders that read more than stems; then `embed` is
  /// to be used.
  [[nodiscard]] virtual std::optional<Vector> embed_stems(const std::vector<CountedStem>& stems) const {
    static_cast<void>(stems);
    return std::nullopt;
  }
};

/// Rarity of a term in [0, ~20]; typically log(1 + (N - df + 0.5) / (df + 0.5)). The default is a fixed prior.
using TermWeight = std::function<double(std::string_view term)>;

[[nodiscard]] std::unique_ptr<Embedder> make_hashed_embedder(TermWeight weight = {});

[[nodiscard]] double cosine(const Vector& a, const Vector& b) noexcept;

}  // namespace autodev::index
