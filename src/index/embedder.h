// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Embedder: text -> vector of unit length. One interface for every source of vectors.
//
// The name identifies the *space*: vectors of different names are never compared. The built-in embedder has a table of learned stem
// vectors in the program (static_table.h, embed_train.h, docs/embedder.md); it needs no download and never returns zeros for
// text that has words.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
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
  std::uint64_t key = 0;  ///< term_key() of it as a word, which is also what the built-in table is sorted by
};

/// What was learned of stems since the embedder was made (adapted_query.h).
class StemChanges {
 public:
  virtual ~StemChanges() = default;
  /// Adds `times` the change of the stem with this StaticTable::key_of(), if there is one.
  virtual void add(std::uint64_t key, float times, std::span<float> sum) const = 0;
};

class Embedder {
 public:
  virtual ~Embedder() = default;
  /// Name of the space, with version: "static-code/1".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::uint32_t dimensions() const noexcept = 0;
  /// How much its vectors count beside the words when both rank, [0, 1]. Errors: `bad_data` where it was learned and altered.
  [[nodiscard]] virtual Result<double> dense_share() const { return 0.5; }
  /// Unit length; all zeros only for text without a single word.
  [[nodiscard]] virtual Result<Vector> embed(std::string_view text) const = 0;
  /// The vector of a text whose stems (terms_of, words only, any order, repeated or not) the caller has at hand:
  /// splitting a text costs as much as embedding it. Absent from embedders that read more than stems; then `embed` is
  /// to be used.
  [[nodiscard]] virtual std::optional<Vector> embed_stems(const std::vector<CountedStem>& stems) const {
    static_cast<void>(stems);
    return std::nullopt;
  }
  /// The same with changed stems. Absent from embedders whose vectors are not sums of stems.
  [[nodiscard]] virtual std::optional<Vector> embed_changed(const std::vector<CountedStem>& stems, const StemChanges& changes) const {
    static_cast<void>(stems), static_cast<void>(changes);
    return std::nullopt;
  }
  /// What a stem adds to a text's vector before that gets unit length, with its change where `changes` has one. Absent as above.
  [[nodiscard]] virtual std::optional<Vector> stem_vector(const CountedStem& stem, const StemChanges* changes) const {
    static_cast<void>(stem), static_cast<void>(changes);
    return std::nullopt;
  }
};

/// The one that is part of the program; lives as long as the program.
[[nodiscard]] const Embedder& built_in_embedder();

/// The learned embedder with a table of static_table.h, whose bytes must outlive it. Errors: `bad_data` for a damaged table.
[[nodiscard]] Result<std::unique_ptr<Embedder>> make_static_embedder(std::string_view table, std::string name);

[[nodiscard]] double cosine(const Vector& a, const Vector& b) noexcept;

}  // namespace autodev::index
