// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Template: what several trees have in common, with typed holes where they differ.
//
// Built by first-order anti-unification (Plotkin 1970; hedges after Kutsia, Levy & Villaret 2014) with one
// consistent substitution table: the same pair of differing subtrees is the same hole, which is what makes
// `$1 ... $1` (equality-linked) holes appear. Inside open lists the children are aligned by longest
// common subsequence and the gaps become sequence holes.
//
// A template keeps the text of its leading instance and byte ranges into it, so it prints as real source
// with $1, $2, ... ($$$n for sequences) in place of the differences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/pattern.h"
#include "syntax/nast.h"

namespace autodev::mine {

/// What is known about one hole. `number` is 1-based, in order of first appearance.
struct TemplateHole {
  std::string kind;                                            ///< as Hole::kind
  std::vector<std::pair<std::string, std::uint32_t>> fillers;  ///< text -> count, at most 64, by count then text
  std::uint32_t overflow = 0;                                  ///< fillers dropped after 64

  bool operator==(const TemplateHole&) const = default;
};

/// A generalised tree. A template without holes is exactly its leading instance.
struct Template {
  syntax::Nast tree;  ///< with NodeKind::hole / sequence_hole nodes; their `symbol` is the hole number
  std::string text;   ///< source of the leading instance; node byte ranges point into it
  std::vector<TemplateHole> holes;
  std::uint32_t instances = 1;

  bool operator==(const Template&) const = default;
};

/// How much a generalisation lost.
struct Generalisation {
  Template result;
  double kept = 1.0;  ///< nodes kept / nodes of the smaller input, [0, 1]; renamed names count as kept
};

/// A template that matches exactly one tree.
[[nodiscard]] Template template_of(const syntax::Nast& tree, std::string_view text);

/// Least general template (within the alignment cap of 200 x 200 siblings) covering `pattern` and `tree`.
/// Deterministic. Folding in an instance of `pattern` only raises counts; concrete nodes never grow;
/// everything folded in before still matches. The order of folding matters: it is part of the input.
/// An empty tree or one of another language is not folded in (kept = 0). Cost: O(|pattern| + |tree|) outside open
/// lists, O(n m) inside.
[[nodiscard]] Generalisation anti_unify(const Template& pattern, const syntax::Nast& tree, std::string_view text);

/// Source text with holes: "def $1(client, $$$2):\n    return client.call($3)". Bodies of a type's members, which are not in
/// its tree, are "...".
[[nodiscard]] std::string render(const Template& pattern);
/// The same with names of the holes by number - 1 (hole_names): "def $1($client, $$$2)".
[[nodiscard]] std::string render(const Template& pattern, const std::vector<std::string>& names);

/// Source text with the holes filled: the inverse of match() for instances that are formatted like the
/// leading one. Texts for sequence holes carry their separator (", b"; see hole.h) and may be empty.
/// Errors: `usage` when the number of fillers differs from the number of holes.
[[nodiscard]] Result<std::string> instantiate(const Template& pattern, const std::vector<std::string>& fillers);

/// Public form of the holes (top 8 fillers), typed and named; see hole_type.h.
[[nodiscard]] std::vector<Hole> public_holes(const Template& pattern);

/// Hole texts of `tree` when it is an instance of `pattern`; absent otherwise. By hole number - 1.
/// A hole that stands in several places needs equal structure in all of them; formatting does not count.
/// Searches with a step budget that only adversarial repetition exhausts (then: absent).
[[nodiscard]] std::optional<std::vector<std::string>> match(const Template& pattern, const syntax::Nast& tree,
                                                            std::string_view text);

/// Number of nodes that are not holes; the operand of "trivial" (< 6) and of simplicity.
[[nodiscard]] std::uint32_t concrete_nodes(const Template& pattern) noexcept;

/// Concrete nodes and holes that only rename a variable: the operand of Generalisation::kept.
[[nodiscard]] std::uint32_t retained_nodes(const Template& pattern) noexcept;

/// "template/1" bytes. Equal templates have equal bytes.
[[nodiscard]] std::string encode_template(const Template& pattern);
/// `bad_data` for anything encode_template does not write, `config` for a newer version; bounded work on
/// hostile bytes.
[[nodiscard]] Result<Template> decode_template(std::string_view bytes);

}  // namespace autodev::mine
