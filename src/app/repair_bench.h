// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair bench: failed programs, repaired from the fixes of other problems; visible tests guide, held-out tests judge.
//
// JSON Lines {problem, buggy, fixed, tests, heldout} and optionally id, language ("c"), verdict. A test is {i, o}: standard input and
// expected output, or a text: code that is put behind the program and must end with exit code 0. `fixed` of a test task is only
// read by --rank-only. With one file for both, problems are split into folds. Baseline in the same run: the nearest training program by
// BM25, its edit applied where its removed lines are found.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apply/sandbox.h"
#include "base/env.h"
#include "base/json.h"

namespace autodev::app {

/// From the same folds as the belief's weights (bench/fit_repair_belief.py): nine of ten
/// of those accepted are right there, eight of ten on programs not seen before (docs/repair.md). Test code is one all-or-nothing
/// test, which the belief was not fitted on: there every repair that is not unlikely is accepted.
inline constexpr double output_tests_threshold = 0.85, test_code_threshold = 0.3;

struct RepairBenchOptions {
  double seconds = 60;        ///< per task
  std::size_t limit = 0;      ///< tasks; 0: all. A sample by hash of the id
  std::size_t folds = 2;      ///< when both files are the same
  std::size_t jobs = 1;
  std::uint64_t seed = 1;
  std::optional<double> threshold;  ///< probability from which a patch is accepted; absent: see the defaults
  bool same_file = false;
  bool rivals = false;        ///< also judge all other candidates that pass the visible tests, for fitting the belief
  bool rank_only = false;     ///< only where the known fix stands in the order of trial; nothing is run
  std::string resume_file;    ///< finished tasks, one JSON line each; read first, appended to; empty: none
  std::function<void(std::size_t done, std::size_t total, std::size_t right)> on_progress;
};

struct RepairBenchResult {
  std::vector<base::Json> tasks;
  base::Json summary;
};

[[nodiscard]] Result<RepairBenchResult> bench_repair(base::Env& env, apply::Sandbox& sandbox, std::string_view train, std::string_view test,
                                                     const RepairBenchOptions& options);

}  // namespace autodev::app
