// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Leader: the rule by which units gather into patterns, as pure functions.
//
// Leader clustering (Hartigan 1975): the first unit of a cluster leads it, a new unit joins the most similar
// leader that it fits, else it leads a cluster of its own. The leader's signature never changes, so a
// cluster cannot drift; its template is generalised by every member. Where the leaders are kept (memory or
// a store) is the caller's business:
//
//   candidates = leaders that share a band with the unit
//   for each of candidates in leader_order(...):
//     if (auto joined = try_join(leader, ...)) { leader.pattern = joined->result; return; }
//   otherwise the unit is a new leader
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "autodev/ids.h"
#include "mine/signature.h"
#include "mine/template.h"
#include "mine/thresholds.h"

namespace autodev::mine {

/// A leader as the rule sees it.
struct LeaderView {
  PatternId id;
  const Signature* signature = nullptr;  ///< of the leading instance
};

/// Could the two trees be instances of one pattern at all? Same language, and functions or methods go with each
/// other, types with types, blocks with blocks of the same kind.
[[nodiscard]] bool comparable(const syntax::Nast& a, const syntax::Nast& b) noexcept;

/// Indices of the candidates to try, best first: estimated Jaccard similarity of at least `least`, higher first, then
/// smaller id; at most 64.
[[nodiscard]] std::vector<std::size_t> leader_order(const std::vector<LeaderView>& candidates, const Signature& candidate_signature,
                                                    double least = join_similarity);

/// The generalisation when the candidate fits: comparable, similar to the *leader*, at least 55 % of the smaller
/// input kept, 45 % of the candidate spelled out by the result, and not trivial. Absent otherwise. Cost: one
/// anti-unification.
[[nodiscard]] std::optional<Generalisation> try_join(const Template& leader, const Signature& leader_signature,
                                                     const syntax::Nast& candidate, std::string_view candidate_text,
                                                     const Signature& candidate_signature);

/// try_join as a question.
[[nodiscard]] bool joins(const Template& leader, const Signature& leader_signature, const syntax::Nast& candidate,
                         const Signature& candidate_signature);

}  // namespace autodev::mine
