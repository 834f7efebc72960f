// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Splice: one candidate with a piece of another.
//
// A third of the differences between near relatives are statements that one has and the other has not, which no
// replacement of names can bridge. Two candidates for the same task already speak the same names, so their top-level
// statements can be aligned, and each stretch where they differ taken over alone (the "ingredients" of a repair
// come from retrieved neighbours, as in program splicing).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// Variants of `a`, each with one differing stretch of statements taken from `b`; at most 4, none when the two differ
/// in everything or in one stretch only (that variant would be `b`). `entry` names the function in both.
[[nodiscard]] std::vector<std::string> splice(std::string_view a, std::string_view b, Language language,
                                              std::string_view entry);

}  // namespace autodev::apply
