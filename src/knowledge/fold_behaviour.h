// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The part of the fold that counts how functions use their objects; rows in behaviour_rows.h.
#pragma once

#include "knowledge/fold.h"

namespace autodev::knowledge {

/// What a function that is new does with its objects. `tree` is that of the unit. Cost: about 15 µs to read it, and one row per object.
Result<void> fold_behaviour(FoldState& fold, const EventContext& context, const UnitWorked& worked, const syntax::Nast& tree);

/// How a behavioural pattern served. False: the id names none.
[[nodiscard]] Result<bool> apply_behaviour(FoldState& fold, const EventContext& context, const PatternApplied& applied);

/// Feedback on a behavioural pattern. False: the id names none.
[[nodiscard]] Result<bool> feedback_on_behaviour(FoldState& fold, const Feedback& feedback);

}  // namespace autodev::knowledge
