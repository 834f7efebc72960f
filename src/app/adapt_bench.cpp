// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/adapt_bench.h"

#include <algorithm>
#include <chrono>

#include "apply/arm.h"
#include "apply/equal.h"
#include "apply/sandbox.h"
#include "apply/verify.h"
#include "mine/pattern_extractor.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

using apply::Task;

/// The first function of each reference that parses, with the number of its task.
struct Corpus {
  std::vector<CodeUnit> units;
  std::vector<std::size_t> task;
};

Corpus functions_in(const std::vector<Task>& tasks) {
  Corpus corpus;
  syntax::ExtractOptions options;
  options.blocks = options.types = false;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    auto extracted = syntax::extract_units(tasks[t].reference, tasks[t].visible.language, "reference", options);
    if (!extracted || extracted->units.empty()) continue;
    corpus.units.push_back(std::move(extracted->units.front()));
    corpus.task.push_back(t);
  }
  return corpus;
}

/// Numbers of the tasks to hide.
std::vector<std::size_t> choose(const std::vector<Task>& tasks, const AdaptBenchOptions& options, std::size_t& patterns) {
  const Corpus corpus = functions_in(tasks);
  std::vector<std::size_t> hidden;
  for (const mine::StructuralPattern& pattern : mine::extract_structural(corpus.units)) {
    const std::size_t size = pattern.members.size();
    if (size < options.min_members) continue;
    ++patterns;
    const std::size_t wanted = std::min(size, options.max_members);
    for (std::size_t i = 0; i < wanted; ++i) hidden.push_back(corpus.task[pattern.members[i * size / wanted]]);
  }
  std::sort(hidden.begin(), hidden.end());
  return hidden;
}

struct Tally {
  std::size_t hidden = 0, answered = 0, applied = 0, applied_wrong = 0, parses = 0, exact = 0, judged = 0, passes = 0, answered_judged = 0;
  std::uint64_t attempts = 0;
  std::vector<double> milliseconds;
  base::Json items = base::Json::array();
};

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole); }

/// Proposes for one hidden task with all others known, and compares.
Result<void> try_one(base::Env& env, apply::Sandbox& sandbox, const std::vector<Task>& tasks, std::size_t which,
                     const AdaptBenchOptions& options, Tally& tally) {
  apply::ArmOptions arm_options;
  arm_options.epsilon = options.epsilon;
  arm_options.one_answer = true;
  const auto arm = apply::make_adapting_arm(sandbox, arm_options, apply::Tamper::none);
  for (std::size_t t = 0; t < tasks.size(); ++t)
    if (t != which) AUTODEV_TRY(arm->learn(tasks[t].visible, tasks[t].reference, true));
  const Task& task = tasks[which];
  const auto start = env.monotonic();
  AUTODEV_TRY_ASSIGN(const apply::Attempt attempt, arm->propose(task.visible));
  tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(env.monotonic() - start).count());
  tally.attempts += attempt.attempts;
  ++tally.hidden;
  AUTODEV_TRY_ASSIGN(const auto reference, apply::judge(sandbox, task, task.reference));
  const bool judged = reference.judged && reference.visible && reference.hidden && task.judge == apply::Judge::tests;
  tally.judged += judged;
  if (attempt.code.empty()) {
    if (options.items)
      tally.items.push_back({{"id", task.visible.id}, {"attempts", attempt.attempts}, {"ms", tally.milliseconds.back()},
                             {"reason", attempt.reason}});
    return {};
  }
  ++tally.answered;
  tally.answered_judged += judged;
  const auto extracted = syntax::extract_units(attempt.code, task.visible.language, "answer");
  tally.parses += extracted && !extracted->units.empty() && extracted->units_with_errors == 0;
  const bool exact = apply::alpha_equal_code(attempt.code, task.reference, task.visible.language);
  tally.exact += exact;
  bool right = exact;
  if (judged) {
    AUTODEV_TRY_ASSIGN(const auto verdicts, apply::judge(sandbox, task, attempt.code));
    right = verdicts.visible && verdicts.hidden;
    tally.passes += right;
  }
  if (options.items)
    tally.items.push_back({{"id", task.visible.id}, {"p_success", attempt.p_success}, {"exact", exact}, {"right", right},
                           {"attempts", attempt.attempts}, {"ms", tally.milliseconds.back()}, {"reason", attempt.reason},
                           {"code", attempt.code}});
  tally.applied += attempt.answer == apply::Answer::apply;
  tally.applied_wrong += attempt.answer == apply::Answer::apply && !right;
  return {};
}

base::Json result_of(Tally tally, std::size_t patterns, bool stopped) {
  std::sort(tally.milliseconds.begin(), tally.milliseconds.end());
  const auto at = [&](double q) {
    if (tally.milliseconds.empty()) return 0.0;
    return tally.milliseconds[std::min(tally.milliseconds.size() - 1, static_cast<std::size_t>(q * static_cast<double>(tally.milliseconds.size())))];
  };
  base::Json result{{"bench", "adapt"}, {"patterns", patterns}, {"hidden", tally.hidden}, {"answered", tally.answered}, {"abstained", tally.hidden - tally.answered},
          {"exact", share(tally.exact, tally.hidden)}, {"exact_of_answered", share(tally.exact, tally.answered)},
          {"parses_of_answered", share(tally.parses, tally.answered)}, {"tested", tally.judged},
          {"passes", share(tally.passes, tally.judged)}, {"passes_of_answered", share(tally.passes, tally.answered_judged)},
          {"applied", tally.applied}, {"applied_wrong", tally.applied_wrong},
          {"attempts_mean", share(static_cast<std::size_t>(tally.attempts), tally.hidden)},
          {"median_ms", at(0.5)}, {"p99_ms", at(0.99)}, {"max_ms", at(1)}, {"interrupted", stopped}};
  if (!tally.items.empty()) result["items"] = std::move(tally.items);
  return result;
}

}  // namespace

Result<base::Json> bench_adapt(base::Env& env, const std::vector<Task>& tasks, const AdaptBenchOptions& options) {
  apply::Sandbox::Options sandbox_options;
  sandbox_options.unsafe = options.unsafe;
  AUTODEV_TRY_ASSIGN(const auto sandbox, apply::Sandbox::open(env, sandbox_options));
  std::size_t patterns = 0;
  const std::vector<std::size_t> hidden = choose(tasks, options, patterns);
  if (hidden.empty())
    return fail(ErrorCode::no_input, "no pattern has enough members: there is nothing to leave out", "a file with more tasks of one kind is needed, or a smaller --members");
  Tally tally;
  bool stopped = false;
  for (std::size_t i = 0; i < hidden.size() && !stopped; ++i) {
    AUTODEV_TRY(try_one(env, *sandbox, tasks, hidden[i], options, tally));
    if (options.on_progress) options.on_progress(i + 1, hidden.size());
    stopped = options.stop && options.stop();
  }
  return result_of(std::move(tally), patterns, stopped);
}

}  // namespace autodev::app
