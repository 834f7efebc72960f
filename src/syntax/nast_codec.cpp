// SPDX-License-Identifier: MIT OR Apache-2.0
//
// NAST/1, the persisted form of a tree.
//
//   "NAST" 0x01 | language u8 | symbols: varint count, each varint length + bytes | nodes: varint count, each
//   kind u8, flags u8, grammar varint, symbol varint, size varint, start varint, length varint
//
// Nodes are in preorder; `start` counts from the start of the node around it (the root's from 0). A hole's range is
// free within the root's. Decoding accepts exactly what encoding writes: it checks nesting, ranges and indices with
// one stack, then encodes again and compares, so no two byte strings mean the same tree.
#include <algorithm>

#include "base/wire.h"
#include "syntax/trusted_nast.h"

namespace autodev::syntax {
namespace {

constexpr std::string_view magic{"NAST\x01", 5};
constexpr std::uint64_t max_nodes = 200'000;
constexpr std::uint64_t max_symbol_bytes = 1u << 20;
constexpr std::uint8_t known_flags = 127;

tl::unexpected<Error> broken(const char* what) {
  return fail(ErrorCode::bad_data, std::string("not a NAST/1 tree: ") + what,
              "the record was damaged or written by something else");
}

bool read_symbols(base::WireReader& in, std::vector<std::string>& symbols) {
  const auto count = in.varint();
  if (!in.ok() || count > max_nodes || count > in.remaining()) return false;
  symbols.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto text = in.bytes();
    if (!in.ok() || text.size() > max_symbol_bytes) return false;
    symbols.emplace_back(text);
  }
  return true;
}

bool all_differ(const std::vector<std::string>& symbols) {
  std::vector<std::string_view> sorted(symbols.begin(), symbols.end());
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

/// `around`, `root`: starts of the enclosing node and of the root, which holes count from.
bool read_node(base::WireReader& in, std::size_t symbols, NastNode& node, std::uint64_t around, std::uint64_t root) {
  const auto kind = in.u8();
  const auto flags = in.u8();
  const auto grammar = in.varint();
  const auto symbol = in.varint();
  const auto size = in.varint();
  const auto start = in.varint();
  const auto length = in.varint();
  constexpr std::uint64_t limit = 0xffffffffu;
  if (!in.ok() || kind > static_cast<std::uint8_t>(NodeKind::sequence_hole) || flags > known_flags) return false;
  node.kind = static_cast<NodeKind>(kind);
  if (symbol > (is_hole(node.kind) ? max_nodes : symbols) || grammar > 0xffff || size == 0 || size > max_nodes)
    return false;
  const std::uint64_t base = is_hole(node.kind) ? root : around;
  if (start > limit || length > limit || base + start + length > limit) return false;
  node.flags = flags;
  node.grammar = static_cast<std::uint16_t>(grammar);
  node.symbol = static_cast<std::uint32_t>(symbol);
  node.size = static_cast<std::uint32_t>(size);
  node.start = static_cast<std::uint32_t>(base + start);
  node.end = static_cast<std::uint32_t>(base + start + length);
  return true;
}

/// Reads the nodes, each inside the innermost node still open. Holes count from the root's start.
bool read_nodes(base::WireReader& in, Nast& tree) {
  const auto count = in.varint();
  if (!in.ok() || count > max_nodes || count > in.remaining()) return false;
  tree.nodes.reserve(static_cast<std::size_t>(count));
  std::vector<std::uint32_t> open;
  for (std::uint64_t i = 0; i < count; ++i) {
    while (!open.empty() && i >= std::uint64_t{open.back()} + tree.nodes[open.back()].size) open.pop_back();
    if (i != 0 && open.empty()) return false;  // a second root
    NastNode node;
    const auto around = i == 0 ? NastNode{} : tree.nodes[open.back()];
    const auto root = i == 0 ? NastNode{} : tree.nodes[0];
    if (!read_node(in, tree.symbols.size(), node, around.start, root.start)) return false;
    const std::uint64_t room = i == 0 ? count : std::uint64_t{open.back()} + around.size;
    if (i + node.size > room || (i == 0 && node.size != count)) return false;
    if (i != 0 && node.end > (is_hole(node.kind) ? root.end : around.end)) return false;
    tree.nodes.push_back(node);
    open.push_back(static_cast<std::uint32_t>(i));
  }
  return true;
}

bool read_tree(std::string_view bytes, Nast& tree) {
  base::WireReader in(bytes);
  if (in.take(magic.size()) != magic) return false;
  const auto language = in.u8();
  if (language > static_cast<std::uint8_t>(Language::bash)) return false;
  tree.language = static_cast<Language>(language);
  return read_symbols(in, tree.symbols) && read_nodes(in, tree) && in.ok();
}

}  // namespace

std::string encode_nast(const Nast& tree) {
  std::string out(magic);
  std::size_t text = 0;
  for (const auto& symbol : tree.symbols) text += symbol.size() + 2;
  out.reserve(16 + text + tree.nodes.size() * 9);
  base::WireWriter writer(out);
  writer.u8(static_cast<std::uint8_t>(tree.language));
  writer.varint(tree.symbols.size());
  for (const auto& symbol : tree.symbols) writer.bytes(symbol);
  writer.varint(tree.nodes.size());
  std::vector<std::uint32_t> open;
  for (std::uint32_t index = 0; index < tree.nodes.size(); ++index) {
    const auto& node = tree.nodes[index];
    while (!open.empty() && index >= open.back() + tree.nodes[open.back()].size) open.pop_back();
    const auto around = open.empty() ? 0u : is_hole(node.kind) ? tree.nodes[0].start : tree.nodes[open.back()].start;
    writer.u8(static_cast<std::uint8_t>(node.kind));
    writer.u8(node.flags);
    writer.varint(node.grammar);
    writer.varint(node.symbol);
    writer.varint(node.size);
    writer.varint(node.start - around);
    writer.varint(node.end - node.start);
    open.push_back(index);
  }
  return out;
}

Nast trusted_nast(std::string_view bytes) {
  Nast tree;
  return read_tree(bytes, tree) ? std::move(tree) : Nast{};
}

Result<Nast> decode_nast(std::string_view bytes) {
  Nast tree;
  if (!read_tree(bytes, tree)) return broken("bad beginning, language, symbol table or node");
  if (!all_differ(tree.symbols)) return broken("bad symbol table");
  if (encode_nast(tree) != bytes) return broken("not in canonical form");
  return tree;
}

}  // namespace autodev::syntax
