// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Code tokens: source text as identifiers, literals and punctuation, without a grammar.
//
// Adaptation edits text in place, and its inputs are fragments, so it needs tokens with byte ranges and no more. White
// space is not a token: it is what lies between two of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

enum class CodeTokenKind : std::uint8_t { identifier, number, string, comment, punctuation };

struct CodeToken {
  CodeTokenKind kind = CodeTokenKind::punctuation;
  std::size_t start = 0, end = 0;  ///< byte range in the source
};

/// Tokens in order, at most 100,000. An unfinished string or comment ends at the end of its line or of the text.
[[nodiscard]] std::vector<CodeToken> tokens_of(std::string_view source, Language language);

[[nodiscard]] inline std::string_view text_of(std::string_view source, const CodeToken& token) {
  return source.substr(token.start, token.end - token.start);
}

/// Contents of a string token without prefix and quotes.
[[nodiscard]] std::string_view string_contents(std::string_view token_text);

/// True for words that a language owns: a substitution must not touch them.
[[nodiscard]] bool is_keyword(std::string_view word) noexcept;

/// The source with comments dropped, white space reduced to what separates tokens, one quote style and no comma before a
/// closing bracket. Two codes with equal normal form differ in layout only. Python keeps its line structure.
[[nodiscard]] std::string normal_form(std::string_view source, Language language);

}  // namespace autodev::apply
