// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See pattern_extractor.h. A unit with the alpha digest of an earlier one is a renamed copy and joins its
// pattern without a search.
#include "mine/pattern_extractor.h"

#include <algorithm>
#include <unordered_map>

#include "mine/leader.h"
#include "mine/signature.h"
#include "mine/thresholds.h"

namespace autodev::mine {

namespace {

class Batch {
 public:
  void add(const CodeUnit& unit, std::size_t index) {
    const auto tree = syntax::decode_nast(unit.tree);
    if (!tree || tree->nodes.empty()) return;
    if (const auto copy = by_alpha_.find(unit.alpha); copy != by_alpha_.end()) {
      auto made = anti_unify(patterns_[copy->second].pattern, *tree, unit.text);
      return fold(unit, index, copy->second, std::move(made.result));
    }
    const Signature signature = minhash(structural_features(*tree));
    const BandKeys keys = band_keys(signature, unit.language);
    const std::vector<std::size_t> near = leaders_near(keys);
    std::vector<LeaderView> views;
    for (const std::size_t leader : near)
      views.push_back({patterns_[leader].id, &patterns_[leader].pattern, &signatures_[leader]});
    for (const std::size_t place : leader_order(views, signature)) {
      const std::size_t leader = near[place];
      auto joined = try_join(patterns_[leader].pattern, signatures_[leader], *tree, unit.text, signature);
      if (joined) return fold(unit, index, leader, std::move(joined->result));
    }
    lead(unit, *tree, signature, keys, index);
  }

  std::vector<StructuralPattern> take() { return std::move(patterns_); }

 private:
  void fold(const CodeUnit& unit, std::size_t index, std::size_t leader, Template result) {
    by_alpha_.emplace(unit.alpha, leader);
    patterns_[leader].pattern = std::move(result);
    patterns_[leader].members.push_back(index);
  }

  void lead(const CodeUnit& unit, const syntax::Nast& tree, const Signature& signature, const BandKeys& keys,
            std::size_t index) {
    const std::size_t leader = patterns_.size();
    patterns_.push_back({PatternId{unit.alpha}, template_of(tree, unit.text), {index}});
    signatures_.push_back(signature);
    by_alpha_.emplace(unit.alpha, leader);
    for (const auto key : keys) {
      auto& bucket = buckets_[key];
      if (bucket.size() < max_candidates) bucket.push_back(leader);
    }
  }

  [[nodiscard]] std::vector<std::size_t> leaders_near(const BandKeys& keys) const {
    std::vector<std::size_t> near;
    for (const auto key : keys)
      if (const auto bucket = buckets_.find(key); bucket != buckets_.end())
        near.insert(near.end(), bucket->second.begin(), bucket->second.end());
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    return near;
  }

  std::vector<StructuralPattern> patterns_;
  std::vector<Signature> signatures_;                                    ///< of the leaders
  std::unordered_map<Digest, std::size_t> by_alpha_;                     ///< of members -> their pattern
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> buckets_;  ///< band key -> leaders
};

}  // namespace

std::vector<StructuralPattern> extract_structural(const std::vector<CodeUnit>& units) {
  Batch batch;
  for (std::size_t i = 0; i < units.size(); ++i) batch.add(units[i], i);
  return batch.take();
}

}  // namespace autodev::mine
