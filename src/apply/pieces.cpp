// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The scanner behind pieces.h, ASCII-aware: bytes above 127 count as letters, so that foreign words stay whole.
#include "apply/pieces.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_pieces = 20'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 128; }
bool is_letter(char c) { return is_upper(c) || is_lower(c); }

std::size_t end_of_number(std::string_view text, std::size_t i) {
  while (i < text.size() && is_digit(text[i])) ++i;
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
  }
  return i;
}

/// End of one hump: "HTTPServer" -> HTTP, Server; "setTeams" -> set, Teams.
std::size_t end_of_word(std::string_view text, std::size_t i) {
  const std::size_t start = i;
  if (is_upper(text[i])) {
    while (i < text.size() && is_upper(text[i])) ++i;
    if (i < text.size() && is_lower(text[i]) && i - start > 1) return i - 1;
  }
  while (i < text.size() && is_lower(text[i])) ++i;
  return i;
}

/// "30.0" and "30" are one number; "007" stays what it is, because it is more likely a code.
std::string shortest_number(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::string(text);
  auto end = text.find_last_not_of('0');
  if (end == dot) --end;
  return std::string(text.substr(0, end + 1));
}

}  // namespace

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t last_end = 0;
  for (std::size_t i = 0; i < text.size() && pieces.size() < max_pieces;) {
    const bool number = is_digit(text[i]);
    if (!number && !is_letter(text[i])) {
      ++i;
      continue;
    }
    const std::size_t end = number ? end_of_number(text, i) : end_of_word(text, i);
    Piece piece;
    piece.text = text.substr(i, end - i);
    piece.before = text.substr(last_end, i - last_end);
    piece.number = number;
    piece.lower = number ? shortest_number(piece.text) : base::to_lower_ascii(piece.text);
    pieces.push_back(std::move(piece));
    last_end = i = end;
  }
  return pieces;
}

bool is_filler_word(std::string_view word) noexcept {
  // Articles, prepositions, auxiliaries, and the words every coding task uses ("write a function that returns ...").
  static constexpr auto fillers = std::to_array<std::string_view>({
      "a",     "an",    "and",   "any",    "are",   "as",     "at",     "be",       "by",       "can",   "code",
      "do",    "does",  "each",  "find",   "for",   "from",   "func",   "function", "get",      "given", "gives",
      "has",   "have",  "if",    "implement", "in", "into",   "is",     "it",       "its",      "method", "of",
      "on",    "one",   "or",    "program", "python", "return", "returns", "s",     "should",   "so",    "such",
      "t",     "that",  "the",   "their",  "them",  "then",   "there",  "these",    "this",     "to",    "use",
      "using", "value", "when",  "where",  "which", "with",   "write"});
  return std::binary_search(fillers.begin(), fillers.end(), word);
}

std::string base_form(std::string_view word) {
  const auto ends = [&](std::string_view suffix) { return word.size() > suffix.size() + 2 && word.ends_with(suffix); };
  if (ends("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  if (ends("sses") || ends("shes") || ends("ches") || ends("xes")) return std::string(word.substr(0, word.size() - 2));
  if (ends("s") && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is"))
    return std::string(word.substr(0, word.size() - 1));
  if (ends("ing")) return std::string(word.substr(0, word.size() - 3));
  if (ends("ed")) return std::string(word.substr(0, word.size() - 2));
  return std::string(word);
}

}  // namespace autodev::apply
