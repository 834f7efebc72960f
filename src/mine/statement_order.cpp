// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/statement_order.h"

#include <algorithm>
#include <compare>

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

/// What a statement touches: names as indices of symbols, sorted.
struct Effects {
  std::vector<std::uint32_t> reads, writes;
  bool leaves = false;  ///< may end the list
  bool acts = false;    ///< calls or stores into something
  bool looks = false;   ///< reads something that a call or a store can change
};

bool leaves_list(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::return_statement:
    case NodeKind::break_statement:
    case NodeKind::continue_statement:
    case NodeKind::throw_statement:
    case NodeKind::assert_statement:
    case NodeKind::yield:
    case NodeKind::await:
    case NodeKind::try_statement:
    case NodeKind::with_statement:
    case NodeKind::label:
    case NodeKind::error:
    case NodeKind::other:  // unknown: assume the worst
      return true;
    default:
      return false;
  }
}

void keep_distinct(std::vector<std::uint32_t>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// End of the part of an assignment or a declaration that is written to: its first child.
std::uint32_t target_end(const Nast& tree, std::uint32_t node) {
  const NodeKind kind = tree.nodes[node].kind;
  if (tree.nodes[node].size == 1) return node;
  if (kind == NodeKind::declaration || kind == NodeKind::unary) return node + tree.nodes[node].size;
  return node + 1 + tree.nodes[node + 1].size;
}

Effects effects_of(const Nast& tree, std::uint32_t root) {
  Effects effects;
  std::uint32_t target = 0;  // end of the target that is being read
  for (std::uint32_t i = root; i < root + tree.nodes[root].size; ++i) {
    const NastNode& node = tree.nodes[i];
    const bool stored = i < target;
    if (leaves_list(node.kind)) effects.leaves = true;
    if (node.kind == NodeKind::assignment || node.kind == NodeKind::declaration || node.kind == NodeKind::unary)
      target = std::max(target, target_end(tree, i));
    if (node.kind == NodeKind::call || node.kind == NodeKind::construct || node.kind == NodeKind::import)
      effects.acts = true;
    if (node.kind == NodeKind::member || node.kind == NodeKind::index) (stored ? effects.acts : effects.looks) = true;
    if (node.kind != NodeKind::identifier) continue;
    if (!syntax::is_local_name(node)) {
      (stored ? effects.acts : effects.looks) = true;
      continue;
    }
    // What is written may be read as well (`x += 1`).
    effects.reads.push_back(node.symbol);
    if (stored || (node.flags & syntax::flag_binder) != 0) effects.writes.push_back(node.symbol);
  }
  keep_distinct(effects.reads);
  keep_distinct(effects.writes);
  return effects;
}

bool share(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) return true;
    ++(a[i] < b[j] ? i : j);
  }
  return false;
}

bool depend(const Effects& a, const Effects& b) {
  return a.leaves || b.leaves || (a.acts && (b.acts || b.looks)) || (b.acts && a.looks) || share(a.writes, b.reads) ||
         share(a.reads, b.writes);
}

/// What decides between independent statements: the digest, then where the value is used first (`x = 0; y = 1; f(x,
/// y)`).
struct Rank {
  std::uint64_t digest = 0, user = 0, offset = 0;
  auto operator<=>(const Rank&) const = default;
};

/// Sets by whom and where what each statement writes is read first.
void find_users(const Nast& tree, const std::vector<std::uint32_t>& statements, const std::vector<Effects>& effects,
                std::vector<Rank>& ranks) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    std::size_t user = i + 1;
    while (user < statements.size() && !share(effects[i].writes, effects[user].reads)) ++user;
    if (user == statements.size()) continue;
    ranks[i].user = ranks[user].digest;
    for (std::uint32_t node = statements[user];; ++node) {
      const bool written =
          syntax::is_local_name(tree.nodes[node]) &&
          std::binary_search(effects[i].writes.begin(), effects[i].writes.end(), tree.nodes[node].symbol);
      if (!written) continue;
      ranks[i].offset = node - statements[user];
      break;
    }
  }
}

/// Positions of the statements in canonical order.
std::vector<std::size_t> order_of(const std::vector<Effects>& effects, const std::vector<Rank>& ranks) {
  const std::size_t n = effects.size();
  std::vector<std::size_t> waiting(n, 0);  // earlier statements that are not placed yet
  for (std::size_t later = 0; later < n; ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier)
      if (depend(effects[earlier], effects[later])) ++waiting[later];
  std::vector<bool> placed(n, false);
  std::vector<std::size_t> order;
  while (order.size() < n) {
    std::size_t next = n;
    for (std::size_t i = 0; i < n; ++i)
      if (!placed[i] && waiting[i] == 0 && (next == n || ranks[i] < ranks[next])) next = i;
    placed[next] = true;
    order.push_back(next);
    for (std::size_t i = next + 1; i < n; ++i)
      if (!placed[i] && depend(effects[next], effects[i])) --waiting[i];
  }
  return order;
}

std::vector<std::uint32_t> statements_of(const Nast& tree, std::uint32_t list) {
  std::vector<std::uint32_t> statements;
  for (std::uint32_t child = list + 1; child < list + tree.nodes[list].size; child += tree.nodes[child].size)
    statements.push_back(child);
  return statements;
}

/// Puts the statements of one list in order.
void reorder(Nast& tree, std::uint32_t list, const StatementDigest& digest) {
  const std::vector<std::uint32_t> statements = statements_of(tree, list);
  if (statements.size() < 2 || statements.size() > max_ordered_statements) return;
  std::vector<Effects> effects;
  std::vector<Rank> ranks;
  for (const std::uint32_t statement : statements) {
    effects.push_back(effects_of(tree, statement));
    ranks.push_back({digest(tree, statement), 0, 0});
  }
  find_users(tree, statements, effects, ranks);
  const std::vector<std::size_t> order = order_of(effects, ranks);
  if (std::is_sorted(order.begin(), order.end())) return;
  std::vector<NastNode> moved;
  moved.reserve(tree.nodes[list].size);
  for (const std::size_t position : order) {
    const auto first = tree.nodes.begin() + statements[position];
    moved.insert(moved.end(), first, first + tree.nodes[statements[position]].size);
  }
  std::copy(moved.begin(), moved.end(), tree.nodes.begin() + list + 1);
}

}  // namespace

Nast canonical_order(const Nast& tree) {
  return canonical_order(tree, [](const Nast& now, std::uint32_t statement) {
    const auto first = now.nodes.begin() + statement;
    return syntax::hash_subtrees({now.language, {first, first + first->size}, now.symbols})[0].alpha;
  });
}

Nast canonical_order(const Nast& tree, const StatementDigest& digest) {
  Nast ordered = tree;
  // Lists inside come first: the digest of a statement is that of its canonical form.
  for (std::uint32_t i = static_cast<std::uint32_t>(ordered.nodes.size()); i-- > 0;)
    if (ordered.nodes[i].kind == NodeKind::block && ordered.nodes[i].size >= 3) reorder(ordered, i, digest);
  return ordered;
}

}  // namespace autodev::mine
