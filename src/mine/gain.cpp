// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The formula of gain.h.
#include "mine/gain.h"

#include <algorithm>

namespace autodev::mine {

namespace {

/// A library of fewer than 1,024 templates is a young one: it will not stay so small, and its first templates must not
/// look good only because there is nothing else to name.
constexpr std::uint64_t young_library = 1024;
/// The end of a sequence under a geometric law with mean 1; one of six kinds of holes.
constexpr std::uint32_t sequence_millibits = 2000, hole_millibits = 3000;

}  // namespace

PatternGain gain_of(const Template& pattern, const Background& background, std::uint32_t occurrences,
                    std::uint64_t library) {
  PatternGain gain;
  gain.occurrences = occurrences;
  gain.fragment = background.millibits(pattern.tree);
  gain.index = log2_thousandths(std::max(library, young_library));
  for (const TemplateHole& hole : pattern.holes) {
    gain.use += hole.kind == "sequence" ? sequence_millibits : 0;
    gain.description += hole_millibits;
  }
  gain.description += gain.fragment;
  const auto saved = static_cast<std::int64_t>(gain.fragment) - static_cast<std::int64_t>(gain.index) -
                     static_cast<std::int64_t>(gain.use);
  gain.total = static_cast<std::int64_t>(occurrences) * saved - static_cast<std::int64_t>(gain.description);
  return gain;
}

}  // namespace autodev::mine
