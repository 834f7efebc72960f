// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See hole_text.h. Bytes outside the given text are never read: spans of foreign trees are clamped.
#include "mine/hole_text.h"

#include <algorithm>
#include <optional>

#include "mine/subtree.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::string_view white_space = " \t\r\n";

bool is_bracket_pair(char open, char close) noexcept {
  return (open == '(' && close == ')') || (open == '[' && close == ']') || (open == '{' && close == '}') ||
         (open == '<' && close == '>');
}

/// Widens the span by one pair of parentheses, if it stands in one and stays inside `outside`; a pair that is the
/// whole of `outside` belongs to that (argument lists).
bool widen(std::string_view text, TextSpan& span, TextSpan outside) noexcept {
  const std::size_t open = slice(text, {0, span.start}).find_last_not_of(white_space);
  if (open == std::string_view::npos || text[open] != '(') return false;
  const std::size_t close = text.find_first_not_of(white_space, span.end);
  if (close == std::string_view::npos || text[close] != ')') return false;
  const TextSpan wider{static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(close + 1)};
  if (wider.start < outside.start || wider.end > outside.end) return false;
  if (wider.start == outside.start && wider.end == outside.end) return false;
  span = wider;
  return true;
}

TextSpan span_of(const NastNode& node) noexcept {
  return {node.start, node.end};
}

/// A sibling with all its parentheses. Sequence holes have none of their own.
TextSpan outer_span(const SourceTree& source, std::uint32_t node, std::uint32_t parent) noexcept {
  TextSpan span = span_of(source.tree.nodes[node]);
  if (source.tree.nodes[node].kind == NodeKind::sequence_hole) return span;
  while (widen(source.text, span, span_of(source.tree.nodes[parent]))) {
  }
  return span;
}

/// The innermost node around `node`; the node itself for the root.
std::uint32_t parent_of(const Nast& tree, std::uint32_t node) noexcept {
  for (std::uint32_t i = node; i-- > 0;)
    if (i + tree.nodes[i].size > node) return i;
  return node;
}

/// Number of pairs of parentheses around a node.
std::uint32_t layers(const SourceTree& source, std::uint32_t node) noexcept {
  TextSpan span = span_of(source.tree.nodes[node]);
  TextSpan probe = span;
  if (!widen(source.text, probe, {0, UINT32_MAX})) return 0;  // the usual case, without looking for the parent
  const TextSpan outside = span_of(source.tree.nodes[parent_of(source.tree, node)]);
  std::uint32_t count = 0;
  while (widen(source.text, span, outside)) ++count;
  return count;
}

/// What lies between the brackets of a list; the whole list when its brackets are not its own.
TextSpan interior(const Nast& tree, std::string_view text, std::uint32_t parent) noexcept {
  const NastNode& list = tree.nodes[parent];
  const std::string_view whole = slice(text, {list.start, list.end});
  if (whole.size() < 2 || !is_bracket_pair(whole.front(), whole.back())) return {list.start, list.end};
  const std::uint32_t end = parent + list.size;
  for (std::uint32_t child = parent + 1; child < end; child += tree.nodes[child].size) {
    const bool empty_hole = is_hole(tree.nodes[child]) && tree.nodes[child].start == tree.nodes[child].end;
    if (!empty_hole && (tree.nodes[child].start <= list.start || tree.nodes[child].end >= list.end))
      return {list.start, list.end};
  }
  return {list.start + 1, list.end - 1};
}

/// A source text and a byte of it whose line gives the indentation.
struct Anchor {
  std::string_view text;
  std::uint32_t position = 0;
};

