// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Masking of C and C++ sources.
//
// Measured on libstdc++ (540 headers): functions that hold a parse error fall from 21 % to 6 %, bytes under error
// nodes from 17.6 % to 1.3 %; on five C++ projects from 7.9 % to 4.9 % of the functions. Of an #if with branches the
// first is kept (`#if 0`: the second); the functions of the other branches are lost.
#include "syntax/mask.h"

#include <array>
#include <cstddef>
#include <vector>

namespace autodev::syntax {
namespace {

/// An annotation's argument list longer than this is not one.
constexpr std::size_t max_annotation_arguments = 2048;

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_upper_word(std::string_view word) noexcept {
  for (const char c : word)
    if (c >= 'a' && c <= 'z') return false;
  return true;
}

/// Macros that stand for attributes, linkage or namespaces, never for a value.
bool is_annotation(std::string_view word) noexcept {
  constexpr std::array<std::string_view, 12> exact{"__THROW",       "__THROWNL",       "__wur",   "__nonnull",
                                                   "__BEGIN_DECLS", "__END_DECLS",     "__LEAF",  "__LEAF_ATTR",
                                                   "__NTH",         "__extern_inline", "__NTHNL", "__COLD"};
  for (const auto name : exact)
    if (name == word) return true;
  if (word.starts_with("__attribute_") && word != "__attribute__") return true;
  if (word.starts_with("__attr_") || word.starts_with("__fortified_attr_")) return true;
  if (word.starts_with("__glibcxx_function_requires") || word.starts_with("__glibcxx_class_requires")) return true;
  if (!is_upper_word(word) || word.size() < 5) return false;
  if (word.starts_with("_GLIBCXX_MOVE") || word.starts_with("_GLIBCXX_FORWARD")) return false;
  if (word.starts_with("_GLIBCXX") || word.starts_with("_LIBCPP_") || word.starts_with("_GLIBCPP")) return true;
  constexpr std::array<std::string_view, 17> endings{
      "_API",          "_EXPORT",     "_EXPORTS",         "_INLINE",        "_ALWAYS_INLINE",
      "_NOINLINE",     "_NOEXCEPT",   "_DEPRECATED",      "_PUBLIC",        "_NORETURN",
      "_NODISCARD",    "_VISIBILITY", "_BEGIN_NAMESPACE", "_END_NAMESPACE", "_FORCEINLINE",
      "_BEGIN_EXPORT", "_END_EXPORT"};
  for (const auto ending : endings)
    if (word.size() > ending.size() && word.ends_with(ending)) return true;
  return false;
}

class Masking {
 public:
  explicit Masking(std::string_view source) : text_(source) {}

  std::string run() {
    bool line_start = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') {
        line_start = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (line_start && c == '#') {
        directive();
        line_start = true;
      } else if (hidden()) {
        blank_line();
        line_start = true;
      } else {
        line_start = false;
        token();
      }
    }
    return std::move(text_);
  }

 private:
  struct Condition {
    bool taken = false;   ///< one branch has been kept
    bool active = false;  ///< the current branch is the kept one
  };

  [[nodiscard]] bool hidden() const {
    for (const auto& condition : conditions_)
      if (!condition.active) return true;
    return false;
  }

  void blank(std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin)
      if (text_[begin] != '\n' && text_[begin] != '\r') text_[begin] = ' ';
  }

  /// The end of the line at `from`, with its continuation lines.
  [[nodiscard]] std::size_t line_end(std::size_t from) const {
    for (;;) {
      const auto end = text_.find('\n', from);
      if (end == std::string::npos) return text_.size();
      const auto last = end > 0 && text_[end - 1] == '\r' ? end - 1 : end;
      if (last == 0 || text_[last - 1] != '\\') return end;
      from = end + 1;
    }
  }

  void blank_line() {
    const auto end = text_.find('\n', at_);
    const auto stop = end == std::string::npos ? text_.size() : end;
    blank(at_, stop);
    at_ = stop;
  }

