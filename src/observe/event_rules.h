// SPDX-License-Identifier: MIT OR Apache-2.0
//
// EventRules: what an event may not say about itself, and what follows from its type.
//
// | a                                | contradicts                                               |
// |----------------------------------|-----------------------------------------------------------|
// | type of a success                | verdict failed                                            |
// | type of a failure                | verdict passed                                            |
// | verdict passed                   | exit_code other than 0, tests.failed > 0                  |
// | success.tests_passed = true      | tests.failed > 0, type TestFailed                         |
// | success.tests_passed = false     | type TestPassed                                           |
// | type PerformanceImproved         | runtime_ms >= baseline_runtime_ms, performance_met = false|
// | strength exit_code               | no exit_code                                              |
// | strength report                  | neither tests nor failures                                |
//
// The last two keep belief honest: a strength is claimed by showing what it rests on.
#pragma once

#include <string_view>

#include "autodev/event.h"
#include "observe/json_fields.h"

namespace autodev::observe {

/// The verdict an event type implies; `unknown` for PatternIdentified.
[[nodiscard]] Verdict verdict_of_type(LearningEventType type) noexcept;
/// The strength that the given evidence supports: report with test counts, exit_code with an exit code.
[[nodiscard]] EvidenceStrength strength_of_evidence(const Outcome& outcome) noexcept;

/// Adds one complaint per contradiction. `verdict_path` is "$.event_type" when the verdict was derived from it.
void check_consistency(const LearningEvent& event, std::string_view verdict_path, Complaints& complaints);

}  // namespace autodev::observe
