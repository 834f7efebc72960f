// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Header: where in a piece of code the entry point is declared, so that a new signature can take its place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "autodev/code.h"

namespace autodev::apply {

/// Byte range [start, end) of "def name(...) -> T:" or "int name(...) " (up to, not including, the brace) or
/// "const name = (...) =>".
struct HeaderRange {
  std::size_t start = 0, end = 0;
  bool arrow = false;
};

/// Declaration of `entry` in `code`; absent when there is none with a body.
[[nodiscard]] std::optional<HeaderRange> find_header(std::string_view code, Language language, std::string_view entry);

/// `signature` in the form that can replace a header of this kind; absent when the kinds do not fit.
[[nodiscard]] std::optional<std::string> header_from(std::string_view signature, Language language, bool arrow);

}  // namespace autodev::apply
