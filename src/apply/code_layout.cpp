// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/code_layout.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "apply/code_tokens.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_pairs = 16'000'000;  // 32 MB of table

struct Word {
  std::string_view text;
  std::string_view indentation;  ///< of the line that it begins, where lines count; else empty
  bool first = false;            ///< begins a line, where lines count
  std::size_t start = 0, end = 0;

  [[nodiscard]] bool same(const Word& other) const {
    return text == other.text && first == other.first && indentation == other.indentation;
  }
};

bool has_break(std::string_view gap) { return gap.find('\n') != std::string_view::npos; }

/// In C and its like a line end is a space.
bool lines_count(Language language) {
  switch (language) {
    case Language::python:
    case Language::ruby:
    case Language::bash:
    case Language::go:
    case Language::javascript:
    case Language::typescript:
    case Language::tsx: return true;
    default: return false;
  }
}

/// White space before `at` when nothing else stands before it in its line.
std::optional<std::string_view> indentation_of(std::string_view text, std::size_t at) {
  const auto end = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t line = end == std::string_view::npos ? 0 : end + 1;
  const std::string_view lead = text.substr(line, at - line);
  if (lead.find_first_not_of(" \t") != std::string_view::npos) return std::nullopt;
  return lead;
}

/// +1 for what opens a bracket, -1 for what closes one.
int depth_of(std::string_view sign) {
  if (sign == "(" || sign == "[" || sign == "{") return 1;
  return sign == ")" || sign == "]" || sign == "}" ? -1 : 0;
}

/// What the code says: all but comments, and in Python all but strings that are statements of their own.
std::vector<Word> words_of(std::string_view text, Language language) {
  const auto tokens = tokens_of(text, language);
  std::vector<Word> words;
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const CodeToken& token = tokens[i];
    if (token.kind == CodeTokenKind::comment) continue;
    const std::string_view said = text_of(text, token);
    const auto lead = indentation_of(text, token.start);
    const bool alone = lead && depth == 0 && token.start > 0 &&
                       (i + 1 == tokens.size() || has_break(text.substr(token.end, tokens[i + 1].start - token.end)));
    if (language == Language::python && token.kind == CodeTokenKind::string && alone) continue;
    if (token.kind == CodeTokenKind::punctuation) depth += depth_of(said);
    Word word{said, {}, lead && lines_count(language), token.start, token.end};
    if (word.first && language == Language::python && depth == 0) word.indentation = *lead;
    words.push_back(word);
  }
  return words;
}

struct Pair {
  std::size_t own, wanted;
};

/// The longest common subsequence of words; absent when it would cost too much.
std::optional<std::vector<Pair>> common(const std::vector<Word>& a, const std::vector<Word>& b) {
  std::size_t head = 0, tail = 0;
  const std::size_t shorter = std::min(a.size(), b.size());
  while (head < shorter && a[head].same(b[head])) ++head;
  while (tail < shorter - head && a[a.size() - 1 - tail].same(b[b.size() - 1 - tail])) ++tail;
  const std::size_t n = a.size() - head - tail, m = b.size() - head - tail;
  if (n > 0 && m > max_pairs / n) return std::nullopt;
  std::vector<std::uint16_t> table((n + 1) * (m + 1), 0);
  const auto cell = [&](std::size_t i, std::size_t j) -> std::uint16_t& { return table[i * (m + 1) + j]; };
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;)
      cell(i, j) = a[head + i].same(b[head + j]) ? static_cast<std::uint16_t>(cell(i + 1, j + 1) + 1)
                                                 : std::max(cell(i + 1, j), cell(i, j + 1));
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < head; ++i) pairs.push_back({i, i});
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    if (a[head + i].same(b[head + j]))
      pairs.push_back({head + i++, head + j++});
    else if (cell(i + 1, j) >= cell(i, j + 1))
      ++i;
    else
      ++j;
  }
  for (std::size_t i = tail; i > 0; --i) pairs.push_back({a.size() - i, b.size() - i});
  return pairs;
}

/// Where the line break at `at` begins, a carriage return included.
std::size_t with_return(std::string_view gap, std::size_t at) { return at > 0 && gap[at - 1] == '\r' ? at - 1 : at; }
std::size_t break_at(std::string_view gap) { return with_return(gap, gap.find('\n')); }
std::size_t last_break(std::string_view gap) { return with_return(gap, gap.rfind('\n')); }

class Merge {
 public:
  Merge(std::string_view own, std::string_view wanted, const std::vector<Word>& own_words, const std::vector<Word>& wanted_words)
      : own_(own), wanted_(wanted), a_(own_words), b_(wanted_words) {}

  std::string run(const std::vector<Pair>& pairs) {
    std::size_t i = 0, j = 0;  // first words that are not written yet
    for (const Pair& pair : pairs) {
      between(i, pair.own, j, pair.wanted);
      text_ += a_[pair.own].text;
      i = pair.own + 1, j = pair.wanted + 1;
    }
    between(i, a_.size(), j, b_.size());
    return std::move(text_);
  }

