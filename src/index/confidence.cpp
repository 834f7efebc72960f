// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Confidence: does the library have something for this request, or should it say that nothing fits?
//
// A fused score says only which document is best. Whether it is any good is read off the words:
//
//   value = min(1, coverage * sqrt(max(1, words / 3))) * known
//
// Coverage is the best one of the first three hits (rarity-weighted share of the query's words that the document has);
// the root allows for the fact that nobody repeats a long specification word by word; `known` is the share of the
// query's words that any document has. It counts words, not rarity: a request from another field has several words
// the library never saw, a typing error is one.
//
// Measured on three libraries (6,267 functions with web queries, 974 small tasks, 161 exercises with instructions of
// 100 words in the median; the right answer is there) against 100 requests about cooking, sport, medicine and the
// like, alone, three and ten at a time. Kept: 98, 88 and 85 %; refused: 98, 100 and 98 %. Area under the curve
// 0.998, 1.000 and 0.960; without the root 0.806 on the third.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "index/search_index.h"

namespace autodev::index {
namespace {

constexpr std::size_t looked_at = 3;  // fused order puts the best covered document first in most cases, not in all
constexpr double usual_words = 3;
constexpr double threshold = 0.25;  // where the shares above were taken
constexpr std::size_t named_words = 5;

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), named_words); ++i)
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", words[i]);
  if (words.size() > named_words) text += fmt::format(" and {} more", words.size() - named_words);
  return text;
}

std::vector<std::string> words_of(const Hit& hit) {
  std::vector<std::string> words;
  for (const TermShare& share : hit.terms) words.push_back(share.term);
  return words;
}

Confidence refusal(double value, std::string reason) {
  return {value, false, std::move(reason)};
}

}  // namespace

Confidence judge(const SearchResult& result, std::string_view query) {
  if (result.terms == 0)
    return refusal(0, query.empty() ? "the request is empty" : "the request has no words to search for");
  if (result.documents == 0) return refusal(0, "there are no patterns to search in");
  if (result.unknown_terms.size() >= result.terms)
    return refusal(0, fmt::format("none of {} occurs in any pattern", quoted(result.unknown_terms)));
  if (result.hits.empty()) return refusal(0, "no pattern has any word of the request");

  const auto end = result.hits.begin() + static_cast<std::ptrdiff_t>(std::min(looked_at, result.hits.size()));
  const auto best =
      std::max_element(result.hits.begin(), end, [](const Hit& a, const Hit& b) { return a.coverage < b.coverage; });
  const double words = static_cast<double>(result.terms);
  const double known = 1 - static_cast<double>(result.unknown_terms.size()) / words;
  const double value = std::min(1.0, best->coverage * std::sqrt(std::max(1.0, words / usual_words))) * known;
  const std::string percent = fmt::format("{:.0f} %", 100 * best->coverage);
  if (value >= threshold)
    return {value, true,
            fmt::format("a pattern has {}: {} of the request by weight", quoted(words_of(*best)), percent)};
  if (result.unknown_terms.empty())
    return refusal(value, fmt::format("no pattern has more than {} of the request by weight", percent));
  return refusal(value, fmt::format("{} in no pattern, and none has more than {} of the request by weight",
                                    fmt::format("{} {}", quoted(result.unknown_terms),
                                                result.unknown_terms.size() == 1 ? "occurs" : "occur"),
                                    percent));
}

}  // namespace autodev::index
