// SPDX-License-Identifier: MIT OR Apache-2.0
//
// SearchIndex: lexical postings and vectors of the patterns, kept in the tables of a Kv transaction.
//
// Documents are numbered densely in order of first insertion; deletion leaves a tombstone. The index is a
// function of the sequence of put/erase calls alone — not of flushes and transactions — so replaying the
// journal gives the same bytes. Fields are weighted as in BM25F (Robertson & Zaragoza 2009): name 3, description 2,
// signature 2, code 1, specification 2 (constants in document_terms.cpp and lexical.cpp, with their origin).
//
//   IndexWriter writer(*txn, built_in_embedder());
//   AUTODEV_TRY(writer.put(document));
//   AUTODEV_TRY(writer.flush());
//   ...
//   AUTODEV_TRY_ASSIGN(const SearchResult found, search(*view, "remove a directory", {}, 10));
//   const Confidence confidence = judge(found, "remove a directory");
//
// Tables: see `index_tables`. Layout in index_format.h.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "autodev/ids.h"
#include "autodev/pattern_kind.h"
#include "base/kv.h"
#include "index/embedder.h"

namespace autodev::index {

/// Every table the index writes; clearing all of them empties it.
inline constexpr std::array<base::Table, 12> index_tables = {"istat", "docid", "doc",   "doclen", "post", "vbit",
                                                             "vec",   "ehead", "etodo", "ebit",   "evec", "adapt"};

/// What is indexed of one pattern. Of each text the first 4,096 terms count.
struct Document {
  PatternId id;
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  PatternKind pattern = PatternKind::structural;
  std::vector<std::string> frameworks;
  std::string name, description, signature, specification, code;
};

/// What somebody said when this code was meant; what the index learns from (query_learner.h).
struct Said {
  std::string text;
  double share = 1;  ///< of the attention: a request that names five functions says a fifth about each
};

/// Conditions that hold inside the search, not after it. Empty = no condition.
struct Filter {
  std::optional<Language> language;
  std::optional<UnitKind> kind;
  std::optional<PatternKind> pattern;
  std::string framework;  ///< a module's full name or its first part, any case
};

/// One term's part in a hit's score.
struct TermShare {
  std::string term;  ///< as written in the query, lower case
  double share = 0;  ///< BM25F contribution
};

struct Hit {
  PatternId id;
  double score = 0;              ///< fused, [0, 1] within one result list: lexical_part + dense_part
  double lexical_part = 0, dense_part = 0;  ///< each side's score beside its best in this search, times the side's share
  double dense_share = 0.5;                 ///< of the vectors; the rest is that of the words (fusion_share.h)
  double lexical = 0;            ///< BM25F
  double dense = 0;              ///< cosine, [-1, 1]
  double coverage = 0;           ///< rarity-weighted share of the query's terms that the document has, [0, 1]
  std::vector<TermShare> terms;  ///< largest first, at most 12
};

struct SearchResult {
  std::vector<Hit> hits;                   ///< best first; equal scores by id
  std::vector<std::string> unknown_terms;  ///< query terms that no document has, in the query's order
  std::uint64_t documents = 0;             ///< documents that passed the filter or all when no filter
  std::size_t terms = 0;                   ///< distinct words of the query, stop words left out
  std::string note;                        ///< what the user should know of how it was searched; mostly empty
};

/// Writes. One per write transaction; `flush` must be called before commit (postings are buffered).
class IndexWriter {
 public:
  IndexWriter(base::KvWrite& state, const Embedder& embedder);
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  /// Inserts or replaces. An equal document is left alone. The document keeps its number when replaced.
  /// Errors: `config` when the index was built with another embedder or word scheme; the store's errors.
  /// Cost: about 25 µs plus the writing, which is shared by all documents of a flush.
  Result<void> put(const Document& document) { return put(document, {}); }
  /// The same, and learns from what was said, unless the document is equal to the stored one. About 5 µs more a text.
  Result<void> put(const Document& document, const std::vector<Said>& said);
  /// A pattern that was used where this was said, or that its user accepted or rejected as an answer. Leaves the documents alone.
  Result<void> note_use(const Document& document, const Said& said);
  Result<void> note_answer(const Document& document, std::string_view query, bool accepted);
  /// Removes every trace but the number. An unknown id is fine.
  Result<void> erase(PatternId id);
  Result<void> flush();

 private:
  struct Pending;
  base::KvWrite& state_;
  const Embedder& embedder_;
  std::unique_ptr<Pending> pending_;
};

/// Hybrid search over a consistent view: BM25F and cosine, each divided by its maximum, half and half or as this store's outcomes
/// taught it (Embedder::dense_share). Empty query or empty index: no hits, no error.
/// @param embedder  must be of the space the index was written with, or an external one whose vectors are all there
///                  (external_vectors.h)
/// Errors: `config` when the index was built with another embedder or word scheme.
[[nodiscard]] Result<SearchResult> search(const base::KvRead& state, const Embedder& embedder, std::string_view query,
                                          const Filter& filter, std::size_t limit);
/// The same with the built-in embedder.
[[nodiscard]] Result<SearchResult> search(const base::KvRead& state, std::string_view query, const Filter& filter,
                                          std::size_t limit);

/// How much a result deserves to be acted on.
struct Confidence {
  double value = 0;    ///< [0, 1]
  bool fits = false;   ///< value is at or above the threshold (origin in confidence.cpp)
  std::string reason;  ///< one sentence, for the user
};

/// What the confidence is made of.
struct ConfidenceTerms {
  double coverage = 0;     ///< of the best covered of the first three hits, [0, 1]
  double cosine = 0;       ///< the largest of all hits, [-1, 1]
  double known_words = 0;  ///< ln(1 + words of the request that some document has)
  double documents = 0;    ///< ln of the documents searched: the best of many is nearer than the best of few
};
[[nodiscard]] ConfidenceTerms confidence_terms(const SearchResult& result);

/// Judges the first hits: do they have the rare words of the query? Says why when nothing fits. `query` is the text
/// that was searched for.
[[nodiscard]] Confidence judge(const SearchResult& result, std::string_view query);

}  // namespace autodev::index
