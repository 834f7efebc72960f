// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/repair_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "app/bench_rows.h"
#include "app/repair_baseline.h"
#include "apply/repair_search.h"
#include "base/hash.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app {
namespace {

struct Item {
  std::string id, problem, fixed;
  apply::RepairTask task;
  std::vector<apply::RepairTest> heldout;
  std::vector<std::string> facts;
};

Result<std::vector<apply::RepairTest>> tests_in(const base::Json& json, const std::string& where) {
  std::vector<apply::RepairTest> tests;
  if (json.is_string()) {
    tests.push_back({{}, {}, json.get<std::string>()});
    return tests;
  }
  if (!json.is_array()) return fail(ErrorCode::bad_data, where + ": tests are no list");
  for (const auto& test : json) {
    if (test.is_string()) tests.push_back({{}, {}, test.get<std::string>()});
    else if (test.is_object() && test.contains("i") && test.contains("o") && test["i"].is_string() && test["o"].is_string())
      tests.push_back({test["i"], test["o"], {}});
    else return fail(ErrorCode::bad_data, where + ": a test is neither a text nor {i, o}");
  }
  return tests;
}

Result<std::vector<Item>> items_in(std::string_view text, std::string_view what) {
  std::vector<Item> items;
  AUTODEV_TRY(for_each_row(text, what, {"problem", "buggy", "fixed"}, [&](const base::Json& row, const std::string& where) -> Result<void> {
    Item item;
    item.problem = row["problem"];
    item.id = text_or(row, "id", fmt::format("{}#{}", item.problem, where.substr(where.rfind(':') + 1)));
    item.fixed = row["fixed"];
    item.task.source = row["buggy"];
    const auto language = language_from_name(text_or(row, "language", "c"));
    if (!language) return fail(ErrorCode::bad_data, where + ": unknown language");
    item.task.language = *language;
    if (row.contains("tests")) {
      AUTODEV_TRY_ASSIGN(item.task.tests, tests_in(row["tests"], where));
    }
    if (row.contains("heldout")) {
      AUTODEV_TRY_ASSIGN(item.heldout, tests_in(row["heldout"], where));
    }
    item.facts = apply::facts_of_tests(item.task.tests);
    const std::string verdict = text_or(row, "verdict", "");
    item.facts.emplace_back(verdict.starts_with("TIME") ? "time" : verdict.starts_with("RUN") ? "crash" : "wrong");
    items.push_back(std::move(item));
    return {};
  }));
  return items;
}

class RepairBench {
 public:
  RepairBench(base::Env& env, apply::Sandbox& sandbox, const RepairBenchOptions& options) : env_(env), sandbox_(sandbox), options_(options) {}

  Result<RepairBenchResult> run(std::string_view train_text, std::string_view test_text) {
    AUTODEV_TRY_ASSIGN(train_, items_in(train_text, "--train"));
    AUTODEV_TRY_ASSIGN(test_, items_in(test_text, "--test"));
    if (train_.empty() || test_.empty()) return fail(ErrorCode::bad_data, "nothing to learn from or nothing to try");
    choose();
    AUTODEV_TRY(read_finished());
    AUTODEV_TRY(learn());
    AUTODEV_TRY(work());
    return summarise();
  }

 private:
  std::size_t fold_of(const std::string& problem) const {
    return options_.same_file ? static_cast<std::size_t>(base::hash64("fold " + problem) % std::max<std::size_t>(options_.folds, 2)) : 0;
  }

  /// A sample that does not depend on the order of the file.
  void choose() {
    if (options_.limit == 0 || test_.size() <= options_.limit) return;
    const auto key = [&](const Item& item) { return base::hash64(fmt::format("{} {}", options_.seed, item.id)); };
    std::sort(test_.begin(), test_.end(), [&](const Item& a, const Item& b) { return key(a) < key(b); });
    test_.resize(options_.limit);
  }

  Result<void> read_finished() {
    if (options_.resume_file.empty()) return {};
    const auto text = env_.read_file(options_.resume_file, std::uint64_t{1} << 30);
    if (!text) return text.error().code == ErrorCode::no_input ? Result<void>{} : Result<void>(tl::make_unexpected(text.error()));
    for (const auto line : base::split_lines(*text))
      if (auto json = base::parse_json(line, options_.resume_file); json && json->is_object() && json->contains("id") && (*json)["id"].is_string()) {
        const std::string id = (*json)["id"];
        finished_.emplace(id, std::move(*json));
      }
    return {};
  }

  Result<void> learn() {
    std::set<std::size_t> needed;
    for (const Item& item : test_)
      if (!finished_.contains(item.id)) needed.insert(fold_of(item.problem));
    std::set<std::string> tested;
    for (const Item& item : test_) tested.insert(item.problem);
    for (const auto fold : needed) {
      Fold made;
      std::vector<apply::RepairExample> examples;
      for (const Item& item : train_) {
        if (options_.same_file ? fold_of(item.problem) == fold : tested.contains(item.problem)) continue;
        examples.push_back({item.task.language, item.task.source, item.fixed, item.facts});
      }
      const auto learned = made.ranking.learn(examples, options_.jobs);
      examples_ += learned.examples;
      reachable_ += learned.reachable;
      made.baseline = RepairNeighbours(std::move(examples));
      folds_.emplace(fold, std::move(made));
    }
    return {};
  }

