// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The ladder: windows around an edit, written with more and more holes.
#include "mine/edit_pattern.h"

#include <algorithm>
#include <set>

#include "mine/edit_slice.h"
#include "mine/rung_writer.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NodeKind;
using syntax::SiblingRange;

namespace {

std::uint32_t previous_sibling(const Nast& tree, const SiblingRange& range) {
  std::uint32_t found = range.first;
  for (std::uint32_t child = range.parent + 1; child < range.first; child += tree.nodes[child].size) found = child;
  return found;
}

std::uint32_t after_next_sibling(const Nast& tree, const SiblingRange& range) {
  const std::uint32_t end = range.parent + tree.nodes[range.parent].size;
  return range.last < end ? range.last + tree.nodes[range.last].size : range.last;
}

/// The part of a width; a single whole sibling without context is a subtree.
CodePart window_of(const FixSide& side, const SiblingRange& range, std::uint8_t width) {
  const Nast& tree = side.tree;
  if (width == 0) {
    if (!range.empty() && range.first + tree.nodes[range.first].size == range.last) return whole_subtree(tree, range.first);
    return {true, range.parent, range.first, range.last};
  }
  if (width == 1) return {true, range.parent, previous_sibling(tree, range), after_next_sibling(tree, range)};
  std::uint32_t root = range.parent;
  if (width == 3 && side.parent[root] != syntax::no_parent) root = side.parent[root];
  return whole_subtree(tree, root);
}

/// What every function has: `def $1($2): $3 $4` says nothing but how many statements there are.
bool is_frame(const PatternNode& node) noexcept {
  return node.hole == EditHole::none && (node.kind == NodeKind::function || node.kind == NodeKind::parameters ||
                                         node.kind == NodeKind::parameter || node.kind == NodeKind::block);
}

/// Three concrete nodes, or two of which one is a name that carries meaning; frames do not count.
bool says_enough(const TreePattern& before) {
  const auto first = before.nodes.begin() + (before.run && !before.nodes.empty() ? 1 : 0);
  const auto concrete = std::count_if(first, before.nodes.end(), [](const PatternNode& node) { return node.hole == EditHole::none && !is_frame(node); });
  if (concrete >= 3) return true;
  return concrete == 2 && std::any_of(before.nodes.begin(), before.nodes.end(), [](const PatternNode& node) {
           return node.kind == NodeKind::identifier && !node.symbol.empty();
         });
}

}  // namespace

std::size_t concrete_nodes(const TreePattern& pattern) noexcept {
  std::size_t count = 0;
  for (std::size_t i = pattern.run ? 1 : 0; i < pattern.nodes.size(); ++i) count += pattern.nodes[i].hole == EditHole::none;
  return count;
}

std::size_t concrete_nodes(const EditPattern& pattern) noexcept {
  std::size_t count = concrete_nodes(pattern.before);
  for (const SliceFragment& fragment : pattern.slice) count += concrete_nodes(fragment.code) + fragment.code.run;
  return count;
}

namespace {

void add(EditPattern&& rung, std::set<Digest>& seen, std::vector<EditPattern>& ladder) {
  rung.id = identity_of(rung);
  if (seen.insert(rung.id).second) ladder.push_back(std::move(rung));
}

std::vector<EditPattern> ladder_of(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit, std::set<Digest>& seen) {
  std::vector<EditPattern> ladder;
  if (edit.before.parent == syntax::no_parent || edit.after.parent == syntax::no_parent) return ladder;
  for (std::uint8_t width = 0; width < syntactic_widths; ++width) {
    const CodePart left = window_of(before, edit.before, width);
    const CodePart right = window_of(after, edit.after, width);
    const auto kept = kept_subtrees(before, left, after, right);
    for (std::uint8_t abstraction = 0; abstraction < edit_abstractions; ++abstraction) {
      // What was only taken out is known by what it said; without its literals it is any statement of that form.
      if (abstraction > 0 && edit.after.empty()) break;
      EditPattern rung;
      rung.language = before.tree.language;
      rung.width = width;
      rung.abstraction = abstraction;
      RungWriter writer(abstraction, kept);
      if (!writer.write(before, left, rung.before, max_pattern_nodes) ||
          !writer.write(after, right, rung.after, max_after_nodes) || !says_enough(rung.before))
        continue;
      rung.holes = writer.holes();
      // Both sides may generalise to the same: then the rung has lost the edit.
      if (rung.before.run == rung.after.run && rung.before.nodes == rung.after.nodes) continue;
      add(std::move(rung), seen, ladder);
    }
  }
  for (EditPattern& rung : slice_rungs(before, after, edit)) add(std::move(rung), seen, ladder);
  return ladder;
}

}  // namespace

std::vector<std::vector<EditPattern>> edit_ladders(const Nast& before, std::string_view before_text, const Nast& after,
                                                   std::string_view after_text, std::size_t max_edits) {
  std::vector<std::vector<EditPattern>> ladders;
  if (before.language != after.language) return ladders;
  const syntax::TreeDifference difference = syntax::diff_trees(before, after, max_edits + 1);
  if (!difference.complete || difference.edits.size() > max_edits || difference.edits.empty()) return ladders;
  const FixSide left(before, before_text);
  const FixSide right(after, after_text);
  std::set<Digest> seen;
  for (const syntax::TreeEdit& edit : difference.edits) ladders.push_back(ladder_of(left, right, edit, seen));
  return ladders;
}

}  // namespace autodev::mine
