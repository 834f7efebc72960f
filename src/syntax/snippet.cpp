// SPDX-License-Identifier: MIT OR Apache-2.0
#include "syntax/snippet.h"

#include <algorithm>

#include "base/text.h"

namespace autodev::syntax {
namespace {

/// Columns that all lines that are not blank begin with.
std::size_t common_indent(const std::vector<std::string_view>& lines) {
  std::size_t indent = std::string_view::npos;
  for (const std::string_view line : lines) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos) indent = std::min(indent, first);
  }
  return indent == std::string_view::npos ? 0 : indent;
}

/// Blocks by indentation: the statements move one level in, whatever level they stood at.
std::string indented(std::string_view statements) {
  const auto lines = base::split_lines(statements);
  const std::size_t indent = common_indent(lines);
  std::string text;
  for (const std::string_view line : lines) {
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) text += "    " + std::string(line.substr(indent));
    text += '\n';
  }
  return text;
}

std::string between(std::string_view before, std::string_view statements, std::string_view after) {
  return std::string(before) + "\n" + std::string(statements) + "\n" + std::string(after) + "\n";
}

}  // namespace

std::optional<std::string> as_function(std::string_view statements, Language language) {
  switch (language) {
    case Language::c:
    case Language::cpp:
      return between("void _() {", statements, "}");
    case Language::python:
      return "def _():\n" + indented(statements);
    case Language::rust:
      return between("fn _f() {", statements, "}");
    case Language::javascript:
    case Language::typescript:
    case Language::tsx:
      return between("function _() {", statements, "}");
    case Language::go:
      return between("package p\nfunc _() {", statements, "}");
    case Language::java:
    case Language::csharp:
      return between("class _C { void _f() {", statements, "} }");
    case Language::ruby:
      return between("def _", statements, "end");
    case Language::php: {
      if (statements.starts_with("<?php")) statements.remove_prefix(5);
      return between("<?php\nfunction _() {", statements, "}");
    }
    case Language::bash:
      return between("_() {", statements, "}");
    case Language::unknown:
      break;
  }
  return std::nullopt;
}

}  // namespace autodev::syntax
