// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/fusion_share.h"

#include <algorithm>

#include "base/wire.h"
#include "index/index_format.h"
#include "index/learned_stems.h"

namespace autodev::index {
namespace {

constexpr std::string_view share_key = "w";
constexpr std::uint32_t share_number = 0xFFFFFFF2;  // the check's salt: no document has this number
constexpr std::int32_t whole = 65536, half = whole / 2, least = whole * 3 / 10, most = whole * 7 / 10;
// Chosen on the development histories of docs/embedder.md: rates of 32 to 256, pulls of 64 to 1,000, margins of 1/20 to 1/5. Faster
// ones follow single answers: 0.8 points worse on one history's descriptions.
constexpr std::int32_t margin = whole / 10;
constexpr std::int32_t rate = 128;  // a lead by all that one side can give moves the share by 1/128
constexpr std::int32_t pull = 500;  // part of the distance to the middle that is taken back at each outcome
constexpr std::size_t compared_hits = 10;

/// Scores of one hit in 1/65536 of the best in the search.
struct Sides {
  std::int32_t lexical = 0, dense = 0;
  [[nodiscard]] std::int64_t score(std::int32_t dense_share) const noexcept {
    return (std::int64_t{whole - dense_share} * lexical + std::int64_t{dense_share} * dense) / whole;
  }
};

std::int32_t in_steps(double value) noexcept { return static_cast<std::int32_t>(std::clamp(value, 0.0, 1.0) * whole + 0.5); }

Sides sides_of(const Hit& hit) {
  const double share = hit.dense_share;
  return {in_steps(share < 1 ? hit.lexical_part / (1 - share) : 0), in_steps(share > 0 ? hit.dense_part / share : 0)};
}

}  // namespace

void FusionShare::learn(const std::vector<Hit>& hits, const PatternId& answer, bool accepted) {
  const auto found = std::find_if(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.id == answer; });
  if (found == hits.end()) return;
  outcomes_ += outcomes_ == UINT32_MAX ? 0 : 1;
  const Sides own = sides_of(*found);
  std::int64_t lead = 0, pairs = 0;
  for (std::size_t i = 0; i < std::min(hits.size(), compared_hits); ++i) {
    if (hits[i].id == answer) continue;
    const Sides other = sides_of(hits[i]);
    const std::int64_t ahead = accepted ? own.score(steps_) - other.score(steps_) : other.score(steps_) - own.score(steps_);
    if (ahead >= margin) continue;
    const std::int32_t by_vectors = own.dense - other.dense, by_words = own.lexical - other.lexical;
    lead += accepted ? by_vectors - by_words : (by_words - by_vectors) / 2;
    ++pairs;
  }
  const std::int64_t moved = pairs == 0 ? 0 : lead / (pairs * rate);
  steps_ = std::clamp(steps_ + static_cast<std::int32_t>(moved) - (steps_ - half) / pull, least, most);
}

Result<FusionShare> read_fusion_share(const base::KvRead& state) {
  FusionShare share;
  AUTODEV_TRY_ASSIGN(const auto stored, state.get(adapted_table, share_key));
  if (!stored) return share;
  if (!is_sealed(*stored, share_number)) return damaged("the learned share of the vectors", 0);
  base::WireReader reader(sealed_part(*stored));
  share.outcomes_ = reader.u32();
  share.steps_ = static_cast<std::int32_t>(reader.u32());
  if (!reader.ok() || share.steps_ < least || share.steps_ > most) return damaged("the learned share of the vectors", 0);
  return share;
}

Result<void> write_fusion_share(base::KvWrite& state, const FusionShare& share) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.u32(share.outcomes_);
  writer.u32(static_cast<std::uint32_t>(share.steps_));
  seal(bytes, share_number);
  return state.put(adapted_table, share_key, bytes);
}

}  // namespace autodev::index
