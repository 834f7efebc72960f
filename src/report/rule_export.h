// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rule export: guards as rules of ast-grep and of Semgrep, each with its own test.
//
// A rule says exactly what the guard says, or it is not written: what the format cannot express is refused with the
// reason. Names of local variables are such a thing: a rule can ask for an identifier, but not for one that is bound in
// the function, nor for two different ones. So rules come from guards about calls, members, literals and keywords.
#pragma once

#include <string>
#include <variant>

#include "knowledge/guard_view.h"

namespace autodev::report {

struct ExportedRule {
  std::string id;    ///< "learned-<16 digits>"
  std::string rule;  ///< YAML
  std::string test;  ///< YAML: the failed code is invalid, what passed in its place is valid
};
struct RefusedRule {
  std::string reason;
};

/// `failed`, `fixed`: source of the guard's first example.
[[nodiscard]] std::variant<ExportedRule, RefusedRule> ast_grep_rule(const knowledge::Guard& guard, const std::string& failed,
                                                                    const std::string& fixed);

/// The same for Semgrep, Python only. Its matching knows equivalences that cannot be switched off (order of keyword arguments,
/// names of imports): what they could touch is refused. `test` is Python with the lines marked that the rule has to find.
/// `line`: of the mistake in `failed`, from 1.
[[nodiscard]] std::variant<ExportedRule, RefusedRule> semgrep_rule(const knowledge::Guard& guard, const std::string& failed,
                                                                   const std::string& fixed, std::uint32_t line);

}  // namespace autodev::report
