// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/score_bench.h"

#include <algorithm>
#include <map>
#include <string>

#include "apply/arm.h"
#include "apply/verify.h"
#include "mine/gain.h"
#include "mine/keep.h"
#include "mine/mining_library.h"
#include "mine/quality.h"
#include "report/statistics.h"
#include "syntax/extract.h"

namespace autodev::app {
namespace {

using apply::Task;

/// The pattern library as it grows along the stream, with what became of each pattern's uses.
class Library {
 public:
  void learn(const Task& task) {
    syntax::ExtractOptions options;
    options.blocks = options.types = false;
    const auto found = syntax::extract_units(task.reference, task.visible.language, "reference", options);
    if (!found || found->units.empty()) return;
    const CodeUnit& unit = found->units.front();
    const PatternId id = apply::pattern_of(task.reference, task.visible.language);
    if (const auto tree = syntax::decode_nast(unit.tree)) backgrounds_[unit.language].count(*tree);
    if (library_.add(unit, library_.project("stream")); library_.last() != mine::MiningLibrary::no_unit)
      units_[id] = library_.last();
  }

  struct Scores {
    QualityScore quality;
    PatternEvidence evidence;
    PatternGain gain;
  };

  /// Of the pattern that an earlier solution belongs to; absent for solutions that make none.
  std::optional<Scores> scores_of(PatternId solution) {
    const auto unit = units_.find(solution);
    if (unit == units_.end()) return std::nullopt;
    const std::uint32_t cluster = library_.unit(unit->second).cluster;
    const mine::Template shape = library_.template_of_cluster(cluster);
    Scores scores;
    scores.evidence = uses_[cluster];
    // Solutions end their cycles, so each of them has passed its tests.
    scores.evidence.instances = scores.evidence.tested_passes = scores.evidence.verified_passes =
        library_.cluster_size(cluster);
    scores.evidence.distinct_instances = scores.evidence.places = scores.evidence.instances;
    scores.evidence.projects = 1;
    scores.quality = mine::score(shape, scores.evidence);
    scores.gain = mine::gain_of(shape, backgrounds_[shape.tree.language], mine::counted_occurrences(scores.evidence),
                                library_.clusters());
    return scores;
  }

  void note_use(PatternId solution, bool passed) {
    const auto unit = units_.find(solution);
    if (unit == units_.end()) return;
    PatternEvidence& uses = uses_[library_.unit(unit->second).cluster];
    ++uses.applied;
    if (passed)
      ++uses.applied_passed;
    else
      ++uses.failures;
  }

 private:
  mine::MiningLibrary library_;
  std::map<Language, mine::Background> backgrounds_;
  std::map<PatternId, std::uint32_t> units_;
  std::map<std::uint32_t, PatternEvidence> uses_;  ///< by cluster: applications and failures only
};

/// Scores of answers by name, and whether each passed.
struct Answers {
  std::map<std::string, std::vector<double>> scores;
  std::vector<bool> passed;

  void add(const Library::Scores& of, double probability, bool right) {
    scores["quality"].push_back(of.quality.total());
    scores["reusability"].push_back(of.quality.reusability);
    scores["simplicity"].push_back(of.quality.simplicity);
    scores["test_coverage"].push_back(of.quality.test_coverage);
    scores["gain"].push_back(static_cast<double>(of.gain.total));
    scores["support_only"].push_back(of.evidence.instances);
    scores["adapter_probability"].push_back(probability);
    passed.push_back(right);
  }
};

}  // namespace

Result<base::Json> bench_scores(apply::Sandbox& sandbox, const std::vector<Task>& tasks,
                                const ScoreBenchOptions& options) {
  AUTODEV_TRY_ASSIGN(const auto arm, apply::make_arm("ours", sandbox, {}));
  Library library;
  Answers late;
  std::size_t answered = 0;
  std::size_t done = 0;
  for (; done < tasks.size() && !(options.stop && options.stop()); ++done) {
    const Task& task = tasks[done];
    AUTODEV_TRY_ASSIGN(const apply::Attempt attempt, arm->propose(task.visible));
    bool right = false;
    if (!attempt.code.empty() && !attempt.patterns.empty()) {
      AUTODEV_TRY_ASSIGN(const auto verdicts, apply::judge(sandbox, task, attempt.code));
      right = verdicts.visible && verdicts.hidden;
      const auto scores = library.scores_of(attempt.patterns.front());
      answered += scores.has_value();
      if (scores && 2 * done >= tasks.size()) late.add(*scores, attempt.p_success, right);
      library.note_use(attempt.patterns.front(), right);
    }
    AUTODEV_TRY(arm->learn(task.visible, task.reference, !right));
    library.learn(task);
    if (options.on_progress) options.on_progress(done + 1, tasks.size());
  }
  base::Json areas = base::Json::object();
  for (const auto& [name, values] : late.scores) {
    const auto area = report::area_under_curve(values, late.passed);
    areas[name] = area ? base::Json(*area) : base::Json();
  }
  return base::Json{{"bench", "scores"},
                    {"tasks", done},
                    {"answered", answered},
                    {"judged_late", late.passed.size()},
                    {"passed_late", std::count(late.passed.begin(), late.passed.end(), true)},
                    {"auc", areas},
                    {"interrupted", done < tasks.size()}};
}

}  // namespace autodev::app
