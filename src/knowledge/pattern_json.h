// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Patterns as JSON for people and reviews: sorted keys, no clock, no machine; equal patterns have equal bytes.
#pragma once

#include "autodev/pattern.h"
#include "base/json.h"

namespace autodev::knowledge {

/// "auto-dev.pattern/1".
[[nodiscard]] base::Json pattern_json(const Pattern& pattern);
/// "auto-dev.anti_pattern/1".
[[nodiscard]] base::Json anti_pattern_json(const AntiPattern& anti);
/// Numbers only; without absent ones.
[[nodiscard]] base::Json evidence_json(const PatternEvidence& evidence);

}  // namespace autodev::knowledge
