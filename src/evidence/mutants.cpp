// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One pass that knows strings, comments and places where a fault can go. It need not be exact: a mutant that does not
// compile is killed by every test, so candidates are chosen where that is rare (operators with space around, whole
// conditions).
#include "evidence/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace autodev::evidence {
namespace {

struct Swap {
  std::string_view from, to;
};
/// In the order in which they are tried at a place: longer ones first.
constexpr std::array swaps{Swap{" === ", " !== "}, Swap{" !== ", " === "}, Swap{" == ", " != "},  Swap{" != ", " == "},
                           Swap{" <= ", " < "},    Swap{" >= ", " > "},    Swap{" < ", " <= "},   Swap{" > ", " >= "},
                           Swap{" && ", " || "},   Swap{" || ", " && "},   Swap{" and ", " or "}, Swap{" or ", " and "},
                           Swap{" + ", " - "},     Swap{" - ", " + "},     Swap{" * ", " + "},    Swap{" += ", " -= "},
                           Swap{" -= ", " += "},   Swap{" % ", " * "}};

bool knows(Language language) noexcept {
  switch (language) {
    case Language::c:
    case Language::cpp:
    case Language::python:
    case Language::rust:
    case Language::javascript:
    case Language::typescript:
    case Language::tsx:
    case Language::go:
    case Language::java:
    case Language::csharp:
      return true;
    default:
      return false;
  }
}

bool is_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

struct Fault {
  std::size_t at = 0, length = 0;
  std::string replacement, what;
  std::uint32_t line = 0;
};

class FaultFinder {
 public:
  FaultFinder(std::string_view text, Language language, const std::set<std::uint32_t>& lines)
      : text_(text),
        python_(language == Language::python),
        generic_(language == Language::cpp || language == Language::rust || language == Language::java ||
                 language == Language::csharp),
        lines_(lines) {}

  std::vector<Fault> find() {
    for (at_ = 0; at_ < text_.size();) {
      if (text_[at_] == '\n') ++line_;
      if (skip_comment() || skip_string()) continue;
      if (lines_.contains(line_) && (condition() || swap() || number())) continue;
      ++at_;
    }
    return std::move(faults_);
  }

 private:
  [[nodiscard]] bool here(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void skip_to(std::size_t end) {
    end = std::min(end, text_.size());
    line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end;
  }

  bool skip_comment() {
    if (python_ ? here("#") : here("//")) return skip_to(std::min(text_.find('\n', at_), text_.size())), true;
    if (python_ || !here("/*")) return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    skip_to(end == std::string_view::npos ? text_.size() : end + 2);
    return true;
  }

  bool skip_string() {
    const char quote = text_[at_];
    if (quote != '"' && quote != '`' && quote != '\'') return false;
    const std::string_view triple = text_.substr(at_, 3);
    if (python_ && (triple == "\"\"\"" || triple == "'''")) {
      const std::size_t end = text_.find(triple, at_ + 3);
      skip_to(end == std::string_view::npos ? text_.size() : end + 3);
      return true;
    }
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\')
        ++i;
      else if (text_[i] == quote)
        return skip_to(i + 1), true;
      else if (text_[i] == '\n' && quote != '`')
        break;  // a lifetime of Rust, an apostrophe
    }
    return ++at_, true;
  }

  void add(std::size_t at, std::size_t length, std::string replacement, std::string what) {
    faults_.push_back({at, length, std::move(replacement), std::move(what), line_});
  }

  /// "if (x)" -> "if (!(x))", "if x:" -> "if not (x):"
  bool condition() {
    if (at_ > 0 && is_name(text_[at_ - 1])) return false;
    const std::size_t word = here("if") ? 2 : here("while") ? 5 : 0;
    if (word == 0 || at_ + word >= text_.size() || is_name(text_[at_ + word])) return false;
    const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
    if (python_) {
      const std::size_t comment = text_.substr(0, line_end).find(" #", at_);
      const std::size_t colon = text_.substr(0, std::min(comment, line_end)).find_last_not_of(" \r");
      if (text_[at_ + word] != ' ' || colon == std::string_view::npos || text_[colon] != ':' || colon <= at_ + word + 1)
        return false;
      const std::string inside(text_.substr(at_ + word + 1, colon - at_ - word - 1));
      add(at_ + word + 1, inside.size(), "not (" + inside + ")", "condition negated");
    } else {
      std::size_t open = at_ + word;
      while (open < line_end && text_[open] == ' ') ++open;
      if (open >= line_end || text_[open] != '(') return false;
      int depth = 0;
      std::size_t close = open;
      for (; close < line_end; ++close) {
        if (text_[close] == '(') ++depth;
        if (text_[close] == ')' && --depth == 0) break;
      }
      const std::string inside(text_.substr(open + 1, close < line_end ? close - open - 1 : 0));
      if (inside.empty() || inside.find(';') != std::string::npos) return false;
      add(open + 1, inside.size(), "!(" + inside + ")", "condition negated");
    }
    at_ += word;
    return true;
  }

  bool swap() {
    if (text_[at_] != ' ') return false;
    for (const Swap& one : swaps) {
      if (!here(one.from)) continue;
      if (generic_ && (one.from == " < " || one.from == " > ") &&
          text_.substr(at_, 40).find("> ") != std::string_view::npos && one.from == " < ")
        continue;
      add(at_, one.from.size(), std::string(one.to),
          fmt::format("{} became {}", one.from.substr(1, one.from.size() - 2), one.to.substr(1, one.to.size() - 2)));
      at_ += one.from.size() - 1;  // its last space may begin the next one
      return true;
    }
    return false;
  }

  bool number() {
    if (!is_digit(text_[at_]) || (at_ > 0 && (is_name(text_[at_ - 1]) || text_[at_ - 1] == '.'))) return false;
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const bool plain = end - at_ <= 9 && (end >= text_.size() || (!is_name(text_[end]) && text_[end] != '.')) &&
                       (text_[at_] != '0' || end - at_ == 1);
    if (plain) {
      unsigned value = 0;
      for (std::size_t i = at_; i < end; ++i) value = value * 10 + static_cast<unsigned>(text_[i] - '0');
      add(at_, end - at_, fmt::format("{}", value + 1), fmt::format("{} became {}", value, value + 1));
    }
    at_ = end;
    return true;
  }

  std::string_view text_;
  bool python_, generic_;
  const std::set<std::uint32_t>& lines_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Mutant> mutants_of(std::string_view text, Language language, const std::set<std::uint32_t>& lines,
                               std::size_t count) {
  std::vector<Mutant> mutants;
  if (!knows(language) || count == 0) return mutants;
  const std::vector<Fault> faults = FaultFinder(text, language, lines).find();
  const std::size_t chosen = std::min(count, faults.size());
  for (std::size_t i = 0; i < chosen; ++i) {
    const Fault& fault = faults[i * faults.size() / chosen];
    std::string changed(text);
    changed.replace(fault.at, fault.length, fault.replacement);
    mutants.push_back({fault.line, fault.what, std::move(changed)});
  }
  return mutants;
}

}  // namespace autodev::evidence
