// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Patterns as text for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/output.h"
#include "autodev/pattern.h"

namespace autodev::app {

/// "7 instances in 2 projects; 5 verified passes (4 with tests), 2 from histories; 1 failure".
[[nodiscard]] std::string evidence_sentence(const Pattern& pattern);

/// One line per term of the quality score, with the numbers it was made of.
[[nodiscard]] std::vector<std::string> quality_terms(const Pattern& pattern);

/// The first `count` lines, with a line that says how many were left out.
[[nodiscard]] std::string clip_lines(std::string_view text, std::size_t count);

/// The whole pattern: name, sentence, template, holes, examples, evidence, score.
void print_pattern(Output& out, const Pattern& pattern);

}  // namespace autodev::app
