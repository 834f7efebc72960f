// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Text: strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), folding,
// splitting, and removal of what a terminal would interpret. All functions are linear in their input.
#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace autodev::base {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
/// Longest string command (title, hyperlink) removed as one; longer ones lose only their introducer.
/// Hyperlinks of real tools stay below 2,083 bytes, the limit of VTE.
constexpr std::size_t longest_string_command = 4096;

unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

bool is_continuation(unsigned char byte) noexcept {
  return (byte & 0xC0) == 0x80;
}

/// Length of the well-formed sequence that starts at `i`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t i) noexcept {
  const unsigned char lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() - i < length) return 0;
  const unsigned char second = byte_at(text, i + 1);
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 0;
  for (std::size_t k = 2; k < length; ++k)
    if (!is_continuation(byte_at(text, i + k))) return 0;
  return length;
}

/// Position of the first byte that does not belong to a well-formed sequence, or the size.
std::size_t valid_prefix(std::string_view text, std::size_t i) noexcept {
  while (i < text.size()) {
    if (text.size() - i >= 8) {  // eight ASCII bytes at once
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + i, sizeof word);
      if ((word & 0x8080808080808080ULL) == 0) {
        i += 8;
        continue;
      }
    }
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
/// Letters outside ASCII count as lower case: they never start a word by themselves.
bool is_lower(char c) noexcept {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) noexcept {
  return is_upper(c) || is_lower(c) || is_digit(c);
}

bool in_range(std::string_view text, std::size_t i, unsigned char low, unsigned char high) noexcept {
  return i < text.size() && byte_at(text, i) >= low && byte_at(text, i) <= high;
}

/// Behind the string command whose body starts at `i` (ended by BEL or ESC \), or `i` if it never ends.
std::size_t skip_string_command(std::string_view text, std::size_t i) noexcept {
  const std::size_t end = std::min(text.size(), i + longest_string_command);
  for (std::size_t k = i; k < end && text[k] != '\n'; ++k) {
    if (text[k] == '\a') return k + 1;
    if (text[k] == '\x1b' && k + 1 < text.size() && text[k + 1] == '\\') return k + 2;
  }
  return i;
}

/// Behind the escape sequence that starts with the ESC at `i` (ECMA-48).
std::size_t skip_escape(std::string_view text, std::size_t i) noexcept {
  ++i;
  if (i >= text.size()) return i;
  if (text[i] == '[') {
    ++i;
    while (in_range(text, i, 0x30, 0x3F)) ++i;
    while (in_range(text, i, 0x20, 0x2F)) ++i;
    return in_range(text, i, 0x40, 0x7E) ? i + 1 : i;
  }
  if (std::string_view("]PX^_").find(text[i]) != std::string_view::npos) return skip_string_command(text, i + 1);
  while (in_range(text, i, 0x20, 0x2F)) ++i;
  return in_range(text, i, 0x30, 0x7E) ? i + 1 : i;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  return valid_prefix(text, 0) == text.size();
}

std::string repair_utf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t good = valid_prefix(text, i);
    repaired.append(text.substr(i, good - i));
    i = good;
    if (i < text.size()) {
      repaired.append(replacement);
      ++i;
    }
  }
  return repaired;
}

bool looks_binary(std::string_view bytes) noexcept {
  return bytes.substr(0, 8000).find('\0') != std::string_view::npos;
}

std::string_view clip_utf8(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  for (int back = 0; back < 3 && end > 0 && is_continuation(byte_at(text, end)); ++back) --end;
  // Three continuation bytes before the cut belong to no character: not UTF-8, so cut anywhere.
  if (is_continuation(byte_at(text, end))) end = max_bytes;
  return text.substr(0, end);
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string fold_whitespace(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char c : trim(text)) {
    if (!is_space(c))
      folded.push_back(c);
    else if (folded.back() != ' ')
      folded.push_back(' ');
  }
  return folded;
}

namespace {

/// Does the line end in the middle of something, or with what begins a body? A comment behind it does not count.
bool opens_body(std::string_view line) {
  for (const std::string_view comment : {" #", " //"}) line = line.substr(0, std::min(line.find(comment), line.size()));
  line = trim(line);
  return !line.empty() && std::string_view(":{([,\\").find(line.back()) != std::string_view::npos;
}

}  // namespace

std::string moved_to_margin(std::string_view code) {
  constexpr std::size_t level = 4;
  const auto lines = split_lines(code);
  std::size_t body = std::string_view::npos, last = 0;
  bool tabs = false, closes = false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t first = lines[i].find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    body = std::min(body, first);
    last = first;
    tabs = tabs || lines[i].front() == '\t';
    const char opener = lines[i][first];
    closes = opener == '}' || opener == ')' || opener == ']' || lines[i].substr(first, 3) == "end";
  }
  if (body == std::string_view::npos) return std::string(code);
  const std::size_t margin = closes ? last : opens_body(lines.front()) ? body - std::min(body, tabs ? 1 : level) : body;
  if (margin == 0) return std::string(code);
  std::string moved(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t first = std::min(lines[i].find_first_not_of(" \t"), lines[i].size());
    moved += '\n';
    moved += lines[i].substr(std::min(margin, first));
  }
  if (!code.empty() && code.back() == '\n') moved += '\n';
  return moved;
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t at = text.find('\n');
    std::string_view line = text.substr(0, at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return lines;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined.append(separator);
    joined.append(parts[i]);
  }
  return joined;
}

std::string strip_controls(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned char byte = byte_at(text, i);
    if (byte == 0x1B) {
      i = skip_escape(text, i);
    } else if (byte == 0xC2 && in_range(text, i + 1, 0x80, 0x9F)) {  // C1 controls in UTF-8
      i += 2;
    } else {
      if ((byte >= 0x20 && byte != 0x7F) || byte == '\t' || byte == '\n') plain.push_back(text[i]);
      ++i;
    }
  }
  return plain;
}

std::vector<std::string_view> split_identifier(std::string_view identifier) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  const auto end_word = [&](std::size_t end) {
    if (end > start) words.push_back(identifier.substr(start, end - start));
    start = end;
  };
  for (std::size_t i = 0; i < identifier.size(); ++i) {
    if (!is_word(identifier[i])) {
      end_word(i);
      start = i + 1;
    } else if (i > start && is_upper(identifier[i])) {
      const bool after_lower = !is_upper(identifier[i - 1]);
      const bool before_lower = i + 1 < identifier.size() && is_lower(identifier[i + 1]);
      if (after_lower || before_lower) end_word(i);
    }
  }
  end_word(identifier.size());
  return words;
}

bool paths_agree(std::string_view a, std::string_view b) noexcept {
  if (a.size() < b.size()) std::swap(a, b);
  return !b.empty() && a.ends_with(b) && (a.size() == b.size() || a[a.size() - b.size() - 1] == '/');
}

}  // namespace autodev::base
