// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Naming: what a pattern is called and how it is described, from its instances alone.
//
// A pattern that has a name is found and reused more often than one that has none (LILO, Grand et al., ICLR
// 2024). Names and sentences are made from the code by fixed rules, so equal inputs give equal words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "mine/template.h"

namespace autodev::mine {

/// The words that the instances' names share, in the leader's order, with "..." where they differ: users_list and
/// users_info are "users ...", get_user and get_order "get ...". The leader's own name when all agree or
/// nothing is shared. Blocks are called after what they are and call: "loop calling append, strip".
/// `member_names`: names of the other instances, in any order; at most 64 count.
[[nodiscard]] std::string pattern_name(const CodeUnit& leader, const std::vector<std::string>& member_names);

/// One sentence: the first one of the leader's doc comment, else what the structure tells: "Python function
/// that calls get and json, loops, returns a value; 4 instances, differs in 2 places."
[[nodiscard]] std::string pattern_description(const CodeUnit& leader, const Template& pattern, std::uint32_t instances);

/// One sentence from words and structure: what the documentation says, what the code does, and where instances vary:
/// "Loads a page: Python function that calls get and json, handles KeyError; varies in 3 places ($client, $url)."
/// `holes`: public_holes(pattern).
[[nodiscard]] std::string pattern_summary(const CodeUnit& leader, const Template& pattern, const std::vector<Hole>& holes);
/// "C++", "Python", …: as people write it.
[[nodiscard]] std::string_view language_title(Language language);

/// Distinct names of what a tree calls, in order of appearance; callees that are holes are left out.
[[nodiscard]] std::vector<std::string> called_names(const syntax::Nast& tree, std::size_t limit);

/// One sentence about a run of statements, from its structure: "Python window of 3 statements that calls get and json,
/// returns; varies in 2 places."
[[nodiscard]] std::string window_sentence(const syntax::Nast& window);

}  // namespace autodev::mine
