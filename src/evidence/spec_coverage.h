// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Specification coverage: which named parts of a specification have a passing test.
//
// A part is covered when a passing test names it: all its significant words (letters and digits, lower case, without the words
// below and without a final s) occur among the words of the test's id, where camelCase, snake_case and punctuation separate
// words. A part may carry its own name as "@name: text" or "text @name"; then that name alone decides. A test covers nothing
// by failing, by being skipped, or by standing in the same file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autodev::evidence {

/// Those of `parts` that one of the tests names, in their order.
[[nodiscard]] std::vector<std::string> covered_parts(const std::vector<std::string>& parts, const std::vector<std::string>& passed_tests);

/// Lines of the form "- [ ] text", "* @name text" or "1. text" below a heading with the word criteria, requirements, parts or
/// acceptance, else all lines that hold "@name"; at most 256.
[[nodiscard]] std::vector<std::string> parts_in(std::string_view specification);

}  // namespace autodev::evidence
