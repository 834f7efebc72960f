// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The wiring: apply's arms and judge behind the functions that report's loop asks for.
#include "app/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "apply/arm.h"
#include "apply/sandbox.h"
#include "apply/verify.h"

namespace autodev::app {
namespace {

using apply::Task;

std::string teacher_name(double failure) {
  return failure > 0 ? fmt::format("noisy:{:g}", failure) : std::string("reference");
}

report::Proposal proposal_of(apply::Attempt attempt) {
  report::Proposal proposal;
  switch (attempt.answer) {
    case apply::Answer::apply: proposal.action = report::Action::apply; break;
    case apply::Answer::draft: proposal.action = report::Action::adapt; break;
    case apply::Answer::skip: proposal.action = report::Action::skip; break;
  }
  proposal.code = std::move(attempt.code);
  proposal.patterns = std::move(attempt.patterns);
  proposal.features = std::move(attempt.features);
  proposal.p_success = attempt.p_success;
  proposal.attempts = attempt.attempts;
  proposal.visible_passed = attempt.visible_passed;
  return proposal;
}

/// Judges every reference on its own task, by several threads; the answers stay in the sandbox's memory.
class ReferenceCheck {
 public:
  ReferenceCheck(apply::Sandbox& sandbox, const std::vector<Task>& tasks, const SimulateOptions& options)
      : sandbox_(sandbox), tasks_(tasks), options_(options), reasons_(tasks.size()) {}

  Result<void> run() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::clamp(options_.jobs, 1u, 16u); ++i) threads.emplace_back([this] { work(); });
    for (auto& thread : threads) thread.join();
    if (error_) return tl::make_unexpected(*error_);
    return {};
  }

  [[nodiscard]] bool stopped() const { return stopped_; }
  /// Empty: the reference passes, or nothing here can judge it.
  [[nodiscard]] const std::string& reason(std::size_t task) const { return reasons_[task]; }

 private:
  void work() {
    for (auto t = next_++; t < tasks_.size(); t = next_++) {
      if (error_seen_ || stopped_) return;
      const auto verdicts = apply::judge(sandbox_, tasks_[t], tasks_[t].reference);
      const std::lock_guard lock(mutex_);
      if (!verdicts) {
        error_ = verdicts.error();
        error_seen_ = true;
        return;
      }
      if (verdicts->judged && !verdicts->visible) reasons_[t] = "the reference fails the visible tests";
      if (verdicts->judged && verdicts->visible && !verdicts->hidden) reasons_[t] = "the reference fails the hidden tests";
      ++done_;
      if (options_.on_progress) options_.on_progress("checking references", done_, tasks_.size());
      if (options_.stop && options_.stop()) stopped_ = true;
    }
  }

  apply::Sandbox& sandbox_;
  const std::vector<Task>& tasks_;
  const SimulateOptions& options_;
  std::vector<std::string> reasons_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> error_seen_{false}, stopped_{false};
  std::mutex mutex_;  ///< guards error_, done_, reasons_ and the callbacks
  std::optional<Error> error_;
  std::size_t done_ = 0;
};

