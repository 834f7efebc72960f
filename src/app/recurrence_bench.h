// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Recurrence: do the patterns that are kept come up again in projects they were not learned from?
//
// Projects are split into two halves by a hash of their name. Functions and windows of statements are mined from one
// half by mining_library.h, kept or not by the rule of mine/keep.h, and looked for in the other half with the exact
// matcher; then the halves change sides. An occurrence whose code (exact digest) was in the learning half already is a
// copy and is counted apart. The same run tells how well each score ranks the templates that recur above those that do
// not (area under the ROC curve).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "mine/mining_library.h"

namespace autodev::app {

struct RecurrenceOptions {
  std::size_t show = 0;  ///< general templates to print, drawn by their ids
  std::function<void(std::string_view stage)> on_progress;
};

struct RecurrenceResult {
  base::Json summary;              ///< rows of quality, see docs/mining.md
  std::vector<std::string> shown;  ///< one text per shown template
};

/// Uses the units of `library` and the projects each stands in. Cost: two minings of half the units, and one look-up
/// per word; some 400 µs per unit.
[[nodiscard]] RecurrenceResult measure_recurrence(const mine::MiningLibrary& library, const RecurrenceOptions& options);

}  // namespace autodev::app
