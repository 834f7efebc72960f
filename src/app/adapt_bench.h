// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Leave one out: how well the adapter writes a function when others of its kind are known.
//
// The references of a task file are gathered into patterns by the miner's own rule. Of each pattern with enough members
// every member is hidden once; all other tasks are known. The adapter sees its specification, signature, context and
// visible tests, and what it proposes (surely or not) is compared with the hidden reference and judged by the hidden
// tests. Unlike the simulation nothing is known to come later, so this measures adapting, not learning.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "apply/task.h"
#include "autodev/error.h"
#include "base/env.h"
#include "base/json.h"

namespace autodev::app {

struct AdaptBenchOptions {
  std::size_t min_members = 3;   ///< of a pattern: two stay known
  std::size_t max_members = 20;  ///< hidden per pattern, evenly spread: one large family does not decide the figure
  double epsilon = 0.02;
  bool unsafe = false;
  bool items = false;            ///< list every hidden member with its answer
  std::function<void(std::size_t done, std::size_t total)> on_progress;
  std::function<bool()> stop;
};

/// One object: counts, shares over all hidden members and over those with an answer, times in milliseconds.
[[nodiscard]] Result<base::Json> bench_adapt(base::Env& env, const std::vector<apply::Task>& tasks, const AdaptBenchOptions& options);

}  // namespace autodev::app
