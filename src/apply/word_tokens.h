// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Word tokens: which tokens of code a word of a specification stands for among like tasks.
//
// "July" is 7, "capital" is `is_upper`, "maximum" is `max`: no spelling tells, but among the neighbours of a task the
// word stands in the specifications of just those whose codes have the token. Words and tokens that spell each other
// are set aside first: they explain themselves, and what is left is paired by how often it occurs together (Dice's
// coefficient, as in the first alignments of bilingual texts: Gale & Church 1991). A word that changed then proposes a
// change of tokens.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apply/learned_rewrites.h"

namespace autodev::apply {

class WordTokens {
 public:
  /// Adds a solved task; the first 64 count. `body`: where the header of `code` ends. Cost: O(words + tokens).
  void add(const VisibleTask& task, std::string_view code, std::size_t body);
  /// Changes of tokens for single words of `difference` that replaced each other, where both words have a token of one
  /// kind; strongest first, at most 6, one for each token.
  [[nodiscard]] std::vector<LearnedRewrite> for_difference(const TextDifference& difference) const;

 private:
  using Tasks = std::uint64_t;  ///< bit n: the n-th task
  struct Token {
    Tasks tasks = 0;
    char kind = 0;  ///< n number, s text, i name
  };
  struct Meaning {
    std::string token;
    double strength = 0;
  };
  [[nodiscard]] Meaning meaning_of(const std::string& word, char kind) const;

  std::size_t count_ = 0;
  std::map<std::string, Tasks> words_;
  std::map<std::string, Token> tokens_;
};

}  // namespace autodev::apply
