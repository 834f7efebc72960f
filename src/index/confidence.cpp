// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Confidence: does the library have something for this request, or should it say that nothing fits?
//
// A fused score says only which document is best. Whether it is any good is read off the coverage: a request is met
// when the best documents have its rare words. Words no document has count in full.
#include <fmt/format.h>

#include <algorithm>

#include "index/search_index.h"

namespace autodev::index {
namespace {

constexpr std::size_t looked_at = 3;
constexpr double threshold = 0.35;
constexpr std::size_t named_words = 5;

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), named_words); ++i)
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", words[i]);
  if (words.size() > named_words) text += fmt::format(" and {} more", words.size() - named_words);
  return text;
}

}  // namespace

Confidence judge(const SearchResult& result, std::string_view query) {
  if (result.terms == 0)
    return {0, false, query.empty() ? "the query is empty" : "the query has no words to search for"};
  if (result.documents == 0) return {0, false, "there are no patterns to search in"};
  if (result.unknown_terms.size() >= result.terms)
    return {0, false, fmt::format("none of {} occurs in any pattern", quoted(result.unknown_terms))};
  double value = 0;
  for (std::size_t i = 0; i < std::min(looked_at, result.hits.size()); ++i)
    value = std::max(value, result.hits[i].coverage);
  const bool fits = value >= threshold;
  return {value, fits, fmt::format("coverage {:.2f}", value)};
}

}  // namespace autodev::index
