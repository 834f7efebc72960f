// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/idiom.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "mine/hole.h"
#include "mine/hole_text.h"
#include "mine/statement_order.h"
#include "mine/thresholds.h"

namespace autodev::mine {

using syntax::Nast;
using syntax::NastNode;
using syntax::NodeKind;

namespace {

constexpr bool cuts_values(IdiomCut cut) noexcept {
  return cut == IdiomCut::values || cut == IdiomCut::both || cut == IdiomCut::header;
}

/// Bodies below this depth are cut; the statement's own bodies are at depth 1.
constexpr unsigned kept_depth(IdiomCut cut) noexcept {
  if (cut == IdiomCut::header) return 0;
  return cut == IdiomCut::nested || cut == IdiomCut::both ? 1 : UINT32_MAX;
}

/// Does this child of `parent` stand where values vary?
bool is_value(const NastNode& parent, const NastNode& child, bool first) noexcept {
  if ((child.flags & syntax::flag_literal) != 0 || child.kind == NodeKind::string) return true;
  if (syntax::is_local_name(child)) return false;
  switch (parent.kind) {
    case NodeKind::arguments:
    case NodeKind::list:
    case NodeKind::map:
    case NodeKind::tuple:
      return child.kind != NodeKind::pair;
    case NodeKind::pair:
      return !first;
    case NodeKind::return_statement:
    case NodeKind::assignment:
      return (parent.kind == NodeKind::return_statement || !first) && child.kind != NodeKind::call &&
             child.kind != NodeKind::construct && child.kind != NodeKind::operator_token;
    default:
      return false;
  }
}

/// Copies a statement, leaving holes where it is cut.
class Cutter {
 public:
  Cutter(const Nast& tree, std::string_view text, IdiomCut cut)
      : tree_(tree),
        text_(text),
        values_(cuts_values(cut)),
        depth_(kept_depth(cut)),
        symbols_(tree.symbols.size(), 0) {}

  Template run() {
    made_.text = std::string(text_);
    made_.tree.language = tree_.language;
    struct Open {
      std::uint32_t source = 0, copy = 0;
      unsigned depth = 0;
    };
    std::vector<Open> open;
    for (std::uint32_t i = 0; i < tree_.nodes.size();) {
      while (!open.empty() && i >= open.back().source + tree_.nodes[open.back().source].size)
        close(open.back().copy), open.pop_back();
      const NastNode& node = tree_.nodes[i];
      const unsigned depth = open.empty() ? 0 : open.back().depth;
      if (!open.empty() && values_ && is_value(tree_.nodes[open.back().source], node, i == open.back().source + 1)) {
        hole(i);
        i += node.size;
        continue;
      }
      const bool body = node.kind == NodeKind::block && i > 0 && node.size > 1;
      open.push_back({i, copy(node), depth + (body ? 1u : 0u)});
      if (body && depth + 1 > depth_) {
        sequence(i);
        i += node.size;
      } else {
        ++i;
      }
    }
    for (; !open.empty(); open.pop_back()) close(open.back().copy);
    return std::move(made_);
  }

 private:
  void close(std::uint32_t node) {
    made_.tree.nodes[node].size = static_cast<std::uint32_t>(made_.tree.nodes.size()) - node;
  }

  std::uint32_t copy(const NastNode& node) {
    NastNode& added = made_.tree.nodes.emplace_back(node);
    added.grammar = 0;
    if (node.symbol != 0) {
      std::uint32_t& symbol = symbols_[node.symbol - 1];
      if (symbol == 0) {
        made_.tree.symbols.push_back(tree_.symbols[node.symbol - 1]);
        symbol = static_cast<std::uint32_t>(made_.tree.symbols.size());
      }
      added.symbol = symbol;
    }
    return static_cast<std::uint32_t>(made_.tree.nodes.size() - 1);
  }

  void hole(std::uint32_t node) {
    const NastNode& cut = tree_.nodes[node];
    add(NodeKind::hole, hole_kind_of(cut), static_cast<std::uint8_t>(cut.flags & syntax::flag_statement),
        {cut.start, cut.end});
  }

  /// One hole for all statements of a body.
  void sequence(std::uint32_t body) {
    const std::uint32_t end = body + tree_.nodes[body].size;
    const SiblingRun run{body, body + 1, end, false, false};
    add(NodeKind::sequence_hole, HoleKind::sequence, syntax::flag_statement, sequence_span({tree_, text_}, run));
  }

  void add(NodeKind kind, HoleKind accepts, std::uint8_t flags, TextSpan span) {
    TemplateHole hole;
    hole.kind = std::string(to_string(accepts));
    add_filler(hole, slice(text_, span), 1);
    made_.holes.push_back(std::move(hole));
    NastNode& node = made_.tree.nodes.emplace_back();
    node.kind = kind;
    node.flags = flags;
    node.symbol = static_cast<std::uint32_t>(made_.holes.size());
    node.start = span.start;
    node.end = span.end;
  }

