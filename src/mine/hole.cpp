// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See hole.h. Bytes outside the given text are never read: spans of foreign trees are clamped.
#include "mine/hole.h"

#include <algorithm>
#include <array>

#include "mine/subtree.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr std::array<std::string_view, 6> hole_kind_names = {"identifier", "literal",   "type",
                                                             "expression", "statement", "sequence"};

bool is_bracket_pair(char open, char close) noexcept {
  return (open == '(' && close == ')') || (open == '[' && close == ']') || (open == '{' && close == '}') ||
         (open == '<' && close == '>');
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

}  // namespace

std::string_view to_string(HoleKind kind) noexcept {
  return hole_kind_names[static_cast<std::size_t>(kind)];
}

std::optional<HoleKind> hole_kind_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < hole_kind_names.size(); ++i)
    if (hole_kind_names[i] == name) return static_cast<HoleKind>(i);
  return std::nullopt;
}

HoleKind hole_kind_of(const NastNode& node) noexcept {
  if ((node.flags & syntax::flag_statement) != 0) return HoleKind::statement;
  if (node.kind == NodeKind::type || (node.flags & syntax::flag_type_name) != 0) return HoleKind::type;
  if ((node.flags & syntax::flag_literal) != 0) return HoleKind::literal;
  if (node.kind == NodeKind::identifier) return HoleKind::identifier;
  return HoleKind::expression;
}

HoleKind join(HoleKind a, HoleKind b) noexcept {
  if (a == b) return a;
  const auto is_name = [](HoleKind kind) { return kind == HoleKind::identifier || kind == HoleKind::type; };
  if (is_name(a) && is_name(b)) return HoleKind::type;
  return a == HoleKind::statement || b == HoleKind::statement ? HoleKind::statement : HoleKind::expression;
}

bool accepts(HoleKind hole, const NastNode& node) noexcept {
  if (node.kind == NodeKind::identifier && hole == HoleKind::identifier)
    return (node.flags & syntax::flag_statement) == 0;  // also a name that this parser took for a type
  return join(hole, hole_kind_of(node)) == hole;
}

void add_filler(TemplateHole& hole, std::string_view text, std::uint32_t times) {
  auto found = std::find_if(hole.fillers.begin(), hole.fillers.end(), [&](const auto& f) { return f.first == text; });
  if (found == hole.fillers.end()) {
    if (hole.fillers.size() >= max_fillers || text.size() > max_filler_bytes) {
      hole.overflow += times;
      return;
    }
    found = hole.fillers.emplace(hole.fillers.end(), std::string(text), 0);
  }
  found->second += times;
  const auto more_frequent = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto place = std::lower_bound(hole.fillers.begin(), found, *found, more_frequent);
  std::rotate(place, found, found + 1);
}

std::string_view slice(std::string_view text, TextSpan span) noexcept {
  const std::size_t start = std::min<std::size_t>(span.start, text.size());
  const std::size_t end = std::min<std::size_t>(span.end, text.size());
  return end <= start ? std::string_view() : text.substr(start, end - start);
}

TextSpan sequence_span(const Nast& tree, std::string_view text, const SiblingRun& run) noexcept {
  const std::uint32_t list_end = run.parent + tree.nodes[run.parent].size;
  std::uint32_t before = list_end;     // sibling in front of the run
  std::uint32_t final_one = list_end;  // last sibling of the run
  for (std::uint32_t child = run.parent + 1; child < run.last; child += tree.nodes[child].size)
    (child < run.first ? before : final_one) = child;
  const bool empty = run.first == run.last;
  if (run.has_previous && before < list_end) {
    const std::uint32_t start = tree.nodes[before].end;
    return {start, empty ? start : std::max(start, tree.nodes[final_one].end)};
  }
  if (run.has_next && run.last < list_end) {
    const std::uint32_t end = tree.nodes[run.last].start;
    // Keywords may stand in front of what a closed node requires: they belong to the gap, empty or not.
    if ((tree.nodes[run.parent].flags & syntax::flag_sequence) == 0) return {tree.nodes[run.parent].start, end};
    return {empty ? end : std::min(end, tree.nodes[run.first].start), end};
  }
  return interior(tree, text, run.parent);
}

std::uint32_t sequence_anchor(const Nast& tree, const SiblingRun& run) noexcept {
  const std::uint32_t list_end = run.parent + tree.nodes[run.parent].size;
  if (run.has_previous) {
    std::uint32_t before = list_end;
    for (std::uint32_t child = run.parent + 1; child < run.first; child += tree.nodes[child].size) before = child;
    if (before < list_end) return tree.nodes[before].start;
  }
  return run.has_next && run.last < list_end ? tree.nodes[run.last].start : tree.nodes[run.parent].start;
}

std::string filler_text(const Nast& tree, TextSpan span, const Anchor& here, const Anchor& leader) {
  const std::string_view text = slice(here.text, span);
  const std::size_t first_newline = text.find('\n');
  if (first_newline == std::string_view::npos) return std::string(text);
  const auto from = indentation(here);
  const auto to = indentation(leader);
  if (!from || !to || *from == *to) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line_end = std::min(text.find('\n', at), text.size() - 1) + 1;
    std::string_view line = text.substr(at, line_end - at);
    const bool moves =
        at > 0 && line != "\n" && line.substr(0, from->size()) == *from && !inside_string(tree, span.start + at);
    if (moves) {
      out += *to;
      line.remove_prefix(from->size());
    }
    out += line;
    at = line_end;
  }
  return out;
}

}  // namespace autodev::mine