 private:
  static std::size_t start_of(const std::vector<Word>& words, std::size_t i, std::string_view text) {
    return i < words.size() ? words[i].start : text.size();
  }
  static std::size_t end_before(const std::vector<Word>& words, std::size_t i) { return i == 0 ? 0 : words[i - 1].end; }
  /// What stands before word i.
  [[nodiscard]] std::string_view own_gap(std::size_t i) const {
    return own_.substr(end_before(a_, i), start_of(a_, i, own_) - end_before(a_, i));
  }
  [[nodiscard]] std::string_view wanted_gap(std::size_t j) const {
    return wanted_.substr(end_before(b_, j), start_of(b_, j, wanted_) - end_before(b_, j));
  }

  /// Spaces are as the words need them; comments and lines stay.
  static std::string_view better_gap(std::string_view own, std::string_view wanted) {
    const bool only_spaces = own.find_first_not_of(" \t") == std::string_view::npos;
    return only_spaces && wanted.find_first_not_of(" \t") == std::string_view::npos ? wanted : own;
  }

  /// Own words [i, i_end) become wanted words [j, j_end), and the gap before the next common word is written.
  void between(std::size_t i, std::size_t i_end, std::size_t j, std::size_t j_end) {
    if (i == i_end && j == j_end) {
      text_ += own_gap(i);
    } else if (i == i_end) {
      insert(own_gap(i), wanted_gap(j), wanted_.substr(b_[j].start, b_[j_end - 1].end - b_[j].start), wanted_gap(j_end));
    } else if (j == j_end) {
      remove(own_gap(i), own_gap(i_end), wanted_gap(j));
    } else {
      text_ += better_gap(own_gap(i), wanted_gap(j));
      text_ += wanted_.substr(b_[j].start, b_[j_end - 1].end - b_[j].start);
      text_ += better_gap(own_gap(i_end), wanted_gap(j_end));
    }
  }

  void insert(std::string_view gap, std::string_view before, std::string_view words, std::string_view after) {
    if (has_break(before) && has_break(after) && has_break(gap)) {  // whole lines: behind the line that is there
      const bool documented = gap.find_first_of("\"'") != std::string_view::npos;
      const std::size_t line = documented ? last_break(gap) : break_at(gap);
      text_.append(gap.substr(0, line)).append(before.substr(last_break(before))).append(words).append(gap.substr(line));
    } else if (has_break(before)) {  // at the beginning of a line
      text_.append(gap).append(words).append(after);
    } else {
      text_.append(before).append(words).append(has_break(after) || gap.find_first_not_of(" \t") != std::string_view::npos ? gap : after);
    }
  }

  void remove(std::string_view before, std::string_view after, std::string_view wanted) {
    if (has_break(before) && has_break(after)) {  // whole lines, with what was said behind them
      text_.append(before.substr(0, last_break(before))).append(after.substr(break_at(after)));
    } else if (has_break(before)) {
      text_ += before;
    } else {
      text_ += has_break(after) ? after : wanted;
    }
  }

  std::string_view own_, wanted_;
  const std::vector<Word>&a_, &b_;
  std::string text_;
};

/// The least indentation of the lines of code behind the first one.
std::optional<std::string_view> base_indentation(std::string_view text, const std::vector<CodeToken>& tokens) {
  std::optional<std::string_view> least;
  const std::size_t first_break = text.find('\n');
  int depth = 0;
  for (const CodeToken& token : tokens) {
    const bool inside = depth > 0;
    if (const std::string_view said = text_of(text, token); said != "{" && said != "}") depth += depth_of(said);
    if (token.kind == CodeTokenKind::comment || inside || token.start < first_break) continue;
    const auto lead = indentation_of(text, token.start);
    if (lead && (!least || lead->size() < least->size())) least = lead;
  }
  return least;
}

/// Lines of `wanted` behind the first one, as deep as those of `own`. Lines inside of strings stay.
std::string indented_like(std::string_view own, std::string_view wanted, Language language) {
  const auto tokens = tokens_of(wanted, language);
  const auto here = base_indentation(own, tokens_of(own, language)), there = base_indentation(wanted, tokens);
  if (!here || !there || *here == *there) return std::string(wanted);
  std::string moved;
  std::size_t written = 0;
  for (const CodeToken& token : tokens) {
    const auto lead = indentation_of(wanted, token.start);
    const std::size_t line = lead ? token.start - lead->size() : 0;
    if (line == 0 || !lead->starts_with(*there)) continue;
    moved.append(wanted.substr(written, line - written)).append(*here).append(lead->substr(there->size()));
    written = token.start;
  }
  return moved.append(wanted.substr(written));
}

}  // namespace

std::string with_line_ends_of(std::string_view text, std::string_view like) {
  const auto line = like.find('\n');
  if (line == std::string_view::npos) return std::string(text);
  const bool with_return = line > 0 && like[line - 1] == '\r';
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' && with_return) out += '\r';
    out += text[i];
  }
  return out;
}

std::string keep_layout(std::string_view own, std::string_view wanted, Language language) {
  std::string plain = indented_like(own, with_line_ends_of(wanted, own), language);
  const auto own_words = words_of(own, language), wanted_words = words_of(plain, language);
  const auto pairs = common(own_words, wanted_words);
  if (!pairs) return plain;
  std::string merged = Merge(own, plain, own_words, wanted_words).run(*pairs);
  const auto got = words_of(merged, language);
  const bool same = std::equal(got.begin(), got.end(), wanted_words.begin(), wanted_words.end(),
                               [](const Word& a, const Word& b) { return a.same(b); });
  return same ? merged : plain;
}

}  // namespace autodev::apply
