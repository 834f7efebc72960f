// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Lexical: BM25F scores of a query over the postings, all documents at once.
//
// Every posting of every query term is read once, in order; a document's score is the sum over the terms of
//   rarity * (k1 + 1) * f / (f + k1 * (1 - b + b * length / average length)),   f = weighted frequency.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/bitmap.h"
#include "index/index_format.h"
#include "index/query.h"
#include "index/vectors.h"

namespace autodev::index {

class LexicalScores {
 public:
  [[nodiscard]] static Result<LexicalScores> compute(const base::KvRead& state, const Head& head, const Query& query);

  [[nodiscard]] double score(std::uint32_t document) const noexcept;
  /// The documents with the best positive scores, best first.
  [[nodiscard]] std::vector<ScoredDocument> best(const Bitmap* allowed, std::size_t count) const;
  /// What one term adds to one document's score; 0 if the document lacks it.
  [[nodiscard]] double share(const QueryTerm& term, std::uint32_t document) const noexcept;

 private:
  [[nodiscard]] double length_factor(std::uint32_t document) const noexcept;

  std::vector<float> scores_;
  std::vector<std::string_view> lengths_;  ///< by block: two bytes a document
  double average_length_ = 1;
};

}  // namespace autodev::index
