// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Recurrence: do the patterns that are kept come up again in projects they were not learned from?
//
// Projects are split into two halves by a hash of their name. Templates are mined from one half by the leader rule, kept or
// not by the rule of mine/keep.h, and looked for in the other half with the exact matcher; then the halves change sides. An
// occurrence whose code (exact digest) was in the learning half already is a copy and is counted apart. The same run tells
// how well each score ranks the templates that recur above those that do not (area under the ROC curve).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "base/json.h"

namespace autodev::app {

struct ProjectUnits {
  std::string project;
  std::vector<CodeUnit> units;  ///< functions, methods, types and blocks, in order of their files
};

struct RecurrenceOptions {
  std::size_t show = 0;  ///< kept templates to print, drawn by their ids
  std::function<void(std::size_t done, std::size_t total)> on_progress;
};

struct RecurrenceResult {
  base::Json summary;              ///< see docs/mining.md
  std::vector<std::string> shown;  ///< one text per shown template
};

/// Cost: two minings of half the code and an index look-up per word; some 300 µs per unit.
[[nodiscard]] RecurrenceResult measure_recurrence(const std::vector<ProjectUnits>& projects, const RecurrenceOptions& options);

}  // namespace autodev::app
