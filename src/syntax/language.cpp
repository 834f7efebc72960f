// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Languages: one table of names, aliases and file endings.
//
// The first name is the stable one. Endings are compared case-sensitively where case matters in practice
// (".C" is C++ on Unix) and file names without an ending are not guessed.
#include <algorithm>
#include <array>
#include <string>

#include "autodev/code.h"

namespace autodev {
namespace {

struct LanguageNames {
  Language language;
  std::string_view name;
  std::array<std::string_view, 4> aliases;
  std::array<std::string_view, 8> endings;
};

constexpr std::array<LanguageNames, 13> languages{{
    {Language::c, "c", {}, {"c"}},
    {Language::cpp, "cpp", {"c++", "cxx", "cc"}, {"cpp", "cc", "cxx", "h", "hpp", "hh", "hxx", "C"}},
    {Language::python, "python", {"py", "python3"}, {"py", "pyi", "pyw"}},
    {Language::rust, "rust", {"rs"}, {"rs"}},
    {Language::javascript, "javascript", {"js", "jsx", "node"}, {"js", "mjs", "cjs", "jsx"}},
    {Language::typescript, "typescript", {"ts"}, {"ts", "mts", "cts"}},
    {Language::tsx, "tsx", {}, {"tsx"}},
    {Language::go, "go", {"golang"}, {"go"}},
    {Language::java, "java", {}, {"java"}},
    {Language::csharp, "csharp", {"c#", "cs"}, {"cs"}},
    {Language::ruby, "ruby", {"rb"}, {"rb", "rake", "gemspec"}},
    {Language::php, "php", {}, {"php", "phtml"}},
    {Language::bash, "bash", {"sh", "shell"}, {"sh", "bash"}},
}};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view to_string(Language language) noexcept {
  for (const auto& entry : languages)
    if (entry.language == language) return entry.name;
  return "unknown";
}

std::optional<Language> language_from_name(std::string_view name) noexcept {
  if (name.empty()) return std::nullopt;
  for (const auto& entry : languages) {
    if (equal_ignoring_case(entry.name, name)) return entry.language;
    for (const auto alias : entry.aliases)
      if (equal_ignoring_case(alias, name)) return entry.language;
  }
  return std::nullopt;
}

Language language_from_path(std::string_view path) noexcept {
  const auto slash = path.rfind('/');
  const auto file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const auto dot = file.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == file.size()) return Language::unknown;
  const auto ending = file.substr(dot + 1);
  for (const auto& entry : languages)
    if (std::find(entry.endings.begin(), entry.endings.end(), ending) != entry.endings.end()) return entry.language;
  for (const auto& entry : languages)
    for (const auto known : entry.endings)
      if (equal_ignoring_case(known, ending)) return entry.language;
  return Language::unknown;
}

}  // namespace autodev