/// Leading white space of the line `position` is on; absent for the first line.
std::optional<std::string_view> indentation(const Anchor& anchor) noexcept {
  const std::string_view before = slice(anchor.text, {0, anchor.position});
  const std::size_t newline = before.rfind('\n');
  if (newline == std::string_view::npos) return std::nullopt;
  const std::string_view line = anchor.text.substr(newline + 1);
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

/// Does a string literal run across this byte?
bool inside_string(const Nast& tree, std::size_t position) noexcept {
  return std::any_of(tree.nodes.begin(), tree.nodes.end(), [&](const NastNode& node) {
    return node.kind == NodeKind::string && node.start < position && position < node.end;
  });
}

/// The text of `span`. Lines that start with the indentation at `here` get the one at `leader` instead, except inside
/// string literals; unchanged when an anchor stands on the first line, whose indentation is not known.
std::string moved_text(const Nast& tree, TextSpan span, const Anchor& here, const Anchor& leader) {
  const std::string_view text = slice(here.text, span);
  if (text.find('\n') == std::string_view::npos) return std::string(text);
  const auto from = indentation(here);
  const auto to = indentation(leader);
  if (!from || !to || *from == *to) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line_end = std::min(text.find('\n', at), text.size() - 1) + 1;
    std::string_view line = text.substr(at, line_end - at);
    if (at > 0 && line != "\n" && line.starts_with(*from) && !inside_string(tree, span.start + at)) {
      out += *to;
      line.remove_prefix(from->size());
    }
    out += line;
    at = line_end;
  }
  return out;
}

/// A byte on whose line the run's indentation can be read: the sibling before it, after it, or the list.
std::uint32_t anchor_of(const Nast& tree, const SiblingRun& run) noexcept {
  const std::uint32_t list_end = run.parent + tree.nodes[run.parent].size;
  std::uint32_t before = list_end;
  for (std::uint32_t child = run.parent + 1; child < run.first; child += tree.nodes[child].size) before = child;
  if (run.has_previous && before < list_end) return tree.nodes[before].start;
  return run.has_next && run.last < list_end ? tree.nodes[run.last].start : tree.nodes[run.parent].start;
}

}  // namespace

std::string_view slice(std::string_view text, TextSpan span) noexcept {
  const std::size_t start = std::min<std::size_t>(span.start, text.size());
  const std::size_t end = std::min<std::size_t>(span.end, text.size());
  return end <= start ? std::string_view() : text.substr(start, end - start);
}

TextSpan sequence_span(const SourceTree& source, const SiblingRun& run) noexcept {
  const auto& nodes = source.tree.nodes;
  const std::uint32_t list_end = run.parent + nodes[run.parent].size;
  std::uint32_t before = list_end;     // sibling in front of the run
  std::uint32_t final_one = list_end;  // last sibling of the run
  for (std::uint32_t child = run.parent + 1; child < run.last; child += nodes[child].size)
    (child < run.first ? before : final_one) = child;
  const auto outer = [&](std::uint32_t node) { return outer_span(source, node, run.parent); };
  const bool empty = run.first == run.last;
  if (run.has_previous && before < list_end) {
    const std::uint32_t start = outer(before).end;
    return {start, empty ? start : std::max(start, outer(final_one).end)};
  }
  if (run.has_next && run.last < list_end) {
    const std::uint32_t end = outer(run.last).start;
    // Keywords may stand in front of what a closed node requires: they belong to the gap, empty or not.
    if ((nodes[run.parent].flags & syntax::flag_sequence) == 0) return {nodes[run.parent].start, end};
    return {empty ? end : std::min(end, outer(run.first).start), end};
  }
  return interior(source.tree, source.text, run.parent);
}

std::string sequence_filler(const SourceTree& instance, const SiblingRun& run, const SourceTree& leader,
                            const SiblingRun& hole) {
  return moved_text(instance.tree, sequence_span(instance, run), {instance.text, anchor_of(instance.tree, run)},
                    {leader.text, anchor_of(leader.tree, hole)});
}

std::string single_filler(const SourceTree& instance, std::uint32_t node, const SourceTree& leader,
                          std::uint32_t hole) {
  TextSpan span = span_of(instance.tree.nodes[node]);
  const std::uint32_t own = layers(instance, node);
  for (std::uint32_t surplus = own - std::min(own, own == 0 ? 0 : layers(leader, hole)); surplus > 0; --surplus)
    widen(instance.text, span, {0, UINT32_MAX});
  return moved_text(instance.tree, span, {instance.text, span.start}, {leader.text, leader.tree.nodes[hole].start});
}

}  // namespace autodev::mine
