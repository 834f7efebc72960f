// SPDX-License-Identifier: MIT OR Apache-2.0
//
// RetrievalBench: how well the index finds judged code, beside its own parts and a plain baseline.
//
// Arms, all on the same documents and queries: `fused` is what search() does; `lexical` is its BM25F alone; `dense` its
// vectors alone; `bm25_stems` and `bm25_whitespace` are textbook BM25 (k1 1.2, b 0.75) over one field of the index's stems and of
// lower-cased tokens between white space.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "index/evaluate.h"
#include "index/external_embedder.h"
#include "index/retrieval_task.h"
#include "index/search_index.h"

namespace autodev::index {

/// How a request was judged: what a confidence is fitted on (bench/embedder/fit_confidence.py).
struct JudgedRequest {
  bool answerable = false;  ///< asked of the corpus that has the answer; otherwise of another field
  bool fits = false;
  ConfidenceTerms terms;
};

struct RetrievalReport {
  std::uint64_t documents = 0;
  std::uint64_t queries = 0;                  ///< with at least one relevant document; the means are over these
  std::uint64_t unjudged = 0;                 ///< queries without one, left out
  std::uint64_t fits = 0;                     ///< of `queries`, those for which judge() says that something fits
  std::uint64_t foreign = 0, refused = 0;     ///< requests of other fields, and those for which nothing fits
  std::uint64_t in_first_ten = 0;             ///< queries with a relevant document among the first ten
  std::uint64_t left_out = 0;                 ///< of these, those whose relevant documents all disagree (agreement.h)
  std::map<std::string, RankingScores> arms;  ///< means, by arm
  std::vector<JudgedRequest> judged;          ///< in the order asked; those with no word at all left out

  /// A table for people, several lines.
  [[nodiscard]] std::string text() const;
  /// One line: {"bench":"retrieval","ndcg10":{arm: value, ...},"mrr10":...,"recall10":...,"recall100":...,...}.
  [[nodiscard]] std::string json_line() const;
  /// A line of JSON for each of `judged`.
  [[nodiscard]] std::string judged_lines() const;
};

/// Builds an index in memory and runs every query on every arm.
/// @param make_document  how a corpus entry becomes a document; `document_of` when empty
/// @param external       asks in this one's space, kept beside that of `embedder` as a store keeps it; null: in that of `embedder`
[[nodiscard]] Result<RetrievalReport> run_retrieval_bench(const RetrievalTask& task, const Embedder& embedder,
                                                          const std::function<Document(const CorpusEntry&)>& make_document = {},
                                                          const ExternalEmbedder* external = nullptr);

}  // namespace autodev::index
