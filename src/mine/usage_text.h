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

/// One sentence: "In Python, an object made by open() is read, then closed …" with how often.
[[nodiscard]] std::string usage_sentence(Language language, const std::string& type, const std::vector<std::string>& steps, std::uint32_t support,
                                         std::uint32_t sources);

/// Lines in the manner of the language, the object as x, gaps as "…", arguments as $1, $2.
[[nodiscard]] std::string usage_snippet(Language language, const std::string& type, const std::vector<std::string>& steps);

/// "every .read stands after a .seek (41 of 43)"
[[nodiscard]] std::string rule_sentence(const UsageRule& rule);

}  // namespace autodev::mine
