// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Usage patterns: which of the closed sequences of one type are shown as its behaviour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "mine/sequence_miner.h"

namespace autodev::mine {

/// Indices into `closed`, in order of choice, at most 32. Of sequences of the same steps in another order only the most frequent
/// is kept; functions of a module (a type that is a name in small letters, nothing made) keep an order only when it is at
/// least four times as frequent as any other can be, because they share no object. What is left is chosen by cover().
/// Cost: that of cover(), and O(patterns log patterns).
[[nodiscard]] std::vector<std::size_t> shown_patterns(const std::string& type, const std::vector<SequencePattern>& closed,
                                                      const SequenceMiner& miner);

/// Behaviour is trivial when fewer than two of its steps are rarer than one in 256 of the language's: 8 bits, as for words of
/// templates (keep.h).
inline constexpr std::uint64_t telling_step_share = 256;
inline constexpr std::size_t needed_telling_steps = 2;
/// Behaviour that is general has steps with the bits to spare of keep.h: rarer than one in 384.
inline constexpr std::uint64_t general_step_share = 384;
/// Of `all` steps of the language, `count` are this one: rarer than one in `share`?
[[nodiscard]] constexpr bool is_telling_step(std::uint64_t count, std::uint64_t all, std::uint64_t share = telling_step_share) noexcept {
  return count * share < all;
}
/// The same where little code is known and nothing is that rare: three fifths of what a step can surprise by are enough, as
/// for words. From 10,322 steps on it is is_telling_step(), up to rounding.
/// `spare`: what a step has to tell beyond that, in 1/1000 bit.
[[nodiscard]] bool is_telling_so_far(std::uint64_t count, std::uint64_t all, std::uint32_t spare = 0) noexcept;

/// How the functions of a batch use one type of object.
struct UsagePattern {
  Language language = Language::unknown;
  std::string type;
  std::vector<std::string> steps;
  std::uint32_t files = 0;
  std::vector<std::size_t> members;  ///< indices of units, ascending
};

/// Patterns of a batch of units in memory, by language, type and steps; files are the sources. Units whose tree cannot be decoded, types
/// and blocks are left out.
[[nodiscard]] std::vector<UsagePattern> extract_usage(const std::vector<CodeUnit>& units);

}  // namespace autodev::mine
