// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Words: how code and prose become searchable terms.
//
// Identifiers are split at case changes, digits and underscores, lower-cased, usual abbreviations are spelled
// out, and the rest is stemmed; the whole identifier is kept as a term of its own kind, used for symbol-like
// queries. Stop words are dropped. The scheme is named: changing it is a new name, because stored postings
// depend on it.
//
//   terms_of("Create a tmp_dir")  ->  creat, temporari, directori, whole:tmpdir
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::index {

class WordMemo;

inline constexpr std::string_view words_scheme = "words/1";

struct Term {
  std::string text;    ///< lower-case stem, or the identifier's words written together for `whole`
  bool whole = false;  ///< a complete identifier of two or more words
  std::uint64_t key = 0;  ///< term_key() of it, index_format.h
  bool operator==(const Term&) const = default;
  auto operator<=>(const Term&) const = default;
};

/// Terms in order of appearance (with repetitions). At most 4,096.
[[nodiscard]] std::vector<Term> terms_of(std::string_view text);
/// The same, for those who split many texts.
[[nodiscard]] std::vector<Term> terms_of(std::string_view text, WordMemo& memo);
/// The stem of one lower-case word ("authentication" and "authenticate" agree).
[[nodiscard]] std::string stem(std::string_view word);
[[nodiscard]] bool is_stop_word(std::string_view word) noexcept;
/// The long form of an abbreviation usual in code ("str" -> "string"); the word itself for anything else.
[[nodiscard]] std::string_view spelled_out(std::string_view word) noexcept;

}  // namespace autodev::index
