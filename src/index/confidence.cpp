// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Confidence: does the library have something for this request, or should it say that nothing fits?
//
// A fused score says only which document is best. Whether it is any good is read off four things, joined by logistic regression
// (Platt 1999): the coverage of the best of the first three hits (rarity-weighted share of the request's words that it has),
// the best cosine, how many of the request's words any document has, and how many documents there are to be the best of. The value is
// the probability that the request is one the library can answer, where as many requests can be answered as not.
//
// Fitted by bench/embedder/fit_confidence.py on the packages marked `calibration` in bench/embedder/corpus.tsv, which neither the embedder nor
// the measurements of docs/requests.md have seen: 130 libraries of 30 to 2,580 functions in ten languages, with all or half of the
// descriptions left out, asked by the descriptions that were left out and by names in words, against 120 requests of other fields and
// their shortened forms. What else was tried and gained nothing on languages left out of the fit: the share of unknown words, the
// rarity of the words, the distance from the first to the tenth hit, the BM25F score, products of these.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "index/search_index.h"

namespace autodev::index {
namespace {

constexpr std::size_t looked_at = 3;  // fused order puts the best covered document first in most cases, not in all
constexpr double threshold = 0.35;     // keeps as large a share of the calibration's answerable requests as it refuses of the others
// Coefficients of the regression.
constexpr double intercept = -9.88;
constexpr double of_coverage = 6.30;
constexpr double of_cosine = 10.27;
constexpr double of_known_words = 7.72;
constexpr double of_documents = -0.83;
/// ln of the smallest library that the fit saw (30). Fewer, also what a filter leaves of many, count as so many: else the single function of a
/// language would be the answer to everything.
constexpr double fewest_documents = 3.4012;
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

double usefulness(const ConfidenceTerms& terms) {
  const double sum = intercept + of_coverage * terms.coverage + of_cosine * terms.cosine +
                     of_known_words * terms.known_words + of_documents * std::max(terms.documents, fewest_documents);
  return 1 / (1 + std::exp(-sum));
}

/// The best covered of the first hits; there is at least one.
const Hit& best_covered(const SearchResult& result) {
  const auto end = result.hits.begin() + static_cast<std::ptrdiff_t>(std::min(looked_at, result.hits.size()));
  return *std::max_element(result.hits.begin(), end, [](const Hit& a, const Hit& b) { return a.coverage < b.coverage; });
}

Confidence refusal(double value, std::string reason) {
  return {value, false, std::move(reason)};
}

}  // namespace

ConfidenceTerms confidence_terms(const SearchResult& result) {
  ConfidenceTerms terms;
  if (!result.hits.empty()) terms.coverage = best_covered(result).coverage;
  for (const Hit& hit : result.hits) terms.cosine = std::max(terms.cosine, hit.dense);
  terms.known_words = std::log1p(static_cast<double>(result.terms - std::min(result.terms, result.unknown_terms.size())));
  terms.documents = std::log(static_cast<double>(std::max<std::uint64_t>(1, result.documents)));
  return terms;
}

Confidence judge(const SearchResult& result, std::string_view query) {
  if (result.terms == 0)
    return refusal(0, query.empty() ? "the request is empty" : "the request has no words to search for");
  if (result.documents == 0) return refusal(0, "there are no patterns to search in");
  if (result.unknown_terms.size() >= result.terms)
    return refusal(0, fmt::format("none of {} occurs in any pattern", quoted(result.unknown_terms)));
  if (result.hits.empty()) return refusal(0, "no pattern has any word of the request");

  const Hit& best = best_covered(result);
  const double value = usefulness(confidence_terms(result));
  const std::string percent = fmt::format("{:.0f} %", 100 * best.coverage);
  if (value >= threshold)
    return {value, true,
            fmt::format("a pattern has {}: {} of the request by weight", quoted(words_of(best)), percent)};
  if (result.unknown_terms.empty())
    return refusal(value, fmt::format("no pattern has more than {} of the request by weight", percent));
  return refusal(value, fmt::format("{} in no pattern, and none has more than {} of the request by weight",
                                    fmt::format("{} {}", quoted(result.unknown_terms),
                                                result.unknown_terms.size() == 1 ? "occurs" : "occur"),
                                    percent));
}

}  // namespace autodev::index
