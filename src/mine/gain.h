// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Gain: how many bits a template saves, against a grammar that knows the language anyway.
//
// Minimum description length (Rissanen 1978), with the background of background.h in place of the usual "one unit per
// node", under which `x = $1` compresses best of all:
//
//   gain = n (F - I - H) - (F + T)
//
//   n   occurrences: distinct projects, one each, so that copies inside a project buy nothing
//   F   surprise of the template's concrete nodes: what an occurrence need not spell out
//   I   naming the template: log2 of the size of the library, at least 10 bits
//   H   2 bits for each sequence hole: where it ends
//   T   3 bits for each hole: its kind
//
// What stands in the holes is paid by the same background with and without the template, so it cancels. A hole that
// stands in several places is paid once, which is not counted: the gain is a lower bound.
#pragma once

#include <cstdint>

#include "autodev/pattern.h"
#include "mine/background.h"
#include "mine/template.h"

namespace autodev::mine {

/// The gain with its terms, in 1/1000 bit. `library`: number of templates. Cost: O(nodes x kinds).
[[nodiscard]] PatternGain gain_of(const Template& pattern, const Background& background, std::uint32_t occurrences,
                                  std::uint64_t library);

}  // namespace autodev::mine
