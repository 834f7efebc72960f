// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The walk keeps its own stack: foreign nesting costs heap and nothing else.
#include "syntax/tree_diff.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace autodev::syntax {
namespace {

using Children = std::vector<std::uint32_t>;

/// Lists above it, shortened by their equal ends, are one edit: generated tables.
constexpr std::size_t max_aligned = 200;
/// Statements are entered, not replaced, when at least this share of what they hold is common (the dice threshold of
/// GumTree's bottom-up phase is 0.5).
constexpr int similar_percent = 50;

Children children(const Nast& tree, std::uint32_t node) {
  Children list;
  const std::uint32_t end = node + tree.nodes[node].size;
  for (std::uint32_t child = node + 1; child < end; child += tree.nodes[child].size) list.push_back(child);
  return list;
}

bool same_kind(const NastNode& a, const NastNode& b) noexcept {
  const auto kind = [](NodeKind given) { return given == NodeKind::method ? NodeKind::function : given; };
  return kind(a.kind) == kind(b.kind);
}

/// 64-bit Bloom sets of what lies in each subtree.
std::vector<std::uint64_t> sketches(const Nast& tree) {
  std::vector<std::uint64_t> sketch(tree.nodes.size());
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {
    const auto node = static_cast<std::uint32_t>(i);
    const std::uint64_t head = base::mix64(static_cast<std::uint64_t>(tree.nodes[i].kind), base::hash64(tree.symbol(node)));
    sketch[i] = std::uint64_t{1} << (head >> 58);
    const std::uint32_t end = node + tree.nodes[i].size;
    for (std::uint32_t child = node + 1; child < end; child += tree.nodes[child].size) sketch[i] |= sketch[child];
  }
  return sketch;
}

class Difference {
 public:
  Difference(const Nast& before, const Nast& after, std::size_t max_edits)
      : left_(before),
        right_(after),
        max_edits_(max_edits),
        left_hash_(hash_subtrees(before)),
        right_hash_(hash_subtrees(after)),
        left_sketch_(sketches(before)),
        right_sketch_(sketches(after)) {}

