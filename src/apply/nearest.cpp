// SPDX-License-Identifier: MIT OR Apache-2.0
//
// In-memory postings. Scores are summed in order of the query's words, so equal inputs give equal bits.
#include "apply/nearest.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.75;

std::map<std::string, std::uint32_t> counted(const std::vector<std::string>& words) {
  std::map<std::string, std::uint32_t> counts;
  for (const auto& word : words) ++counts[word];
  return counts;
}

double saturation(double count, double length, double mean_length) {
  return count * (k1 + 1) / (count + k1 * (1 - b + b * length / std::max(mean_length, 1.0)));
}

}  // namespace

std::vector<std::string> task_words(const VisibleTask& task) {
  std::vector<std::string> words;
  for (const std::string_view text : {std::string_view(task.spec), std::string_view(task.signature)})
    for (const auto& piece : pieces_of(text))
      if (piece.number || !is_filler_word(piece.lower))
        words.push_back(piece.number ? piece.lower : base_form(piece.lower));
  return words;
}

std::size_t TaskIndex::add(const VisibleTask& task) {
  const auto words = task_words(task);
  const auto number = static_cast<std::uint32_t>(lengths_.size());
  for (const auto& [word, count] : counted(words)) postings_[word].push_back({number, count});
  lengths_.push_back(static_cast<std::uint32_t>(words.size()));
  languages_.push_back(task.language);
  total_length_ += words.size();
  return number;
}

std::size_t TaskIndex::tasks_with(std::string_view word) const {
  const auto found = postings_.find(std::string(word));
  return found == postings_.end() ? 0 : found->second.size();
}

double TaskIndex::rarity(std::string_view word) const {
  const double documents = static_cast<double>(lengths_.size());
  const auto with = static_cast<double>(tasks_with(word));
  return std::log(1 + (documents - with + 0.5) / (with + 0.5));
}

std::vector<Neighbour> TaskIndex::nearest(const VisibleTask& task, std::size_t limit) const {
  if (lengths_.empty()) return {};
  const double mean = static_cast<double>(total_length_) / static_cast<double>(lengths_.size());
  const auto words = task_words(task);
  const double own_length = static_cast<double>(words.size());
  std::vector<double> scores(lengths_.size(), 0);
  double own = 0;
  for (const auto& [word, count] : counted(words)) {
    const double weight = rarity(word);
    own += weight * saturation(count, own_length, mean);
    const auto found = postings_.find(word);
    if (found == postings_.end()) continue;
    for (const auto& posting : found->second)
      scores[posting.task] += weight * saturation(posting.count, lengths_[posting.task], mean);
  }
  std::vector<Neighbour> neighbours;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0 && languages_[i] == task.language)
      neighbours.push_back({i, scores[i], own > 0 ? scores[i] / own : 0});
  const auto better = [](const Neighbour& x, const Neighbour& y) {
    return x.score != y.score ? x.score > y.score : x.task > y.task;
  };
  const auto kept = std::min(limit, neighbours.size());
  std::partial_sort(neighbours.begin(), neighbours.begin() + static_cast<std::ptrdiff_t>(kept), neighbours.end(), better);
  neighbours.resize(kept);
  return neighbours;
}

}  // namespace autodev::apply
