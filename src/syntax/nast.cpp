// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names of node kinds and the S-expression form.
//
// The S-expression is for people and tests: kinds as words, symbols in double quotes only when they hold
// anything but letters, digits and the usual operator characters.
#include "syntax/nast.h"

#include <array>

namespace autodev::syntax {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(NodeKind::sequence_hole) + 1> names{
    "other",
    "function",
    "method",
    "lambda",
    "type_declaration",
    "parameter",
    "parameters",
    "argument",
    "arguments",
    "block",
    "declaration",
    "assignment",
    "expression_statement",
    "return",
    "if",
    "loop",
    "switch",
    "case",
    "try",
    "catch",
    "throw",
    "break",
    "continue",
    "import",
    "with",
    "assert",
    "yield",
    "call",
    "construct",
    "member",
    "index",
    "binary",
    "unary",
    "ternary",
    "cast",
    "list",
    "map",
    "pair",
    "tuple",
    "string",
    "number",
    "boolean",
    "null",
    "identifier",
    "type",
    "operator",
    "keyword",
    "decorator",
    "await",
    "spread",
    "comprehension",
    "slice",
    "label",
    "namespace",
    "template_arguments",
    "error",
    "hole",
    "sequence_hole",
};

bool needs_quotes(std::string_view text) noexcept {
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' || c == '(' || c == ')' || c == '"') return true;
  return text.empty();
}

void append_symbol(std::string& out, std::string_view text) {
  out += ' ';
  if (!needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  out += '"';
}

}  // namespace

std::string_view to_string(NodeKind kind) noexcept {
  const auto index = static_cast<std::size_t>(kind);
  return index < names.size() ? names[index] : "unknown";
}

std::string to_sexpr(const Nast& tree) {
  std::string out;
  std::vector<std::size_t> ends;  // where the open parentheses close
  for (std::uint32_t index = 0; index < tree.nodes.size(); ++index) {
    const auto& node = tree.nodes[index];
    for (; !ends.empty() && ends.back() == index; ends.pop_back()) out += ')';
    if (index != 0) out += ' ';
    out += '(';
    out += to_string(node.kind);
    if (is_hole(node.kind))
      out += (node.kind == NodeKind::hole ? " $" : " $$$") + std::to_string(node.symbol);
    else if (node.symbol != 0)
      append_symbol(out, tree.symbol(index));
    ends.push_back(index + std::size_t{node.size});
  }
  out.append(ends.size(), ')');
  return out;
}

}  // namespace autodev::syntax
