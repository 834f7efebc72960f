// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See leader.h. The cheap conditions come first: similarity is 64 comparisons, anti-unification some
// microseconds.
#include "mine/leader.h"

#include <algorithm>

#include "mine/quality.h"
#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;

bool comparable(const Nast& a, const Nast& b) noexcept {
  if (a.language != b.language || a.nodes.empty() || b.nodes.empty()) return false;
  return is_hole(a.nodes[0]) || head_kind(a.nodes[0].kind) == head_kind(b.nodes[0].kind);
}

std::vector<std::size_t> leader_order(const std::vector<LeaderView>& candidates, const Signature& candidate_signature,
                                      double least) {
  struct Ranked {
    double similarity;
    std::size_t index;
  };
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const double similarity = estimated_jaccard(*candidates[i].signature, candidate_signature);
    if (similarity >= least) ranked.push_back({similarity, i});
  }
  std::sort(ranked.begin(), ranked.end(), [&](const Ranked& a, const Ranked& b) {
    if (a.similarity != b.similarity) return a.similarity > b.similarity;
    return candidates[a.index].id < candidates[b.index].id;
  });
  std::vector<std::size_t> order;
  for (const auto& one : ranked)
    if (order.size() < max_candidates) order.push_back(one.index);
  return order;
}

std::optional<Generalisation> try_join(const Template& leader, const Signature& leader_signature, const Nast& candidate,
                                       std::string_view candidate_text, const Signature& candidate_signature) {
  if (!comparable(leader.tree, candidate)) return std::nullopt;
  if (estimated_jaccard(leader_signature, candidate_signature) < join_similarity) return std::nullopt;
  Generalisation made = anti_unify(leader, candidate, candidate_text);
  if (made.kept * 1000.0 < join_kept_permille || is_trivial(made.result)) return std::nullopt;
  if (1000 * std::uint64_t{concrete_nodes(made.result)} < join_concrete_permille * candidate.nodes.size())
    return std::nullopt;
  return made;
}

bool joins(const Template& leader, const Signature& leader_signature, const Nast& candidate,
           const Signature& candidate_signature) {
  return try_join(leader, leader_signature, candidate, {}, candidate_signature).has_value();
}

}  // namespace autodev::mine
