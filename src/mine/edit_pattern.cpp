// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The ladder: windows around an edit, written with more and more holes.
#include "mine/edit_pattern.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "base/hash.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;
using syntax::SiblingRange;

namespace {

constexpr std::uint8_t widths = 4, abstractions = 3;

/// A unit with what the ladder asks of it.
struct Side {
  const Nast& tree;
  std::string_view text;
  std::vector<syntax::SubtreeHash> hash;
  std::vector<std::uint32_t> parent;

  Side(const Nast& given, std::string_view source)
      : tree(given), text(source), hash(syntax::hash_subtrees(given)), parent(syntax::parents_of(given)) {}
};

/// What of a unit a rung shows: a run of siblings, or the whole subtree at `root`.
struct Window {
  bool run = false;
  std::uint32_t root = 0;  ///< the parent of a run
  std::uint32_t first = 0, last = 0;
};

std::uint32_t previous_sibling(const Nast& tree, const SiblingRange& range) {
  std::uint32_t found = range.first;
  for (std::uint32_t child = range.parent + 1; child < range.first; child += tree.nodes[child].size) found = child;
  return found;
}

std::uint32_t after_next_sibling(const Nast& tree, const SiblingRange& range) {
  const std::uint32_t end = range.parent + tree.nodes[range.parent].size;
  return range.last < end ? range.last + tree.nodes[range.last].size : range.last;
}

Window subtree(const Nast& tree, std::uint32_t root) { return {false, root, root, root + tree.nodes[root].size}; }

/// The window of a width; a single whole sibling without context is a subtree.
Window window_of(const Side& side, const SiblingRange& range, std::uint8_t width) {
  const Nast& tree = side.tree;
  if (width == 0) {
    if (!range.empty() && range.first + tree.nodes[range.first].size == range.last) return subtree(tree, range.first);
    return {true, range.parent, range.first, range.last};
  }
  if (width == 1) return {true, range.parent, previous_sibling(tree, range), after_next_sibling(tree, range)};
  std::uint32_t root = range.parent;
  if (width == 3 && side.parent[root] != syntax::no_parent) root = side.parent[root];
  return subtree(tree, root);
}

bool is_open_part(NodeKind kind) noexcept {
  return kind == NodeKind::block || kind == NodeKind::arguments || kind == NodeKind::parameters ||
         kind == NodeKind::argument || kind == NodeKind::parameter || kind == NodeKind::type ||
         kind == NodeKind::function || kind == NodeKind::method || kind == NodeKind::other;
}

/// Subtrees that both windows hold: what the fix left alone.
std::unordered_set<std::uint64_t> kept_subtrees(const Side& before, const Window& left, const Side& after,
                                                const Window& right) {
  std::unordered_set<std::uint64_t> there, kept;
  for (std::uint32_t i = right.first; i < right.last; ++i)
    if (after.tree.nodes[i].size > 1) there.insert(after.hash[i].exact);
  for (std::uint32_t i = left.first; i < left.last; ++i)
    if (before.tree.nodes[i].size > 1 && !is_open_part(before.tree.nodes[i].kind) && there.contains(before.hash[i].exact))
      kept.insert(before.hash[i].exact);
  return kept;
}

/// Writes both sides of one rung with one numbering of holes.
class RungWriter {
 public:
  RungWriter(std::uint8_t abstraction, const std::unordered_set<std::uint64_t>& kept)
      : abstraction_(abstraction), kept_(kept) {}

  /// False when the window is beyond the bounds.
  bool write(const Side& side, const Window& window, TreePattern& out, std::size_t max_nodes) {
    out.run = window.run;
    if (window.run && window.first == window.last) return true;
    if (window.run) {
      PatternNode parent = concrete(side, window.root);
      parent.size = 1;
      out.nodes.push_back(std::move(parent));
    }
    std::vector<Span> spans;
    std::vector<std::pair<std::size_t, std::uint32_t>> open;  // place in `out`, end in the tree
    for (std::uint32_t i = window.first; i < window.last;) {
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
        spans.push_back({side.tree.nodes[i].start, side.tree.nodes[i].end, number});
        i += side.tree.nodes[i].size;
      }
      if (out.nodes.size() > max_nodes) return false;
    }
    while (!open.empty()) close(out, open);
    if (window.run) out.nodes[0].size = static_cast<std::uint32_t>(out.nodes.size());
    out.text = rendered(side, window, spans);
    return true;
  }

  [[nodiscard]] std::uint8_t holes() const noexcept { return static_cast<std::uint8_t>(numbers_.size()); }

 private:
  struct Span {
    std::uint32_t start, end;
    std::uint8_t number;
  };

