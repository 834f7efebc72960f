// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fusion share: how much the vectors count beside the words in this store's ranking, learned from what became of its answers.
//
// One number, 1/2 to begin with. An answer that helped should have been above the others: every other hit that was above it, or
// below it by less than a margin, moves the share towards the side that had them in the right order (a pairwise hinge loss,
// Joachims 2002, "Optimizing search engines using clickthrough data", with one weight). An irrelevant answer does the same the
// other way round, half as much, because what was shown beside it need not be right either. The share stays between 0.3 and 0.7 and is
// drawn back to 1/2, so that no run of odd answers switches a side off.
//
//   "w" in the table "adapt" -> u32 outcomes, u32 share in 1/65536; check
#pragma once

#include <cstdint>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "index/search_index.h"

namespace autodev::index {

/// Best when both sides are equally good, as they are with the trained table (docs/embedder.md).
inline constexpr double usual_dense_share = 0.5;

class FusionShare {
 public:
  [[nodiscard]] double dense() const noexcept { return static_cast<double>(steps_) / 65536; }
  [[nodiscard]] std::uint32_t outcomes() const noexcept { return outcomes_; }
  /// Learns from one answer among the hits it was ranked with, which may be more than were shown. An answer that is not among them
  /// teaches nothing. Integers from hit to share: the same on every processor.
  void learn(const std::vector<Hit>& hits, const PatternId& answer, bool accepted);

 private:
  friend Result<FusionShare> read_fusion_share(const base::KvRead& state);
  friend Result<void> write_fusion_share(base::KvWrite& state, const FusionShare& share);
  std::uint32_t outcomes_ = 0;
  std::int32_t steps_ = 32768;
};

/// Hits among which an answer has to be to teach anything.
inline constexpr std::size_t answers_ranked = 50;

[[nodiscard]] Result<FusionShare> read_fusion_share(const base::KvRead& state);
Result<void> write_fusion_share(base::KvWrite& state, const FusionShare& share);

}  // namespace autodev::index
