// SPDX-License-Identifier: MIT OR Apache-2.0
//
// From text to query terms: collect distinct terms, look up their postings, keep the rarest.
#include "index/query.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "index/index_format.h"
#include "index/word_scan.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_collected = 4096;  // as many as a document field has
constexpr std::size_t max_terms = 128;       // a long specification; more terms are the frequent ones

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// Collects the distinct terms of the text, with the words that make up each whole identifier.
class Collector {
 public:
  void read(std::string_view text) {
    WordScanner scanner(text);
    std::size_t seen = 0;
    while (seen < max_collected && scanner.next()) {
      seen += scanner.size();
      std::vector<std::size_t> parts;
      for (std::size_t i = 0; i < scanner.size(); ++i) {
        if (is_stop_word(scanner.word(i))) continue;
        parts.push_back(word(scanner.word(i)));
      }
      if (scanner.size() > 1 && !parts.empty()) whole(scanner, parts);
    }
  }

  std::vector<QueryTerm> terms;
  std::vector<TermKey> keys;  ///< of the terms

 private:
  std::size_t word(std::string_view text) {
    const TermKey key = term_key(TermSort::word, stem(spelled_out(text)));
    return term(key, {std::string(text), false, 0, {}, {}});
  }

  /// The identifier as a symbol, and its letters as one word, where the index has them.
  void whole(const WordScanner& scanner, const std::vector<std::size_t>& parts) {
    const std::string text = lower_case(scanner.source());
    for (const TermKey key :
         {term_key(TermSort::whole, scanner.joined()), term_key(TermSort::word, stem(spelled_out(scanner.joined())))})
      term(key, {text, true, 0, {}, parts});
  }

  std::size_t term(TermKey key, QueryTerm made) {
    const auto [place, added] = places_.emplace(key, terms.size());
    if (added) {
      terms.push_back(std::move(made));
      keys.push_back(key);
    }
    return place->second;
  }

  std::map<TermKey, std::size_t> places_;
};

/// Words that no document has, unless an identifier they are part of is known.
std::vector<std::string> unknown_words(const std::vector<QueryTerm>& terms) {
  std::vector<bool> known(terms.size());
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (terms[i].postings.documents() == 0) continue;
    known[i] = true;
    for (const std::size_t part : terms[i].parts) known[part] = true;
  }
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (!known[i] && !terms[i].whole) unknown.push_back(terms[i].text);
  return unknown;
}

/// Drops all but the rarest terms and renumbers the parts of identifiers.
void keep_rarest(std::vector<QueryTerm>& terms) {
  std::vector<std::size_t> order(terms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return terms[a].rarity > terms[b].rarity; });
  std::vector<bool> kept(terms.size());
  for (std::size_t i = 0; i < std::min(max_terms, order.size()); ++i) kept[order[i]] = true;
  std::vector<std::size_t> renumbered(terms.size(), SIZE_MAX);
  std::vector<QueryTerm> remaining;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (!kept[i]) continue;
    renumbered[i] = remaining.size();
    remaining.push_back(std::move(terms[i]));
  }
  for (QueryTerm& term : remaining) {
    std::vector<std::size_t> parts;
    for (const std::size_t part : term.parts)
      if (renumbered[part] != SIZE_MAX) parts.push_back(renumbered[part]);
    term.parts = std::move(parts);
  }
  terms = std::move(remaining);
}

}  // namespace

double rarity(std::uint64_t documents, std::uint64_t frequency) noexcept {
  const double n = static_cast<double>(std::max(documents, frequency));
  const double df = static_cast<double>(frequency);
  return std::log1p((n - df + 0.5) / (df + 0.5));
}

Result<Query> read_query(const base::KvRead& state, const Head& head, std::string_view text) {
  Collector collector;
  collector.read(text);
  AUTODEV_TRY_ASSIGN(auto postings, read_postings(state, head.next_number, collector.keys));
  for (std::size_t i = 0; i < postings.size(); ++i) collector.terms[i].postings = std::move(postings[i]);
  Query query;
  query.terms = std::move(collector.terms);
  query.unknown = unknown_words(query.terms);
  for (QueryTerm& term : query.terms) term.rarity = rarity(head.documents, term.postings.documents());
  // A whole identifier that nobody has says nothing: its words do.
  for (QueryTerm& term : query.terms)
    if (term.whole && term.postings.documents() == 0) term.rarity = 0;
  for (const QueryTerm& term : query.terms) query.words += term.whole ? 0 : 1;
  keep_rarest(query.terms);
  for (const QueryTerm& term : query.terms) query.total_rarity += term.whole ? 0.0 : term.rarity;
  return query;
}

}  // namespace autodev::index
