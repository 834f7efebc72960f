// SPDX-License-Identifier: MIT OR Apache-2.0
//
// PlainBm25: the baselines of the retrieval benchmark. Shares nothing with the index but, on request, its words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autodev::index {

/// Textbook BM25 (Robertson et al. 1994; k1 1.2, b 0.75) over one field.
class PlainBm25 {
 public:
  enum class Tokens {
    whitespace,  ///< lower-cased, between white space
    stems,       ///< those of the index (words.h), complete identifiers left out
  };
  explicit PlainBm25(Tokens tokens) : tokens_(tokens) {}
  void add(std::string_view text);
  /// Positions of the best documents in order of insertion, best first; only documents that share a token.
  [[nodiscard]] std::vector<std::size_t> best(std::string_view query, std::size_t count) const;

 private:
  Tokens tokens_;
  std::map<std::string, std::vector<std::pair<std::size_t, std::uint32_t>>, std::less<>> postings_;
  std::vector<std::uint32_t> lengths_;
  std::uint64_t total_length_ = 0;
};

}  // namespace autodev::index
