// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Patterns as text for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/metrics.h"
#include "autodev/pattern.h"
#include "base/json.h"
#include "knowledge/snapshot.h"

namespace autodev::app {

/// "7 instances in 2 projects; 5 verified passes (4 with tests), 2 from histories; 1 failure".
[[nodiscard]] std::string evidence_sentence(const Pattern& pattern);

/// One line per term of the quality score, with the numbers it was made of.
[[nodiscard]] std::vector<std::string> quality_terms(const Pattern& pattern);

/// "general: ...", "local: ..." or why the pattern is not kept.
[[nodiscard]] std::string kept_sentence(const Pattern& pattern);

/// What the pattern saves, with every term of the formula.
[[nodiscard]] std::string gain_term(const PatternGain& gain);

/// "7 structural, 2 behavioural, 0 idiom, 1 window, 3 edit".
[[nodiscard]] std::string kinds_sentence(const PatternsByKind& kinds);

/// How many of each kind: "3 structural, 1 anti-pattern"; "nothing".
[[nodiscard]] std::string by_kind_sentence(const std::vector<knowledge::KnowledgeContent::Item>& items);
[[nodiscard]] base::Json by_kind_json(const std::vector<knowledge::KnowledgeContent::Item>& items);

/// The first `count` lines, with a line that says how many were left out.
[[nodiscard]] std::string clip_lines(std::string_view text, std::size_t count);

}  // namespace autodev::app
