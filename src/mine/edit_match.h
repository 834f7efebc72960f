// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Matching edit patterns: where a unit looks like the code before a fix, and not like the code after it.
//
// A hole stands for equal subtrees wherever it appears, and two name holes never stand for the same name. Guards are
// found by *atoms*: a parent-child pair of kinds and symbols. A pattern can only match a unit that holds all its atoms,
// so one atom per guard is indexed, and only those guards are looked at whose atom the unit has.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mine/edit_pattern.h"
#include "mine/flaw.h"
#include "mine/name_flow.h"
#include "syntax/tree_diff.h"

namespace autodev::mine {

/// A unit prepared for matching: O(nodes), once for all guards.
struct UnitShape {
  const syntax::Nast& tree;
  std::vector<syntax::SubtreeHash> hash;
  std::vector<std::uint64_t> symbol;   ///< hash of each node's symbol text
  std::vector<std::uint32_t> parent;
  NameIndex names;
  std::vector<std::uint64_t> atoms;    ///< sorted, distinct
  std::vector<std::vector<std::uint32_t>> of_kind;  ///< nodes by kind
  std::vector<Flaw> flaws;                          ///< each with an atom of its own

  explicit UnitShape(const syntax::Nast& given);
};

struct EditMatch {
  syntax::SiblingRange where;
  std::vector<std::uint32_t> bound;  ///< by hole number - 1: the node; no_parent when unbound
};

/// First match of `pattern.before`, with all of its slice, that is not part of a match of `pattern.after` with the same fillers (of
/// an addition: without such a match where the fix puts it); of a flaw, its place.
[[nodiscard]] std::optional<EditMatch> find_mistake(const EditPattern& pattern, const UnitShape& unit);

/// All matches of one side, in order of position, at most `limit`.
[[nodiscard]] std::vector<EditMatch> find_all(const TreePattern& pattern, std::uint8_t holes, const UnitShape& unit,
                                              std::size_t limit);

/// Atoms that every match of `pattern.before` and its slice needs, sorted and distinct; never empty for patterns that fix_rungs makes.
[[nodiscard]] std::vector<std::uint64_t> required_atoms(const EditPattern& pattern);

/// What is around a match: kinds of the nodes it stands in, names that are called in the unit. Sorted, at most 64.
[[nodiscard]] std::vector<std::uint64_t> surroundings(const EditMatch& match, const UnitShape& unit);

/// The given surroundings in words, as they are around a match: "inside `for`", "the function calls printf". Those that are not there are
/// left out.
[[nodiscard]] std::vector<std::string> surroundings_in_words(const EditMatch& match, const UnitShape& unit,
                                                             const std::vector<std::uint64_t>& wanted);

/// The rungs of edit_ladders that fire on the code before and not on the code after (a rung that cannot tell its own
/// example apart guards nothing), and the flaws that the fix removed, however much else it changed.
[[nodiscard]] std::vector<FixRung> fix_rungs(const syntax::Nast& before, std::string_view before_text,
                                             const syntax::Nast& after, std::string_view after_text);

}  // namespace autodev::mine
