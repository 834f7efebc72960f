// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit view: an edit pattern with the fixes that taught it.
//
// The pattern itself is the guard's (guard_view.h). Here is what a person wants to see beside it: real code before and
// after, and usage rules of the store (behaviour_view.h) that the code before broke and the code after keeps. That a
// learned fix turns a violation into conformance is the strongest reason to believe both the fix and the rule.
#pragma once

#include <string>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "mine/usage_rules.h"

namespace autodev::knowledge {

/// Failed code and what passed in its place, both with trees.
struct FixInstance {
  PatternId failure;
  CodeUnit before, after;
};

/// A rule that fixes of this kind restored.
struct RestoredRule {
  std::string type;  ///< of the object, as UsedObject::type
  mine::UsageRule rule;
  std::uint32_t fixes = 0;  ///< of those looked at
};

struct EditDetails {
  std::vector<FixInstance> fixes;  ///< the first example, then by id of the failure; at most max_shown_fixes
  std::vector<RestoredRule> restored;
};

/// Fixes that are read for fillers of holes and for rules.
inline constexpr std::size_t max_shown_fixes = 16;
/// Cases a rule needs before it is mentioned.
inline constexpr std::uint32_t min_restored_support = 4;

/// Of a guard that is an edit pattern; empty for an unknown id and for flaws without fixes. Cost: some rows and the
/// event graphs of at most 2 x max_shown_fixes functions.
[[nodiscard]] Result<EditDetails> view_edit(const base::KvRead& state, PatternId guard);

}  // namespace autodev::knowledge
