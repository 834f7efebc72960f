// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit text: edit patterns as people read them: a name, one sentence, two templates with named holes.
//
// All of it is made from the pattern's structure by fixed rules, so equal patterns have equal words. A hole accepts
// less than a blank suggests (a local name; a number; what the fix left alone), so its restriction is part of its name
// wherever nothing else says it: `if $name1 == $number2` never matches a comparison of two calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mine/edit_pattern.h"
#include "mine/hole_text.h"
#include "mine/template.h"

namespace autodev::mine {

/// Names of the holes by number - 1 that say what each accepts: "$name1", "$number2", "$string3", "$expr4", "$stmt5";
/// in languages whose variables look like that "$1:name".
[[nodiscard]] std::vector<std::string> typed_hole_names(const EditPattern& pattern);

/// "a local name", "a number", "an expression that the fix left alone", ... by number - 1.
[[nodiscard]] std::vector<std::string> hole_restrictions(const EditPattern& pattern);

/// The text of a side with `names` in the holes' places.
[[nodiscard]] std::string named_text(const TreePattern& side, const std::vector<std::string>& names);

/// What stood in the holes of one fix, by number - 1; empty where that cannot be told. `failed`, `passed`: the unit
/// before and after.
[[nodiscard]] std::vector<std::string> hole_fillers(const EditPattern& pattern, const SourceTree& failed,
                                                    const SourceTree& passed);

/// The pattern's holes as those of a template that has met these fillers (one vector of texts per fix): named after the
/// words that most fixes share, and typed, as in structural patterns; holes whose fillers share no word keep their
/// typed name.
[[nodiscard]] std::vector<Hole> edit_holes(const EditPattern& pattern,
                                           const std::vector<std::vector<std::string>>& fillers);

/// "replace <= by < in while", "check None before strip", "remove print".
[[nodiscard]] std::string edit_name(const EditPattern& pattern);

/// One sentence of what the fix does, where, and what it depends on, with `names` for the holes: "Replaces `<=` by `<`
/// in `$i <= len($rows)`, in the condition of a `while`, with $i from `$i = $number3`."
[[nodiscard]] std::string edit_sentence(const EditPattern& pattern, const std::vector<std::string>& names);

/// A pattern's nodes as a tree below a root of their own, holes as NodeKind::hole.
[[nodiscard]] syntax::Nast tree_of(Language language, const TreePattern& side);

/// Code of a subtree on one line, in one notation for all languages; long code ends in "…".
[[nodiscard]] std::string short_code(const syntax::Nast& tree, std::uint32_t node,
                                     const std::vector<std::string>& names);

}  // namespace autodev::mine
