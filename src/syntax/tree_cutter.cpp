// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Cuts one subtree out of the file's tree: own symbol numbers in order of first use, byte ranges relative to the
// unit's text, sizes corrected for pruned bodies, and the unit's own name marked wherever it refers to the unit.
#include "syntax/units.h"

namespace autodev::syntax {

std::uint32_t TreeCutter::local_symbol(std::uint32_t symbol, Nast& tree) {
  if (symbol == 0) return 0;
  auto& mapped = remap_[symbol];
  if (mapped == 0) {
    tree.symbols.emplace_back(file_.symbols.text(symbol));
    mapped = static_cast<std::uint32_t>(tree.symbols.size());
    touched_.push_back(symbol);
  }
  return mapped;
}

std::uint8_t TreeCutter::flags_in_unit(std::uint32_t index, std::uint32_t name_node) const {
  const auto& node = file_.nodes[index];
  if (name_node == no_index || node.symbol != file_.nodes[name_node].symbol) return node.flags;
  const auto role = file_.roles[index];
  const bool refers =
      role == Role::callee || role == Role::type || role == Role::name || role == Role::plain || role == Role::none;
  const bool own = index == name_node ||
                   (refers && node.kind == NodeKind::identifier && (node.flags & (flag_callee | flag_type_name)) != 0);
  if (!own) return node.flags;
  return static_cast<std::uint8_t>((node.flags & flag_statement) | flag_unit_name);
}

Nast TreeCutter::cut(std::uint32_t root, std::uint32_t unit, const std::vector<NodeRange>& pruned, Language language) {
  Nast tree;
  tree.language = language;
  const auto& top = file_.nodes[root];
  const auto name_node = unit == no_index ? no_index : file_.candidates[unit].name_node;
  tree.nodes.reserve(top.size);
  std::vector<std::uint32_t> open;  // nodes of `tree` above the next one, with the ends of their originals
  std::vector<std::uint32_t> ends;
  auto skip = pruned.begin();
  for (std::uint32_t index = root; index < root + top.size; ++index) {
    if (skip != pruned.end() && index == skip->begin) {
      index = skip->end - 1;
      ++skip;
      continue;
    }
    const auto& node = file_.nodes[index];
    if (!pruned.empty()) {
      for (; !ends.empty() && index >= ends.back(); ends.pop_back(), open.pop_back())
        tree.nodes[open.back()].size = static_cast<std::uint32_t>(tree.nodes.size() - open.back());
      open.push_back(static_cast<std::uint32_t>(tree.nodes.size()));
      ends.push_back(index + node.size);
    }
    NastNode copy = node;
    copy.flags = flags_in_unit(index, name_node);
    copy.symbol = local_symbol(node.symbol, tree);
    copy.start -= top.start;
    copy.end -= top.start;
    tree.nodes.push_back(copy);
  }
  for (const auto index : open) tree.nodes[index].size = static_cast<std::uint32_t>(tree.nodes.size() - index);
  for (const auto symbol : touched_) remap_[symbol] = 0;
  touched_.clear();
  return tree;
}

}  // namespace autodev::syntax
