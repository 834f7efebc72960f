// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Score bench: does the quality of a pattern foretell whether code made from it will pass?
//
// A task stream is answered in order without a model; each answer was made from an earlier solution, which belongs to a
// pattern with a score at that moment. Scores of the answers in the second half of the stream are set against what
// became of them under all tests: the area under the ROC curve of the whole score, of each term, of plain support, and
// of the adapter's own probability. The time split keeps the future out of the score.
#pragma once

#include <functional>
#include <vector>

#include "apply/sandbox.h"
#include "apply/task.h"
#include "autodev/error.h"
#include "base/json.h"

namespace autodev::app {

struct ScoreBenchOptions {
  std::function<void(std::size_t done, std::size_t total)> on_progress;
  std::function<bool()> stop;
};

/// One object with "auc" by score; null where all answers went the same way. Cost: that of answering all tasks.
[[nodiscard]] Result<base::Json> bench_scores(apply::Sandbox& sandbox, const std::vector<apply::Task>& tasks,
                                              const ScoreBenchOptions& options);

}  // namespace autodev::app
