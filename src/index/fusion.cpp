// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Candidates of both sides, completed with the score of the other side, then added up.
#include "index/fusion.h"

#include <algorithm>
#include <map>
#include <set>

namespace autodev::index {
namespace {

// A document without any word of the query needs at least this cosine: spelling variants and words of one family
// reach it, chance collisions of the hashed features (about 0.06 standard deviation) do not.
constexpr double least_dense_alone = 0.25;

}  // namespace

Result<std::vector<FusedDocument>> fuse(const LexicalScores& lexical, const VectorIndex& vectors, const Vector& query,
                                        double dense_share, const Bitmap* allowed, std::size_t depth) {
  std::map<std::uint32_t, FusedDocument> candidates;
  for (const ScoredDocument& found : lexical.best(allowed, depth))
    candidates[found.document] = {.document = found.document, .lexical = found.score};
  AUTODEV_TRY_ASSIGN(const auto near, vectors.nearest(query, allowed, depth));
  std::set<std::uint32_t> with_cosine;
  for (const ScoredDocument& found : near) {
    candidates[found.document] = {.document = found.document, .lexical = lexical.score(found.document), .dense = found.score};
    with_cosine.insert(found.document);
  }
  std::vector<std::uint32_t> without;
  for (const auto& [document, candidate] : candidates)
    if (!with_cosine.contains(document)) without.push_back(document);
  AUTODEV_TRY_ASSIGN(const auto cosines, vectors.similarities(query, without));
  for (std::size_t i = 0; i < without.size(); ++i) candidates[without[i]].dense = cosines[i];

  double most_lexical = 0, most_dense = 0;
  for (const auto& [document, candidate] : candidates) {
    most_lexical = std::max(most_lexical, candidate.lexical);
    most_dense = std::max(most_dense, candidate.dense);
  }
  std::vector<FusedDocument> fused;
  for (auto& [document, candidate] : candidates) {
    if (!(candidate.lexical > 0) && candidate.dense < least_dense_alone) continue;
    if (most_lexical > 0) candidate.lexical_part = (1 - dense_share) * candidate.lexical / most_lexical;
    if (most_dense > 0) candidate.dense_part = dense_share * std::max(0.0, candidate.dense) / most_dense;
    candidate.score = candidate.lexical_part + candidate.dense_part;
    fused.push_back(candidate);
  }
  std::stable_sort(fused.begin(), fused.end(),
                   [](const FusedDocument& a, const FusedDocument& b) { return a.score > b.score; });
  return fused;
}

}  // namespace autodev::index