Result<report::ArmReport> run_arm(base::Env& env, const std::string& name, apply::Sandbox& sandbox,
                                  const std::vector<const Task*>& tasks, const SimulateOptions& options) {
  apply::ArmOptions arm_options;
  arm_options.epsilon = options.epsilon;
  arm_options.seed = options.seed;
  std::map<std::string, const Task*> by_id;
  for (const Task* task : tasks) by_id.emplace(task->visible.id, task);
  if (name == "oracle")
    arm_options.judge = [&](const apply::VisibleTask& visible, const std::string& code) -> Result<bool> {
      AUTODEV_TRY_ASSIGN(const auto verdicts, apply::judge(sandbox, *by_id.at(visible.id), code));
      return verdicts.judged && verdicts.visible && verdicts.hidden;
    };
  AUTODEV_TRY_ASSIGN(const auto ours, apply::make_arm(name, sandbox, arm_options));
  std::vector<report::TaskInfo> infos;
  for (const Task* task : tasks) infos.push_back({task->visible.id, task->visible.stream, task->visible.stratum});

  report::Arm arm;
  arm.name = name;
  arm.propose = [&](std::size_t t) -> Result<report::Proposal> {
    AUTODEV_TRY_ASSIGN(auto attempt, ours->propose(tasks[t]->visible));
    return proposal_of(std::move(attempt));
  };
  arm.learn = [&](std::size_t t, const std::string& code, bool from_model) {
    return ours->learn(tasks[t]->visible, code, from_model);
  };
  const auto judge = [&](std::size_t t, const std::string& code) -> Result<report::Judgement> {
    AUTODEV_TRY_ASSIGN(const auto verdicts, apply::judge(sandbox, *tasks[t], code));
    return report::Judgement{verdicts.visible, verdicts.hidden, verdicts.judged};
  };
  report::LoopOptions loop;
  loop.teacher_failure = options.teacher_failure;
  loop.seed = options.seed;
  loop.stop = options.stop;
  loop.clock_ms = [&env] { return std::chrono::duration<double, std::milli>(env.monotonic()).count(); };
  if (options.on_progress)
    loop.on_progress = [&](std::size_t done, std::size_t total) { options.on_progress(name, done, total); };
  AUTODEV_TRY_ASSIGN(auto report, report::run_prequential(
                                      infos, arm, judge, [&](std::size_t t) { return tasks[t]->reference; }, loop));
  report.teacher = teacher_name(options.teacher_failure);
  return report;
}

Result<void> check_options(const SimulateOptions& options) {
  for (const auto& name : options.arms)
    if (std::find(apply::arm_names().begin(), apply::arm_names().end(), name) == apply::arm_names().end())
      return fail(ErrorCode::usage, fmt::format("there is no arm named '{}'", name),
                  fmt::format("arms: {}", fmt::join(apply::arm_names(), ", ")));
  if (!(options.teacher_failure >= 0 && options.teacher_failure < 1))
    return fail(ErrorCode::usage, "the teacher's failure probability must be in [0, 1)");
  if (!(options.epsilon > 0 && options.epsilon < 1)) return fail(ErrorCode::usage, "epsilon must be in (0, 1)");
  return {};
}

}  // namespace

Result<Simulation> simulate(base::Env& env, const std::vector<Task>& tasks, const SimulateOptions& options) {
  AUTODEV_TRY(check_options(options));
  apply::Sandbox::Options sandbox_options;
  sandbox_options.unsafe = options.unsafe;
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(env, sandbox_options));

  ReferenceCheck check(*sandbox, tasks, options);
  AUTODEV_TRY(check.run());
  Simulation simulation;
  simulation.stopped = check.stopped();
  std::vector<const Task*> kept;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    if (check.reason(t).empty())
      kept.push_back(&tasks[t]);
    else
      simulation.excluded.push_back({tasks[t].visible.id, check.reason(t)});
  }
  for (const auto& name : options.arms) {
    if (simulation.stopped) break;
    AUTODEV_TRY_ASSIGN(auto report, run_arm(env, name, *sandbox, kept, options));
    simulation.stopped = options.stop && report.results.size() + report.unjudged < kept.size();
    simulation.reports.push_back(std::move(report));
  }
  const auto statistics = sandbox->statistics();
  simulation.sandbox_runs = statistics.runs;
  simulation.sandbox_cached = statistics.cached;
  if (statistics.runs > 0)
    simulation.sandbox_ms_mean =
        std::chrono::duration<double, std::milli>(statistics.total).count() / static_cast<double>(statistics.runs);
  return simulation;
}

Result<double> parse_teacher(const std::string& text) {
  if (text == "reference") return 0.0;
  constexpr std::string_view noisy = "noisy:";
  if (text.starts_with(noisy)) {
    double value = -1;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + noisy.size(), end, value);
    if (parsed.ec == std::errc() && parsed.ptr == end && value >= 0 && value < 1) return value;
  }
  return fail(ErrorCode::usage, fmt::format("'{}' is no teacher", text), "use reference or noisy:P with P in [0, 1)");
}

}  // namespace autodev::app
