// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Finding fragments by indentation (Python) or braces (the others) for statements, and by bracket depth for elements.
#include "apply/fragments.h"

#include <algorithm>

#include "apply/code_tokens.h"
#include "apply/pieces.h"
#include "apply/rewrite.h"

namespace autodev::apply {
namespace {

/// Tokens [first, last) of the code.
struct Range {
  std::size_t first = 0, last = 0;
};

class Body {
 public:
  Body(std::string_view code, Language language, std::size_t body, const std::vector<std::string>& names)
      : code_(code), language_(language), names_(names), tokens_(tokens_of(code, language)) {
    while (first_ < tokens_.size() && tokens_[first_].start < body) ++first_;
  }

  /// The exclusive fragments of `name`, in order; absent when a mention is in none of them.
  std::optional<std::vector<Range>> fragments(const std::string& name) const {
    std::vector<Range> found;
    for (const Range& statement : statements())
      if (mentions(statement, name) && !collect(statement, name, found)) return std::nullopt;
    return found;
  }

  /// Bytes of a fragment with what separates it from its neighbour: a comma, or its whole lines.
  std::pair<std::size_t, std::size_t> removal(const Range& range) const {
    std::size_t start = tokens_[range.first].start;
    std::size_t end = tokens_[range.last - 1].end;
    if (range.last < tokens_.size() && token(range.last) == ",") return {previous_end(range), tokens_[range.last].end};
    if (range.first > 0 && token(range.first - 1) == ",") return {tokens_[range.first - 1].start, end};
    if (is_element(range)) return {start, end};
    const auto line = code_.rfind('\n', start);
    start = line == std::string_view::npos ? 0 : line + 1;
    end = std::min(code_.find('\n', end), code_.size());
    return {start, std::min(end + 1, code_.size())};
  }

  /// Text to be put behind a fragment so that it stands there once more, and where.
  std::pair<std::size_t, std::string> repetition(const Range& range, const std::string& copy) const {
    const auto end = tokens_[range.last - 1].end;
    const bool comma_after = range.last < tokens_.size() && token(range.last) == ",";
    const bool comma_before = range.first > 0 && token(range.first - 1) == ",";
    const auto start = tokens_[range.first].start;
    const auto space = code_.substr(previous_end(range), start - previous_end(range));
    if (is_element(range)) {
      const auto gap = comma_after || comma_before ? std::string(space.empty() ? " " : space) : std::string(" ");
      return {end, "," + gap + copy};
    }
    const auto line = code_.rfind('\n', start);
    const auto indentation =
        line == std::string_view::npos ? std::string_view() : code_.substr(line + 1, start - line - 1);
    const auto line_end = std::min(code_.find('\n', end), code_.size());
    return {line_end, "\n" + std::string(indentation) + copy};
  }

  [[nodiscard]] bool whole_statement(const Range& range) const { return !is_element(range); }

  /// The outermost statements with the lines they stand on.
  std::vector<TextRange> lines() const {
    std::vector<TextRange> out;
    for (const Range& range : statements()) {
      if (range.last <= range.first) continue;
      const auto line = code_.rfind('\n', tokens_[range.first].start);
      const auto end = code_.find('\n', tokens_[range.last - 1].end);
      const auto start = line == std::string_view::npos ? 0 : line + 1;
      out.push_back({out.empty() ? start : std::max(start, out.back().end),
                     end == std::string_view::npos ? code_.size() : end + 1});
    }
    return out;
  }

  std::string_view text(const Range& range) const {
    return code_.substr(tokens_[range.first].start, tokens_[range.last - 1].end - tokens_[range.first].start);
  }

 private:
  std::string_view token(std::size_t i) const { return text_of(code_, tokens_[i]); }
  std::size_t previous_end(const Range& range) const { return range.first == 0 ? 0 : tokens_[range.first - 1].end; }

  bool names_it(std::size_t i, const std::string& name) const {
    if (tokens_[i].kind == CodeTokenKind::identifier) return token(i) == name;
    return tokens_[i].kind == CodeTokenKind::string && string_contents(token(i)) == name;
  }

  bool mentions(const Range& range, const std::string& name) const {
    for (std::size_t i = range.first; i < range.last; ++i)
      if (names_it(i, name)) return true;
    return false;
  }

