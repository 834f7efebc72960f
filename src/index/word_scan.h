// SPDX-License-Identifier: MIT OR Apache-2.0
//
// WordScanner: walks text identifier by identifier and splits each into lower-case words.
//
// An identifier is a run of letters, digits and underscores. It is cut at underscores, between letters and
// digits, before a capital that follows a small letter, and before the last capital of a run that goes on
// in small letters: "parseHTTPHeader_v2" -> parse http header v 2; the plural of an acronym stays whole
// ("URLs" -> urls). "C++" and "C#" are read as cpp and csharp.
// Bytes that are not UTF-8 separate. Chinese, Japanese and Korean signs are one word each, since
// those scripts put no spaces between words. No allocation at all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace autodev::index {

class WordScanner {
 public:
  /// Longer words are cut (blobs, not words); an identifier has at most 64 words.
  static constexpr std::size_t max_word_bytes = 64;
  static constexpr std::size_t max_words = 64;

  /// What a character does to a word.
  enum class Sort : std::uint8_t { separator, underscore, lower, upper, digit, sign };

  explicit WordScanner(std::string_view text) : text_(text) {}

  /// Moves to the next identifier; false at the end of the text.
  bool next() noexcept;
  /// Number of words of the identifier, at least 1 after a successful next().
  [[nodiscard]] std::size_t size() const noexcept { return words_; }
  /// The i-th word, lower case. Valid until next().
  [[nodiscard]] std::string_view word(std::size_t i) const noexcept;
  /// All words written together: "read_file", "readFile" and "readfile" agree. Valid until next().
  [[nodiscard]] std::string_view joined() const noexcept { return {buffer_.data(), used_}; }
  /// The identifier as it stands in the text.
  [[nodiscard]] std::string_view source() const noexcept { return text_.substr(start_, position_ - start_); }

 private:
  struct Character {
    Sort sort = Sort::separator;
    std::uint8_t bytes = 1;        ///< bytes in the text
    std::uint8_t folded_size = 0;  ///< bytes of the lower-case form
    char folded[4] = {};
  };
  [[nodiscard]] Character character_at(std::size_t position) const noexcept;
  [[nodiscard]] Character beyond_ascii(std::size_t position) const noexcept;
  [[nodiscard]] bool boundary(Sort previous, Sort current, std::size_t next_position) const noexcept;
  void append(const Character& character) noexcept;
  void append(char letter) noexcept;
  void append_small_letters() noexcept;
  void skip_separators() noexcept;
  /// Turns the letter of "C++" and "C#" into the language's name; a small one only in prose, where a space follows.
  void name_language() noexcept;
  void end_word() noexcept;

  std::string_view text_;
  std::size_t start_ = 0;
  std::size_t position_ = 0;
  std::size_t word_start_ = 0;
  std::size_t used_ = 0, words_ = 0;
  std::array<std::uint32_t, max_words> ends_;                      // of which words_ are set
  std::array<char, (max_words + 1) * max_word_bytes> buffer_;      // of which used_ bytes are set; one word more may be begun
};

}  // namespace autodev::index
