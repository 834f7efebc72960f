// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The simple facts about a template: how it starts and how large it is.
#include "mine/template.h"

#include <algorithm>

#include "mine/hole.h"
#include "mine/subtree.h"

namespace autodev::mine {

using syntax::NodeKind;

Template template_of(const syntax::Nast& tree, std::string_view text) {
  Template pattern;
  pattern.tree = tree;
  pattern.text = std::string(text);
  for (auto& node : pattern.tree.nodes) {
    node.grammar = 0;
    node.start = std::min(node.start, static_cast<std::uint32_t>(text.size()));
    node.end = std::clamp(node.end, node.start, static_cast<std::uint32_t>(text.size()));
    if (is_hole(node)) node.kind = NodeKind::error;  // no parser makes holes; foreign trees may claim them
  }
  return pattern;
}

std::uint32_t concrete_nodes(const Template& pattern) noexcept {
  const auto& nodes = pattern.tree.nodes;
  return static_cast<std::uint32_t>(
      std::count_if(nodes.begin(), nodes.end(), [](const auto& n) { return !is_hole(n); }));
}

std::uint32_t retained_nodes(const Template& pattern) noexcept {
  constexpr unsigned meaningful = syntax::flag_callee | syntax::flag_type_name;
  std::uint32_t retained = 0;
  for (const auto& node : pattern.tree.nodes) {
    const bool renamed = node.kind == NodeKind::hole && (node.flags & meaningful) == 0 &&
                         pattern.holes[node.symbol - 1].kind == to_string(HoleKind::identifier);
    retained += !is_hole(node) || renamed;
  }
  return retained;
}

}  // namespace autodev::mine