  const Nast& tree_;
  std::string_view text_;
  bool values_;
  unsigned depth_;
  std::vector<std::uint32_t> symbols_;
  Template made_;
};

/// Words that say something: callees, members, types and names from outside.
std::uint32_t telling_words(const Nast& tree) {
  std::uint32_t words = 0;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i)
    if (tree.nodes[i].kind == NodeKind::identifier && !syntax::is_local_name(tree.nodes[i])) ++words;
  return words;
}

/// 6 bits a node for its kind among 57, and 8 bits a byte for each different word that is kept.
std::uint32_t description_bits(const Nast& tree) {
  std::uint64_t bits = 0;
  std::vector<bool> counted(tree.symbols.size(), false);
  for (const NastNode& node : tree.nodes) {
    if (syntax::is_hole(node.kind)) continue;
    bits += 6;
    if (node.symbol == 0 || syntax::is_local_name(node) || (node.flags & syntax::flag_literal) != 0 ||
        counted[node.symbol - 1])
      continue;
    counted[node.symbol - 1] = true;
    bits += 8 * tree.symbols[node.symbol - 1].size();
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bits, UINT32_MAX));
}

std::uint32_t concrete(const Nast& tree) {
  return static_cast<std::uint32_t>(std::count_if(tree.nodes.begin(), tree.nodes.end(),
                                                  [](const NastNode& node) { return !syntax::is_hole(node.kind); }));
}

/// The cut tree with all holes alike: its digest does not depend on the order they were met in.
Nast alike(const Nast& tree, IdiomCut cut) {
  Nast made = Cutter(tree, {}, cut).run().tree;
  for (NastNode& node : made.nodes)
    if (syntax::is_hole(node.kind)) node.symbol = 1;
  return made;
}

/// 1000 log2(n), n >= 1, rounded down: squaring gives the binary digits one by one (Knuth, TAOCP 1.2.2, exercise 25).
std::int64_t log2_thousandths(std::uint64_t n) noexcept {
  const int whole = 63 - std::countl_zero(n);
  std::uint64_t x = whole >= 31 ? n >> (whole - 31) : n << (31 - whole);  // in [2^31, 2^32)
  std::uint64_t fraction = 0;
  for (int digit = 0; digit < 20; ++digit) {
    x = x * x >> 31;
    fraction <<= 1;
    if (x >> 32 != 0) {
      fraction |= 1;
      x >>= 1;
    }
  }
  return std::int64_t{whole} * 1000 + static_cast<std::int64_t>(fraction * 1000 >> 20);
}

}  // namespace

std::string_view to_string(IdiomCut cut) noexcept {
  constexpr std::array<std::string_view, idiom_cuts> names = {"whole", "values", "nested", "both", "header"};
  return names[static_cast<std::size_t>(cut)];
}

std::vector<IdiomFragment> idiom_fragments(const Nast& statement) {
  std::vector<IdiomFragment> fragments;
  if (statement.nodes.empty() || statement.nodes.size() > max_idiom_nodes) return fragments;
  const Nast whole = canonical_order(statement);
  // What will be cut must not decide about the order.
  const Nast open = canonical_order(statement, [](const Nast& tree, std::uint32_t at) {
    const auto first = tree.nodes.begin() + at;
    return syntax::hash_subtrees(
               alike({tree.language, {first, first + first->size}, tree.symbols}, IdiomCut::values))[0]
        .alpha;
  });
  for (std::size_t i = 0; i < idiom_cuts; ++i) {
    const auto cut = static_cast<IdiomCut>(i);
    const Nast made = alike(cuts_values(cut) ? open : whole, cut);
    if (concrete(made) < trivial_nodes || telling_words(made) == 0) continue;
    IdiomFragment fragment{cut, syntax::digest_tree(made).alpha, description_bits(made)};
    const bool known = std::any_of(fragments.begin(), fragments.end(),
                                   [&](const IdiomFragment& other) { return other.digest == fragment.digest; });
    if (!known) fragments.push_back(fragment);
  }
  return fragments;
}

Template idiom_template(const Nast& statement, std::string_view text, IdiomCut cut) {
  return Cutter(statement, text, cut).run();
}

std::int64_t merge_gain(std::uint32_t n, std::uint32_t bits, std::uint64_t pool) noexcept {
  if (n == 0) return 0;
  constexpr std::uint32_t most = 4096;  // beyond it the gain is out of doubt
  const std::uint32_t counted = std::min(n, most);
  std::int64_t gain = std::int64_t{counted - 1} * bits * 1000;
  for (std::uint32_t i = 2; i < counted; ++i) gain += log2_thousandths(i);
  return gain -
         std::int64_t{counted} * (log2_thousandths(std::min<std::uint64_t>(pool, std::uint64_t{1} << 62) + 1) + 1);
}

}  // namespace autodev::mine
