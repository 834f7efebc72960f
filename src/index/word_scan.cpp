// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The scanner's steps: classify one character, decide on a boundary, append its lower-case form.
// Lower-casing beyond ASCII covers Latin-1, Greek and Cyrillic, whose capitals lie at fixed distances in Unicode.
#include "index/word_scan.h"

#include <algorithm>
#include <array>

namespace autodev::index {
namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::uint8_t bytes = 0;  ///< 0: not UTF-8
};

/// One UTF-8 sequence of 2 to 4 bytes; overlong forms, surrogates and values above U+10FFFF are refused.
Decoded decode(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  const std::uint8_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  std::uint32_t code = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length};
}

std::uint8_t encode(std::uint32_t code, char* out) noexcept {
  const auto put = [&](std::size_t i, std::uint32_t value) {
    out[i] = static_cast<char>(static_cast<unsigned char>(value));
  };
  if (code < 0x800) {
    put(0, 0xc0 | (code >> 6));
    put(1, 0x80 | (code & 0x3f));
    return 2;
  }
  if (code < 0x10000) {
    put(0, 0xe0 | (code >> 12));
    put(1, 0x80 | ((code >> 6) & 0x3f));
    put(2, 0x80 | (code & 0x3f));
    return 3;
  }
  put(0, 0xf0 | (code >> 18));
  put(1, 0x80 | ((code >> 12) & 0x3f));
  put(2, 0x80 | ((code >> 6) & 0x3f));
  put(3, 0x80 | (code & 0x3f));
  return 4;
}

constexpr bool within(std::uint32_t code, std::uint32_t first, std::uint32_t last) noexcept {
  return code >= first && code <= last;
}

/// Spaces, punctuation, symbols, emoji, private use.
bool separates(std::uint32_t code) noexcept {
  return within(code, 0x80, 0xbf) || code == 0xd7 || code == 0xf7 || within(code, 0x2000, 0x2bff) ||
         within(code, 0x3000, 0x3004) || within(code, 0x3008, 0x3020) || within(code, 0xe000, 0xf8ff) ||
         within(code, 0xfe00, 0xfe6f) || within(code, 0xfeff, 0xff0f) || within(code, 0xfff0, 0xffff) ||
         within(code, 0x1f000, 0x1faff) || code >= 0xe0000;
}

bool unspaced_script(std::uint32_t code) noexcept {
  return within(code, 0x3005, 0x3007) || within(code, 0x3021, 0x9fff) || within(code, 0xac00, 0xd7af) ||
         within(code, 0xf900, 0xfaff) || within(code, 0x20000, 0x3ffff);
}

/// The small letter of a capital; the code itself for everything else.
std::uint32_t lower_case(std::uint32_t code) noexcept {
  if (within(code, 0xc0, 0xde) || within(code, 0x391, 0x3a9) || within(code, 0x410, 0x42f)) return code + 0x20;
  if (within(code, 0x400, 0x40f)) return code + 0x50;
  return code;
}

using Sort = WordScanner::Sort;

/// Looked up for every byte of every text, hence a table.
constexpr std::array<Sort, 128> ascii_sorts = [] {
  std::array<Sort, 128> sorts{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) sorts[c] = Sort::lower;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) sorts[c] = Sort::upper;
  for (std::size_t c = '0'; c <= '9'; ++c) sorts[c] = Sort::digit;
  sorts['_'] = Sort::underscore;
  return sorts;
}();

}  // namespace

std::string_view WordScanner::word(std::size_t i) const noexcept {
  const std::size_t start = i == 0 ? 0 : ends_[i - 1];
  return {buffer_.data() + start, ends_[i] - start};
}

inline WordScanner::Character WordScanner::character_at(std::size_t position) const noexcept {
  if (position >= text_.size()) return {};
  const auto byte = static_cast<unsigned char>(text_[position]);
  if (byte >= 0x80) return beyond_ascii(position);
  Character character;
  character.sort = ascii_sorts[byte];
  character.folded_size = 1;
  character.folded[0] = static_cast<char>(character.sort == Sort::upper ? byte | 0x20 : byte);
  return character;
}

