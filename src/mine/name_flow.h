// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Name flow: one hop of data and control flow inside a function, read off the normalised tree.
//
// From a place: where was the value of a name set last, where is it used next, which condition or loop decides whether
// the place runs? Textual order stands in for the flow graph: the definition is the last one above, the use the next
// one below. That is exact for straight code and an approximation across branches and loops; the same function answers
// when an edit is learned and when it is matched, so a slice always finds its own example again. Edges of this kind are
// those of a program dependence graph (Ferrante, Ottenstein & Warren 1987), one step of a slice (Weiser 1981).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

/// A part of a tree: the whole subtree at `root`, or (`run`) the children [first, last) of `root`.
struct CodePart {
  bool run = false;
  std::uint32_t root = 0;
  std::uint32_t first = 0, last = 0;  ///< preorder indices

  bool operator==(const CodePart&) const = default;
};
[[nodiscard]] CodePart whole_subtree(const syntax::Nast& tree, std::uint32_t root) noexcept;

/// Where each local name stands. Cost: O(nodes).
class NameIndex {
 public:
  explicit NameIndex(const syntax::Nast& tree);
  /// Nodes of local names with this symbol, in preorder.
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t symbol) const noexcept;

 private:
  std::vector<std::uint32_t> begin_;  ///< by symbol
  std::vector<std::uint32_t> nodes_;
};

/// What a question needs; `parent` as parents_of gives it.
struct FlowView {
  const syntax::Nast& tree;
  const std::vector<std::uint32_t>& parent;
  const NameIndex& names;
};

/// The last definition of the name in front of node `place`: an assignment, a declaration, a parameter, the head of a
/// loop,
/// ++; what contains the place itself does not count. Absent when there is none. Cost: O(occurrences of the name x
/// depth of its targets).
[[nodiscard]] std::optional<CodePart> definition_before(const FlowView& flow, std::uint32_t symbol,
                                                        std::uint32_t place);

/// The next use of the name below the siblings [first, last) under `parent`: the smallest expression that does
/// something with it (a call on it, an element of it, an operation), or a simple statement. What is part of a loop's
/// head is used in its body next. Absent when the name is not used again before it is set anew.
[[nodiscard]] std::optional<CodePart> use_after(const FlowView& flow, std::uint32_t symbol, std::uint32_t parent,
                                                std::uint32_t first, std::uint32_t last);

/// How a condition decides about a place.
enum class Governs : std::uint8_t {
  asked,  ///< the place is part of the condition itself, or of a loop's head
  holds,  ///< it runs when the condition holds, or once per round of the loop
  fails,  ///< it runs when the condition does not hold
};

struct Governor {
  Governs how = Governs::holds;
  CodePart condition;  ///< under the condition's or loop's node: what is asked; empty run when `asked`
};

/// The nearest if, loop, case or handler around the place between siblings `first` under `parent`. Absent at the level
/// of the function. Cost: O(depth x children).
[[nodiscard]] std::optional<Governor> governor_of(const FlowView& flow, std::uint32_t parent, std::uint32_t first);

}  // namespace autodev::mine
