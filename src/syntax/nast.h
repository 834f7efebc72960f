// SPDX-License-Identifier: MIT OR Apache-2.0
//
// NAST: the normalised abstract syntax tree, one shape for all languages.
//
// A parse tree of tree-sitter is lowered by a per-language table: comments and punctuation go, operators
// and keywords become symbols, grammar node types map to about forty universal kinds. Nodes lie in one
// array in preorder; a node's subtree is the range [i, i + nodes[i].size). There are no pointers, so a
// tree is copied, hashed and serialised in one sweep, and an arena never moves under a reader.
//
//   for (std::uint32_t child = i + 1; child < i + tree.nodes[i].size; child += tree.nodes[child].size)
//
// Two Merkle digests per subtree: `exact` covers kinds, symbols and shape; `alpha` replaces local names
// by the order of their first occurrence *within that subtree* and literals by their class, but keeps callee,
// attribute and type names: those carry the meaning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "autodev/ids.h"

namespace autodev::syntax {

/// Universal node kinds. Values are persisted (NAST/1): append, never renumber.
enum class NodeKind : std::uint8_t {
  other = 0,  ///< anything without a universal counterpart; `grammar` tells
  function,
  method,
  lambda,
  type_declaration,
  parameter,
  parameters,
  argument,
  arguments,
  block,
  declaration,
  assignment,
  expression_statement,
  return_statement,
  if_statement,
  loop,
  switch_statement,
  switch_case,
  try_statement,
  catch_clause,
  throw_statement,
  break_statement,
  continue_statement,
  import,
  with_statement,
  assert_statement,
  yield,
  call,
  construct,
  member,
  index,
  binary,
  unary,
  ternary,
  cast,
  list,
  map,
  pair,
  tuple,
  string,
  number,
  boolean,
  null,
  identifier,
  type,
  operator_token,
  keyword,
  decorator,
  await,
  spread,
  comprehension,
  slice,
  label,
  namespace_declaration,
  template_arguments,
  error,
  hole,           ///< templates only: `symbol` is the hole number
  sequence_hole,  ///< templates only: any number of siblings
};

[[nodiscard]] std::string_view to_string(NodeKind kind) noexcept;

/// Bits of NastNode::flags.
enum NodeFlag : std::uint8_t {
  flag_statement = 1,   ///< stands in a statement sequence
  flag_sequence = 2,    ///< children form an open list (block, arguments, parameters, list literal)
  flag_callee = 4,      ///< identifier kept by its name: what is called, a member, an attribute, a keyword argument,
                        ///< or a name that is not bound in the function (a module, a constant, a global)
  flag_binder = 8,      ///< identifier that declares a local name or parameter
  flag_literal = 16,    ///< string, number, boolean, null
  flag_type_name = 32,  ///< identifier in type position
  flag_unit_name = 64,  ///< an identifier that names the unit itself, at its declaration or in a recursive use
};

struct NastNode {
  NodeKind kind = NodeKind::other;
  std::uint8_t flags = 0;
  std::uint16_t grammar = 0;  ///< tree-sitter symbol of the grammar; 0 in templates
  std::uint32_t symbol = 0;   ///< 1-based index into `symbols`; 0 = none
  std::uint32_t size = 1;     ///< nodes in this subtree, itself included
  std::uint32_t start = 0;    ///< byte range in the unit's text
  std::uint32_t end = 0;

  bool operator==(const NastNode&) const = default;
};

[[nodiscard]] constexpr bool is_hole(NodeKind kind) noexcept {
  return kind == NodeKind::hole || kind == NodeKind::sequence_hole;
}
/// An identifier that `alpha` abstracts: bound inside the function and not called a member, key or type.
[[nodiscard]] constexpr bool is_local_name(const NastNode& node) noexcept {
  return node.kind == NodeKind::identifier && (node.flags & (flag_callee | flag_type_name | flag_unit_name)) == 0;
}

/// A tree with its own string table, so that it stands alone.
struct Nast {
  Language language = Language::unknown;
  std::vector<NastNode> nodes;       ///< preorder; empty only for "no tree"
  std::vector<std::string> symbols;  ///< distinct texts of leaves and operators

  [[nodiscard]] std::string_view symbol(std::uint32_t node) const {
    const auto index = is_hole(nodes[node].kind) ? 0 : nodes[node].symbol;
    return index == 0 ? std::string_view() : std::string_view(symbols[index - 1]);
  }
  bool operator==(const Nast&) const = default;
};

/// Digests of one subtree, 64 bits each.
struct SubtreeHash {
  std::uint64_t exact = 0;
  std::uint64_t alpha = 0;
};

/// Digests of every subtree, by node index, exact at every size. Cost: O(nodes log depth).
[[nodiscard]] std::vector<SubtreeHash> hash_subtrees(const Nast& tree);
/// 128-bit digests of the whole tree; the unit's own name does not count in `alpha`.
struct TreeDigests {
  Digest exact, alpha;
  Digest fingerprint;  ///< like alpha, but with the values of literals
};
[[nodiscard]] TreeDigests digest_tree(const Nast& tree);

/// "NAST/1" bytes: see docs/storage-format.md.
[[nodiscard]] std::string encode_nast(const Nast& tree);
/// `bad_data` for anything encode_nast does not write; bounded work on hostile bytes.
[[nodiscard]] Result<Nast> decode_nast(std::string_view bytes);

/// S-expression for tests and `--explain`: (call (identifier foo) (arguments (number 1))).
[[nodiscard]] std::string to_sexpr(const Nast& tree);

}  // namespace autodev::syntax
