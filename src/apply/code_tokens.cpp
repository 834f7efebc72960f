// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One scanner for all languages; what differs (comment signs, triple quotes, raw strings) is decided by a few flags.
#include "apply/code_tokens.h"

#include <algorithm>
#include <array>

namespace autodev::apply {
namespace {

constexpr std::size_t max_tokens = 100'000;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 128;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

bool hash_comments(Language language) {
  return language == Language::python || language == Language::ruby || language == Language::bash ||
         language == Language::php;
}
bool slash_comments(Language language) {
  return language != Language::python && language != Language::ruby && language != Language::bash;
}

class Scanner {
 public:
  Scanner(std::string_view source, Language language) : source_(source), language_(language) {}

  std::vector<CodeToken> scan() {
    while (at_ < source_.size() && tokens_.size() < max_tokens) {
      const char c = source_[at_];
      if (is_space(c)) {
        ++at_;
      } else if (starts_comment()) {
        add(CodeTokenKind::comment, end_of_comment());
      } else if (starts_string()) {
        add(CodeTokenKind::string, end_of_string(at_));
      } else if (is_name_start(c)) {
        add_name();
      } else if (is_digit(c)) {
        add(CodeTokenKind::number, end_of_number());
      } else {
        add(CodeTokenKind::punctuation, at_ + 1);
      }
    }
    return std::move(tokens_);
  }

 private:
  void add(CodeTokenKind kind, std::size_t end) {
    tokens_.push_back({kind, at_, end});
    at_ = end;
  }

  [[nodiscard]] bool follows(std::string_view sign) const { return source_.substr(at_).starts_with(sign); }

  [[nodiscard]] bool starts_comment() const {
    if (hash_comments(language_) && source_[at_] == '#') return true;
    return slash_comments(language_) && (follows("//") || follows("/*"));
  }

  [[nodiscard]] std::size_t end_of_comment() const {
    if (slash_comments(language_) && follows("/*")) {
      const auto close = source_.find("*/", at_ + 2);
      return close == std::string_view::npos ? source_.size() : close + 2;
    }
    return std::min(source_.find('\n', at_), source_.size());
  }

  [[nodiscard]] bool starts_string() const {
    const char c = source_[at_];
    if (c == '"') return true;
    if (c == '`') return language_ != Language::bash;
    if (c != '\'') return false;
    if (language_ != Language::rust) return true;
    // a lifetime ('a) is no string; a character literal closes within a few bytes
    return source_.substr(at_ + 1, 6).find('\'') != std::string_view::npos && !follows("'static");
  }

  [[nodiscard]] std::size_t end_of_string(std::size_t quote_at) const {
    const char quote = source_[quote_at];
    const std::string triple(3, quote);
    if (language_ == Language::python && source_.substr(quote_at).starts_with(triple)) {
      const auto close = source_.find(triple, quote_at + 3);
      return close == std::string_view::npos ? source_.size() : close + 3;
    }
    for (std::size_t i = quote_at + 1; i < source_.size(); ++i) {
      if (source_[i] == '\\' && !(language_ == Language::go && quote == '`'))
        ++i;
      else if (source_[i] == quote)
        return i + 1;
      else if (source_[i] == '\n' && quote != '`')
        return i;
    }
    return source_.size();
  }

  /// A name, or a string with a prefix such as f"..." or r'...'.
  void add_name() {
    std::size_t end = at_;
    while (end < source_.size() && (is_name_start(source_[end]) || is_digit(source_[end]))) ++end;
    const bool quote = end < source_.size() && (source_[end] == '"' || source_[end] == '\'');
    if (quote && end - at_ <= 2 && language_ != Language::bash) return add(CodeTokenKind::string, end_of_string(end));
    add(CodeTokenKind::identifier, end);
  }

