// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The simple facts about a template: how it starts, how large it is, how its holes are shown.
#include "mine/template.h"

#include <algorithm>

#include "mine/hole.h"
#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::NodeKind;

namespace {

/// Bits for one of up to 64 kinds; the alphabet has 57.
constexpr std::uint64_t kind_bits = 6;

/// A sequence filler as a reader wants it: without the separator that ties it to its list.
std::string_view without_separators(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n,;";
  const std::size_t start = text.find_first_not_of(separators);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(separators) - start + 1);
}

}  // namespace

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

double bits(const syntax::Nast& tree) noexcept {
  std::uint64_t total = kind_bits * tree.nodes.size();
  for (const auto& symbol : tree.symbols) total += 8 * symbol.size();
  return static_cast<double>(total);
}

std::vector<Hole> public_holes(const Template& pattern) {
  std::vector<Hole> holes;
  for (std::size_t i = 0; i < pattern.holes.size(); ++i) {
    const TemplateHole& from = pattern.holes[i];
    const bool sequence = from.kind == to_string(HoleKind::sequence);
    TemplateHole shown;
    for (const auto& [text, count] : from.fillers)
      add_filler(shown, sequence ? without_separators(text) : std::string_view(text), count);
    Hole& hole = holes.emplace_back();
    hole.name = (sequence ? "$$$" : "$") + std::to_string(i + 1);
    hole.kind = from.kind;
    hole.distinct = static_cast<std::uint32_t>(shown.fillers.size());
    if (shown.fillers.size() > shown_fillers) shown.fillers.resize(shown_fillers);
    hole.fillers = std::move(shown.fillers);
  }
  return holes;
}

}  // namespace autodev::mine
