// SPDX-License-Identifier: MIT OR Apache-2.0
//
// SearchIndex: lexical postings and vectors of the patterns, kept in the tables of a Kv transaction.
//
// Documents are numbered densely in order of first insertion; deletion leaves a tombstone. The index is a
// function of the sequence of put/erase calls alone, so replaying the journal gives the same bytes.
// Fields are weighted as in BM25F (Robertson & Zaragoza 2009): name 3, description 2, signature 2, code 1,
// specification 2 (constants in lexical.cpp, with their origin).
//
// Tables: "doc", "docid", "post", "term", "vec", "istat". Layout in docs/storage-format.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "index/embedder.h"

namespace autodev::index {

/// What is indexed of one pattern.
struct Document {
  PatternId id;
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  std::vector<std::string> frameworks;
  std::string name, description, signature, specification, code;
};

/// Conditions that hold inside the search, not after it. Empty = no condition.
struct Filter {
  std::optional<Language> language;
  std::optional<UnitKind> kind;
  std::string framework;
};

/// One term's part in a hit's score.
struct TermShare {
  std::string term;
  double share = 0;  ///< BM25F contribution
};

struct Hit {
  PatternId id;
  double score = 0;       ///< fused, [0, 1] within one result list
  double lexical = 0;     ///< BM25F
  double dense = 0;       ///< cosine, [-1, 1]
  double coverage = 0;    ///< rarity-weighted share of the query's terms that the document has, [0, 1]
  std::vector<TermShare> terms;  ///< largest first, at most 12
};

struct SearchResult {
  std::vector<Hit> hits;                   ///< best first
  std::vector<std::string> unknown_terms;  ///< query terms that no document has
  std::uint64_t documents = 0;             ///< documents that passed the filter or all when no filter
};

/// Writes. One per write transaction; `flush` must be called before commit (postings are buffered).
class IndexWriter {
 public:
  IndexWriter(base::KvWrite& state, const Embedder& embedder);
  /// Inserts or replaces.
  Result<void> put(const Document& document);
  Result<void> erase(PatternId id);
  Result<void> flush();

 private:
  base::KvWrite& state_;
  const Embedder& embedder_;
  std::vector<std::pair<std::string, std::string>> pending_;
};

/// Hybrid search over a consistent view. Empty query or empty index: no hits, no error.
[[nodiscard]] Result<SearchResult> search(const base::KvRead& state, const Embedder& embedder,
                                          std::string_view query, const Filter& filter, std::size_t limit);

/// Rarity of a term as seen by the index, for weighting embeddings.
[[nodiscard]] TermWeight corpus_weight(const base::KvRead& state);

}  // namespace autodev::index