  [[nodiscard]] std::size_t end_of_number() const {
    std::size_t end = at_;
    while (end < source_.size()) {
      const char c = source_[end];
      const bool exponent_sign = (c == '+' || c == '-') && end > at_ && (source_[end - 1] == 'e' || source_[end - 1] == 'E') &&
                                 !source_.substr(at_).starts_with("0x");
      const bool fraction = c == '.' && end + 1 < source_.size() && is_digit(source_[end + 1]);
      if (!is_digit(c) && !is_name_start(c) && !fraction && !exponent_sign) break;
      ++end;
    }
    return end;
  }

  std::string_view source_;
  Language language_;
  std::size_t at_ = 0;
  std::vector<CodeToken> tokens_;
};

bool closes(std::string_view text) { return text == ")" || text == "]" || text == "}"; }

/// A string token with double quotes, where that changes nothing.
std::string with_double_quotes(std::string_view token) {
  if (token.size() < 2 || token.front() != '\'' || token.back() != '\'') return std::string(token);
  const auto inner = token.substr(1, token.size() - 2);
  if (inner.find_first_of("\"'\\\n") != std::string_view::npos) return std::string(token);
  std::string out(1, '"');
  out += inner;
  out += '"';
  return out;
}

}  // namespace

std::vector<CodeToken> tokens_of(std::string_view source, Language language) { return Scanner(source, language).scan(); }

std::string_view string_contents(std::string_view token) {
  const auto open = token.find_first_of("\"'`");
  if (open == std::string_view::npos) return token;
  std::size_t width = 1;
  if (token.size() >= open + 6 && token[open] == token[open + 1] && token[open] == token[open + 2]) width = 3;
  const auto inner = token.substr(open + width);
  return inner.size() >= width && inner.back() == token[open] ? inner.substr(0, inner.size() - width) : inner;
}

bool is_keyword(std::string_view word) noexcept {
  // Union over the languages here; a name that is a keyword somewhere else is rarely worth renaming.
  static constexpr auto keywords = std::to_array<std::string_view>(
      {"False",  "None",   "True",   "and",      "as",      "assert", "async",  "auto",    "await",  "bool",    "break",
       "case",   "catch",  "char",   "class",    "const",   "continue", "def",  "default", "del",    "do",      "double",
       "elif",   "else",   "enum",   "except",   "export",  "extern", "false",  "final",   "finally", "float",  "fn",
       "for",    "from",   "func",   "function", "global",  "go",     "if",     "impl",    "import", "in",      "int",
       "interface", "is",  "lambda", "let",      "long",    "match",  "mod",    "mut",     "new",    "nil",     "nonlocal",
       "not",    "null",   "or",     "package",  "pass",    "private", "protected", "pub", "public", "raise",   "ref",
       "return", "self",   "short",  "signed",   "sizeof",  "static", "struct", "super",   "switch", "template", "this",
       "throw",  "trait",  "true",   "try",      "type",    "typedef", "undefined", "union", "unsigned", "use", "using",
       "var",    "void",   "volatile", "where",  "while",   "with",   "yield"});
  return std::binary_search(keywords.begin(), keywords.end(), word);
}

std::string normal_form(std::string_view source, Language language) {
  std::string out;
  const auto tokens = tokens_of(source, language);
  int depth = 0;
  std::size_t last_end = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    if (token.kind == CodeTokenKind::comment) continue;
    const auto text = text_of(source, token);
    const auto gap = source.substr(last_end, token.start - last_end);
    const bool next_closes = i + 1 < tokens.size() && closes(text_of(source, tokens[i + 1]));
    if (language == Language::python && depth == 0 && !out.empty() && gap.find('\n') != std::string_view::npos) {
      out += '\n';
      out += gap.substr(gap.rfind('\n') + 1);
    } else if (!out.empty()) {
      out += ' ';
    }
    last_end = token.end;
    if (text == "(" || text == "[" || text == "{") ++depth;
    if (closes(text)) --depth;
    if (text == "," && next_closes) {
      if (out.ends_with(' ')) out.pop_back();
      continue;
    }
    out += token.kind == CodeTokenKind::string ? with_double_quotes(text) : std::string(text);
  }
  return out;
}

}  // namespace autodev::apply
