// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Code tree: the parse tree of a whole file as it is, with every token and its bytes.
//
// The normalised tree (nast.h) forgets punctuation so that patterns meet across languages. Who changes a program in place needs
// the opposite: each bracket, operator and field with its byte range. Nodes lie in preorder; a subtree is [i, i + size).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"

namespace autodev::syntax {

inline constexpr std::uint32_t no_code_node = 0xffffffffu;

struct CodeNode {
  std::string_view type;   ///< the grammar's name; for tokens without one their text; lives as long as the program
  std::string_view field;  ///< role under the parent ("condition", "left", "operator"); empty: none
  std::uint32_t start = 0, end = 0;  ///< bytes
  std::uint32_t size = 1;            ///< nodes in this subtree
  std::uint32_t parent = no_code_node;
  bool named = false;
  bool broken = false;  ///< an error node or one that the parser made up
};

struct CodeTree {
  Language language = Language::unknown;
  std::vector<CodeNode> nodes;

  /// Children of `node` in order, tokens included; comments are left out.
  [[nodiscard]] std::vector<std::uint32_t> children(std::uint32_t node) const;
  /// First child in `field`; no_code_node when there is none.
  [[nodiscard]] std::uint32_t child(std::uint32_t node, std::string_view field) const;
};

/// Parses in this process. `bad_data`: larger than 256 KiB, or the deadline of 2 s passed. Cost: O(bytes).
[[nodiscard]] Result<CodeTree> parse_code(std::string_view source, Language language);

}  // namespace autodev::syntax
