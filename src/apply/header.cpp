// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Looks for the entry name, followed by a closed parameter list, followed by what begins a body in that language.
#include "apply/header.h"

#include "apply/code_tokens.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

class Search {
 public:
  Search(std::string_view code, Language language)
      : code_(code), language_(language), tokens_(tokens_of(code, language)) {}

  std::optional<HeaderRange> find(std::string_view entry) const {
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
      if (tokens_[i].kind != CodeTokenKind::identifier || text(i) != entry) continue;
      if (text(i + 1) == "(")
        if (const auto found = declaration(i, i + 1, false)) return found;
      if (text(i + 1) == "=")
        if (const auto found = arrow_function(i)) return found;
    }
    return std::nullopt;
  }

 private:
  std::string_view text(std::size_t i) const { return text_of(code_, tokens_[i]); }

  std::size_t line_start(std::size_t i) const {
    const auto line = code_.rfind('\n', tokens_[i].start);
    std::size_t start = line == std::string_view::npos ? 0 : line + 1;
    while (start < tokens_[i].start && (code_[start] == ' ' || code_[start] == '\t')) ++start;
    return start;
  }

  std::optional<HeaderRange> arrow_function(std::size_t name) const {
    std::size_t open = name + 2;
    if (open < tokens_.size() && text(open) == "async") ++open;
    if (open >= tokens_.size() || text(open) != "(") return std::nullopt;
    return declaration(name, open, true);
  }

  /// Checks that a body follows the list that opens at token `open`.
  std::optional<HeaderRange> declaration(std::size_t name, std::size_t open, bool arrow) const {
    int depth = 0;
    std::size_t i = open;
    for (; i < tokens_.size(); ++i) {
      const auto t = text(i);
      if (t == "(" || t == "[" || t == "{") ++depth;
      if ((t == ")" || t == "]" || t == "}") && --depth == 0) break;
    }
    for (++i; i < tokens_.size(); ++i) {  // return type and qualifiers
      const auto t = text(i);
      if (t == "[" || t == "(") ++depth;
      if (t == "]" || t == ")") --depth;
      if (depth != 0) continue;
      if (arrow && t == ">" && text(i - 1) == "=") return HeaderRange{line_start(name), tokens_[i].end, true};
      if (!arrow && language_ == Language::python && t == ":") return HeaderRange{line_start(name), tokens_[i].end, false};
      if (!arrow && language_ != Language::python && t == "{") return HeaderRange{line_start(name), tokens_[i].start, false};
      if (t == ";" || t == "=" || t == "}") {
        if (arrow && t == "=") continue;
        return std::nullopt;
      }
      if (language_ == Language::python && t == "\n") return std::nullopt;
    }
    return std::nullopt;
  }

  std::string_view code_;
  Language language_;
  std::vector<CodeToken> tokens_;
};

}  // namespace

std::optional<HeaderRange> find_header(std::string_view code, Language language, std::string_view entry) {
  if (entry.empty()) return std::nullopt;
  return Search(code, language).find(entry);
}

std::optional<std::string> header_from(std::string_view signature, Language language, bool arrow) {
  auto text = base::trim(signature);
  while (!text.empty() && (text.back() == '{' || text.back() == ';')) text = base::trim(text.substr(0, text.size() - 1));
  if (text.ends_with("=>") != arrow) return std::nullopt;
  std::string header(text);
  if (arrow) return header;
  if (language == Language::python) {
    if (!header.ends_with(':')) header += ':';
    return header;
  }
  return header + " ";
}

}  // namespace autodev::apply
