// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Simulate: a task stream, the arms, the sandbox and the prequential loop put together. This is `learn --simulate`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apply/task.h"
#include "autodev/error.h"
#include "base/env.h"
#include "report/prequential.h"

namespace autodev::app {

struct SimulateOptions {
  std::vector<std::string> arms{"none", "nearest", "ours"};  ///< names of apply::arm_names()
  double teacher_failure = 0;    ///< 0 = `reference`, p = `noisy:p`
  std::uint64_t seed = 1;
  double epsilon = 0.05;         ///< error bound of our arm
  unsigned jobs = 2;             ///< threads that check the references beforehand
  bool unsafe = false;           ///< run without bubblewrap
  /// Called with what is being done ("checking references", an arm's name) and how far it is.
  std::function<void(const std::string& what, std::size_t done, std::size_t total)> on_progress;
  std::function<bool()> stop;    ///< asked between tasks
};

/// A task whose own reference fails its own tests measures nothing.
struct ExcludedTask {
  std::string id, reason;
};

struct Simulation {
  std::vector<report::ArmReport> reports;  ///< in the order of `arms`
  std::vector<ExcludedTask> excluded;
  std::uint64_t sandbox_runs = 0, sandbox_cached = 0;
  double sandbox_ms_mean = 0;              ///< mean wall time of one run
  bool stopped = false;
};

/// Errors: `usage` for an unknown arm or a parameter out of range; `unavailable` without a sandbox.
[[nodiscard]] Result<Simulation> simulate(base::Env& env, const std::vector<apply::Task>& tasks,
                                          const SimulateOptions& options);

/// Parses `--teacher`: "reference" or "noisy:P" with P in [0, 1). `usage` otherwise.
[[nodiscard]] Result<double> parse_teacher(const std::string& text);

}  // namespace autodev::app
