// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions as public values, sentences, JSON and files.
#pragma once

#include <string>
#include <vector>

#include "app/parts.h"
#include "autodev/decision.h"
#include "base/json.h"

namespace autodev::app {

/// Best first: allowed before deprecated and vetoed, then by value.
[[nodiscard]] std::vector<Vote> votes_of(const vote::Judgement& judgement);
[[nodiscard]] std::string reason_text(const vote::Judgement& judgement, const vote::Choice& choice);
/// "'a' got worse: 0.85 before, 0.10 in the last 6 outcomes; noticed 12 outcomes ago".
[[nodiscard]] std::string change_text(const vote::ChangeSeen& change, std::uint64_t outcomes_now);

[[nodiscard]] base::Json to_json(const Vote& vote);
[[nodiscard]] base::Json to_json(const DecisionResult& result);
/// A decision on record: what was asked, said, chosen, and what came of it.
[[nodiscard]] base::Json to_json(const knowledge::DecisionSummary& decision);

}  // namespace autodev::app
