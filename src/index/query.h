// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Query: what is looked for, with the posting lists and the rarity of each part.
//
// Prose gives words. A word of the query that is itself an identifier of several words ("parse_url", "NumPy") also
// looks for the complete identifier, and for the same letters as a plain word: that finds the symbol without letting
// whole identifiers disturb prose. Rarity is BM25's idf in the form that never gets negative.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "index/postings.h"

namespace autodev::index {

struct QueryTerm {
  std::string text;    ///< as written, lower case
  bool whole = false;  ///< a complete identifier: raises the score, is not counted in the coverage itself
  double rarity = 0;
  PostingList postings;
  std::vector<std::size_t> parts;  ///< of a whole: the words that are covered with it
};

struct Query {
  std::vector<QueryTerm> terms;      ///< in order of first appearance, distinct
  std::vector<std::string> unknown;  ///< words no document has
  std::size_t words = 0;             ///< distinct words looked for, unknown ones included
  double total_rarity = 0;           ///< of all words, unknown ones included
};

/// log(1 + (N - df + 0.5) / (df + 0.5)).
[[nodiscard]] double rarity(std::uint64_t documents, std::uint64_t frequency) noexcept;

/// At most 128 terms, the rarest, of the first 4,096.
[[nodiscard]] Result<Query> read_query(const base::KvRead& state, const Head& head, std::string_view text);

}  // namespace autodev::index
