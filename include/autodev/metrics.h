// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LearningMetrics: the specification's numbers, each with its formula and the events it was computed from.
//
// A metric that has no data is absent, never a default. `explain` gives formula, inputs and event ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "autodev/event.h"
#include "autodev/ids.h"

namespace autodev {

/// How one number came to be.
struct MetricExplanation {
  std::string name;
  std::string formula;
  std::string inputs;             ///< the numbers put into the formula
  std::vector<EventId> events;    ///< newest first, at most 16
  std::uint64_t events_total = 0; ///< how many there are altogether

  bool operator==(const MetricExplanation&) const = default;
};

/// What showing patterns did, by the randomised hold-out: success rate shown - held back.
struct PatternEffect {
  double difference = 0, low = 0, high = 0;  ///< with its 95 % interval
  std::uint64_t shown = 0, held_back = 0;    ///< experiments with a known outcome

  bool operator==(const PatternEffect&) const = default;
};

/// How many patterns there are of each kind (PatternKind).
struct PatternsByKind {
  std::uint64_t structural = 0, behavioural = 0, idiom = 0, window = 0;
  std::uint64_t edit = 0;  ///< what fixes have in common; listed with the guards that they are

  bool operator==(const PatternsByKind&) const = default;
};

struct LearningMetrics {
  std::uint64_t patterns_learned = 0;          ///< of all kinds but edits, with at least one instance seen here
  PatternsByKind patterns_by_kind;
  std::uint64_t patterns_active = 0;
  std::uint64_t patterns_tested = 0;           ///< with an executed, passing test behind them, active or not
  std::uint64_t anti_patterns_identified = 0;
  std::vector<double> success_rate_trend;      ///< executed cycles, windows of 20, oldest first
  std::optional<double> llm_reduction_rate;    ///< 1 - calls used / calls of the baseline; absent without a ledger
  std::optional<double> decision_accuracy;     ///< decisions with known outcome that succeeded
  std::uint64_t knowledge_base_size = 0;       ///< bytes on disk, journal and derived state
  std::optional<Milliseconds> average_implementation_time;
  std::optional<double> pattern_reuse_rate;    ///< executed cycles that used a pattern and passed / executed cycles
  std::optional<double> failure_rate;          ///< executed attempts that failed / executed attempts
  std::uint64_t events = 0;
  std::uint64_t cycles = 0;
  std::vector<double> decision_accuracy_trend; ///< decisions with known outcome, windows of 20, oldest first
  std::optional<PatternEffect> pattern_effect; ///< absent without at least two outcomes on each side
  std::vector<MetricExplanation> explanations; ///< filled when asked for

  bool operator==(const LearningMetrics&) const = default;
};

}  // namespace autodev
