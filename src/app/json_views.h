// SPDX-License-Identifier: MIT OR Apache-2.0
//
// JSON views of public values, as printed by --json. Keys are stable; additions only.
#pragma once

#include "autodev/learning_system.h"
#include "base/json.h"

namespace autodev::app {

[[nodiscard]] base::Json to_json(const Pattern& pattern);
[[nodiscard]] base::Json to_json(const AntiPattern& anti);
[[nodiscard]] base::Json to_json(const LearnReport& report);
[[nodiscard]] base::Json to_json(const PatternsByKind& kinds);
[[nodiscard]] base::Json to_json(const LearningMetrics& metrics);
[[nodiscard]] base::Json to_json(const SimilarPattern& hit);

/// Numbers for people: "37 %"; "-" when absent.
[[nodiscard]] std::string percent(std::optional<double> share);

}  // namespace autodev::app