  static void close(TreePattern& out, std::vector<std::pair<std::size_t, std::uint32_t>>& open) {
    out.nodes[open.back().first].size = static_cast<std::uint32_t>(out.nodes.size() - open.back().first);
    open.pop_back();
  }

  static PatternNode concrete(const Side& side, std::uint32_t i) {
    PatternNode node;
    node.kind = side.tree.nodes[i].kind == NodeKind::method ? NodeKind::function : side.tree.nodes[i].kind;
    node.symbol = side.tree.symbol(i);
    node.symbol_hash = base::hash64(node.symbol);
    return node;
  }

  [[nodiscard]] EditHole hole_for(const Side& side, std::uint32_t i) const {
    const NastNode& node = side.tree.nodes[i];
    if (syntax::is_local_name(node) || (node.kind == NodeKind::identifier && (node.flags & syntax::flag_unit_name) != 0))
      return EditHole::name;
    if (abstraction_ >= 1 && (node.flags & syntax::flag_literal) != 0 && node.size == 1) return EditHole::literal;
    if (abstraction_ >= 2 && node.size > 1 && kept_.contains(side.hash[i].exact))
      return (node.flags & syntax::flag_statement) != 0 ? EditHole::statement : EditHole::expression;
    return EditHole::none;
  }

  /// 0: too many holes.
  std::uint8_t number_of(const Side& side, std::uint32_t i, EditHole hole) {
    const auto next = static_cast<std::uint8_t>(numbers_.size() + 1);
    const auto key = std::pair(hole, hole == EditHole::name ? base::hash64(side.tree.symbol(i)) : side.hash[i].exact);
    const auto [place, added] = numbers_.emplace(key, next);
    return numbers_.size() > max_pattern_holes ? std::uint8_t{0} : place->second;
  }

  static std::string rendered(const Side& side, const Window& window, const std::vector<Span>& spans) {
    std::uint32_t at = side.tree.nodes[window.first].start;
    std::uint32_t end = at;
    for (std::uint32_t i = window.first; i < window.last; i += side.tree.nodes[i].size)
      end = std::max(end, side.tree.nodes[i].end);
    end = std::min(end, static_cast<std::uint32_t>(side.text.size()));
    std::string text;
    for (const Span& span : spans) {
      if (span.start < at || span.end > end) continue;
      text += side.text.substr(at, span.start - at);
      text += '$' + std::to_string(span.number);
      at = span.end;
    }
    if (at < end) text += side.text.substr(at, end - at);
    return text;
  }

  std::uint8_t abstraction_;
  const std::unordered_set<std::uint64_t>& kept_;
  std::map<std::pair<EditHole, std::uint64_t>, std::uint8_t> numbers_;
};

/// Three concrete nodes, or two of which one is a name that carries meaning.
bool says_enough(const TreePattern& before) {
  const std::size_t concrete = concrete_nodes(before);
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

namespace {

void add_rungs(const Side& before, const Side& after, const syntax::TreeEdit& edit, std::set<Digest>& seen,
               std::vector<EditPattern>& ladder) {
  if (edit.before.parent == syntax::no_parent || edit.after.parent == syntax::no_parent) return;
  for (std::uint8_t width = 0; width < widths; ++width) {
    const Window left = window_of(before, edit.before, width);
    const Window right = window_of(after, edit.after, width);
    const auto kept = kept_subtrees(before, left, after, right);
    for (std::uint8_t abstraction = 0; abstraction < abstractions; ++abstraction) {
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
      rung.id = identity_of(rung);
      if (seen.insert(rung.id).second) ladder.push_back(std::move(rung));
    }
  }
}

}  // namespace

std::vector<EditPattern> edit_ladder(const Nast& before, std::string_view before_text, const Nast& after,
                                     std::string_view after_text, const syntax::TreeEdit& edit) {
  std::vector<EditPattern> ladder;
  std::set<Digest> seen;
  add_rungs(Side(before, before_text), Side(after, after_text), edit, seen, ladder);
  return ladder;
}

std::vector<EditPattern> edit_patterns(const Nast& before, std::string_view before_text, const Nast& after,
                                       std::string_view after_text, std::size_t max_edits) {
  std::vector<EditPattern> ladder;
  if (before.language != after.language) return ladder;
  const syntax::TreeDifference difference = syntax::diff_trees(before, after, max_edits + 1);
  if (!difference.complete || difference.edits.size() > max_edits || difference.edits.empty()) return ladder;
  const Side left(before, before_text);
  const Side right(after, after_text);
  std::set<Digest> seen;
  for (const syntax::TreeEdit& edit : difference.edits) add_rungs(left, right, edit, seen, ladder);
  return ladder;
}

}  // namespace autodev::mine
