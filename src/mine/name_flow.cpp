// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Definitions and uses are told by the kinds of the nodes around a name, which all languages share.
#include "mine/name_flow.h"

#include <algorithm>

#include "syntax/tree_diff.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::no_parent;
using syntax::NodeKind;

namespace {

/// Targets are a few nodes deep (`(a, *b) = ...`, `int *a[3]`); deeper ones are generated.
constexpr int max_climb = 8;

std::uint32_t end_of(const Nast& tree, std::uint32_t node) noexcept {
  return node + tree.nodes[node].size;
}

CodePart children_run(std::uint32_t root, std::uint32_t first, std::uint32_t last) noexcept {
  return {true, root, first, last};
}

/// Lists and declarators that only say which names are meant.
bool wraps_target(const NastNode& node) noexcept {
  return node.kind == NodeKind::tuple || node.kind == NodeKind::list || node.kind == NodeKind::spread ||
         node.kind == NodeKind::other;
}

/// Where the name at the node is set, as a part; absent when it is only read there.
std::optional<CodePart> defined_at(const FlowView& flow, std::uint32_t node) {
  const Nast& tree = flow.tree;
  const bool binder = (tree.nodes[node].flags & syntax::flag_binder) != 0;
  std::uint32_t child = node, above = flow.parent[node];
  for (int step = 0; step < max_climb && above != no_parent && wraps_target(tree.nodes[above]); ++step) {
    child = above;
    above = flow.parent[above];
  }
  if (above == no_parent) return std::nullopt;
  const NastNode& around = tree.nodes[above];
  const bool first = child == above + 1;
  switch (around.kind) {
    case NodeKind::assignment:
      return first || binder ? std::optional(whole_subtree(tree, above)) : std::nullopt;
    case NodeKind::unary:
      return tree.symbol(above).find("++") != std::string_view::npos ||
                     tree.symbol(above).find("--") != std::string_view::npos
                 ? std::optional(whole_subtree(tree, above))
                 : std::nullopt;
    case NodeKind::declaration:
      if (!binder) return std::nullopt;
      // `int a = 0, b;`: b has a declaration that is not its own.
      if ((around.flags & syntax::flag_statement) != 0 && around.symbol == 0)
        return children_run(above, child, end_of(tree, child));
      return whole_subtree(tree, above);
    case NodeKind::parameter:
      return whole_subtree(tree, above);
    case NodeKind::loop:
    case NodeKind::parameters:
    case NodeKind::catch_clause:
    case NodeKind::comprehension:
    case NodeKind::with_statement:
      return binder ? std::optional(children_run(above, child, end_of(tree, child))) : std::nullopt;
    default:
      return binder ? std::optional(whole_subtree(tree, child)) : std::nullopt;
  }
}

/// `=` and declarations only set the name; `+=` and ++ read it first.
bool only_sets(const FlowView& flow, std::uint32_t node, const CodePart& definition) {
  const NodeKind kind = flow.tree.nodes[definition.root].kind;
  if (kind == NodeKind::unary) return false;
  if (kind != NodeKind::assignment) return true;
  const std::string_view symbol = flow.tree.symbol(definition.root);
  return (symbol == "=" || symbol == ":=" || symbol.empty()) && node < end_of(flow.tree, definition.root + 1);
}

bool is_compound(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::block:
    case NodeKind::if_statement:
    case NodeKind::loop:
    case NodeKind::switch_statement:
    case NodeKind::switch_case:
    case NodeKind::try_statement:
    case NodeKind::catch_clause:
    case NodeKind::with_statement:
    case NodeKind::function:
    case NodeKind::method:
    case NodeKind::lambda:
    case NodeKind::type_declaration:
      return true;
    default:
      return false;
  }
}

/// What is done with the name at the node.
CodePart use_at(const FlowView& flow, std::uint32_t node) {
  const Nast& tree = flow.tree;
  std::uint32_t child = node, above = flow.parent[node];
  if (above == no_parent) return whole_subtree(tree, node);
  // `x.strip` is used by the call of it, an argument by what it is given to.
  if (tree.nodes[above].kind == NodeKind::member || tree.nodes[above].kind == NodeKind::arguments ||
      tree.nodes[above].kind == NodeKind::argument) {
    for (int step = 0; step < 2; ++step) {
      const std::uint32_t higher = flow.parent[above];
      if (higher == no_parent) break;
      const NodeKind kind = tree.nodes[higher].kind;
      if (kind != NodeKind::call && kind != NodeKind::construct && kind != NodeKind::arguments) break;
      child = above;
      above = higher;
    }
  }
  if (is_compound(tree.nodes[above].kind)) return children_run(above, child, end_of(tree, child));
  return whole_subtree(tree, above);
}

/// The condition's first child and its end, among the children of a governing node; `body`: where the governed part
/// begins.
struct Head {
  std::uint32_t first = 0, last = 0, body = 0;
};

