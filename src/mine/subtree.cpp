// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Digests and sketches are made in one sweep from the last node to the first: in preorder every child has
// a larger index than its parent, so children are finished before they are needed.
#include "mine/subtree.h"

#include "base/hash.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

std::uint64_t head_hash(const NastNode& node, const std::vector<std::uint64_t>& symbols) noexcept {
  const std::uint64_t kind = static_cast<std::uint64_t>(head_kind(node.kind));
  if (is_hole(node)) return base::mix64(kind << 32, node.symbol);
  const std::uint64_t symbol = node.symbol == 0 ? 0 : symbols[node.symbol - 1];
  const std::uint64_t statement = node.flags & syntax::flag_statement;
  return base::mix64(kind | statement << 8, symbol);
}

/// One of 64 bits for the head; names that may be renamed share one bit.
std::uint64_t sketch_bit(const NastNode& node, std::uint64_t head) noexcept {
  if (is_plain_name(node) || is_hole(node)) return 1;
  return std::uint64_t{1} << (head >> 58);
}

}  // namespace

bool is_hole(const NastNode& node) noexcept {
  return node.kind == NodeKind::hole || node.kind == NodeKind::sequence_hole;
}

bool is_plain_name(const NastNode& node) noexcept {
  return node.kind == NodeKind::identifier && (node.flags & (syntax::flag_callee | syntax::flag_type_name)) == 0;
}

NodeKind head_kind(NodeKind kind) noexcept {
  return kind == NodeKind::method ? NodeKind::function : kind;
}

TreeIndex index_tree(const Nast& tree) {
  std::vector<std::uint64_t> symbols(tree.symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) symbols[i] = base::hash64(tree.symbols[i]);
  const auto count = static_cast<std::uint32_t>(tree.nodes.size());
  TreeIndex index;
  index.digest.resize(count);
  index.sketch.resize(count);
  index.has_hole.resize(count);
  for (std::uint32_t i = count; i-- > 0;) {
    const NastNode& node = tree.nodes[i];
    std::uint64_t digest = head_hash(node, symbols);
    std::uint64_t sketch = sketch_bit(node, digest);
    bool has_hole = is_hole(node);
    for (std::uint32_t child = i + 1; child < i + node.size; child += tree.nodes[child].size) {
      digest = base::mix64(digest, index.digest[child]);
      sketch |= index.sketch[child];
      has_hole = has_hole || index.has_hole[child];
    }
    index.digest[i] = digest;
    index.sketch[i] = sketch;
    index.has_hole[i] = has_hole;
  }
  return index;
}

bool same_head(const Nast& a, std::uint32_t i, const Nast& b, std::uint32_t j) noexcept {
  const NastNode& left = a.nodes[i];
  const NastNode& right = b.nodes[j];
  if (head_kind(left.kind) != head_kind(right.kind)) return false;
  if (is_hole(left)) return left.symbol == right.symbol;
  if (((left.flags ^ right.flags) & syntax::flag_statement) != 0) return false;
  return a.symbol(i) == b.symbol(j);
}

bool equal_subtrees(const Nast& a, std::uint32_t i, const Nast& b, std::uint32_t j) noexcept {
  const std::uint32_t size = a.nodes[i].size;
  if (size != b.nodes[j].size) return false;
  for (std::uint32_t k = 0; k < size; ++k)
    if (a.nodes[i + k].size != b.nodes[j + k].size || !same_head(a, i + k, b, j + k)) return false;
  return true;
}

std::vector<std::uint32_t> children_of(const Nast& tree, std::uint32_t node) {
  std::vector<std::uint32_t> children;
  const std::uint32_t end = node + tree.nodes[node].size;
  for (std::uint32_t child = node + 1; child < end; child += tree.nodes[child].size) children.push_back(child);
  return children;
}

}  // namespace autodev::mine
