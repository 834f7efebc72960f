// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_passing = 60;    ///< plausible candidates that are kept as rivals
constexpr std::size_t probes = 20;
constexpr double searching_share = 0.82;   ///< of the time; the rest is for probes and the final run
constexpr double running_share = 0.7;       ///< of what is left, for running; the rest compiles
constexpr double share_after_first = 0.6;  ///< time spent on rivals after the first plausible candidate, as a share of the time before
constexpr double least_after_first = 2.5;  ///< seconds
constexpr std::chrono::milliseconds honest_limit(2'000);  ///< a program's own time on a test

class Search {
 public:
  Search(base::Env& env, Sandbox& sandbox, const RepairTask& task, const RepairRanking& ranking, const RepairOptions& options)
      : env_(env), sandbox_(sandbox), task_(task), ranking_(ranking), options_(options), start_(env.monotonic()), tests_(task.tests) {}

  Result<RepairOutcome> run() {
    AUTODEV_TRY_ASSIGN(const RepairProgram program, RepairProgram::parse(task_.source, task_.language));
    AUTODEV_TRY_ASSIGN(runner_, open_runner(sandbox_, program));
    program_ = &program;
    AUTODEV_TRY(look());
    if (outcome_.end != RepairOutcome::End::nothing_found) return finish();
    prepare();
    AUTODEV_TRY(screen());
    AUTODEV_TRY(choose());
    return finish();
  }

 private:
  struct Passing {
    std::size_t index;
    std::vector<std::uint64_t> outputs;  ///< on the probes
    double changed = 0;                  ///< share of probes with another output than before the edit
  };

  double elapsed() const { return std::chrono::duration<double>(env_.monotonic() - start_).count(); }

  /// What is left until a share of the time is used up.
  std::chrono::milliseconds left(double share) const {
    return std::chrono::milliseconds(static_cast<int>(std::max(0.5, options_.seconds * share - elapsed()) * 1000));
  }

  Result<RepairOutcome> finish() {
    outcome_.seconds = elapsed();
    return std::move(outcome_);
  }

  /// Runs the program as it is: which tests fail, how, and how long the others take.
  Result<void> look() {
    RunnerLimits limits;
    limits.each = honest_limit;
    limits.all = true;
    limits.total = std::chrono::milliseconds(static_cast<int>(options_.seconds * 200));
    limits.wall = left(0.5);
    AUTODEV_TRY_ASSIGN(const RepairAnswer now, runner_->run_alone({}, tests_, limits));
    facts_ = facts_of_tests(tests_);
    if (!now.ran) {
      outcome_.end = RepairOutcome::End::does_not_build;
      return {};
    }
    if (now.all_passed()) {
      outcome_.end = RepairOutcome::End::tests_pass;
      return {};
    }
    double slowest = 0;
    bool late = false, crashed = false;
    std::vector<std::size_t> order(tests_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t t = 0; t < tests_.size(); ++t) {
      late = late || now.timed_out[t];
      crashed = crashed || now.crashed[t];
      failing_ += !now.passed[t];
      if (!now.timed_out[t] && t < now.seconds.size()) slowest = std::max(slowest, now.seconds[t]);
    }
    facts_.emplace_back(late ? "time" : crashed ? "crash" : "wrong");
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return !now.passed[a] && now.passed[b]; });
    std::vector<RepairTest> ordered;
    for (const auto t : order) ordered.push_back(tests_[t]);
    tests_ = std::move(ordered);
    each_ = std::chrono::milliseconds(std::clamp(static_cast<int>(slowest * 8'000) + 30, late ? 250 : 40, 2'000));
    return {};
  }

  void prepare() {
    RepairIngredients ingredients;
    ingredients.words = words_of_tests(tests_);
    ingredients.numbers = ranking_.numbers();
    candidates_ = repair_candidates(*program_, ingredients);
    ranking_.rank(*program_, facts_, candidates_);
    outcome_.candidates = candidates_.size();
    double total = 0;
    const double top = candidates_.empty() ? 0 : candidates_[0].score;
    for (const auto& candidate : candidates_) total += std::exp(candidate.score - top);
    log_total_ = top + std::log(std::max(total, 1e-9));
    add_pairs(*program_, log_total_, candidates_);
    outcome_.candidates = candidates_.size();
    outcome_.prepared = elapsed();
  }

  Result<void> screen() {
    double stop = options_.seconds * searching_share;
    std::size_t size = 60;  // a small first batch: the best are often enough
    for (std::size_t at = 0; at < candidates_.size() && elapsed() < stop && passing_.size() < max_passing;) {
      std::vector<std::vector<RepairEdit>> variants;
      for (std::size_t k = at; k < std::min(at + size, candidates_.size()); ++k) variants.push_back(candidates_[k].edits);
      RunnerLimits limits;
      limits.each = each_;
      limits.total = std::chrono::milliseconds(static_cast<int>(std::max(0.5, (stop - elapsed()) * running_share) * 1000));
      limits.wall = left(searching_share);
      AUTODEV_TRY_ASSIGN(const auto answers, runner_->run(variants, tests_, limits));
      ++outcome_.calls;
      const bool first = passing_.empty();
      for (std::size_t k = 0; k < answers.size(); ++k) {
        outcome_.tried += answers[k].ran;
        if (answers[k].all_passed()) passing_.push_back({at + k, {}, 0});
      }
      if (first && !passing_.empty()) {
        stop = std::min(stop, elapsed() + std::max(least_after_first, elapsed() * share_after_first));
      }
      at += size;
      const double rate = static_cast<double>(at) / std::max(elapsed() - outcome_.prepared, 0.05);
      const auto affordable = static_cast<std::size_t>(std::max(stop - elapsed(), 0.0) * rate);
      size = std::min(runner_->batch(candidates_, at), std::max<std::size_t>(affordable, 20));
      if (options_.on_progress) options_.on_progress(outcome_.tried, passing_.size());
    }
    return {};
  }

  /// Groups passing candidates by their outputs on probes; the most probable of the most probable group is run alone.
  Result<void> choose() {
    outcome_.passing = passing_.size();
    if (passing_.empty()) return {};
    AUTODEV_TRY(probe());
    std::map<std::vector<std::uint64_t>, double> groups;
    double all = 0;
    for (const auto& passing : passing_) {
      const double weight = std::exp(candidates_[passing.index].score - log_total_);
      groups[passing.outputs] += weight;
      all += weight;
    }
    outcome_.groups = groups.size();
    std::stable_sort(passing_.begin(), passing_.end(), [&](const Passing& a, const Passing& b) {
      if (a.outputs == b.outputs) return candidates_[a.index].score > candidates_[b.index].score;
      return groups[a.outputs] > groups[b.outputs] || (groups[a.outputs] == groups[b.outputs] && a.index < b.index);
    });
    RunnerLimits limits;
    limits.each = honest_limit;
    limits.total = std::chrono::milliseconds(20'000);
    limits.all = true;
    for (std::size_t k = 0; k < std::min<std::size_t>(passing_.size(), 4); ++k) {
      const auto& candidate = candidates_[passing_[k].index];
      limits.wall = left(0.98);
      AUTODEV_TRY_ASSIGN(const RepairAnswer verdict, runner_->run_alone(candidate.edits, tests_, limits));
      if (!verdict.all_passed()) continue;
      outcome_.end = RepairOutcome::End::repaired;
      outcome_.candidate = candidate;
      outcome_.code = apply_edits(program_->source(), candidate.edits);
      describe(passing_[k], groups[passing_[k].outputs] / std::max(all, 1e-30));
      return {};
    }
    return {};
  }

  Result<void> probe() {
    const auto inputs = probe_inputs(tests_, probes, options_.seed);
    if (inputs.empty()) return {};
    std::vector<std::vector<RepairEdit>> variants(1);  // the program as it is
    for (const auto& passing : passing_) variants.push_back(candidates_[passing.index].edits);
    RunnerLimits limits;
    limits.each = each_;
    limits.all = true;
    limits.total = std::chrono::milliseconds(std::min(4'000, static_cast<int>(options_.seconds * 80)));
    limits.wall = left(0.93);
    AUTODEV_TRY_ASSIGN(const auto answers, runner_->run(variants, inputs, limits));
    for (std::size_t k = 0; k < passing_.size(); ++k) {
      const RepairAnswer &own = answers[k + 1], &before = answers[0];
      if (!own.ran || !before.ran) continue;
      passing_[k].outputs = own.outputs;
      for (std::size_t t = 0; t < inputs.size(); ++t) {
        const bool broken = own.timed_out[t] || own.crashed[t], was_broken = before.timed_out[t] || before.crashed[t];
        if (broken) passing_[k].outputs[t] = 1;
        passing_[k].changed += own.outputs[t] != before.outputs[t] || broken != was_broken;
      }
      passing_[k].changed /= static_cast<double>(inputs.size());
    }
    return {};
  }

  void describe(const Passing& chosen, double share) {
    auto& evidence = outcome_.evidence;
    const auto& candidate = candidates_[chosen.index];
    const double failed = static_cast<double>(failing_) / static_cast<double>(tests_.size());
    evidence["log p"] = candidate.score - log_total_;  // for the record; not believed in
    evidence["share"] = share;
    evidence["changed"] = chosen.changed;
    evidence["groups"] = std::log(static_cast<double>(std::max<std::size_t>(outcome_.groups, 1)));
    evidence["tests"] = static_cast<double>(std::min<std::size_t>(tests_.size(), 6));
    evidence["mixed"] = failed > 0.34 && failed < 0.8 ? 1 : 0;
    evidence["single"] = passing_.size() == 1 ? 1 : 0;
    evidence["cheap"] = easily_fitted(candidate.kind) ? 1 : 0;
    evidence["foreign"] = foreign(candidate) ? 1 : 0;
    outcome_.probability = repair_belief(evidence);
  }

  /// Writes a number of three digits or more that the program lacks and that is no size: likely made for a test.
  bool foreign(const RepairCandidate& candidate) const {
    if (candidate.kind != "number" || candidate.detail.starts_with("size")) return false;
    long long value = 0;
    const auto& numbers = program_->numbers();
    const auto& text = candidate.edits.front().text;
    return plain_integer(text, value) && value >= 100 && std::find(numbers.begin(), numbers.end(), text) == numbers.end();
  }

  base::Env& env_;
  Sandbox& sandbox_;
  const RepairTask& task_;
  const RepairRanking& ranking_;
  const RepairOptions& options_;
  std::chrono::nanoseconds start_;
  std::vector<RepairTest> tests_;
  const RepairProgram* program_ = nullptr;
  std::unique_ptr<RepairRunner> runner_;
  std::vector<std::string> facts_;
  std::size_t failing_ = 0;
  std::chrono::milliseconds each_{500};
  std::vector<RepairCandidate> candidates_;
  double log_total_ = 0;
  std::vector<Passing> passing_;
  RepairOutcome outcome_;
};

}  // namespace

bool easily_fitted(std::string_view kind) {
  static const std::set<std::string_view> kinds = {"number", "string", "comparison", "conjunct", "guard", "pair", "jump if", "insert", "move", "swap statements"};
  return kinds.contains(kind);
}

Result<RepairOutcome> repair_program(base::Env& env, Sandbox& sandbox, const RepairTask& task, const RepairRanking& ranking, const RepairOptions& options) {
  Search search(env, sandbox, task, ranking, options);
  return search.run();
}

std::vector<RepairTest> probe_inputs(const std::vector<RepairTest>& tests, std::size_t count, std::uint64_t seed) {
  std::vector<RepairTest> probes;
  std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  const auto next = [&](std::uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below == 0 ? 0 : state % below;
  };
  std::vector<const RepairTest*> usable;
  for (const auto& test : tests)
    if (test.code.empty() && !test.input.empty() && test.input.size() < 4'000) usable.push_back(&test);
  for (std::size_t k = 0; k < count && !usable.empty(); ++k) {
    RepairTest probe = *usable[k % usable.size()];
    const auto line = probe.input.find('\n');
    const bool several = line != std::string::npos && probe.input.find_first_not_of(" \n\r\t", line) != std::string::npos;
    std::vector<std::size_t> places;
    for (std::size_t i = several && k % 3 != 2 ? line : 0; i < probe.input.size(); ++i)
      if (std::isalnum(static_cast<unsigned char>(probe.input[i])) != 0) places.push_back(i);
    const std::size_t changes = 1 + next(3);
    for (std::size_t c = 0; c < changes && !places.empty(); ++c) {
      char& at = probe.input[places[next(places.size())]];
      if (at >= '0' && at <= '9') at = static_cast<char>(at == '0' ? '1' : at == '9' ? '8' : next(2) == 0 ? at + 1 : at - 1);
      else if (!places.empty()) at = probe.input[places[next(places.size())]];
    }
    probes.push_back(std::move(probe));
  }
  return probes;
}

}  // namespace autodev::apply
