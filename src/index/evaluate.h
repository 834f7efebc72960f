// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Evaluate: the usual measures of a ranking against judged documents. Pure functions.
//
// nDCG uses linear gain and a log2 discount, as trec_eval does; the ideal ranking is that of all judged documents.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace autodev::index {

/// Grades of the documents judged for one query; above 0 is relevant.
using Grades = std::map<std::string, double>;

struct RankingScores {
  double ndcg10 = 0, mrr10 = 0, recall10 = 0, recall100 = 0;

  RankingScores& operator+=(const RankingScores& other) noexcept;
  [[nodiscard]] RankingScores divided_by(double count) const noexcept;
};

/// Scores of one ranking (document names, best first, without repetitions). All 0 when nothing is relevant.
[[nodiscard]] RankingScores score_ranking(const std::vector<std::string>& ranked, const Grades& grades);

}  // namespace autodev::index
