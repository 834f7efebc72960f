// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Recommendation: what code like the query usually looks like, and what it usually has besides, after AROMA (Luan et
// al., OOPSLA 2019): retrieve, re-rank, prune, intersect.
//
//   retrieve   leaders that share a band with the query; when it is a few statements only, functions with a window like
//   it re-rank    weighted Jaccard of the structural features: a feature weighs what it tells, -log2 of the share of
//   units that have it prune      of the best candidates only the statements that overlap with the query stay intersect
//   the template of the candidate's cluster is what all its members share: its statements that the query lacks
//              are what is recommended
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

class MiningLibrary;

/// Estimated similarity below which a leader is not looked at: a query is often a part of what it looks for.
inline constexpr double least_recommended = 0.15;

struct Recommendation {
  std::uint32_t cluster = 0;  ///< of units
  std::uint32_t unit = 0;     ///< the candidate that was compared
  double similarity = 0;      ///< weighted Jaccard with the query, [0, 1]
  double covered = 0;         ///< weight of the query's features that the candidate has, [0, 1]
  std::string pruned;         ///< the candidate's statements that overlap with the query, in its own text
  std::vector<std::string>
      missing;  ///< statements that the cluster's members share and the query lacks, in order; holes as $1
};

/// At most `limit` (up to 10), best first; ties by cluster id. Equal libraries give equal answers; the library should
/// be settled. Empty for an empty query or one of a language that the library does not hold. Cost: 16 look-ups, and
/// features of at most 10 candidates: independent of the library's size.
[[nodiscard]] std::vector<Recommendation> recommend(const MiningLibrary& library, const syntax::Nast& query,
                                                    std::string_view text, std::size_t limit);

}  // namespace autodev::mine