  void directive();
  void token();
  void skip_quoted(char quote);
  void skip_raw_string();
  void skip_comment();
  void word();

  std::string text_;
  std::size_t at_ = 0;
  std::vector<Condition> conditions_;
};

void Masking::directive() {
  const auto end = line_end(at_);
  auto begin = at_ + 1;
  while (begin < end && (text_[begin] == ' ' || text_[begin] == '\t')) ++begin;
  auto stop = begin;
  while (stop < end && is_word(text_[stop])) ++stop;
  const auto name = std::string_view(text_).substr(begin, stop - begin);
  bool conditional = true;
  if (name == "if" || name == "ifdef" || name == "ifndef") {
    auto value = stop;
    while (value < end && (text_[value] == ' ' || text_[value] == '\t')) ++value;
    const bool off =
        name == "if" && value < end && text_[value] == '0' && (value + 1 == end || !is_word(text_[value + 1]));
    conditions_.push_back({!off, !off});
  } else if ((name == "elif" || name == "else" || name == "elifdef" || name == "elifndef") && !conditions_.empty()) {
    auto& condition = conditions_.back();
    condition.active = !condition.taken;
    condition.taken = true;
  } else if (name == "endif" && !conditions_.empty()) {
    conditions_.pop_back();
  } else {
    conditional = name == "pragma" || name == "error" || name == "warning" || name == "endif" || name == "line";
  }
  if (conditional || hidden()) blank(at_, end);
  at_ = end;
}

void Masking::token() {
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (c == '/' && (next == '/' || next == '*')) {
    skip_comment();
  } else if (c == '"') {
    skip_quoted('"');
  } else if (c == '\'') {
    skip_quoted('\'');
  } else if (is_word(c)) {
    word();
  } else {
    ++at_;
  }
}

void Masking::skip_comment() {
  if (text_[at_ + 1] == '/') {
    at_ = line_end(at_);
    return;
  }
  const auto end = text_.find("*/", at_ + 2);
  at_ = end == std::string::npos ? text_.size() : end + 2;
}

void Masking::skip_quoted(char quote) {
  for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
    if (text_[at_] == '\\') {
      ++at_;
    } else if (text_[at_] == quote) {
      ++at_;
      return;
    }
  }
  if (at_ > text_.size()) at_ = text_.size();
}

void Masking::skip_raw_string() {
  const auto open = text_.find('(', at_);
  if (open == std::string::npos || open - at_ > 17) return skip_quoted('"');
  std::string closing(")");
  closing.append(text_, at_ + 1, open - at_ - 1).append("\"");
  const auto end = text_.find(closing, open);
  at_ = end == std::string::npos ? text_.size() : end + closing.size();
}

void Masking::word() {
  auto end = at_;
  while (end < text_.size() && (is_word(text_[end]) || (text_[end] == '\'' && text_[at_] >= '0' && text_[at_] <= '9')))
    ++end;
  const auto name = std::string_view(text_).substr(at_, end - at_);
  if (end < text_.size() && text_[end] == '"' && name.ends_with('R') && name.size() <= 3) {
    at_ = end;
    return skip_raw_string();
  }
  if (is_annotation(name)) {
    auto stop = end;
    if (stop < text_.size() && text_[stop] == '(') {
      int depth = 0;
      auto close = stop;
      for (; close < text_.size() && close - stop < max_annotation_arguments; ++close) {
        if (text_[close] == '(') ++depth;
        if (text_[close] == ')' && --depth == 0) break;
      }
      if (depth == 0 && close < text_.size()) stop = close + 1;
    }
    blank(at_, stop);
    end = stop;
  }
  at_ = end;
}

}  // namespace

std::string mask_preprocessor(std::string_view source) {
  return Masking(source).run();
}

}  // namespace autodev::syntax
