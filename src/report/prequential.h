// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prequential: the test-then-train loop. Predict on cycle t, score, only then learn from t.
//
// Knows neither patterns nor sandboxes: an Arm proposes, a Scorer judges, both come from above. The rules
// are in docs/evaluation.md. A call is avoided only when the emitted code passes the cycle's own tests;
// a wrong attempt avoids nothing and is charged; accepted code that fails the hidden tests is false reuse.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"

namespace autodev::report {

enum class Action : std::uint8_t { apply, adapt, skip };
[[nodiscard]] std::string_view to_string(Action action) noexcept;

/// What an arm did with a task.
struct Proposal {
  Action action = Action::skip;
  std::string code;                    ///< what it emits for `apply`; for `adapt`, the draft
  std::vector<PatternId> patterns;
  std::vector<double> features;        ///< what `p_success` was computed from, for fitting; may be empty
  double p_success = 0;                ///< its own probability that hidden tests pass
  std::uint32_t attempts = 0;          ///< candidates that were run
  bool visible_passed = false;
};

struct TaskInfo {
  std::string id, stream, stratum;
};

/// How the judge found a proposal.
struct Judgement {
  bool passed = false;         ///< visible tests
  bool hidden_passed = false;  ///< hidden tests (equal to `passed` when there are none)
  bool judged = true;          ///< false: no toolchain; the task is left out and counted
};

struct TaskResult {
  TaskInfo task;
  std::uint64_t position = 0;  ///< 1-based
  Proposal proposal;
  Judgement judgement;
  std::uint32_t llm_calls = 0, llm_calls_baseline = 0;
  double wall_ms = 0;          ///< propose and learn, without judging

  /// The call was saved: emitted, and right by all of the cycle's own tests.
  [[nodiscard]] bool avoided() const noexcept {
    return proposal.action == Action::apply && judgement.passed && judgement.hidden_passed;
  }
};

/// 95 % Clopper-Pearson interval of k successes in n trials.
struct Interval {
  double lower = 0, upper = 1;
};
[[nodiscard]] Interval clopper_pearson(std::uint64_t k, std::uint64_t n);

/// What a bound on wrong reuse would have let through of the forecasts of a run: those with p >= 1 - epsilon. Outcomes that would have
/// been learned from as well are not part of it.
struct BoundOutcome {
  double epsilon = 0;
  std::uint64_t taken = 0, wrong = 0;
};
/// The bounds that are told.
inline constexpr std::array<double, 5> told_bounds = {0.02, 0.05, 0.1, 0.2, 0.4};

/// One stratum's numbers. Shares are absent without tasks.
struct StratumSummary {
  std::string stratum;
  std::uint64_t tasks = 0, applied = 0, avoided = 0, false_reuse = 0, abstained = 0;
  std::uint64_t adapted = 0;   ///< handed to the model with a draft; the call is still paid, so part of `abstained`
  std::uint64_t streams = 0;   ///< clusters behind the interval
  std::uint64_t forecasts = 0; ///< proposals with code, behind `ece` and `brier`
  std::uint64_t attempts = 0;  ///< candidates run
  std::optional<double> avoided_share, reuse_rate, false_reuse_share, abstention_share, ece, brier;
  std::optional<double> ece_by_chance;         ///< of exactly right probabilities in as many forecasts
  std::optional<double> brier_base_rate;       ///< Brier score of always saying the observed share
  std::optional<double> avoided_low, avoided_high;  ///< 95 % interval, bootstrap over streams
  std::vector<BoundOutcome> bounds;                 ///< of `told_bounds`; empty without forecasts
  double false_reuse_upper = 1;    ///< 95 % Clopper-Pearson upper bound over applied
  double wall_ms_median = 0, wall_ms_p99 = 0, wall_ms_max = 0;  ///< of propose and learn, without judging
  std::vector<double> avoided_by_window;  ///< windows of 20 tasks
  std::uint64_t llm_calls = 0, llm_calls_baseline = 0;
};

struct ArmReport {
  std::string arm, teacher;
  std::vector<TaskResult> results;
  std::vector<StratumSummary> strata;  ///< R, M, N in this order, those that occur; then "all"
  std::uint64_t unjudged = 0;
};

struct Arm {
  std::string name;
  /// Sees the task only. Index into the stream.
  std::function<Result<Proposal>(std::size_t task)> propose;
  /// Called after scoring, with the solution that ended the cycle (the teacher's or the arm's own).
  std::function<Result<void>(std::size_t task, const std::string& code, bool from_model)> learn;
};

struct LoopOptions {
  double teacher_failure = 0;     ///< probability that a generation needs a repair call
  std::uint64_t seed = 1;
  std::function<void(std::size_t done, std::size_t total)> on_progress;
  std::function<bool()> stop;     ///< asked between tasks
  std::function<double()> clock_ms;
};

/// Calls that the model alone needs for the task: one generation, and with probability `failure` a repair
/// after each try (at most 8). A function of the seed and the task, so that all arms face the same teacher.
[[nodiscard]] std::uint32_t teacher_calls(const TaskInfo& task, double failure, std::uint64_t seed);

/// Runs one arm over the stream, in this order for each task: propose, judge, charge, learn.
/// `apply` that passes all tests costs no call; everything else costs what the model alone would have cost.
/// Tasks that cannot be judged (`judged` false) are counted in `unjudged`, not in the results, and still learned.
/// A stop between tasks returns what is done. Errors: those of the three functions.
[[nodiscard]] Result<ArmReport> run_prequential(
    const std::vector<TaskInfo>& tasks, const Arm& arm,
    const std::function<Result<Judgement>(std::size_t task, const std::string& code)>& judge,
    const std::function<std::string(std::size_t task)>& teacher, const LoopOptions& options);

/// Summaries from results alone; pure.
[[nodiscard]] std::vector<StratumSummary> summarise(const std::vector<TaskResult>& results, std::uint64_t seed);

}  // namespace autodev::report
