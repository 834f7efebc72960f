// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prose: comments and docstrings of a fitted solution speak of the new task, or not at all.
//
// What is said to people runs nowhere, so no test can reject it, and a comment that still speaks of the earlier task is
// a lie in the new code. Comments are rewritten like texts; where a word of the earlier task remains that nothing else
// accounts for, the docstring becomes the first sentence of the specification and the comment goes. It is done last, to
// the winner alone: what is believed of a candidate is computed from code and not from what was put into its comments.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "apply/adapt.h"

namespace autodev::apply {

/// Words by base form that are said of many tasks and tell nothing of one.
using CommonWord = std::function<bool(std::string_view word)>;

struct Prose {
  std::string code;
  bool docstring_changed = false;  ///< programs can read a docstring: verify again
};

/// `code`, made from `earlier` for `now`. Unchanged when nothing in it is stale. Cost: linear in the code.
[[nodiscard]] Prose renew_prose(const std::string& code, const Learned& earlier, const VisibleTask& now,
                                const CommonWord& common);

}  // namespace autodev::apply
