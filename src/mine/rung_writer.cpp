// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/rung_writer.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::mine {

using syntax::NastNode;
using syntax::NodeKind;

namespace {

bool is_open_part(NodeKind kind) noexcept {
  return kind == NodeKind::block || kind == NodeKind::arguments || kind == NodeKind::parameters ||
         kind == NodeKind::argument || kind == NodeKind::parameter || kind == NodeKind::type ||
         kind == NodeKind::function || kind == NodeKind::method || kind == NodeKind::other;
}

}  // namespace

std::unordered_set<std::uint64_t> kept_subtrees(const FixSide& before, const CodePart& left, const FixSide& after,
                                                const CodePart& right) {
  std::unordered_set<std::uint64_t> there, kept;
  for (std::uint32_t i = right.first; i < right.last; ++i)
    if (after.tree.nodes[i].size > 1) there.insert(after.hash[i].exact);
  for (std::uint32_t i = left.first; i < left.last; ++i)
    if (before.tree.nodes[i].size > 1 && !is_open_part(before.tree.nodes[i].kind) &&
        there.contains(before.hash[i].exact))
      kept.insert(before.hash[i].exact);
  return kept;
}

bool RungWriter::write(const FixSide& side, const CodePart& part, TreePattern& out, std::size_t max_nodes,
                       bool keep_parent) {
  out.run = part.run;
  const bool nothing = part.run && part.first == part.last;
  if (nothing && !keep_parent) return true;
  if (part.run) {
    PatternNode parent = concrete(side, part.root);
    parent.size = 1;
    out.nodes.push_back(std::move(parent));
  }
  if (nothing) return true;
  std::vector<Span> spans;
  Open open;
  for (std::uint32_t i = part.first; i < part.last;) {
    while (!open.empty() && open.back().second <= i) close(out, open);
    const EditHole hole = hole_for(side, i);
    if (hole == EditHole::none) {
      open.emplace_back(out.nodes.size(), i + side.tree.nodes[i].size);
      out.nodes.push_back(concrete(side, i));
      ++i;
    } else {
      const std::uint8_t number = number_of(side, i, hole);
      if (number == 0) return false;
      PatternNode node;
      node.hole = hole;
      node.number = number;
      if (hole == EditHole::literal) node.kind = side.tree.nodes[i].kind;
      out.nodes.push_back(std::move(node));
      spans.push_back(
          {side.tree.nodes[i].start, side.tree.nodes[i].end, number, side.tree.nodes[i].kind == NodeKind::arguments});
      i += side.tree.nodes[i].size;
    }
    if (out.nodes.size() > max_nodes) return false;
  }
  while (!open.empty()) close(out, open);
  if (part.run) out.nodes[0].size = static_cast<std::uint32_t>(out.nodes.size());
  render(side, part, spans, out);
  return true;
}

std::uint8_t RungWriter::hole_of_name(const FixSide& side, std::uint32_t node) const {
  const auto known = numbers_.find({EditHole::name, base::hash64(side.tree.symbol(node))});
  return known == numbers_.end() ? std::uint8_t{0} : known->second;
}

void RungWriter::close(TreePattern& out, Open& open) {
  out.nodes[open.back().first].size = static_cast<std::uint32_t>(out.nodes.size() - open.back().first);
  open.pop_back();
}

PatternNode RungWriter::concrete(const FixSide& side, std::uint32_t i) {
  PatternNode node;
  node.kind = side.tree.nodes[i].kind == NodeKind::method ? NodeKind::function : side.tree.nodes[i].kind;
  node.symbol = side.tree.symbol(i);
  node.symbol_hash = base::hash64(node.symbol);
  return node;
}

EditHole RungWriter::hole_for(const FixSide& side, std::uint32_t i) const {
  const NastNode& node = side.tree.nodes[i];
  if (syntax::is_local_name(node) || (node.kind == NodeKind::identifier && (node.flags & syntax::flag_unit_name) != 0))
    return EditHole::name;
  if (abstraction_ >= 1 && (node.flags & syntax::flag_literal) != 0 && node.size == 1) return EditHole::literal;
  if (cut_.contains(i) || (abstraction_ >= 2 && node.size > 1 && kept_.contains(side.hash[i].exact)))
    return (node.flags & syntax::flag_statement) != 0 ? EditHole::statement : EditHole::expression;
  return EditHole::none;
}

/// 0: too many holes.
std::uint8_t RungWriter::number_of(const FixSide& side, std::uint32_t i, EditHole hole) {
  const auto next = static_cast<std::uint8_t>(numbers_.size() + 1);
  const auto key = std::pair(hole, hole == EditHole::name ? base::hash64(side.tree.symbol(i)) : side.hash[i].exact);
  const auto [place, added] = numbers_.emplace(key, next);
  return numbers_.size() > max_pattern_holes ? std::uint8_t{0} : place->second;
}

void RungWriter::render(const FixSide& side, const CodePart& part, const std::vector<Span>& spans, TreePattern& out) {
  std::uint32_t at = side.tree.nodes[part.first].start;
  std::uint32_t end = at;
  for (std::uint32_t i = part.first; i < part.last; i += side.tree.nodes[i].size)
    end = std::max(end, side.tree.nodes[i].end);
  end = std::min(end, static_cast<std::uint32_t>(side.text.size()));
  for (const Span& span : spans) {
    if (span.start < at || span.end > end) continue;
    out.text += side.text.substr(at, span.start - at);
    if (span.bracketed) out.text += '(';
    out.places.push_back({static_cast<std::uint32_t>(out.text.size()), span.number});
    out.text += '$' + std::to_string(span.number);
    if (span.bracketed) out.text += ')';
    at = span.end;
  }
  if (at < end) out.text += side.text.substr(at, end - at);
}

}  // namespace autodev::mine
