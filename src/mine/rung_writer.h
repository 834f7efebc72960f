// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rung writer: parts of a unit as sides of an edit pattern, with holes that both sides share.
//
// One writer makes one rung: whatever it writes, in whatever order, has one numbering of holes, by first appearance. So
// the same name, literal or subtree is the same hole wherever it stands, before and after.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mine/edit_pattern.h"
#include "mine/name_flow.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {

/// A version of a unit with what the ladder asks of it.
struct FixSide {
  const syntax::Nast& tree;
  std::string_view text;
  std::vector<syntax::SubtreeHash> hash;
  std::vector<std::uint32_t> parent;
  NameIndex names;

  FixSide(const syntax::Nast& given, std::string_view source)
      : tree(given),
        text(source),
        hash(syntax::hash_subtrees(given)),
        parent(syntax::parents_of(given)),
        names(given) {}
  [[nodiscard]] FlowView flow() const noexcept { return {tree, parent, names}; }
};

/// Digests of the subtrees that both parts hold: what the fix left alone. Leaves and open lists do not count.
[[nodiscard]] std::unordered_set<std::uint64_t> kept_subtrees(const FixSide& before, const CodePart& left,
                                                              const FixSide& after, const CodePart& right);

class RungWriter {
 public:
  /// `kept`: what becomes a hole at abstraction 2. It has to outlive the writer.
  RungWriter(std::uint8_t abstraction, const std::unordered_set<std::uint64_t>& kept)
      : abstraction_(abstraction), kept_(kept) {}

  /// Subtrees at these nodes of the next parts become holes, whatever they are.
  void cut(std::unordered_set<std::uint32_t> nodes) { cut_ = std::move(nodes); }

  /// False when the part is beyond the bounds. A run without children becomes its parent alone if `keep_parent`, else
  /// nothing.
  bool write(const FixSide& side, const CodePart& part, TreePattern& out, std::size_t max_nodes,
             bool keep_parent = false);

  /// Of the name at the node; 0: it was not written.
  [[nodiscard]] std::uint8_t hole_of_name(const FixSide& side, std::uint32_t node) const;
  [[nodiscard]] std::uint8_t holes() const noexcept { return static_cast<std::uint8_t>(numbers_.size()); }

 private:
  using Open = std::vector<std::pair<std::size_t, std::uint32_t>>;  ///< place in the pattern, end in the tree
  struct Span {
    std::uint32_t start, end;
    std::uint8_t number;
    bool bracketed;  ///< its brackets are part of it, and shown
  };

  static void close(TreePattern& out, Open& open);
  static PatternNode concrete(const FixSide& side, std::uint32_t node);
  [[nodiscard]] EditHole hole_for(const FixSide& side, std::uint32_t node) const;
  std::uint8_t number_of(const FixSide& side, std::uint32_t node, EditHole hole);
  static void render(const FixSide& side, const CodePart& part, const std::vector<Span>& spans, TreePattern& out);

  std::uint8_t abstraction_;
  const std::unordered_set<std::uint64_t>& kept_;
  std::unordered_set<std::uint32_t> cut_;
  std::map<std::pair<EditHole, std::uint64_t>, std::uint8_t> numbers_;
};

}  // namespace autodev::mine
