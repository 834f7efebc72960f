// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Confidence: does the library have something for this request, or should it say that nothing fits?
//
// A fused score says only which document is best. Whether it is any good is read off four things, joined by logistic regression
// (Platt 1999): the coverage of the best of the first three hits (rarity-weighted share of the request's words that it has),
// the best cosine, how many of the request's words any document has, and the share of those that none has. The value is the probability
// that the request is one the library can answer, where as many requests can be answered as not.
//
// Fitted on descriptions of functions in Go, Rust, Java, Python, Ruby and PHP, asked of libraries of 30 to 3,000 functions stored without
// their descriptions, against 120 requests about cooking, sport, gardening and the like; for other descriptions, languages and requests see
// docs/requests.md: 94.6 % kept, 97.9 % refused. Coverage alone, the rule before, kept 67 to 98 %.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "index/search_index.h"

namespace autodev::index {
namespace {

constexpr std::size_t looked_at = 3;  // fused order puts the best covered document first in most cases, not in all
constexpr double threshold = 0.3;      // where the shares above were taken
// Coefficients of the regression.
constexpr double intercept = -12.609;
constexpr double of_coverage = 5.808;
constexpr double of_cosine = 6.108;
constexpr double of_known_words = 7.72;
constexpr double of_unknown_share = -4.014;
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

double usefulness(const SearchResult& result, double coverage) {
  const auto words = static_cast<double>(result.terms), unknown = static_cast<double>(result.unknown_terms.size());
  double cosine = 0;
  for (const Hit& hit : result.hits) cosine = std::max(cosine, hit.dense);
  const double sum = intercept + of_coverage * coverage + of_cosine * cosine + of_known_words * std::log1p(words - unknown) +
                     of_unknown_share * unknown / words;
  return 1 / (1 + std::exp(-sum));
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
  const double value = usefulness(result, best->coverage);
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
