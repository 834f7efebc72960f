// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit pattern: what a fix changed, generalised: a template of the code before, one of the code after, shared holes.
//
// Every edit of a fix is written at several rungs of one fixed ladder: four widths of syntactic context (the changed run alone;
// with its neighbours; its whole parent; its grandparent) and a slice, whose context is what the change depends on and
// nothing else (edit_slice.h), times three abstractions (local names are holes; literals too; subtrees that the fix left
// alone too). Holes are numbered by first appearance, so two edits have the same rung
// exactly when that rung's generalisation covers both: the most specific rung they share is their least general
// generalisation in the language of the ladder (Getafix, OOPSLA 2019, walks the same lattice by clustering). A rung is
// named by its digest, support is a count by digest, and so the result does not depend on the order of the examples:
// libraries merge by adding. What recurs stays concrete because its rung gathers support, what is rare does not
// (the rule of GenPat, ASE 2019), which also is how a single example is generalised.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "syntax/nast.h"

namespace autodev::mine {

/// What a hole of an edit pattern accepts. Values are persisted: append, never renumber.
enum class EditHole : std::uint8_t { none, name, literal, expression, statement };

struct PatternNode {
  syntax::NodeKind kind = syntax::NodeKind::other;
  EditHole hole = EditHole::none;
  std::uint8_t number = 0;       ///< of the hole, from 1
  std::uint32_t size = 1;        ///< nodes in this subtree
  std::string symbol;            ///< empty in holes
  std::uint64_t symbol_hash = 0; ///< derived from `symbol`

  bool operator==(const PatternNode&) const = default;
};

/// Where a hole is printed in a text: "$number" begins there.
struct HolePlace {
  std::uint32_t at = 0;
  std::uint8_t number = 0;
  bool operator==(const HolePlace&) const = default;
};

/// One side. `run`: the first node is the parent, its children stand next to each other anywhere below such a parent;
/// else the first node is the root of a whole subtree. No nodes: nothing stands there.
struct TreePattern {
  bool run = false;
  std::vector<PatternNode> nodes;
  std::string text;  ///< source of the first example, holes as $1, $2, ...; not part of the identity
  std::vector<HolePlace> places;  ///< of the holes in `text`, ascending

  [[nodiscard]] bool empty() const noexcept { return nodes.empty(); }
};

/// What a fragment of a slice is to the changed code. Values are persisted: append, never renumber.
enum class SliceRole : std::uint8_t {
  definition,  ///< sets a name that the changed code uses, for the last time above it
  use,         ///< uses such a name next, below it
  asks,        ///< the changed code is part of the condition or head of this
  holds,       ///< the changed code runs when this holds, or in each round of this loop
  fails,       ///< the changed code runs when this does not hold
};

/// Code elsewhere in the function that the changed code is tied to. Its text is part of the pattern's texts.
struct SliceFragment {
  SliceRole role = SliceRole::definition;
  std::uint8_t hole = 0;  ///< the name, of definition and use; else 0
  TreePattern code;       ///< of conditions: a run of what is asked
};

/// Where the fix puts its code. Values are persisted.
enum class FixPlace : std::uint8_t {
  instead,  ///< in place of the code before
  above,    ///< anywhere between the definition of the name and the code before, which stays
  below,    ///< anywhere below the code before, which stays
};

struct EditPattern {
  Digest id;  ///< identity_of
  Language language = Language::unknown;
  std::uint8_t width = 0;        ///< 0..3, slice_width
  std::uint8_t abstraction = 0;  ///< 0..2
  std::uint8_t holes = 0;
  TreePattern before, after;
  std::vector<SliceFragment> slice;  ///< of a slice; else empty
  FixPlace place = FixPlace::instead;
  std::string flaw;  ///< not empty: the mistake is a flaw of this name (flaw.h), and `before` says in words what it is
};

/// A rung of what a fix changed, with what was around the mistake.
struct FixRung {
  EditPattern pattern;
  std::uint8_t edit = 0;  ///< which edit of the fix it describes, in order of position; flaws: one past the last
  std::vector<std::uint64_t> around;  ///< surroundings of the match in the failed code (edit_match.h)
};

/// Widths: syntactic ones below, then the slice.
inline constexpr std::uint8_t syntactic_widths = 4, slice_width = 4, edit_abstractions = 3;
/// Bounds of one pattern: beyond them an example is not generalised, it is a copy.
inline constexpr std::size_t max_pattern_nodes = 48, max_after_nodes = 96, max_pattern_holes = 40;
/// Bounds of a slice: definition and next use of two names, and a condition.
inline constexpr std::size_t max_slice_fragments = 5, max_fragment_nodes = 24;

/// The ladders of all edits between two versions of a unit, one by one: rungs without repetition, syntactic ones first, those
/// that say too little to guard anything left out. Empty when the versions differ in more than `max_edits` places, because then
/// nobody knows which one was the fix.
[[nodiscard]] std::vector<std::vector<EditPattern>> edit_ladders(const syntax::Nast& before, std::string_view before_text,
                                                                 const syntax::Nast& after, std::string_view after_text,
                                                                 std::size_t max_edits = 4);

/// Nodes that are no holes (a run's parent does not count).
[[nodiscard]] std::size_t concrete_nodes(const TreePattern& pattern) noexcept;

/// The same of the code before and its slice.
[[nodiscard]] std::size_t concrete_nodes(const EditPattern& pattern) noexcept;

/// Digest of language, both sides and slice, without texts and rung numbers.
[[nodiscard]] Digest identity_of(const EditPattern& pattern);
/// "edit/3" bytes; equal patterns with equal texts have equal bytes.
[[nodiscard]] std::string encode_edit(const EditPattern& pattern);
/// `bad_data` for anything encode_edit does not write; bounded work on hostile bytes.
[[nodiscard]] Result<EditPattern> decode_edit(std::string_view bytes);
/// The same for bytes that are stored under their identity, for matching: identity taken as given, texts left out.
[[nodiscard]] Result<EditPattern> decode_edit(std::string_view bytes, const Digest& identity);

}  // namespace autodev::mine
