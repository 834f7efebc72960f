// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Voter: one way to judge options, and what it says about one of them.
//
// A voter says how likely an option is to succeed, on how much evidence, and which decisions it knows that from. The
// weight of a voter is learned from its past statements (weights.h). Voters that cannot judge stay silent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "autodev/ids.h"

namespace autodev::vote {

/// Values are positions in stored rows: append, never renumber.
enum class Voter : std::uint8_t {
  nearest,     ///< the most similar past cases
  tree,        ///< successes by category, backed off to the type
  trend,       ///< ridge regression over the numbers of the context
  recency,     ///< the last few outcomes of the option
  prior,       ///< all outcomes of the option, here and in other types
  quality,     ///< quality of the pattern behind the option, as the caller knows it
  preference,  ///< what the user said
};
inline constexpr std::size_t voter_count = 7;

[[nodiscard]] constexpr std::string_view name_of(Voter voter) noexcept {
  constexpr std::string_view names[] = {"nearest", "tree", "trend", "recency", "prior", "quality", "preference"};
  return names[static_cast<std::size_t>(voter)];
}

inline constexpr std::size_t max_evidence = 3;

/// One voter about one option.
struct Say {
  float estimate = 0.5F;    ///< probability of success, or mean reward, [0, 1]
  float evidence = 0;       ///< outcomes that it rests on, discounted; 0: silent
  float confidence = 0;     ///< evidence / (evidence + 4), [0, 1)
  std::array<Digest, max_evidence> ids{};  ///< newest or most similar first; empty ones at the end
};
using Says = std::array<Say, voter_count>;

/// Four outcomes make a voice half as loud as it can get: the prior strength of a Beta(2, 2).
[[nodiscard]] constexpr float confidence_of(float evidence) noexcept { return evidence / (evidence + 4.0F); }

}  // namespace autodev::vote
