// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Module names from import statements.
//
// The statement's text is enough: a quoted or bracketed path wins; otherwise keywords go, the rest is cut at
// commas, and aliases and member lists are left out.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "syntax/units.h"

namespace autodev::syntax {
namespace {

constexpr std::size_t max_imports = 32;
constexpr std::size_t max_name_bytes = 128;

/// All texts between equal quotes, or between < and > for includes.
std::vector<std::string_view> quoted(std::string_view text, bool angles) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char open = text[at];
    if (open != '"' && open != '\'' && open != '`' && !(angles && open == '<')) continue;
    const auto close = text.find(open == '<' ? '>' : open, at + 1);
    if (close == std::string_view::npos) break;
    found.push_back(text.substr(at + 1, close - at - 1));
    at = close;
  }
  return found;
}

std::string_view without_keywords(std::string_view text) {
  constexpr std::array<std::string_view, 9> keywords{"import ", "from ", "using ", "use ",     "static ",
                                                     "global ", "pub ",  "type ",  "function "};
  for (bool again = true; again;) {
    again = false;
    text = base::trim(text);
    for (const auto keyword : keywords)
      if (text.starts_with(keyword)) {
        text.remove_prefix(keyword.size());
        again = true;
      }
  }
  return text;
}

/// "a.b as c" -> "a.b"; "std::{x, y}" -> "std"; "a.*" -> "a"; "x = A.B" -> "A.B".
std::string_view module_name(std::string_view text) {
  text = base::trim(text);
  if (const auto equals = text.find('='); equals != std::string_view::npos) text = base::trim(text.substr(equals + 1));
  const auto end = text.find_first_of(" \t\r\n;{(*");
  text = text.substr(0, end);
  while (!text.empty() &&
         (text.ends_with(':') || (text.ends_with('.') && text.find_first_not_of('.') != std::string_view::npos) ||
          text.ends_with('\\')))
    text.remove_suffix(1);
  return text;
}

void add_names(std::string_view text, Language language, std::vector<std::string>& names) {
  const bool c_like = language == Language::c || language == Language::cpp;
  if (const auto paths = quoted(text, c_like); !paths.empty()) {
    names.insert(names.end(), paths.begin(), paths.end());
    return;
  }
  const bool always_quoted = language == Language::javascript || language == Language::typescript ||
                             language == Language::tsx || language == Language::ruby || language == Language::go ||
                             c_like;
  if (always_quoted) return;
  const bool from = language == Language::python && base::trim(text).starts_with("from");
  text = without_keywords(text);
  if (from || language == Language::rust || language == Language::php) {
    names.emplace_back(module_name(text));
    return;
  }
  for (const auto part : base::split(text, ',')) names.emplace_back(module_name(part));
}

}  // namespace

std::vector<std::string> imported_modules(const LoweredFile& file, std::string_view source, Language language) {
  std::vector<std::string> names;
  for (const auto& range : file.imports)
    add_names(source.substr(range.start, range.end - range.start), language, names);
  std::erase_if(names, [](const std::string& name) {
    return name.empty() || name.size() > max_name_bytes || !base::is_valid_utf8(name);
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() > max_imports) names.resize(max_imports);
  return names;
}

}  // namespace autodev::syntax
