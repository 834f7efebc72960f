// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Idioms: fragments of statements that recur as a unit more often than their parts would by chance.
//
// An online approximation of a probabilistic tree-substitution grammar (Allamanis & Sutton, FSE 2014, who sample it in
// batch). A statement is not only counted whole: it is also cut where code varies most, and each cut is counted by the
// digest of its canonical form (data-flow order, alpha names). Cuts are fixed, so that counts of the same events in any
// order are the same. Where to cut was measured: the entropy of the digests of children is 11 to 14 bits inside of
// bodies, 6 to 9 in values, 2 to 3 in parameters and decorators (bench/idiom_bench prints the table).
//
//   whole    nothing is cut: only the order of independent statements is free
//   values   arguments, returned and assigned values that are neither names of locals nor, when assigned or returned,
//   calls;
//            all literals
//   nested   the bodies of compound statements inside of the statement
//   both     values and nested
//   header   values and all bodies
//
// Whether a fragment is a unit is decided as by a Chinese-restaurant process: drawing it once from the base and then
// choosing it n - 1 times from the pool has to cost fewer bits than making each of its n occurrences anew (merge_gain).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/ids.h"
#include "mine/template.h"
#include "syntax/nast.h"

namespace autodev::mine {

/// In order of generality; values are persisted with names of tables, never renumber.
enum class IdiomCut : std::uint8_t { whole, values, nested, both, header };
inline constexpr std::size_t idiom_cuts = 5;
[[nodiscard]] std::string_view to_string(IdiomCut cut) noexcept;

/// Larger statements are whole algorithms; they are patterns by near-copies if they recur.
inline constexpr std::size_t max_idiom_nodes = 400;
/// Places (files and scopes) and events in which a fragment has to occur: support 3 from 2 sources, below which
/// counting finds chance (of 2.0 million distinct subtrees of Python packages 184 thousand have it).
inline constexpr std::size_t idiom_places = 3;
inline constexpr std::uint32_t idiom_events = 2;

struct IdiomFragment {
  IdiomCut cut = IdiomCut::whole;
  Digest digest;           ///< of language, cut tree in canonical order
  std::uint32_t bits = 0;  ///< description length of what is concrete
};

/// The fragments of a statement, most specific first; none twice, none that is trivial (fewer than 6 concrete nodes, or
/// no word in it that is not a local name or a literal). Empty for trees above max_idiom_nodes. Cost: O(nodes) per cut.
[[nodiscard]] std::vector<IdiomFragment> idiom_fragments(const syntax::Nast& statement);

/// The statement as a template with a hole at each cut, filled with what stands there.
[[nodiscard]] Template idiom_template(const syntax::Nast& statement, std::string_view text, IdiomCut cut);

/// Bits saved by n occurrences as one unit instead of n derivations, when each unit is chosen among `pool` occurrences
/// of fragments: (n - 1) bits + log2((n - 1)!) - n log2(pool + 1). Exact integer arithmetic in 1/1000 bit, rounded
/// down. A fragment is a unit when this is positive. Cost: O(min(n, 4,096)).
[[nodiscard]] std::int64_t merge_gain(std::uint32_t n, std::uint32_t bits, std::uint64_t pool) noexcept;

/// "with calling open, read": what the statement is and what it calls.
[[nodiscard]] std::string idiom_name(const syntax::Nast& fragment);
/// One sentence made from the structure: "Python statement that enters the context open, calls use and strip, loops inside;
/// varies in 2 places."
[[nodiscard]] std::string idiom_sentence(const syntax::Nast& fragment);

}  // namespace autodev::mine
