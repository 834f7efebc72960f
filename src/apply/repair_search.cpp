// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "apply/repair_probes.h"
#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_passing = 60;    ///< plausible candidates that are kept as rivals
constexpr std::size_t most_tests = 6;
constexpr double most_length = 2.5;        ///< log of an output's length; longer ones are no stronger
constexpr double usual_agreement = 0.6;
constexpr double searching_share = 0.82;   ///< of the time; the rest is for probes and the final run
constexpr double running_share = 0.7;       ///< of what is left, for running; the rest compiles
constexpr double share_after_first = 0.6;  ///< time spent on rivals after the first plausible candidate, as a share of the time before
constexpr double least_after_first = 8;    ///< seconds; rivals are what belief is made from
constexpr double probing_share = 0.17;     ///< of the time, at most
constexpr std::chrono::milliseconds honest_limit(2'000);  ///< a program's own time on a test

/// Words of `text`, one blank between them.
std::string without_blanks(std::string_view text) {
  std::string words;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) words += c;
    else if (!words.empty() && words.back() != ' ') words += ' ';
  }
  return std::string(base::trim(words));
}

std::vector<std::string> alphanumeric_words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') words.back() += c;
    else if (!words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Length of an expected output without the words that consist of `written` ones: what an edit writes in it need not compute.
std::size_t length_without(std::string_view output, const std::set<std::string>& written) {
  std::string rest;
  const std::string text = without_blanks(output);
  for (const auto word : base::split(text, ' ')) {
    const auto parts = alphanumeric_words(word);
    if (!parts.empty() && std::all_of(parts.begin(), parts.end(), [&](const auto& part) { return written.contains(part); })) continue;
    rest += (rest.empty() ? "" : " ") + std::string(word);
  }
  return rest.size();
}

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
    ProbeVerdict verdict;
    std::map<std::string, double> evidence;
    double belief = 0;
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
      if (!now.timed_out[t] && t < now.seconds.size()) slowest = std::max(slowest, now.seconds[t]);
    }
    facts_.emplace_back(late ? "time" : crashed ? "crash" : "wrong");
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return !now.passed[a] && now.passed[b]; });
    std::vector<RepairTest> ordered;
    for (const auto t : order) {
      ordered.push_back(tests_[t]);
      failed_.push_back(!now.passed[t]);
    }
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
        if (answers[k].all_passed()) passing_.push_back({at + k, {}, {}, 0});
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

  /// The most believed of the passing candidates, if it passes alone as well.
  Result<void> choose() {
    outcome_.passing = passing_.size();
    if (passing_.empty()) return {};
    AUTODEV_TRY(probe());
    for (auto& passing : passing_) {
      passing.evidence = evidence_of(passing);
      passing.belief = repair_belief(passing.evidence);
    }
    // Without probes belief knows the kind of edit alone, and the model's order, in which they are, knows more.
    if (std::any_of(passing_.begin(), passing_.end(), [](const Passing& p) { return p.verdict.probed; }))
      std::stable_sort(passing_.begin(), passing_.end(), [](const Passing& a, const Passing& b) { return a.belief > b.belief; });
    for (const auto& passing : passing_)
      if (options_.keep_rivals) outcome_.rivals.push_back({candidates_[passing.index], passing.evidence, passing.belief});
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
      outcome_.evidence = passing_[k].evidence;
      outcome_.probability = passing_[k].belief;
      return {};
    }
    return {};
  }

  Result<void> probe() {
    const auto probes = probe_inputs(tests_, options_.seed);
    if (probes.empty()) return {};
    std::vector<RepairTest> inputs;
    for (const auto& probe : probes) inputs.push_back(probe.test);
    std::vector<std::vector<RepairEdit>> variants(1);  // the program as it is
    for (const auto& passing : passing_) variants.push_back(candidates_[passing.index].edits);
    RunnerLimits limits;
    limits.each = each_;
    limits.all = true;
    limits.total = std::chrono::milliseconds(static_cast<int>(options_.seconds * probing_share * 1'000));
    limits.wall = left(0.93);
    AUTODEV_TRY_ASSIGN(const auto answers, runner_->run(variants, inputs, limits));
    const auto verdicts = compare_on_probes(probes, answers, failed_);
    for (std::size_t k = 0; k < passing_.size(); ++k) passing_[k].verdict = verdicts[k];
    return {};
  }

  /// Words and numbers that the edits write in and that did not stand there.
  std::set<std::string> words_written(const RepairCandidate& candidate) const {
    std::set<std::string> words;
    for (const auto& edit : candidate.edits)
      for (auto& word : alphanumeric_words(edit.text)) words.insert(std::move(word));
    for (const auto& edit : candidate.edits)
      for (const auto& word : alphanumeric_words(program_->source().substr(edit.start, edit.end - edit.start))) words.erase(word);
    return words;
  }

  std::map<std::string, double> evidence_of(const Passing& passing) const {
    const auto& candidate = candidates_[passing.index];
    std::map<std::string, double> evidence;
    evidence["log p"] = candidate.score - log_total_;  // for the record; not believed in
    evidence["guess"] = guesses_content(candidate.kind) ? 1 : 0;
    std::set<std::string> different;  // by input, blanks aside
    const auto written = words_written(candidate);
    std::size_t longest = 0;
    for (std::size_t t = 0; t < tests_.size(); ++t) {
      if (!tests_[t].code.empty()) continue;  // how much it tests is not known
      different.insert(without_blanks(tests_[t].input));
      if (failed_[t]) longest = std::max(longest, length_without(tests_[t].expected, written));
    }
    if (!different.empty()) evidence["tests"] = static_cast<double>(std::min(different.size(), most_tests));
    if (!different.empty()) evidence["length"] = std::min(std::log1p(static_cast<double>(longest)), most_length);
    if (!passing.verdict.probed) return evidence;
    // Few rivals may agree by chance: as if two more had agreed as much as is usual.
    const auto others = static_cast<double>(passing_.size() - 1);
    evidence["agreement"] = (passing.verdict.agreement.value_or(0) * others + usual_agreement * 2) / (others + 2);
    if (passing.verdict.changed_passed) evidence["changed"] = *passing.verdict.changed_passed;
    return evidence;
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
  std::vector<bool> failed_;  ///< by test
  std::chrono::milliseconds each_{500};
  std::vector<RepairCandidate> candidates_;
  double log_total_ = 0;
  std::vector<Passing> passing_;
  RepairOutcome outcome_;
};

}  // namespace

Result<RepairOutcome> repair_program(base::Env& env, Sandbox& sandbox, const RepairTask& task, const RepairRanking& ranking, const RepairOptions& options) {
  Search search(env, sandbox, task, ranking, options);
  return search.run();
}

}  // namespace autodev::apply
