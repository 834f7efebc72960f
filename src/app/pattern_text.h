// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Patterns as text for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/pattern.h"

namespace autodev::app {

/// "7 instances in 2 projects; 5 verified passes (4 with tests), 2 from histories; 1 failure".
[[nodiscard]] std::string evidence_sentence(const Pattern& pattern);

/// One line per term of the quality score, with the numbers it was made of.
[[nodiscard]] std::vector<std::string> quality_terms(const Pattern& pattern);

/// "general: ...", "local: ..." or why the pattern is not kept.
[[nodiscard]] std::string kept_sentence(const Pattern& pattern);

/// What the pattern saves, with every term of the formula.
[[nodiscard]] std::string gain_term(const PatternGain& gain);

/// The first `count` lines, with a line that says how many were left out.
[[nodiscard]] std::string clip_lines(std::string_view text, std::size_t count);

}  // namespace autodev::app
