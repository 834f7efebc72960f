// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/adapted_query.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "index/learned_stems.h"
#include "index/static_table.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_looked_up = 256;  // of a query's stems; longer texts are code, and their vectors need no help

/// The changes of one query's stems.
class FoundChanges final : public StemChanges {
 public:
  void add(std::uint64_t key, float times, std::span<float> sum) const override {
    if (const auto found = changes_.find(key); found != changes_.end()) add_change(found->second, times, sum);
  }
  void set(std::uint64_t key, const SignedBytes& change) { changes_[key] = change; }
  [[nodiscard]] bool empty() const noexcept { return changes_.empty(); }

 private:
  std::map<std::uint64_t, SignedBytes> changes_;
};

double length_of(const SignedBytes& change) {
  double square = 0;
  for (const std::int8_t value : change) square += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(square) / change_steps;
}

}  // namespace

Result<double> AdaptedEmbedder::dense_share() const {
  AUTODEV_TRY_ASSIGN(const FusionShare share, read_fusion_share(state_));
  return share.dense();
}

Result<Vector> AdaptedEmbedder::embed(std::string_view text) const {
  const std::vector<Term> terms = terms_of(text);
  std::vector<CountedStem> stems;
  std::set<std::uint64_t> seen;
  FoundChanges changes;
  for (const Term& term : terms) {
    if (term.whole) continue;
    stems.push_back({term.text, 1, term.key});
    const std::uint64_t key = term.key;
    if (seen.size() >= max_looked_up || !seen.insert(key).second) continue;
    AUTODEV_TRY_ASSIGN(const auto row, read_learned(state_, key));
    if (row && row->change) changes.set(key, *row->change);
  }
  if (changes.empty()) return built_in_.embed(text);
  if (auto vector = built_in_.embed_changed(stems, changes)) return std::move(*vector);
  return built_in_.embed(text);
}

std::optional<Vector> AdaptedEmbedder::stem_vector(const CountedStem& stem, const StemChanges* changes) const {
  if (changes != nullptr) return built_in_.stem_vector(stem, changes);
  const std::uint64_t key = stem.key;
  const auto row = read_learned(state_, key);
  if (!row || !*row || !(*row)->change) return built_in_.stem_vector(stem, nullptr);
  FoundChanges learned;
  learned.set(key, *(*row)->change);
  return built_in_.stem_vector(stem, &learned);
}

Result<LearnedOfQuery> AdaptedEmbedder::learned(std::string_view text) const {
  LearnedOfQuery found;
  AUTODEV_TRY_ASSIGN(found.share, read_fusion_share(state_));
  std::set<std::uint64_t> seen;
  for (const Term& term : terms_of(text)) {
    const std::uint64_t key = term.key;
    if (term.whole || seen.size() >= max_looked_up || !seen.insert(key).second) continue;
    AUTODEV_TRY_ASSIGN(const auto row, read_learned(state_, key));
    if (row) found.stems.push_back({term.text, row->pairs, row->change ? length_of(*row->change) / default_unknown_gain : 0});
  }
  return found;
}

}  // namespace autodev::index