  bool exclusive(const Range& range, const std::string& name) const {
    return std::none_of(names_.begin(), names_.end(),
                        [&](const std::string& other) { return other != name && mentions(range, other); });
  }

  static bool opens(std::string_view t) { return t == "(" || t == "[" || t == "{"; }
  static bool closes(std::string_view t) { return t == ")" || t == "]" || t == "}"; }

  /// Token behind the bracket that closes the one at `open`.
  std::size_t behind_bracket(std::size_t open, std::size_t last) const {
    int depth = 0;
    for (std::size_t i = open; i < last; ++i) {
      if (opens(token(i))) ++depth;
      if (closes(token(i)) && --depth == 0) return i + 1;
    }
    return last;
  }

  bool is_element(const Range& range) const {
    const bool after = range.last < tokens_.size() && (token(range.last) == "," || closes(token(range.last)));
    const bool before = range.first > 0 && (token(range.first - 1) == "," || opens(token(range.first - 1)));
    return after && before &&
           !(token(range.first - 1) == "{" && language_ != Language::python && token(range.last) == "}");
  }

  /// Largest exclusive part below `range`; false when a mention is in none.
  bool collect(const Range& range, const std::string& name, std::vector<Range>& found) const {
    const auto head = token(range.first);
    if (exclusive(range, name) && head != "return" && head != "yield") {
      found.push_back(range);
      return true;
    }
    std::size_t outside = 0;
    for (std::size_t i = range.first; i < range.last;) {
      if (!opens(token(i))) {
        outside += names_it(i, name) ? 1u : 0u;
        ++i;
        continue;
      }
      const auto behind = behind_bracket(i, range.last);
      for (const Range& element : elements(i + 1, behind - 1))
        if (mentions(element, name) && !collect_element(element, name, found)) return false;
      i = behind;
    }
    return outside == 0;
  }

  bool collect_element(const Range& element, const std::string& name, std::vector<Range>& found) const {
    if (exclusive(element, name) && is_element(element)) {
      found.push_back(element);
      return true;
    }
    return collect(element, name, found);
  }

  std::vector<Range> elements(std::size_t first, std::size_t last) const {
    std::vector<Range> out;
    std::size_t start = first;
    for (std::size_t i = first; i < last;) {
      if (opens(token(i))) {
        i = behind_bracket(i, last);
        continue;
      }
      if (token(i) == "," || token(i) == ";") {
        if (i > start) out.push_back({start, i});
        start = i + 1;
      }
      ++i;
    }
    if (last > start) out.push_back({start, last});
    return out;
  }

  std::vector<Range> statements() const { return language_ == Language::python ? indented() : braced(); }

  std::size_t column(std::size_t i) const {
    const auto line = code_.rfind('\n', tokens_[i].start);
    return tokens_[i].start - (line == std::string_view::npos ? 0 : line + 1);
  }

  bool starts_line(std::size_t i) const {
    return i == 0 ||
           code_.substr(tokens_[i - 1].end, tokens_[i].start - tokens_[i - 1].end).find('\n') != std::string_view::npos;
  }

  /// Logical lines of the body's own indentation, each with the deeper lines below it. Branches that belong
  /// to a statement (else, except, ...) stay with it.
  std::vector<Range> indented() const {
    std::vector<Range> out;
    if (first_ >= tokens_.size()) return out;
    const auto base = column(first_);
    int depth = 0;
    for (std::size_t i = first_; i < tokens_.size(); ++i) {
      const bool joins = token(i) == "else" || token(i) == "elif" || token(i) == "except" || token(i) == "finally";
      if (depth == 0 && starts_line(i) && column(i) <= base && !(joins && !out.empty())) out.push_back({i, i});
      if (opens(token(i))) ++depth;
      if (closes(token(i))) --depth;
      if (!out.empty()) out.back().last = i + 1;
    }
    return out;
  }

