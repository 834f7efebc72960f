// SPDX-License-Identifier: MIT OR Apache-2.0
//
// nDCG@10 (Järvelin & Kekäläinen 2002), reciprocal rank and recall.
#include "index/evaluate.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace autodev::index {
namespace {

constexpr std::size_t shallow = 10;
constexpr std::size_t deep = 100;

double discount(std::size_t rank_from_zero) {
  return 1 / std::log2(static_cast<double>(rank_from_zero) + 2);
}

double ideal_gain(const Grades& grades) {
  std::vector<double> sorted;
  for (const auto& [document, grade] : grades) sorted.push_back(std::max(0.0, grade));
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double gain = 0;
  for (std::size_t i = 0; i < std::min(shallow, sorted.size()); ++i) gain += sorted[i] * discount(i);
  return gain;
}

}  // namespace

RankingScores& RankingScores::operator+=(const RankingScores& other) noexcept {
  ndcg10 += other.ndcg10;
  mrr10 += other.mrr10;
  recall10 += other.recall10;
  recall100 += other.recall100;
  return *this;
}

RankingScores RankingScores::divided_by(double count) const noexcept {
  if (!(count > 0)) return {};
  return {ndcg10 / count, mrr10 / count, recall10 / count, recall100 / count};
}

RankingScores score_ranking(const std::vector<std::string>& ranked, const Grades& grades) {
  RankingScores scores;
  const auto relevant =
      std::count_if(grades.begin(), grades.end(), [](const auto& judged) { return judged.second > 0; });
  if (relevant == 0) return scores;
  for (std::size_t i = 0; i < std::min(deep, ranked.size()); ++i) {
    const auto judged = grades.find(ranked[i]);
    if (judged == grades.end() || !(judged->second > 0)) continue;
    scores.recall100 += 1;
    if (i >= shallow) continue;
    scores.recall10 += 1;
    scores.ndcg10 += judged->second * discount(i);
    if (scores.mrr10 == 0) scores.mrr10 = 1 / static_cast<double>(i + 1);
  }
  scores.ndcg10 /= ideal_gain(grades);
  scores.recall10 /= static_cast<double>(relevant);
  scores.recall100 /= static_cast<double>(relevant);
  return scores;
}

}  // namespace autodev::index
