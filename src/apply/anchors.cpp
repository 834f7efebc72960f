// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/anchors.h"

#include <algorithm>
#include <set>

#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_anchors = 64;
constexpr std::size_t max_quoted = 40;  // longer quotations are prose

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_word(char c) {
  return is_digit(c) || is_upper(c) || is_lower(c) || c == '_';
}

bool spelled_like_code(std::string_view word) {
  if (word.find('_', 1) != std::string_view::npos) return true;
  bool capitals = word.size() >= 2;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0 && is_upper(word[i]) && is_lower(word[i - 1])) return true;
    capitals = capitals && is_upper(word[i]);
  }
  return capitals;
}

/// Calls `visit(word, starts with a digit)` for runs of word characters; a number keeps its fraction.
template <typename Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    const bool number = is_digit(text[i]);
    while (end < text.size() &&
           (is_word(text[end]) || (number && text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1]))))
      ++end;
    visit(text.substr(i, end - i), number);
    i = end;
  }
}

std::string shortest(std::string_view number) {
  const auto pieces = pieces_of(number);
  return pieces.empty() ? std::string(number) : pieces[0].lower;
}

void add_quoted(std::string_view text, char quote, std::vector<std::string>& anchors) {
  for (auto open = text.find(quote); open != std::string_view::npos;) {
    const auto close = text.find(quote, open + 1);
    if (close == std::string_view::npos) return;
    const auto inner = text.substr(open + 1, close - open - 1);
    if (!inner.empty() && inner.size() <= max_quoted) anchors.emplace_back(inner);
    open = text.find(quote, close + 1);
  }
}

}  // namespace

std::vector<std::string> anchors_of(std::string_view text) {
  std::vector<std::string> found;
  for_each_word(text, [&](std::string_view word, bool number) {
    if (number)
      found.push_back(shortest(word));
    else if (spelled_like_code(word))
      found.emplace_back(word);
  });
  add_quoted(text, '"', found);
  add_quoted(text, '`', found);
  std::vector<std::string> anchors;
  std::set<std::string> seen;
  for (auto& anchor : found)
    if (anchors.size() < max_anchors && seen.insert(anchor).second) anchors.push_back(std::move(anchor));
  return anchors;
}

std::vector<std::string> unmet_anchors(std::string_view spec, std::string_view code) {
  std::set<std::string> numbers;
  for_each_word(code, [&](std::string_view word, bool number) {
    if (number) numbers.insert(shortest(word));
  });
  auto anchors = anchors_of(spec);
  std::erase_if(anchors, [&](const std::string& anchor) {
    return is_digit(anchor[0]) ? numbers.contains(anchor) : code.find(anchor) != std::string_view::npos;
  });
  return anchors;
}

std::size_t missing_anchors(std::string_view spec, std::string_view code) {
  return unmet_anchors(spec, code).size();
}

}  // namespace autodev::apply
