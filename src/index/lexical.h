// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Lexical: BM25F scores of a query over the postings. A document's score is the sum over the terms of
//   rarity * (k1 + 1) * f / (f + k1 * (1 - b + b * length / average length)),   f = weighted frequency.
//
// Blocks of 4,096 documents are worked on one after the other, so that all sums stay in the fastest memory. Once
// enough documents are found, frequent terms whose largest possible parts together cannot lift a document into the
// best ones are not read any more, only looked up for the few documents that the other terms bring near (MaxScore,
// Turtle & Flood 1995). The result is exactly that of adding up everything.
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
  /// `query` must outlive the scores.
  [[nodiscard]] static Result<LexicalScores> compute(const base::KvRead& state, const Head& head, const Query& query);

  [[nodiscard]] double score(std::uint32_t document) const noexcept;
  /// The documents with the best positive scores, best first.
  [[nodiscard]] std::vector<ScoredDocument> best(const Bitmap* allowed, std::size_t count) const;
  /// What one term adds to one document's score; 0 if the document lacks it.
  [[nodiscard]] double share(const QueryTerm& term, std::uint32_t document) const noexcept;

 private:
  /// A term in the block that is being worked on.
  struct Part {
    const PostingBlock* postings;
    float weight;
    bool left_out;  ///< looked up, not read
  };
  class Best;

  void search_block(std::uint32_t block, std::vector<Part>& parts, const Bitmap* allowed, Best& best,
                    std::vector<float>& sums) const;
  void add_up(std::uint32_t block, const std::vector<Part>& parts, std::vector<float>& sums) const;
  /// Could the document, with this much from the parts that were read, be above the threshold? `others` are the parts
  /// that were left out, the heaviest first.
  [[nodiscard]] bool may_reach(std::uint32_t document, float sum, const std::vector<Part>& others, float together,
                               float threshold) const noexcept;
  [[nodiscard]] float sum_of(const std::vector<Part>& parts, std::uint32_t document) const noexcept;
  /// k1 times the length's part of the formula.
  [[nodiscard]] float length_part(std::uint32_t document) const noexcept;
  /// The same of a length as stored.
  [[nodiscard]] float length_part_at(const char* length) const noexcept;

  const Query* query_ = nullptr;
  std::vector<std::string_view> lengths_;  ///< by block: two bytes a document
  std::uint32_t documents_ = 0;
  float constant_ = 0, per_length_ = 0;
};

}  // namespace autodev::index
