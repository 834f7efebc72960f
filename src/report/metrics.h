// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Metrics: the specification's LearningMetrics, computed from the store, each with its formula.
//
// Nothing is estimated and nothing has a default: a metric without data is absent. What counts as an executed
// cycle: at least one attempt with an exit code or a parsed report. Histories are shown in counts, never in
// rates.
#pragma once

#include <cstdint>

#include "autodev/metrics.h"
#include "knowledge/knowledge_store.h"

namespace autodev::report {

/// Cycles, or outcomes of decisions, per window of the trends.
inline constexpr std::size_t trend_window = knowledge::accuracy_window;

/// `size_bytes`: the store's size on disk. With `explain` every metric carries formula, inputs and events.
/// Cost: one pass over executed cycles and experiments.
[[nodiscard]] Result<LearningMetrics> compute_metrics(knowledge::KnowledgeStore& store, std::uint64_t size_bytes,
                                                      bool explain);

}  // namespace autodev::report
