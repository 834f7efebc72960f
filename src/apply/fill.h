// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fill: variants of a candidate with its holes filled jointly, likeliest first.
//
// A variant is one choice for each hole: keep, or a filler. Its price is the sum of the fillers' prices and a price for
// each value of the specification that found no place, so that two constants that the task names are placed together
// before either is placed alone. A* over the holes in order: what is paid, plus the least that the rest can cost (Hart,
// Nilsson & Raphael 1968), the cheapest place that is left for each value, or none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apply/holes.h"

namespace autodev::apply {

/// Variants of `code`, cheapest first, at most `limit`, without `code` itself. Cost: at most 2,000 expanded states.
[[nodiscard]] std::vector<std::string> fill_jointly(std::string_view code, Language language, std::size_t body,
                                                    const FillerSources& sources, std::size_t limit);

}  // namespace autodev::apply
