// SPDX-License-Identifier: MIT OR Apache-2.0
//
// AdaptedEmbedder: the built-in embedder as this store has taught it, for queries.
//
// A query's vector is the sum over its stems of the built-in vector and the learned change (learned_stems.h). It lies in the space
// of the stored vectors, which were made without changes, so both are compared as before and nothing is ever embedded again.
// A query costs one look-up a stem more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/kv.h"
#include "index/embedder.h"
#include "index/fusion_share.h"

namespace autodev::index {

/// What was learned of one word of a query.
struct LearnedStem {
  std::string stem;
  std::uint32_t pairs = 0;  ///< texts with it that were learned from
  double strength = 0;      ///< length of the change beside the length of the stem's own vector; 0: seen, nothing learned yet
};

/// What this store has learned that counts in the answer to a query. For explanations.
struct LearnedOfQuery {
  std::vector<LearnedStem> stems;  ///< in the query's order
  FusionShare share;
};

class AdaptedEmbedder final : public Embedder {
 public:
  /// Both must outlive it.
  AdaptedEmbedder(const Embedder& built_in, const base::KvRead& state) : built_in_(built_in), state_(state) {}

  [[nodiscard]] std::string_view name() const noexcept override { return built_in_.name(); }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return built_in_.dimensions(); }
  /// As learned from outcomes (fusion_share.h).
  [[nodiscard]] Result<double> dense_share() const override;
  /// Exactly the built-in vector where nothing was learned of any stem. Errors: `bad_data` for altered rows.
  [[nodiscard]] Result<Vector> embed(std::string_view text) const override;
  /// With what was learned of it; altered rows count as nothing learned.
  [[nodiscard]] std::optional<Vector> stem_vector(const CountedStem& stem, const StemChanges* changes) const override;
  [[nodiscard]] Result<LearnedOfQuery> learned(std::string_view text) const;

 private:
  const Embedder& built_in_;
  const base::KvRead& state_;
};

}  // namespace autodev::index
