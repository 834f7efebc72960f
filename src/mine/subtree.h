// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Subtree: comparing subtrees of normalised trees and of templates.
//
// Two nodes have the same head when kind and symbol text agree and both or neither are statements; functions
// and methods count as one kind, because moving a function into a class does not change what it does.
// Positions, other flags and formatting never count. Unlike the digests of the syntax layer these understand hole
// nodes, whose `symbol` is a hole number and not an index into the symbol table.
#pragma once

#include <cstdint>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

/// Per node: what alignment needs to compare subtrees in O(1).
struct TreeIndex {
  std::vector<std::uint64_t> digest;  ///< of heads and shape of the subtree; equal subtrees, equal digests
  std::vector<std::uint64_t> sketch;  ///< 64-bit Bloom set of the heads below, local names abstracted
  std::vector<bool> has_hole;         ///< a hole stands in the subtree
};

/// Cost: O(nodes).
[[nodiscard]] TreeIndex index_tree(const syntax::Nast& tree);

[[nodiscard]] bool is_hole(const syntax::NastNode& node) noexcept;
/// A name that may be renamed without changing what the code does: neither callee, attribute nor type.
[[nodiscard]] bool is_plain_name(const syntax::NastNode& node) noexcept;
/// The kind under which heads are compared (method counts as function).
[[nodiscard]] syntax::NodeKind head_kind(syntax::NodeKind kind) noexcept;

[[nodiscard]] bool same_head(const syntax::Nast& a, std::uint32_t i, const syntax::Nast& b, std::uint32_t j) noexcept;
/// Same heads and shape all the way down. Cost: O(size), stops at the first difference.
[[nodiscard]] bool equal_subtrees(const syntax::Nast& a, std::uint32_t i, const syntax::Nast& b,
                                  std::uint32_t j) noexcept;

[[nodiscard]] std::vector<std::uint32_t> children_of(const syntax::Nast& tree, std::uint32_t node);

}  // namespace autodev::mine