  Result<void> work() {
    results_.resize(test_.size());
    std::unique_ptr<base::AppendFile> log;
    if (!options_.resume_file.empty()) {
      AUTODEV_TRY_ASSIGN(log, env_.open_append(options_.resume_file));
    }
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::optional<Error> problem;
    std::size_t done = 0, right = 0;
    const auto worker = [&] {
      for (std::size_t i = next++; i < test_.size(); i = next++) {
        if (base::interrupted()) return;
        const auto known = finished_.find(test_[i].id);
        auto result = known != finished_.end() ? Result<base::Json>(known->second) : attempt(test_[i]);
        const std::lock_guard lock(mutex);
        if (!result) {
          problem = result.error();
          return;
        }
        results_[i] = *result;
        if (log && known == finished_.end())
          if (const auto written = log->append(base::dump_json(*result) + "\n"); !written) problem = written.error();
        ++done;
        right += result->value("right", false);
        if (options_.on_progress) options_.on_progress(done, test_.size(), right);
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t t = 1; t < options_.jobs; ++t) threads.emplace_back(worker);
    worker();
    for (auto& thread : threads) thread.join();
    if (problem) return tl::make_unexpected(*problem);
    return {};
  }

  /// Passed `tests`, run as a program of its own.
  Result<bool> judge(const Item& item, const std::string& code, const std::vector<apply::RepairTest>& tests) {
    AUTODEV_TRY_ASSIGN(const auto program, apply::RepairProgram::parse(code, item.task.language));
    AUTODEV_TRY_ASSIGN(const auto runner, apply::open_runner(sandbox_, program));
    apply::RunnerLimits limits;
    limits.each = std::chrono::milliseconds(2'000);
    limits.total = std::chrono::milliseconds(30'000);
    limits.all = true;
    AUTODEV_TRY_ASSIGN(const auto answer, runner->run_alone({}, tests, limits));
    return answer.all_passed();
  }

  /// Evidence and verdict of each rival; those whose verdict the time did not allow are left out.
  Result<base::Json> judge_rivals(const Item& item, const std::vector<apply::RepairRival>& rivals) {
    AUTODEV_TRY_ASSIGN(const auto program, apply::RepairProgram::parse(item.task.source, item.task.language));
    AUTODEV_TRY_ASSIGN(const auto runner, apply::open_runner(sandbox_, program));
    std::vector<std::vector<apply::RepairEdit>> variants;
    for (const auto& rival : rivals) variants.push_back(rival.candidate.edits);
    apply::RunnerLimits limits;
    limits.each = std::chrono::milliseconds(2'000);
    limits.total = std::chrono::milliseconds(30'000);
    AUTODEV_TRY_ASSIGN(const auto answers, runner->run(variants, item.heldout, limits));
    base::Json lines = base::Json::array();
    for (std::size_t k = 0; k < rivals.size(); ++k)
      if (answers[k].ran) lines.push_back({{"kind", rivals[k].candidate.kind}, {"evidence", rivals[k].evidence}, {"right", answers[k].all_passed()}});
    return lines;
  }

  /// Where the known fix stands in the order of trial; -1: it is no candidate.
  Result<base::Json> rank(const Item& item) {
    const Fold& fold = folds_.at(fold_of(item.problem));
    base::Json line = {{"id", item.id}, {"rank", -1}};
    const auto place = fold.ranking.rank_of_fix({item.task.language, item.task.source, item.fixed, item.facts}, apply::words_of_tests(item.task.tests));
    if (place) line["rank"] = *place;
    return line;
  }

  Result<base::Json> attempt(const Item& item) {
    if (options_.rank_only) return rank(item);
    const Fold& fold = folds_.at(fold_of(item.problem));
    apply::RepairOptions options;
    options.seconds = options_.seconds;
    options.seed = options_.seed;
    options.keep_rivals = options_.rivals;
    base::Json line = {{"id", item.id}, {"problem", item.problem}, {"repaired", false}, {"right", false}, {"baseline", false}};
    line["test_code"] = std::any_of(item.task.tests.begin(), item.task.tests.end(), [](const auto& test) { return !test.code.empty(); });
    auto outcome = apply::repair_program(env_, sandbox_, item.task, fold.ranking, options);
    if (!outcome) {
      if (outcome.error().code != ErrorCode::bad_data) return tl::make_unexpected(outcome.error());
      line["error"] = outcome.error().message;
      return line;
    }
    line["seconds"] = outcome->seconds;
    line["candidates"] = outcome->candidates;
    line["tried"] = outcome->tried;
    line["passing"] = outcome->passing;
    line["prepared"] = outcome->prepared;
    line["calls"] = outcome->calls;
    line["end"] = static_cast<int>(outcome->end);
    if (outcome->end == apply::RepairOutcome::End::repaired) {
      line["repaired"] = true;
      line["p"] = outcome->probability;
      line["kind"] = outcome->candidate.kind;
      line["detail"] = outcome->candidate.detail;
      line["evidence"] = outcome->evidence;
      line["edit"] = base::Json::array();
      for (const auto& edit : outcome->candidate.edits)
        line["edit"].push_back({item.task.source.substr(edit.start, edit.end - edit.start), edit.text});
      AUTODEV_TRY_ASSIGN(const bool right, judge(item, outcome->code, item.heldout));
      line["right"] = right;
      if (options_.rivals) {
        AUTODEV_TRY_ASSIGN(line["rivals"], judge_rivals(item, outcome->rivals));
      }
    }
    const std::string copy = fold.baseline.repaired(item.task.source);
    if (!copy.empty()) {
      AUTODEV_TRY_ASSIGN(const bool visible, judge(item, copy, item.task.tests));
      if (visible) {
        AUTODEV_TRY_ASSIGN(const bool hidden, judge(item, copy, item.heldout));
        line["baseline"] = hidden;
      }
    }
    return line;
  }

  RepairBenchResult summarise_ranks() {
    RepairBenchResult result;
    std::map<std::string, std::size_t> within;
    for (auto& line : results_) {
      if (line.is_null()) continue;
      const long long rank = line.value("rank", -1LL);
      for (const long long bound : {1, 10, 100, 300, 1'000, 3'000, 10'000, 1'000'000})
        within[fmt::format("{}", bound)] += rank >= 0 && rank < bound;
      result.tasks.push_back(std::move(line));
    }
    result.summary = {{"bench", "repair"}, {"tasks", result.tasks.size()}, {"fix_among_first", within}, {"learned", {{"fixes", examples_}, {"reachable", reachable_}}}};
    return result;
  }

  RepairBenchResult summarise() {
    if (options_.rank_only) return summarise_ranks();
    RepairBenchResult result;
    std::size_t accepted = 0, right = 0, plausible = 0, plausible_right = 0, baseline = 0, broken = 0;
    std::vector<double> seconds;
    for (auto& line : results_) {
      if (line.is_null()) continue;
      const bool repaired = line.value("repaired", false), is_right = line.value("right", false);
      plausible += repaired;
      plausible_right += is_right;
      // Beliefs are computed anew: the evidence is what was measured.
      const double p = repaired ? apply::repair_belief(line["evidence"].get<std::map<std::string, double>>()) : 0.0;
      const double bound = options_.threshold.value_or(line.value("test_code", false) ? test_code_threshold : output_tests_threshold);
      const bool accept = repaired && p >= bound;
      line["p"] = p;
      line["accepted"] = accept;
      accepted += accept;
      right += accept && is_right;
      baseline += line.value("baseline", false);
      broken += line.value("end", 0) == 3;
      seconds.push_back(line.value("seconds", 0.0));
      result.tasks.push_back(std::move(line));
    }
    std::sort(seconds.begin(), seconds.end());
    const double n = static_cast<double>(std::max<std::size_t>(result.tasks.size(), 1));
    result.summary = {{"bench", "repair"},
                      {"tasks", result.tasks.size()},
                      {"accepted", accepted},
                      {"right", right},
                      {"wrong", accepted - right},
                      {"median_s", seconds.empty() ? 0.0 : seconds[seconds.size() / 2]},
                      {"max_s", seconds.empty() ? 0.0 : seconds.back()},
                      {"fixed_share", static_cast<double>(right) / n},
                      {"right_of_accepted", accepted == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(accepted)},
                      {"threshold", {{"output_tests", options_.threshold.value_or(output_tests_threshold)}, {"test_code", options_.threshold.value_or(test_code_threshold)}}},
                      {"at_threshold_0", {{"accepted", plausible}, {"right", plausible_right}}},
                      {"bm25_edit_right", baseline},
                      {"not_built", broken},
                      {"learned", {{"fixes", examples_}, {"reachable", reachable_}}}};
    return result;
  }

  struct Fold {
    apply::RepairRanking ranking;
    RepairNeighbours baseline;
  };

  base::Env& env_;
  apply::Sandbox& sandbox_;
  const RepairBenchOptions& options_;
  std::vector<Item> train_, test_;
  std::map<std::string, base::Json> finished_;
  std::map<std::size_t, Fold> folds_;
  std::vector<base::Json> results_;
  std::size_t examples_ = 0, reachable_ = 0;
};

}  // namespace

Result<RepairBenchResult> bench_repair(base::Env& env, apply::Sandbox& sandbox, std::string_view train, std::string_view test,
                                       const RepairBenchOptions& options) {
  RepairBench bench(env, sandbox, options);
  return bench.run(train, test);
}

}  // namespace autodev::app
