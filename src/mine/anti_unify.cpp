// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Anti-unification of a template and a tree: walk both from the root, keep what agrees, put a hole where they
// differ.
//
//   equal subtrees      copied
//   same head           children paired: by position where the grammar fixes them, else by alignment
//   different heads     a hole; the same pair of subtrees is the same hole (substitution table)
//   leftover siblings   one sequence hole per gap; leftovers as numerous on both sides are paired instead
//
// Statement and sequence holes are never linked: their texts carry the indentation and separators of one
// place, so the same text does not fit another. All other holes are.
#include <algorithm>
#include <bit>
#include <unordered_map>

#include "base/hash.h"
#include "mine/alignment.h"
#include "mine/hole.h"
#include "mine/hole_text.h"
#include "mine/subtree.h"
#include "mine/template.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

using Children = std::vector<std::uint32_t>;

/// A child whose presence or absence shifts the others' positions when it is optional.
bool is_structural(const NastNode& node) noexcept {
  switch (node.kind) {
    case NodeKind::block:
    case NodeKind::parameters:
    case NodeKind::arguments:
    case NodeKind::decorator:
    case NodeKind::type:
    case NodeKind::catch_clause:
      return true;
    default:
      return false;
  }
}

/// Corresponding children of two nodes, and the gaps between them.
struct Pairing {
  std::vector<AlignedPair> pairs;
  bool fixed = false;  ///< by position, without gaps
};

/// Leftover siblings between two aligned pairs, as positions in the child lists.
struct Gap {
  std::size_t left = 0, left_end = 0, right = 0, right_end = 0;
};

class AntiUnifier {
 public:
  AntiUnifier(const Template& pattern, const Nast& tree, std::string_view text)
      : pattern_(pattern),
        left_(pattern.tree),
        right_(tree),
        text_(text),
        left_index_(index_tree(left_)),
        right_index_(index_tree(right_)),
        symbol_map_(left_.symbols.size(), 0) {
    result_.tree.language = left_.language;
    result_.text = pattern.text;
    result_.instances = pattern.instances + 1;
  }

  Template run() {
    if (left_.language == right_.language) {
      unify(0, 0, 0);
    } else {
      emit_hole(0, 0);
    }
    return std::move(result_);
  }

 private:
  void unify(std::uint32_t i, std::uint32_t j, unsigned depth) {
    if (equal(i, j)) return copy(i);
    if (is_hole(left_.nodes[i]) || !same_head(left_, i, right_, j) || depth >= max_walk_depth) return emit_hole(i, j);
    const Children left = children_of(left_, i);
    const Children right = children_of(right_, j);
    const bool open = (left_.nodes[i].flags & syntax::flag_sequence) != 0;
    const Pairing pairing = pair_children(left, right, open);
    if (!open && !pairing.fixed && pairing.pairs.empty()) return emit_hole(i, j);
    const std::size_t self = push(left_.nodes[i]);
    if (pairing.fixed) {
      for (std::size_t k = 0; k < left.size(); ++k) unify(left[k], right[k], depth + 1);
    } else {
      unify_aligned(i, j, left, right, pairing.pairs, depth);
    }
    result_.tree.nodes[self].size = static_cast<std::uint32_t>(result_.tree.nodes.size() - self);
  }

  [[nodiscard]] bool equal(std::uint32_t i, std::uint32_t j) const {
    return left_index_.digest[i] == right_index_.digest[j] && !left_index_.has_hole[i] &&
           equal_subtrees(left_, i, right_, j);
  }

  [[nodiscard]] Pairing pair_children(const Children& left, const Children& right, bool open) const {
    const auto is_gap = [&](std::uint32_t child) { return left_.nodes[child].kind == NodeKind::sequence_hole; };
    if (!open && left.size() == right.size() && std::none_of(left.begin(), left.end(), is_gap)) {
      bool shifted = false;
      for (std::size_t k = 0; k < left.size() && !shifted; ++k) {
        const NastNode& a = left_.nodes[left[k]];
        const NastNode& b = right_.nodes[right[k]];
        shifted = !is_hole(a) && a.kind != b.kind && (is_structural(a) || is_structural(b));
      }
      if (!shifted) return {{}, true};
    }
    return {align_children(left, right), false};
  }

