// SPDX-License-Identifier: MIT OR Apache-2.0
//
// WordPiece: text -> numbers of the pieces of its words, as BERT's models were trained with.
//
// Characters are cleaned, stripped of accents and put in lower case, as the model's file says; words end at blanks, punctuation
// is a word each, and so are Chinese characters. A word is cut from the left into the longest pieces that the vocabulary has; one
// that cannot be is "unknown" as a whole (Schuster & Nakajima 2012; Devlin et al. 2018).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "autodev/error.h"

namespace autodev::index::bert {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
using Vocabulary = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

struct TokenizerRules {
  Vocabulary vocabulary;
  std::vector<std::pair<std::string, std::uint32_t>> special;  ///< found in the text as they are written, before anything else
  std::vector<std::uint32_t> before, after;                     ///< put around every text
  std::uint32_t unknown = 0;
  std::string continuation = "##";  ///< in front of pieces that are not the first of their word
  std::size_t max_word = 100;       ///< longer words, in characters, are unknown
  bool clean = true, ideographs = true, strip_accents = true, lower = true;
};

class WordPiece {
 public:
  explicit WordPiece(TokenizerRules rules);
  /// At most `max_tokens`, those around the text included; what comes later is left out.
  [[nodiscard]] std::vector<std::uint32_t> encode(std::string_view text, std::size_t max_tokens) const;
  [[nodiscard]] std::uint32_t largest() const noexcept { return largest_; }
  [[nodiscard]] const TokenizerRules& rules() const noexcept { return rules_; }

 private:
  class Run;
  TokenizerRules rules_;
  std::array<bool, 256> begins_special_{};
  std::uint32_t largest_ = 0;
  std::size_t longest_ = 0;
};

/// Reads a tokenizer.json. Errors: `bad_data`, `config` for what is read but not supported; for input of any shape.
[[nodiscard]] Result<WordPiece> read_tokenizer_json(std::string_view bytes);
/// Reads a vocab.txt with, where there is one, the tokenizer_config.json beside it ("" if not).
[[nodiscard]] Result<WordPiece> read_vocabulary_text(std::string_view vocabulary, std::string_view config);

}  // namespace autodev::index::bert
