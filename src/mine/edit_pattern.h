// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit pattern: what a fix changed, generalised: a template of the code before, one of the code after, shared holes.
//
// Every edit of a fix is written at several rungs of one fixed ladder: four widths of context (the changed run alone;
// with its neighbours; its whole parent; its grandparent) times three abstractions (local names are holes; literals
// too; subtrees that the fix left alone too). Holes are numbered by first appearance, so two edits have the same rung
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

namespace autodev::syntax {
struct TreeEdit;
}

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

/// One side. `run`: the first node is the parent, its children stand next to each other anywhere below such a parent;
/// else the first node is the root of a whole subtree. No nodes: nothing stands there.
struct TreePattern {
  bool run = false;
  std::vector<PatternNode> nodes;
  std::string text;  ///< source of the first example, holes as $1, $2, ...; not part of the identity

  [[nodiscard]] bool empty() const noexcept { return nodes.empty(); }
};

struct EditPattern {
  Digest id;  ///< of language and both sides
  Language language = Language::unknown;
  std::uint8_t width = 0;        ///< 0..3
  std::uint8_t abstraction = 0;  ///< 0..2
  std::uint8_t holes = 0;
  TreePattern before, after;
  std::string flaw;  ///< not empty: the mistake is a flaw of this name (flaw.h), and `before` says in words what it is
};

/// A rung of what a fix changed, with what was around the mistake.
struct FixRung {
  EditPattern pattern;
  std::vector<std::uint64_t> around;  ///< surroundings of the match in the failed code (edit_match.h)
};

/// Bounds of one pattern: beyond them an example is not generalised, it is a copy.
inline constexpr std::size_t max_pattern_nodes = 48, max_after_nodes = 96, max_pattern_holes = 40;

/// The rungs of one edit, widest last, without repetition; rungs that say too little to guard anything are left out.
[[nodiscard]] std::vector<EditPattern> edit_ladder(const syntax::Nast& before, std::string_view before_text,
                                                   const syntax::Nast& after, std::string_view after_text,
                                                   const syntax::TreeEdit& edit);

/// The ladders of all edits between two versions of a unit; empty when they differ in more than `max_edits` places,
/// because then nobody knows which one was the fix.
[[nodiscard]] std::vector<EditPattern> edit_patterns(const syntax::Nast& before, std::string_view before_text,
                                                     const syntax::Nast& after, std::string_view after_text,
                                                     std::size_t max_edits = 4);

/// Nodes that are no holes (a run's parent does not count).
[[nodiscard]] std::size_t concrete_nodes(const TreePattern& pattern) noexcept;

/// Digest of language and both sides, without texts and rung numbers.
[[nodiscard]] Digest identity_of(const EditPattern& pattern);
/// "edit/1" bytes, "edit/2" for flaws; equal patterns with equal texts have equal bytes.
[[nodiscard]] std::string encode_edit(const EditPattern& pattern);
/// `bad_data` for anything encode_edit does not write; bounded work on hostile bytes.
[[nodiscard]] Result<EditPattern> decode_edit(std::string_view bytes);
/// The same for bytes that are stored under their identity: it is taken as given.
[[nodiscard]] Result<EditPattern> decode_edit(std::string_view bytes, const Digest& identity);

}  // namespace autodev::mine