  TreeDifference run() {
    if (left_hash_[0].exact == right_hash_[0].exact) return {};
    open_.emplace_back(0, 0);
    while (!open_.empty()) {
      const auto [i, j] = open_.back();
      open_.pop_back();
      enter(i, j);
      if (found_.edits.size() > max_edits_) break;
    }
    std::sort(found_.edits.begin(), found_.edits.end(), [](const TreeEdit& a, const TreeEdit& b) {
      return a.before.first != b.before.first ? a.before.first < b.before.first : a.after.first < b.after.first;
    });
    if (found_.edits.size() > max_edits_) {
      found_.edits.resize(max_edits_);
      found_.complete = false;
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool equal(std::uint32_t i, std::uint32_t j) const {
    return left_hash_[i].exact == right_hash_[j].exact && left_.nodes[i].size == right_.nodes[j].size;
  }

  /// Same kind and symbol, and worth entering: most of what is below is common, or the grammar fixes the places.
  [[nodiscard]] int alike(std::uint32_t i, std::uint32_t j) const {
    const NastNode& a = left_.nodes[i];
    const NastNode& b = right_.nodes[j];
    if (a.size == 1 || b.size == 1 || !same_kind(a, b) || left_.symbol(i) != right_.symbol(j)) return 0;
    const int shared = std::popcount(left_sketch_[i] & right_sketch_[j]);
    const int all = std::popcount(left_sketch_[i]) + std::popcount(right_sketch_[j]);
    const int percent = 200 * shared / all;
    const bool fixed = a.kind == NodeKind::block || a.kind == NodeKind::arguments || a.kind == NodeKind::parameters;
    return fixed || percent >= similar_percent ? 1 + percent / 10 : 0;
  }

  [[nodiscard]] int score(std::uint32_t i, std::uint32_t j) const {
    if (equal(i, j)) return 16 + static_cast<int>(std::min(left_.nodes[i].size, 1'000u));
    return alike(i, j);
  }

  void enter(std::uint32_t i, std::uint32_t j) {
    const Children left = children(left_, i);
    const Children right = children(right_, j);
    std::size_t front = 0, back = 0;
    const std::size_t shorter = std::min(left.size(), right.size());
    while (front < shorter && equal(left[front], right[front])) ++front;
    while (back < shorter - front && equal(left[left.size() - 1 - back], right[right.size() - 1 - back])) ++back;
    std::size_t l = front, r = front;
    for (const auto& [a, b] : align(left, right, front, back)) {
      report(i, j, left, right, l, a, r, b);
      if (!equal(left[a], right[b])) open_.emplace_back(left[a], right[b]);
      l = a + 1;
      r = b + 1;
    }
    report(i, j, left, right, l, left.size() - back, r, right.size() - back);
  }

  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
  /// Best order-preserving pairs of the middle parts; of equally good ones the earliest.
  [[nodiscard]] Pairs align(const Children& left, const Children& right, std::size_t front, std::size_t back) const {
    const std::size_t n = left.size() - front - back;
    const std::size_t m = right.size() - front - back;
    Pairs pairs;
    if (n == 0 || m == 0 || n > max_aligned || m > max_aligned) return pairs;
    std::vector<int> scores(n * m);
    std::vector<int> best((n + 1) * (m + 1), 0);
    for (std::size_t a = n; a-- > 0;)
      for (std::size_t b = m; b-- > 0;) {
        const int pair = scores[a * m + b] = score(left[front + a], right[front + b]);
        const int skip = std::max(best[(a + 1) * (m + 1) + b], best[a * (m + 1) + b + 1]);
        best[a * (m + 1) + b] = std::max(skip, pair > 0 ? pair + best[(a + 1) * (m + 1) + b + 1] : 0);
      }
    for (std::size_t a = 0, b = 0; a < n && b < m;) {
      const int here = best[a * (m + 1) + b];
      const int pair = scores[a * m + b];
      if (pair > 0 && here == pair + best[(a + 1) * (m + 1) + b + 1])
        pairs.emplace_back(front + a++, front + b++);
      else if (here == best[(a + 1) * (m + 1) + b])
        ++a;
      else
        ++b;
    }
    return pairs;
  }

  void report(std::uint32_t i, std::uint32_t j, const Children& left, const Children& right, std::size_t l,
              std::size_t l_end, std::size_t r, std::size_t r_end) {
    if (l == l_end && r == r_end) return;
    found_.edits.push_back({range(left_, i, left, l, l_end), range(right_, j, right, r, r_end)});
  }

  static SiblingRange range(const Nast& tree, std::uint32_t parent, const Children& list, std::size_t first,
                            std::size_t last) {
    const auto at = [&](std::size_t k) { return k < list.size() ? list[k] : parent + tree.nodes[parent].size; };
    return {parent, at(first), at(last)};
  }

  const Nast& left_;
  const Nast& right_;
  std::size_t max_edits_;
  std::vector<SubtreeHash> left_hash_, right_hash_;
  std::vector<std::uint64_t> left_sketch_, right_sketch_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open_;
  TreeDifference found_;
};

}  // namespace

TreeDifference diff_trees(const Nast& before, const Nast& after, std::size_t max_edits) {
  if (before.nodes.empty() || after.nodes.empty()) return {};
  return Difference(before, after, max_edits).run();
}

std::vector<std::uint32_t> parents_of(const Nast& tree) {
  std::vector<std::uint32_t> parents(tree.nodes.size(), no_parent);
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const std::uint32_t end = i + tree.nodes[i].size;
    for (std::uint32_t child = i + 1; child < end; child += tree.nodes[child].size) parents[child] = i;
  }
  return parents;
}

}  // namespace autodev::syntax
