// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Mutants: small faults put into changed lines, to see whether the tests notice. (DeMillo, Lipton, Sayward: "Hints on Test Data
// Selection", 1978.) Three kinds: a condition negated, an operator swapped, a number off by one. Strings and comments are left
// alone. Which mutants are made depends on the text and nothing else.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"

namespace autodev::evidence {

struct Mutant {
  std::uint32_t line = 0;
  std::string what;  ///< "== became !=", "condition negated", "3 became 4"
  std::string text;  ///< the whole file with the fault
};

/// At most `count`, spread evenly over all that are possible on `lines`. Empty for languages without operators that are known here.
[[nodiscard]] std::vector<Mutant> mutants_of(std::string_view text, Language language, const std::set<std::uint32_t>& lines, std::size_t count);

}  // namespace autodev::evidence
