// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Code layout: other tokens in somebody's text, with that text's comments, white space and line ends.
//
// A verified fix comes from another place: its comments, its indentation and its line ends are not those of the code that
// it repairs. Only the tokens that differ are taken from it; what stands between unchanged tokens stays as it is. The result
// is scanned again, and where its tokens are not exactly the wanted ones, the wanted text is taken as it stands.
#pragma once

#include <string>
#include <string_view>

#include "autodev/code.h"

namespace autodev::apply {

/// `text` with the line ends that `like` uses first; unchanged when `like` has one line.
[[nodiscard]] std::string with_line_ends_of(std::string_view text, std::string_view like);

/// The tokens of `wanted` in the layout of `own`; bare string statements of Python count as comments. Deeper lines of `wanted`
/// are moved to the indentation of `own`. Beyond 16 million pairs of differing tokens, `wanted` indented. Cost: O(n m) of these.
[[nodiscard]] std::string keep_layout(std::string_view own, std::string_view wanted, Language language);

}  // namespace autodev::apply