  std::vector<Range> braced() const {
    std::vector<Range> out;
    auto start = first_;
    if (start < tokens_.size() && token(start) == "{") ++start;
    std::size_t begin = start;
    for (std::size_t i = start; i < tokens_.size();) {
      if (closes(token(i))) break;
      if (opens(token(i))) {
        const bool block = token(i) == "{";
        i = behind_bracket(i, tokens_.size());
        const bool goes_on = i < tokens_.size() && (token(i) == "else" || token(i) == "catch" || token(i) == ";" ||
                                                    token(i) == "." || token(i) == ")" || token(i) == ",");
        if (block && !goes_on) {
          out.push_back({begin, i});
          begin = i;
        }
        continue;
      }
      const bool ends = token(i) == ";" || (i + 1 < tokens_.size() && starts_line(i + 1) && newline_ends());
      ++i;
      if (ends) {
        out.push_back({begin, i});
        begin = i;
      }
    }
    return out;
  }

  /// Languages where a line break outside brackets ends a statement.
  bool newline_ends() const {
    return language_ == Language::go || language_ == Language::ruby || language_ == Language::bash;
  }

  std::string_view code_;
  Language language_;
  const std::vector<std::string>& names_;
  std::vector<CodeToken> tokens_;
  std::size_t first_ = 0;
};

Rule renaming(const std::string& from, const std::string& to) {
  Rule rule;
  rule.whole = true;
  for (const auto& piece : pieces_of(from))
    rule.from.push_back({std::string(piece.text), piece.lower, std::string(piece.before), piece.number});
  for (const auto& piece : pieces_of(to))
    rule.to.push_back({std::string(piece.text), piece.lower, std::string(piece.before), piece.number});
  return rule;
}

}  // namespace

std::vector<TextRange> top_statements(std::string_view code, Language language, std::size_t body) {
  const std::vector<std::string> no_names;
  return Body(code, language, body, no_names).lines();
}

std::optional<std::string> drop_parameter(std::string_view code, Language language, std::size_t body,
                                          const std::string& name, const std::vector<std::string>& all_names) {
  const Body parsed(code, language, body, all_names);
  const auto fragments = parsed.fragments(name);
  if (!fragments) return std::nullopt;
  std::string out(code);
  for (auto range = fragments->rbegin(); range != fragments->rend(); ++range) {
    const auto [start, end] = parsed.removal(*range);
    out.erase(start, end - start);
  }
  return out;
}

std::optional<std::string> repeat_parameter(std::string_view code, Language language, std::size_t body,
                                            const std::string& model, const std::string& name,
                                            const std::vector<std::string>& all_names) {
  const Body parsed(code, language, body, all_names);
  const auto fragments = parsed.fragments(model);
  if (!fragments || fragments->empty()) return std::nullopt;
  std::string out(code);
  for (auto range = fragments->rbegin(); range != fragments->rend(); ++range) {
    const auto copy = rewrite(parsed.text(*range), language, {renaming(model, name)}, {}).code;
    const auto [at, text] = parsed.repetition(*range, copy);
    out.insert(at, text);
  }
  return out;
}

std::vector<std::string> own_statements(std::string_view code, Language language, std::size_t body,
                                        const std::string& name, const std::vector<std::string>& all_names) {
  const Body parsed(code, language, body, all_names);
  const auto fragments = parsed.fragments(name);
  std::vector<std::string> statements;
  if (!fragments) return statements;
  for (const auto& range : *fragments) {
    if (!parsed.whole_statement(range)) return {};
    const auto [start, end] = parsed.removal(range);
    statements.emplace_back(code.substr(start, end - start));
  }
  return statements;
}

std::optional<std::string> insert_statements(std::string_view code, Language language, std::size_t body,
                                             const std::vector<std::string>& statements, const std::string& from,
                                             const std::string& to) {
  const auto own = top_statements(code, language, body);
  if (own.empty()) return std::nullopt;
  const auto at = own.back().start;
  const auto indentation = [](std::string_view line) { return line.substr(0, line.find_first_not_of(" \t")); };
  if (statements.empty() || indentation(code.substr(at)) != indentation(statements[0])) return std::nullopt;
  std::string out(code.substr(0, at));
  for (const auto& statement : statements) {
    out += rewrite(statement, language, {renaming(from, to)}, {}).code;
    if (!out.ends_with('\n')) out += '\n';
  }
  out += code.substr(at);
  return out;
}

}  // namespace autodev::apply
