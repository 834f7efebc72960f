// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Equal: when two pieces of code are the same program text for a judge.
#pragma once

#include <string_view>

#include "autodev/code.h"

namespace autodev::apply {

/// Equal up to white space, comments, quote style and a comma before a closing bracket.
[[nodiscard]] bool equal_code(std::string_view a, std::string_view b, Language language);

/// Also equal when names bound in the code itself (parameters, locals) differ, consistently one to one.
[[nodiscard]] bool alpha_equal_code(std::string_view a, std::string_view b, Language language);

/// Nearly equal: the same tokens occur, and every operator stands between the same neighbours, whatever the grouping
/// and repetition: `m.update({"a": a, "b": b})` and `m.update({"a": a}); m.update({"b": b})`. A hint, no proof.
[[nodiscard]] bool same_ingredients(std::string_view a, std::string_view b, Language language);

/// The same once arguments given by name with a constant (`verb="POST"`) are left out on both sides. Only for two codes
/// that passed the same tests: a constant acts alike in every run, so the tests have seen it.
[[nodiscard]] bool same_but_for_constant_arguments(std::string_view a, std::string_view b, Language language);

}  // namespace autodev::apply
