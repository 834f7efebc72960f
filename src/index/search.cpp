// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Search, step by step: head, query terms, filter, BM25F, nearest vectors, fusion, explanation.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "index/document_table.h"
#include "index/external_vectors.h"
#include "index/filter.h"
#include "index/fusion.h"
#include "index/index_format.h"
#include "index/lexical.h"
#include "index/query.h"
#include "index/search_index.h"
#include "index/vectors.h"

namespace autodev::index {
namespace {

// Candidates taken from each side: beyond four times the answer neither side's order changes the top.
constexpr std::size_t least_depth = 200;
constexpr std::size_t depth_factor = 4;
constexpr std::size_t max_limit = 10'000;
constexpr std::size_t max_shares = 12;
constexpr std::size_t max_embedded_bytes = 64u << 10;  // of a query; terms_of reads 4,096 terms of it

/// Shares of the terms and the covered part of the query, for one document.
void explain(const Query& query, const LexicalScores& lexical, std::uint32_t document, Hit& hit) {
  std::vector<bool> covered(query.terms.size());
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    const QueryTerm& term = query.terms[i];
    const double share = lexical.share(term, document);
    if (!(share > 0)) continue;
    hit.terms.push_back({term.text, share});
    if (!term.whole) covered[i] = true;
    for (const std::size_t part : term.parts) covered[part] = true;
  }
  double present = 0;
  for (std::size_t i = 0; i < covered.size(); ++i)
    if (covered[i] && !query.terms[i].whole) present += query.terms[i].rarity;
  hit.coverage = query.total_rarity > 0 ? std::min(1.0, present / query.total_rarity) : 0;
  std::stable_sort(hit.terms.begin(), hit.terms.end(),
                   [](const TermShare& a, const TermShare& b) { return a.share > b.share; });
  if (hit.terms.size() > max_shares) hit.terms.resize(max_shares);
}

/// The best `limit` hits with ids. Equal scores are ordered by id, so ties at the cut are looked at in full.
Result<std::vector<Hit>> best_hits(const base::KvRead& state, const Query& query, const LexicalScores& lexical,
                                   const std::vector<FusedDocument>& fused, std::size_t limit) {
  struct Numbered {
    Hit hit;
    std::uint32_t document;
  };
  std::vector<Numbered> found;
  for (const FusedDocument& candidate : fused) {
    if (found.size() >= limit && candidate.score < found.back().hit.score) break;
    AUTODEV_TRY_ASSIGN(const PatternId id, id_of(state, candidate.document));
    found.push_back({{.id = id, .score = candidate.score, .lexical_part = candidate.lexical_part, .dense_part = candidate.dense_part, .dense_share = 0.5,
                      .lexical = candidate.lexical, .dense = candidate.dense, .coverage = 0, .terms = {}},
                     candidate.document});
  }
  std::sort(found.begin(), found.end(), [](const Numbered& a, const Numbered& b) {
    return a.hit.score != b.hit.score ? a.hit.score > b.hit.score : a.hit.id < b.hit.id;
  });
  if (found.size() > limit) found.resize(limit);
  std::vector<Hit> hits;
  for (Numbered& numbered : found) {
    explain(query, lexical, numbered.document, numbered.hit);
    hits.push_back(std::move(numbered.hit));
  }
  return hits;
}

/// Found in another space: each one's cosine in the built-in space instead, whose scale is the one that judge() was fitted on. Other
/// models give other cosines to texts that have nothing to do with each other, from 0 to 0.7.
Result<void> measure_in_built_in_space(const base::KvRead& state, const Head& head, std::string_view text, std::vector<FusedDocument>& found) {
  const Embedder& embedder = built_in_embedder();
  if (head.embedder != embedder.name() || head.dimensions != embedder.dimensions()) return {};
  std::vector<std::uint32_t> documents;
  for (const FusedDocument& candidate : found) documents.push_back(candidate.document);
  ScanOptions options;
  options.documents = head.next_number;
  AUTODEV_TRY_ASSIGN(const Vector vector, embedder.embed(text));
  AUTODEV_TRY_ASSIGN(const auto cosines, open_vector_scan(state, head.dimensions, options)->similarities(vector, documents));
  for (std::size_t i = 0; i < found.size(); ++i) found[i].dense = cosines[i];
  return {};
}

}  // namespace

Result<SearchResult> search(const base::KvRead& state, const Embedder& embedder, std::string_view query_text,
                            const Filter& filter, std::size_t limit) {
  SearchResult result;
  limit = std::min(limit, max_limit);
  AUTODEV_TRY_ASSIGN(const auto stored, read_head(state));
  const Head head = stored.value_or(Head{});
  AUTODEV_TRY_ASSIGN(const Space space, space_of(state, stored, embedder));
  AUTODEV_TRY_ASSIGN(Query query, read_query(state, head, query_text));
  result.terms = query.words;
  result.unknown_terms = std::move(query.unknown);
  AUTODEV_TRY_ASSIGN(const auto allowed, allowed_documents(state, head, filter));
  result.documents = allowed ? allowed->count() : head.documents;
  if (query.terms.empty() || result.documents == 0 || limit == 0) return result;

  const Bitmap* const filter_bits = allowed ? &*allowed : nullptr;
  AUTODEV_TRY_ASSIGN(const LexicalScores lexical, LexicalScores::compute(state, head, query));
  const std::string_view embedded = query_text.substr(0, max_embedded_bytes);
  AUTODEV_TRY_ASSIGN(const Vector vector, embedder.embed(embedded));
  AUTODEV_TRY_ASSIGN(const double dense_share, embedder.dense_share());
  if (vector.size() != space.dimensions)
    return fail(ErrorCode::config, fmt::format("the embedder gave {} dimensions, the index has {}", vector.size(), space.dimensions));
  ScanOptions options;
  options.documents = space.documents;
  options.tables = space.tables;
  const auto vectors = open_vector_scan(state, space.dimensions, options);
  const std::size_t depth = std::max(least_depth, depth_factor * limit);
  AUTODEV_TRY_ASSIGN(auto fused, fuse(lexical, *vectors, vector, dense_share, filter_bits, depth));
  if (space.tables.bits == external_vectors.bits) AUTODEV_TRY(measure_in_built_in_space(state, head, embedded, fused));
  AUTODEV_TRY_ASSIGN(result.hits, best_hits(state, query, lexical, fused, limit));
  for (Hit& hit : result.hits) hit.dense_share = dense_share;
  return result;
}

Result<SearchResult> search(const base::KvRead& state, std::string_view query, const Filter& filter,
                            std::size_t limit) {
  return search(state, built_in_embedder(), query, filter, limit);
}

}  // namespace autodev::index