Head head_of(const Nast& tree, std::uint32_t node) {
  std::vector<std::uint32_t> parts;
  for (std::uint32_t child = node + 1; child < end_of(tree, node); child += tree.nodes[child].size)
    parts.push_back(child);
  const std::uint32_t end = end_of(tree, node);
  if (parts.empty()) return {end, end, end};
  const auto one = [&](std::size_t i, std::uint32_t body) { return Head{parts[i], end_of(tree, parts[i]), body}; };
  if (tree.nodes[node].kind != NodeKind::loop) {
    // `if x := f(); x != nil`: what is set first is no condition.
    std::size_t asked = 0;
    while (asked + 2 < parts.size() && (tree.nodes[parts[asked]].kind == NodeKind::declaration)) ++asked;
    return one(asked, end_of(tree, parts[asked]));
  }
  if (tree.symbol(node) == "do while")
    return parts.size() > 1 ? one(parts.size() - 1, node + 1) : Head{end, end, node + 1};
  const std::uint32_t body = parts.back();
  if (parts.size() == 1) return {body, body, body};
  // `for (start; condition; step)`: the condition alone; else the whole head.
  for (std::size_t i = 0; i + 1 < parts.size() && tree.symbol(node) == "for"; ++i)
    if (tree.nodes[parts[i]].kind == NodeKind::binary) return one(i, body);
  return {parts.front(), body, body};
}

bool can_govern(NodeKind kind) noexcept {
  return kind == NodeKind::if_statement || kind == NodeKind::ternary || kind == NodeKind::loop ||
         kind == NodeKind::switch_case || kind == NodeKind::catch_clause;
}

}  // namespace

CodePart whole_subtree(const Nast& tree, std::uint32_t root) noexcept {
  return {false, root, root, root + tree.nodes[root].size};
}

NameIndex::NameIndex(const Nast& tree) : begin_(tree.symbols.size() + 2, 0) {
  for (const NastNode& node : tree.nodes)
    if (syntax::is_local_name(node)) ++begin_[node.symbol + 1];
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  nodes_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (syntax::is_local_name(tree.nodes[i])) nodes_[next[tree.nodes[i].symbol]++] = i;
}

std::span<const std::uint32_t> NameIndex::of(std::uint32_t symbol) const noexcept {
  if (symbol == 0 || symbol + 1 >= begin_.size()) return {};
  return {nodes_.data() + begin_[symbol], begin_[symbol + 1] - begin_[symbol]};
}

std::optional<CodePart> definition_before(const FlowView& flow, std::uint32_t symbol, std::uint32_t place) {
  const auto all = flow.names.of(symbol);
  auto at = std::lower_bound(all.begin(), all.end(), place);
  while (at != all.begin()) {
    auto found = defined_at(flow, *--at);
    if (found && !(found->first <= place && place < found->last)) return found;
  }
  return std::nullopt;
}

std::optional<CodePart> use_after(const FlowView& flow, std::uint32_t symbol, std::uint32_t parent, std::uint32_t first,
                                  std::uint32_t last) {
  const auto all = flow.names.of(symbol);
  const auto governor = governor_of(flow, parent, first);
  std::uint32_t place = last;
  if (governor && governor->how == Governs::asked && flow.tree.nodes[governor->condition.root].kind == NodeKind::loop)
    place = std::max(place, head_of(flow.tree, governor->condition.root).body);
  const auto at = std::lower_bound(all.begin(), all.end(), place);
  if (at == all.end()) return std::nullopt;
  const auto set = defined_at(flow, *at);
  // `x = x + 1` reads the name first, but that stands behind it.
  if (set && only_sets(flow, *at, *set)) {
    const bool reads =
        std::any_of(at + 1, all.end(), [&](std::uint32_t node) { return node < end_of(flow.tree, set->root); });
    return reads ? std::optional(*set) : std::nullopt;
  }
  return set ? *set : use_at(flow, *at);
}

std::optional<Governor> governor_of(const FlowView& flow, std::uint32_t parent, std::uint32_t first) {
  std::uint32_t child = first;
  for (std::uint32_t node = parent; node != no_parent; child = node, node = flow.parent[node]) {
    if (!can_govern(flow.tree.nodes[node].kind)) continue;
    const Head head = head_of(flow.tree, node);
    const NodeKind kind = flow.tree.nodes[node].kind;
    const bool asked = head.first <= child && child < head.last;
    const bool in_head = kind == NodeKind::loop && child < head.body && flow.tree.symbol(node) != "do while";
    if (asked || in_head) return Governor{Governs::asked, children_run(node, node + 1, node + 1)};
    if (kind != NodeKind::loop && child < head.first)
      return Governor{Governs::asked, children_run(node, node + 1, node + 1)};
    const bool otherwise = (kind == NodeKind::if_statement || kind == NodeKind::ternary) &&
                           head.body < end_of(flow.tree, node) && child >= end_of(flow.tree, head.body);
    return Governor{otherwise ? Governs::fails : Governs::holds, children_run(node, head.first, head.last)};
  }
  return std::nullopt;
}

}  // namespace autodev::mine
