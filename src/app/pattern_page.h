// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pattern page: one pattern as a person reads it, from what it is to why it is believed.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/output.h"
#include "autodev/pattern.h"
#include "knowledge/pattern_relatives.h"

namespace autodev::app {

/// Names of other patterns, for those that are mentioned.
using PatternNames = std::map<PatternId, std::string>;

/// Name, sentence, template, holes, two instances, relatives, evidence and score, with the holes coloured where `out`
/// is.
void print_pattern(Output& out, const Pattern& pattern, const knowledge::PatternRelatives& relatives,
                   const PatternNames& names);

/// `code` with each "$name" of `holes` wrapped in `style` escapes; the text itself when `color` is off. Cost: O(code x
/// holes).
[[nodiscard]] std::string with_holes_marked(std::string_view code, const std::vector<Hole>& holes, bool color);

}  // namespace autodev::app
