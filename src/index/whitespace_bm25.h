// SPDX-License-Identifier: MIT OR Apache-2.0
//
// WhitespaceBm25: the baseline of the retrieval benchmark. Deliberately shares no code with the index.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autodev::index {

/// Textbook BM25 (Robertson et al. 1994; k1 1.2, b 0.75) over lower-cased tokens between white space.
class WhitespaceBm25 {
 public:
  void add(std::string_view text);
  /// Positions of the best documents in order of insertion, best first; only documents that share a token.
  [[nodiscard]] std::vector<std::size_t> best(std::string_view query, std::size_t count) const;

 private:
  std::map<std::string, std::vector<std::pair<std::size_t, std::uint32_t>>, std::less<>> postings_;
  std::vector<std::uint32_t> lengths_;
  std::uint64_t total_length_ = 0;
};

}  // namespace autodev::index
