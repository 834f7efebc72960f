// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fill: the literals of a candidate as holes, filled from what the task itself says.
//
// When no candidate passes the visible tests, often one constant is to blame that the specification names but no rule
// could place. Cheapest source first: all unexplained literals by the unexplained values of the specification in order
// (a joint assignment), one equality group by one value of the specification, of the tests, and small mutations (off by
// one, the neighbouring comparison).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// Variants of `code` with literals or comparisons behind byte `body` changed, likeliest first, at most `limit`. Equal
/// literals change together.
[[nodiscard]] std::vector<std::string> fill_literals(std::string_view code, Language language, std::size_t body,
                                                     std::string_view spec, std::string_view tests, std::size_t limit);

}  // namespace autodev::apply