WordScanner::Character WordScanner::beyond_ascii(std::size_t position) const noexcept {
  Character character;
  const Decoded decoded = decode(text_.substr(position, 4));
  if (decoded.bytes == 0) return character;
  character.bytes = decoded.bytes;
  if (separates(decoded.code)) return character;
  const std::uint32_t small = lower_case(decoded.code);
  character.sort = unspaced_script(decoded.code) ? Sort::sign : small != decoded.code ? Sort::upper : Sort::lower;
  character.folded_size = encode(small, character.folded);
  return character;
}

bool WordScanner::boundary(Sort previous, Sort current, std::size_t next_position) const noexcept {
  if (previous == Sort::sign || current == Sort::sign) return true;
  if ((previous == Sort::digit) != (current == Sort::digit)) return true;
  if (previous == Sort::lower) return current == Sort::upper;
  if (previous != Sort::upper || current != Sort::upper) return false;
  const Character after = character_at(next_position);
  if (after.sort != Sort::lower) return false;
  // The plural of an acronym, "URLs", is one word: a small s that nothing small follows.
  return after.folded[0] != 's' || character_at(next_position + 1).sort == Sort::lower;
}

inline void WordScanner::append(char letter) noexcept {
  if (used_ - word_start_ < max_word_bytes) buffer_[used_++] = letter;
}

void WordScanner::append(const Character& character) noexcept {
  if (used_ - word_start_ + character.folded_size > max_word_bytes) return;
  for (std::size_t i = 0; i < character.folded_size; ++i) buffer_[used_++] = character.folded[i];
}

inline void WordScanner::end_word() noexcept {
  if (used_ == word_start_) return;
  if (words_ < max_words)
    ends_[words_++] = static_cast<std::uint32_t>(used_);
  else
    used_ = word_start_;
  word_start_ = used_;
}

inline void WordScanner::append_small_letters() noexcept {
  for (; position_ < text_.size() && text_[position_] >= 'a' && text_[position_] <= 'z'; ++position_) append(text_[position_]);
}

void WordScanner::skip_separators() noexcept {
  while (position_ < text_.size()) {
    const auto byte = static_cast<unsigned char>(text_[position_]);
    if (byte >= 0x80 || ascii_sorts[byte] > Sort::underscore) return;
    ++position_;
  }
}

bool WordScanner::next() noexcept {
  used_ = words_ = word_start_ = 0;
  skip_separators();
  start_ = position_;
  // Most identifiers are of small letters alone.
  append_small_letters();
  Sort previous = used_ > 0 ? Sort::lower : Sort::separator;
  while (position_ < text_.size()) {
    const auto byte = static_cast<unsigned char>(text_[position_]);
    const Character character = byte < 0x80 ? Character{} : beyond_ascii(position_);
    const Sort sort = byte < 0x80 ? ascii_sorts[byte] : character.sort;
    const bool begun = used_ > 0;
    if (sort == Sort::separator && begun) break;
    if (!begun && sort > Sort::underscore) start_ = position_;
    position_ += byte < 0x80 ? 1 : character.bytes;
    if (sort <= Sort::underscore) {
      end_word();
    } else {
      if (previous > Sort::underscore && boundary(previous, sort, position_)) end_word();
      if (byte < 0x80)
        append(static_cast<char>(sort == Sort::upper ? byte | 0x20 : byte));
      else
        append(character);
      if (sort == Sort::lower) append_small_letters();
    }
    previous = sort;
  }
  end_word();
  if (joined() == "c") name_language();
  return words_ > 0;
}

void WordScanner::name_language() noexcept {
  const std::string_view rest = text_.substr(position_);
  const std::string_view sign = rest.starts_with("++") ? "++" : rest.starts_with("#") ? "#" : "";
  const std::string_view after = rest.substr(sign.size(), 1);
  const bool capital = text_[start_] == 'C';
  if (sign.empty() || !(capital || after.empty() || after == " " || after == "\n")) return;
  const std::string_view name = sign == "#" ? "csharp" : "cpp";
  std::copy(name.begin(), name.end(), buffer_.begin());
  used_ = name.size();
  ends_[0] = static_cast<std::uint32_t>(used_);
  words_ = 1;
}

}  // namespace autodev::index