  /// Alignment of at most max_aligned_siblings a side; longer lists are first shortened by their equal ends.
  [[nodiscard]] std::vector<AlignedPair> align_children(const Children& left, const Children& right) const {
    std::size_t front = 0;
    std::size_t back = 0;
    const std::size_t shorter = std::min(left.size(), right.size());
    if (std::max(left.size(), right.size()) > max_aligned_siblings) {
      while (front < shorter && equal(left[front], right[front])) ++front;
      while (back < shorter - front && equal(left[left.size() - 1 - back], right[right.size() - 1 - back])) ++back;
    }
    std::vector<AlignedPair> pairs;
    for (std::size_t k = 0; k < front; ++k) pairs.push_back({k, k});
    const std::size_t rows = left.size() - front - back;
    const std::size_t columns = right.size() - front - back;
    if (rows <= max_aligned_siblings && columns <= max_aligned_siblings) {
      PairScores scores(rows, columns);
      std::vector<bool> gaps(rows);
      for (std::size_t r = 0; r < rows; ++r) {
        gaps[r] = left_.nodes[left[front + r]].kind == NodeKind::sequence_hole;
        for (std::size_t c = 0; c < columns && !gaps[r]; ++c)
          scores.set(r, c, pair_score(left[front + r], right[front + c]));
      }
      for (const auto& pair : align(scores, gaps, columns)) pairs.push_back({front + pair.left, front + pair.right});
    }
    for (std::size_t k = back; k > 0; --k) pairs.push_back({left.size() - k, right.size() - k});
    return pairs;
  }

