// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Alignment of statements by their normal form (longest common subsequence), and the cutting and joining of text.
#include "apply/splice.h"

#include <algorithm>
#include <cstdint>

#include "apply/code_tokens.h"
#include "apply/fragments.h"
#include "apply/header.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_variants = 4;
constexpr std::size_t max_statements = 60;  // bounds the alignment; longer bodies are not spliced

/// A body as text before it, statements with their layout, and text behind.
struct Body {
  std::string_view code;
  std::vector<TextRange> statements;
  std::vector<std::string> forms;
};

/// A stretch [a_start, a_end) that the other side has as [b_start, b_end).
struct Hunk {
  std::size_t a_start, a_end, b_start, b_end;
};

Body body_of(std::string_view code, Language language, std::string_view entry) {
  Body body{code, {}, {}};
  const auto header = find_header(code, language, entry);
  if (!header) return body;
  body.statements = top_statements(code, language, header->end);
  for (const auto& range : body.statements)
    body.forms.push_back(normal_form(code.substr(range.start, range.end - range.start), language));
  return body;
}

std::vector<Hunk> differences(const Body& a, const Body& b) {
  const auto n = a.forms.size();
  const auto m = b.forms.size();
  std::vector<std::vector<std::uint16_t>> table(n + 1, std::vector<std::uint16_t>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      table[i][j] = a.forms[i] == b.forms[j] ? static_cast<std::uint16_t>(table[i + 1][j + 1] + 1)
                                             : std::max(table[i + 1][j], table[i][j + 1]);
  std::vector<Hunk> hunks;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a.forms[i] == b.forms[j]) {
      ++i;
      ++j;
      continue;
    }
    Hunk hunk{i, i, j, j};
    while ((i < n || j < m) && !(i < n && j < m && a.forms[i] == b.forms[j])) {
      if (j >= m || (i < n && table[i + 1][j] >= table[i][j + 1]))
        ++i;
      else
        ++j;
    }
    hunk.a_end = i;
    hunk.b_end = j;
    hunks.push_back(hunk);
  }
  return hunks;
}

/// Both ends of a replaced stretch count alone as well: the last statements of two bodies that share nothing else.
void add_tail(std::vector<Hunk>& hunks, const Body& a, const Body& b) {
  if (hunks.empty()) return;
  const Hunk last = hunks.back();
  const bool open = last.a_end == a.forms.size() && last.b_end == b.forms.size();
  if (!open || last.a_end == last.a_start || last.b_end == last.b_start) return;
  if (last.a_end - last.a_start == 1 && last.b_end - last.b_start == 1) return;
  hunks.push_back({last.a_end - 1, last.a_end, last.b_end - 1, last.b_end});
  hunks.push_back({last.a_start, last.a_end - 1, last.b_start, last.b_end - 1});
}

std::string text_of_stretch(const Body& body, std::size_t start, std::size_t end) {
  if (start >= end) return {};
  const auto from = body.statements[start].start;
  return std::string(body.code.substr(from, body.statements[end - 1].end - from));
}

std::string applied(const Body& a, const Body& b, const Hunk& hunk) {
  const bool at_end = hunk.a_start == a.statements.size();
  const auto cut_start = at_end ? a.statements.back().end : a.statements[hunk.a_start].start;
  const auto cut_end = hunk.a_end > hunk.a_start ? a.statements[hunk.a_end - 1].end : cut_start;
  auto piece = text_of_stretch(b, hunk.b_start, hunk.b_end);
  if (!piece.empty() && !piece.ends_with('\n')) piece += '\n';
  if (at_end && cut_start > 0 && a.code[cut_start - 1] != '\n') piece.insert(piece.begin(), '\n');
  std::string out(a.code.substr(0, cut_start));
  out += piece;
  out += a.code.substr(cut_end);
  return out;
}

}  // namespace

std::vector<std::string> splice(std::string_view a, std::string_view b, Language language, std::string_view entry) {
  const Body first = body_of(a, language, entry);
  const Body second = body_of(b, language, entry);
  const auto usable = [](const Body& body) {
    return !body.statements.empty() && body.statements.size() <= max_statements;
  };
  if (!usable(first) || !usable(second)) return {};
  auto hunks = differences(first, second);
  add_tail(hunks, first, second);
  if (hunks.size() < 2) return {};
  std::vector<std::string> variants;
  for (auto hunk = hunks.rbegin(); hunk != hunks.rend() && variants.size() < max_variants; ++hunk)
    variants.push_back(applied(first, second, *hunk));
  return variants;
}

}  // namespace autodev::apply
