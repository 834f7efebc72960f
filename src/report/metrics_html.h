// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Metrics as one page: every number with its formula and inputs, the trends as curves, the latest decisions.
#pragma once

#include <string>
#include <vector>

#include "autodev/metrics.h"
#include "knowledge/knowledge_store.h"

namespace autodev::report {

/// `metrics` with explanations; `decisions` newest first.
[[nodiscard]] std::string render_metrics(const LearningMetrics& metrics, const std::vector<knowledge::DecisionSummary>& decisions);

}  // namespace autodev::report
