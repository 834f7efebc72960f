// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Snippet: a few statements as the body of a function without a name worth reading, so that what knows only functions
// can read them. Nothing is checked here: the grammar decides what the text is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "autodev/code.h"

namespace autodev::syntax {

/// The statements as the body of a function called "_", or "_f" where that is no name; absent for an unknown language. Cost: O(bytes).
[[nodiscard]] std::optional<std::string> as_function(std::string_view statements, Language language);

}  // namespace autodev::syntax