  /// How much is kept when the two siblings are paired; 0 = not at all. Equal subtrees always win over
  /// similar ones, similar ones over renamed leaves.
  [[nodiscard]] std::int32_t pair_score(std::uint32_t i, std::uint32_t j) const {
    const NastNode& a = left_.nodes[i];
    const NastNode& b = right_.nodes[j];
    const auto smaller = static_cast<std::int32_t>(std::min({a.size, b.size, 10'000u}));
    if (is_hole(a)) return accepts(*hole_kind_from_name(pattern_.holes[a.symbol - 1].kind), b) ? 3 : 0;
    if (equal(i, j)) return 8 + 4 * smaller;
    if (head_kind(a.kind) != head_kind(b.kind)) return 0;
    if (numbers_.contains(pair_key(i, j))) return 7;  // the same difference as before
    if (a.size == 1 && b.size == 1) return 2;
    const auto sketch_a = left_index_.sketch[i];
    const auto sketch_b = right_index_.sketch[j];
    const std::int32_t shared = smaller * std::popcount(sketch_a & sketch_b) * 4 / std::popcount(sketch_a | sketch_b);
    return (same_head(left_, i, right_, j) ? 4 : 1) + shared;
  }

  void unify_aligned(std::uint32_t i, std::uint32_t j, const Children& left, const Children& right,
                     const std::vector<AlignedPair>& pairs, unsigned depth) {
    Gap gap;
    for (const auto& pair : pairs) {
      gap.left_end = pair.left;
      gap.right_end = pair.right;
      unify_gap(i, j, left, right, gap, depth);
      unify(left[pair.left], right[pair.right], depth + 1);
      gap.left = pair.left + 1;
      gap.right = pair.right + 1;
    }
    gap.left_end = left.size();
    gap.right_end = right.size();
    unify_gap(i, j, left, right, gap, depth);
  }

  void unify_gap(std::uint32_t i, std::uint32_t j, const Children& left, const Children& right, const Gap& gap,
                 unsigned depth) {
    const std::size_t rows = gap.left_end - gap.left;
    const std::size_t columns = gap.right_end - gap.right;
    if (rows == 0 && columns == 0) return;
    bool pairable = rows == columns;
    for (std::size_t k = gap.left; k < gap.left_end; ++k) {
      const NastNode& node = left_.nodes[left[k]];
      pairable =
          pairable && node.kind != NodeKind::sequence_hole && (rows == 1 || (node.flags & syntax::flag_statement) == 0);
    }
    if (pairable) {
      for (std::size_t k = 0; k < rows; ++k) unify(left[gap.left + k], right[gap.right + k], depth + 1);
      return;
    }
    emit_sequence(run_of(left_, i, left, gap.left, gap.left_end), run_of(right_, j, right, gap.right, gap.right_end));
  }

  static SiblingRun run_of(const Nast& tree, std::uint32_t parent, const Children& children, std::size_t first,
                           std::size_t last) {
    const auto node_at = [&](std::size_t k) {
      return k < children.size() ? children[k] : parent + tree.nodes[parent].size;
    };
    return SiblingRun{parent, node_at(first), node_at(last), first > 0, last < children.size()};
  }

  // --- writing the result

  std::size_t push(const NastNode& node) {
    NastNode& copy = result_.tree.nodes.emplace_back(node);
    copy.grammar = 0;
    if (node.symbol != 0) {
      std::uint32_t& symbol = symbol_map_[node.symbol - 1];
      if (symbol == 0) {
        result_.tree.symbols.push_back(left_.symbols[node.symbol - 1]);
        symbol = static_cast<std::uint32_t>(result_.tree.symbols.size());
      }
      copy.symbol = symbol;
    }
    return result_.tree.nodes.size() - 1;
  }

  void copy(std::uint32_t i) {
    for (std::uint32_t k = 0; k < left_.nodes[i].size; ++k) push(left_.nodes[i + k]);
  }

  [[nodiscard]] std::uint64_t pair_key(std::uint32_t i, std::uint32_t j) const {
    return base::mix64(left_index_.digest[i], right_index_.digest[j]);
  }

  void push_hole(NodeKind kind, std::uint32_t number, std::uint8_t flags, TextSpan span) {
    NastNode& node = result_.tree.nodes.emplace_back();
    node.kind = kind;
    node.symbol = number;
    node.flags = flags;
    node.start = span.start;
    node.end = span.end;
  }

  std::uint32_t add_hole(TemplateHole hole, HoleKind kind, std::string_view filler) {
    hole.kind = std::string(to_string(kind));
    add_filler(hole, filler, 1);
    result_.holes.push_back(std::move(hole));
    return static_cast<std::uint32_t>(result_.holes.size());
  }

  /// What is known about subtrees that were concrete so far. Where they contain holes, only the leading
  /// instance's text is known.
  [[nodiscard]] TemplateHole first_fillers(bool had_hole, TextSpan span) const {
    TemplateHole hole;
    add_filler(hole, slice(pattern_.text, span), had_hole ? 1 : pattern_.instances);
    if (had_hole) hole.overflow += pattern_.instances - 1;
    return hole;
  }

  void emit_hole(std::uint32_t i, std::uint32_t j) {
    const NastNode& a = left_.nodes[i];
    const NastNode& b = right_.nodes[j];
    const bool known = a.kind == NodeKind::hole;
    const TemplateHole* before = known ? &pattern_.holes[a.symbol - 1] : nullptr;
    const HoleKind kind = join(known ? *hole_kind_from_name(before->kind) : hole_kind_of(a), hole_kind_of(b));
    const TextSpan span{a.start, a.end};
    const bool linkable = ((a.flags | b.flags) & syntax::flag_statement) == 0;
    if (linkable) {
      const auto found = numbers_.find(pair_key(i, j));
      if (found != numbers_.end()) {
        std::string& name = result_.holes[found->second - 1].kind;
        name = std::string(to_string(join(*hole_kind_from_name(name), kind)));
        return push_hole(NodeKind::hole, found->second, a.flags, span);
      }
    }
    const std::uint32_t number = add_hole(known ? *before : first_fillers(left_index_.has_hole[i], span), kind,
                                          single_filler({right_, text_}, j, {left_, pattern_.text}, i));
    if (linkable) numbers_.emplace(pair_key(i, j), number);
    push_hole(NodeKind::hole, number, a.flags, span);
  }

  void emit_sequence(const SiblingRun& left, const SiblingRun& right) {
    std::uint8_t flags = 0;
    bool had_hole = false;
    for (std::uint32_t k = left.first; k < left.last; k += left_.nodes[k].size) {
      flags = static_cast<std::uint8_t>(flags | (left_.nodes[k].flags & syntax::flag_statement));
      had_hole = had_hole || left_index_.has_hole[k];
    }
    for (std::uint32_t k = right.first; k < right.last; k += right_.nodes[k].size)
      flags = static_cast<std::uint8_t>(flags | (right_.nodes[k].flags & syntax::flag_statement));
    const std::string filler = sequence_filler({right_, text_}, right, {left_, pattern_.text}, left);
    const bool known = left.first < left.last && left_.nodes[left.first].kind == NodeKind::sequence_hole &&
                       left.first + 1 == left.last;
    const TextSpan span = sequence_span({left_, pattern_.text}, left);
    const TemplateHole before =
        known ? pattern_.holes[left_.nodes[left.first].symbol - 1] : first_fillers(had_hole, span);
    push_hole(NodeKind::sequence_hole, add_hole(before, HoleKind::sequence, filler), flags, span);
  }

  const Template& pattern_;
  const Nast& left_;
  const Nast& right_;
  std::string_view text_;
  TreeIndex left_index_, right_index_;
  std::vector<std::uint32_t> symbol_map_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  ///< pair of subtrees -> hole number
  Template result_;
};

double share(std::uint32_t kept, std::uint32_t of) {
  return of == 0 ? 0.0 : std::min(1.0, static_cast<double>(kept) / static_cast<double>(of));
}

}  // namespace

Generalisation anti_unify(const Template& pattern, const Nast& tree, std::string_view text) {
  if (tree.nodes.empty() || pattern.tree.nodes.empty()) return {pattern, 0.0};
  if (auto fillers = match(pattern, tree, text)) {
    Generalisation same{pattern, 1.0};
    ++same.result.instances;
    for (std::size_t i = 0; i < fillers->size(); ++i) add_filler(same.result.holes[i], (*fillers)[i], 1);
    return same;
  }
  Generalisation made{AntiUnifier(pattern, tree, text).run(), 0.0};
  const auto tree_nodes = static_cast<std::uint32_t>(tree.nodes.size());
  made.kept = share(retained_nodes(made.result), std::min(retained_nodes(pattern), tree_nodes));
  return made;
}

}  // namespace autodev::mine
