// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Flaws: what a careful reader would notice in one function without running it.
//
// An edit pattern needs the same code to come back; many mistakes come back in other words: a sum that nothing
// initialises, a format with one argument too few. A flaw names such a state of the code by a fixed, language-neutral
// rule over the normalised tree. Finding one accuses nobody: a flaw is only a possible condition of a guard, as an edit
// pattern is. It speaks once executed fixes have removed it and executed passes were free of it (guard_level.h), so a
// project hears of those flaws only that were mistakes there. The rules follow the compiler warnings and bug patterns
// that are known to matter (FindBugs: Hovemeyer & Pugh, OOPSLA 2004; gcc's -Wall).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/nast.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {

struct Flaw {
  std::string name;           ///< "unassigned-read", "format-type printf %d long long"
  syntax::SiblingRange where; ///< the nodes it is about
  std::string member;         ///< not empty: `name` is a family ("logic", "format"), and this flaw is why it is here

  [[nodiscard]] bool is_family() const noexcept { return !member.empty(); }

  bool operator==(const Flaw&) const = default;
};

/// At most one place per name, and one per family; at most `max_flaws` of each. Cost: O(nodes) for
/// most rules, O(nodes of the loop squared) at worst for those about loops.
/// `hash`, `parent`: hash_subtrees and parents_of of the tree.
[[nodiscard]] std::vector<Flaw> find_flaws(const syntax::Nast& tree, const std::vector<syntax::SubtreeHash>& hash,
                                           const std::vector<std::uint32_t>& parent);

inline constexpr std::size_t max_flaws = 64;
/// Some rules look at pairs of nodes in a loop; a function of more nodes (some 1,500 lines) is not looked at.
inline constexpr std::size_t max_flaw_nodes = 8192;

/// What the flaw means, as one sentence; a general one for names of other versions.
[[nodiscard]] std::string flaw_sentence(std::string_view name);

}  // namespace autodev::mine
