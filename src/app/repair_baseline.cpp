// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tokens of the changed part, found again token by token: the longest common start and end of failed and fixed program are dropped,
// and what is left in the middle is looked for in the new program.
#include "app/repair_baseline.h"

#include <algorithm>
#include <cmath>

#include "app/bench_rows.h"

namespace autodev::app {
namespace {

constexpr double k1 = 1.2, b = 0.75;  ///< BM25's usual constants
constexpr std::size_t context = 6;    ///< bytes around the edit that must be there as well, so that insertions have a place

}  // namespace

RepairNeighbours::RepairNeighbours(std::vector<apply::RepairExample> examples) : examples_(std::move(examples)) {
  double total = 0;
  for (const auto& example : examples_) {
    Document document{bag_of_words(example.failed), 0};
    for (const auto& [word, count] : document.words) {
      ++frequency_[word];
      document.length += count;
    }
    total += document.length;
    documents_.push_back(std::move(document));
  }
  mean_ = documents_.empty() ? 1 : std::max(1.0, total / static_cast<double>(documents_.size()));
}

std::string RepairNeighbours::repaired(const std::string& source) const {
  const auto query = bag_of_words(source);
  const double n = static_cast<double>(documents_.size());
  double top = -1;
  std::size_t best = 0;
  for (std::size_t d = 0; d < documents_.size(); ++d) {
    double score = 0;
    for (const auto& [word, count] : query) {
      const auto found = documents_[d].words.find(word);
      if (found == documents_[d].words.end()) continue;
      const double df = frequency_.at(word);
      score += std::log(1 + (n - df + 0.5) / (df + 0.5)) * found->second * (k1 + 1) / (found->second + k1 * (1 - b + b * documents_[d].length / mean_));
    }
    if (score > top) {
      top = score;
      best = d;
    }
  }
  if (documents_.empty()) return {};
  const auto &failed = examples_[best].failed, &fixed = examples_[best].fixed;
  std::size_t front = 0, back = 0;
  while (front < failed.size() && front < fixed.size() && failed[front] == fixed[front]) ++front;
  while (back + front < failed.size() && back + front < fixed.size() && failed[failed.size() - 1 - back] == fixed[fixed.size() - 1 - back]) ++back;
  front -= std::min(front, context);
  back -= std::min(back, context);
  const std::string before = failed.substr(front, failed.size() - back - front), after = fixed.substr(front, fixed.size() - back - front);
  const auto at = source.find(before);
  if (before.empty() || at == std::string::npos) return {};
  return source.substr(0, at) + after + source.substr(at + before.size());
}

}  // namespace autodev::app
