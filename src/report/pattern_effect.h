// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pattern effect: what showing a pattern changed, by comparing attempts in which it was shown with those in which chance held
// it back. Each attempt counts by the inverse of its propensity, so that the share held back may change on the way.
// A difference of self-normalised means (Hajek 1971) with its 95 % interval.
#pragma once

#include <optional>
#include <vector>

#include "autodev/metrics.h"

namespace autodev::report {

struct Trial {
  bool shown = false;
  double reward = 0;      ///< [0, 1]
  double propensity = 1;  ///< probability of what happened
};

/// Absent with fewer than two trials on either side.
[[nodiscard]] std::optional<PatternEffect> pattern_effect(const std::vector<Trial>& trials);

}  // namespace autodev::report
