// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The loop of prequential.h. Short on purpose: the order propose, judge, charge, learn is the whole promise,
// and it should be checkable at a glance.
#include "report/prequential.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::report {
namespace {

constexpr std::uint32_t max_repairs = 8;  // a model that failed nine times is given up on in practice, too

Result<Judgement> judge_proposal(const Proposal& proposal, std::size_t task,
                                 const std::function<Result<Judgement>(std::size_t, const std::string&)>& judge) {
  if (proposal.action == Action::skip || proposal.code.empty()) return Judgement{};
  return judge(task, proposal.code);
}

}  // namespace

std::string_view to_string(Action action) noexcept {
  switch (action) {
    case Action::apply: return "apply";
    case Action::adapt: return "adapt";
    case Action::skip: break;
  }
  return "skip";
}

std::uint32_t teacher_calls(const TaskInfo& task, double failure, std::uint64_t seed) {
  std::uint64_t state = base::hash64(task.id, seed);
  std::uint32_t repairs = 0;
  while (repairs < max_repairs) {
    state = base::mix64(state, repairs);
    const double draw = static_cast<double>(state >> 11) * 0x1.0p-53;
    if (draw >= failure) break;
    ++repairs;
  }
  return 1 + repairs;
}

Result<ArmReport> run_prequential(const std::vector<TaskInfo>& tasks, const Arm& arm,
                                  const std::function<Result<Judgement>(std::size_t, const std::string&)>& judge,
                                  const std::function<std::string(std::size_t)>& teacher, const LoopOptions& options) {
  const auto clock = [&] { return options.clock_ms ? options.clock_ms() : 0.0; };
  ArmReport report;
  report.arm = arm.name;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    if (options.stop && options.stop()) break;
    TaskResult result;
    result.task = tasks[t];
    result.position = t + 1;

    const double before_propose = clock();
    AUTODEV_TRY_ASSIGN(result.proposal, arm.propose(t));
    const double after_propose = clock();
    AUTODEV_TRY_ASSIGN(result.judgement, judge_proposal(result.proposal, t, judge));

    result.llm_calls_baseline = teacher_calls(tasks[t], options.teacher_failure, options.seed);
    result.llm_calls = result.avoided() ? 0 : result.llm_calls_baseline;
    if (result.proposal.action == Action::apply)
      result.proposal.attempts = std::max(result.proposal.attempts, 1u);

    const double before_learn = clock();
    AUTODEV_TRY(arm.learn(t, result.avoided() ? result.proposal.code : teacher(t), !result.avoided()));
    result.wall_ms = (after_propose - before_propose) + (clock() - before_learn);

    if (result.judgement.judged)
      report.results.push_back(std::move(result));
    else
      ++report.unjudged;
    if (options.on_progress) options.on_progress(t + 1, tasks.size());
  }
  report.strata = summarise(report.results, options.seed);
  return report;
}

}  // namespace autodev::report
