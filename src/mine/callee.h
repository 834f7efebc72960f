// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Callees and declared types, as the normalised trees of the languages write them.
//
// A call has one of two shapes: what is called, then arguments (most languages; `a.b(c)` is a call of the member b of a); or receiver,
// name, arguments (Java, Ruby, PHP). Both become the same three answers here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syntax/nast.h"

namespace autodev::mine {

inline constexpr std::uint32_t no_node = 0xffffffffu;

/// A call or construction taken apart; nodes are indices into the tree.
struct Callee {
  std::uint32_t receiver = no_node;  ///< what it is called on
  std::string name;                  ///< last name; empty when what is called has none
  std::vector<std::uint32_t> arguments;
};
[[nodiscard]] Callee callee_of(const syntax::Nast& tree, std::uint32_t call);

/// Rust's `open(p).unwrap()` is what `open(p)` made.
[[nodiscard]] bool hands_on(const syntax::Nast& tree, const Callee& callee) noexcept;

/// The children of a node.
[[nodiscard]] std::vector<std::uint32_t> child_nodes(const syntax::Nast& tree, std::uint32_t node);

/// "a.b.c" of names and members, at most four of them; empty for anything else. `root`: the node of the first name.
[[nodiscard]] std::string path_of(const syntax::Nast& tree, std::uint32_t node, std::uint32_t& root);

/// The name of a type without its arguments: "std::vector", "Reader"; empty for built-in types and `auto`.
[[nodiscard]] std::string type_name(const syntax::Nast& tree, std::uint32_t node);

/// Without `await`, casts, `&`, `?` and what else hands a value on.
[[nodiscard]] std::uint32_t unwrapped(const syntax::Nast& tree, std::uint32_t node);

/// `this`, `self`: the object whose method this is.
[[nodiscard]] bool is_self(const syntax::Nast& tree, std::uint32_t node);

}  // namespace autodev::mine
