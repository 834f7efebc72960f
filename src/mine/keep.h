// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Keep: which templates are worth a reader's time.
//
// Every piece of code makes a template; a library that shows them all shows nothing. A template is kept when
// it is not trivial by the rubric below, and when it came up in enough places for its gain (gain.h) to be positive.
//
//   small      fewer than 6 concrete nodes in the body (the declaration does not count)
//   nameless   fewer than two different words that carry meaning: a call, member, type, global or literal with at least
//              8 bits of surprise (less where little code is known). `if $1: return $2` is grammar, not a pattern
//   single     a function of one simple statement with at most one call: accessor, forwarder, constant, stub
//   stores     nothing but plain assignments: a constructor that keeps its arguments
//   open       more open holes than words that carry meaning: it says less than it leaves open
//
// What is kept is general from four projects on, if its words have half a bit to spare, else local: a convention of the
// projects it was seen in. How often each comes up again in projects that were not learned from is measured by `learn
// bench mining` (docs/mining.md).
//
// The rubric looks at the template alone; docs/mining.md says the same for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "autodev/pattern.h"
#include "mine/background.h"
#include "mine/template.h"

namespace autodev::mine {

/// So many different words have to carry meaning.
inline constexpr std::uint32_t needed_words = 2;
/// Does the node's word carry meaning? Cost: two searches in the background.
[[nodiscard]] bool tells(const Background& background, const syntax::Nast& tree, std::uint32_t node, std::uint32_t spare = 0);

/// What the rubric counts in a template.
struct Substance {
  std::uint32_t body_nodes = 0;   ///< concrete nodes below the declaration
  std::uint32_t words = 0;        ///< different words with at least 8 bits of surprise
  std::uint32_t statements = 0;   ///< concrete simple statements; documentation strings are none
  std::uint32_t assignments = 0;  ///< of those, plain assignments without a call
  std::uint32_t control = 0;      ///< conditions, loops, error handling
  std::uint32_t calls = 0;
  std::uint32_t open_holes = 0;  ///< holes that are no constants (hole_type.h)

  bool operator==(const Substance&) const = default;
};

/// What a word of a general pattern has to tell beyond the 8 bits of the rubric, in 1/1000 bit: rarer than one in 384
/// instead of 256. Elsewhere words have other frequencies; with this to spare few that are rare here are usual there
/// (docs/mining.md).
inline constexpr std::uint32_t bits_to_spare = 585;

/// `spare`: what words have to tell beyond the rubric's bits, in 1/1000 bit. Cost: O(nodes).
[[nodiscard]] Substance substance_of(const Template& pattern, const Background& background, std::uint32_t spare = 0);

/// The first rule of the rubric that applies, as a sentence for people; absent for templates that say something.
[[nodiscard]] std::optional<std::string> trivial_because(const Template& pattern, const Background& background,
                                                         std::uint32_t spare = 0);

/// Occurrences that count: distinct projects; in a single project, from three on, different forms in different places:
/// copies are one form, versions of one function one place.
[[nodiscard]] std::uint32_t counted_occurrences(const PatternEvidence& evidence) noexcept;

/// General from four projects on, if it is not trivial with `bits_to_spare` either; else local; none where
/// unkept_because() gives a reason.
[[nodiscard]] PatternReach reach_of(const PatternEvidence& evidence, std::string_view unkept,
                                    bool trivial_elsewhere) noexcept;

/// Why a pattern is not kept: "trivial: ..." or "seldom: ..."; empty for kept ones.
[[nodiscard]] std::string unkept_because(const Template& pattern, const Background& background, const PatternGain& gain,
                                         const PatternEvidence& evidence);

}  // namespace autodev::mine
