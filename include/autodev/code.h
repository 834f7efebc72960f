// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Code as the learner sees it: files go in, units come out.
//
// A CodeUnit is one function, method, type or block together with its normalised tree. Three digests
// identify it: `exact` covers structure and every name and literal; `alpha` abstracts local names and
// literal values, so a reformatted or consistently renamed copy has the same `alpha`; `fingerprint` abstracts names
// alone, because a wrong constant is a failure and the right one is not. Units are what the journal stores; the tree travels with the text, so knowledge is rebuilt without parsing again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/ids.h"

namespace autodev {

/// Source languages with a grammar. `unknown` units are never made.
enum class Language : std::uint8_t {
  unknown, c, cpp, python, rust, javascript, typescript, tsx, go, java, csharp, ruby, php, bash,
};

/// Stable lower-case name: "cpp", "python", "csharp", ... ("unknown" for unknown).
[[nodiscard]] std::string_view to_string(Language language) noexcept;
/// Accepts names and usual aliases ("c++", "py", "ts", "c#", "sh"), case-insensitively.
[[nodiscard]] std::optional<Language> language_from_name(std::string_view name) noexcept;
/// Guesses from a file name's ending; `unknown` when no grammar claims it. `.h` is reported as cpp.
[[nodiscard]] Language language_from_path(std::string_view path) noexcept;

enum class UnitKind : std::uint8_t { function, method, type, block };

/// "function", "method", "type", "block".
[[nodiscard]] std::string_view to_string(UnitKind kind) noexcept;
[[nodiscard]] std::optional<UnitKind> unit_kind_from_name(std::string_view name) noexcept;

/// One function, method, type or block of one file.
struct CodeUnit {
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  std::string path;        ///< as given by the observer, relative to the project
  std::string name;        ///< declared name; empty for blocks
  std::string scope;       ///< enclosing type or namespace path, "a::b"; may be empty
  std::string signature;   ///< declaration text without the body, white space folded
  std::string doc;         ///< leading doc comment or docstring, markers stripped, at most 2 KiB
  std::vector<std::string> imports;  ///< modules the file imports, at most 32, sorted, unique
  std::string text;        ///< source text of the unit, at most 256 KiB
  std::uint32_t first_line = 0;  ///< 1-based
  std::uint32_t last_line = 0;   ///< 1-based, inclusive
  std::uint32_t nodes = 0;       ///< size of the normalised tree
  Digest exact;
  Digest alpha;
  Digest fingerprint;      ///< like alpha, but literal values count: what a failure is recognised by
  std::string tree;        ///< serialised normalised tree ("NAST/1", see docs/storage-format.md)

  bool operator==(const CodeUnit&) const = default;
};

/// One file of an implementation. Absent `before`: the file is new. Absent `after`: it was deleted.
struct FileChange {
  std::string path;
  std::optional<std::string> before;
  std::optional<std::string> after;

  bool operator==(const FileChange&) const = default;
};

/// How one unit changed: `after` absent = removed, `before` absent = added.
struct UnitChange {
  std::optional<CodeUnit> before;
  std::optional<CodeUnit> after;

  bool operator==(const UnitChange&) const = default;
};

}  // namespace autodev
