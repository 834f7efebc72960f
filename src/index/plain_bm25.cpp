// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The formula as in the textbook, over a map.
#include "index/plain_bm25.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "index/words.h"

namespace autodev::index {
namespace {

constexpr double k1 = 1.2, b = 0.75;

std::vector<std::string> stems(std::string_view text) {
  std::vector<std::string> found;
  for (Term& term : terms_of(text))
    if (!term.whole) found.push_back(std::move(term.text));
  return found;
}

std::vector<std::string> tokens(std::string_view text, PlainBm25::Tokens kind) {
  if (kind == PlainBm25::Tokens::stems) return stems(text);
  std::vector<std::string> found(1);
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      if (!found.back().empty()) found.emplace_back();
    } else {
      found.back().push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
  }
  if (found.back().empty()) found.pop_back();
  return found;
}

}  // namespace

void PlainBm25::add(std::string_view text) {
  std::map<std::string, std::uint32_t> counts;
  const auto words = tokens(text, tokens_);
  for (const std::string& word : words) ++counts[word];
  for (const auto& [word, count] : counts) postings_[word].emplace_back(lengths_.size(), count);
  lengths_.push_back(static_cast<std::uint32_t>(words.size()));
  total_length_ += words.size();
}

std::vector<std::size_t> PlainBm25::best(std::string_view query, std::size_t count) const {
  std::vector<double> scores(lengths_.size());
  const double n = static_cast<double>(lengths_.size());
  const double average = n > 0 ? std::max(1.0, static_cast<double>(total_length_) / n) : 1.0;
  const auto words = tokens(query, tokens_);
  for (const std::string& word : std::set<std::string>(words.begin(), words.end())) {
    const auto found = postings_.find(word);
    if (found == postings_.end()) continue;
    const double df = static_cast<double>(found->second.size());
    const double idf = std::log(1 + (n - df + 0.5) / (df + 0.5));
    for (const auto& [document, frequency] : found->second) {
      const double tf = frequency;
      scores[document] += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * lengths_[document] / average));
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return scores[x] > scores[y]; });
  if (order.size() > count) order.resize(count);
  return order;
}

}  // namespace autodev::index
