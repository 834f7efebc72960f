// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Placement: where in a file a new function goes.
//
// A function of the same name is replaced where it stands; otherwise the code goes to the end, a method behind the last one of its
// type. It is indented by the steps and gets the line ends of the file. Nothing else of the file changes by a byte, so the
// difference is always one hunk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/parts.h"

namespace autodev::app {

/// One function or method, found by the parser.
struct PlacedUnit {
  std::string name, scope, signature, text;
  std::uint32_t first_line = 0, last_line = 0;  ///< 1-based, inclusive
  bool method = false;
};

/// Functions and methods of a piece of source, outer ones only; empty when it does not parse.
[[nodiscard]] std::vector<PlacedUnit> functions_of(Parts& parts, const std::string& text, Language language,
                                                   const std::string& path);

/// What is placed, and where.
struct Wanted {
  std::string entry;  ///< the function to replace; empty: the first one of the code
  std::string spec;   ///< a type that it names gets the method
  Language language = Language::unknown;
  std::string path;   ///< of the file, for messages
};

/// `file` (absent: a new one) with `code` in it. `bad_data` when the code holds no function, or not that one; `usage` when the file has
/// several of that name. Cost: parses both.
[[nodiscard]] Result<std::string> place_code(Parts& parts, const std::optional<std::string>& file, const std::string& code, const Wanted& wanted);

/// Unified difference of two texts that differ in one region; empty for equal texts.
[[nodiscard]] std::string one_hunk_diff(const std::string& before, const std::string& after, const std::string& path, bool is_new);

}  // namespace autodev::app
