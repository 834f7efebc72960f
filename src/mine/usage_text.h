// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Behavioural patterns as people read them: a name, one sentence, a few lines of code.
#pragma once

#include <string>
#include <vector>

#include "autodev/code.h"
#include "mine/usage_rules.h"

namespace autodev::mine {

/// "open: read, close" of the steps "=open", ".read", ".close" on an object of type "open()".
[[nodiscard]] std::string usage_name(const std::string& type, const std::vector<std::string>& steps);

/// One sentence: "How open() is used in python: open, then read, then close; in 12 functions of 9 files; after open, close on all paths
/// (11 of 12)."
[[nodiscard]] std::string usage_sentence(Language language, const std::string& type, const std::vector<std::string>& steps, std::uint32_t support,
                                         std::uint32_t files, const std::vector<UsageRule>& rules);

/// Lines in the manner of the language, the object as x, gaps and arguments as "…": it has no holes.
[[nodiscard]] std::string usage_snippet(Language language, const std::string& type, const std::vector<std::string>& steps);

/// Size for the quality score: nodes that are spelled out (a call of a member has four), and holes.
[[nodiscard]] std::uint32_t usage_nodes(const std::vector<std::string>& steps) noexcept;
[[nodiscard]] std::size_t usage_holes(const std::vector<std::string>& steps) noexcept;

/// "read only after seek (41 of 43)"
[[nodiscard]] std::string rule_sentence(const UsageRule& rule);

}  // namespace autodev::mine
