// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Mask: what a C or C++ parser cannot read without a preprocessor becomes blanks of equal length.
#pragma once

#include <string>
#include <string_view>

namespace autodev::syntax {

/// A copy of `source` with the same length and line breaks in which annotation macros (`FOO_API`, `__THROW`) and
/// all but one branch of every #if are blank. Comments and literals stay. Cost: O(bytes).
[[nodiscard]] std::string mask_preprocessor(std::string_view source);

}  // namespace autodev::syntax
