// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Replays recorded proposals through the calibration alone, over many sub-streams: is the bound on wrong reuse
// honoured?
//   calibration_bench TASKS.jsonl LINES.jsonl [TASKS LINES ...]
// LINES are what `auto-dev learn simulate --tasks TASKS --arm ours --json --emit-code` prints. A sub-stream begins at a
// task drawn by chance, with a fresh calibration, and keeps each of the following tasks with probability 1/2. What is
// applied is judged by the recorded verdict of all tests; a draft reveals what the arm would have seen, the comparison
// with the reference.
// Both ways to use the bound are shown: earned (reuse_bound.h), and each answer alone by p >= 1 - epsilon.
// The share of avoided calls gets an interval by families, the tasks whose entry points begin with the same word.
#include <fmt/core.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "apply/calibrate.h"
#include "apply/equal.h"
#include "apply/pieces.h"
#include "apply/reuse_bound.h"
#include "apply/signature_shape.h"
#include "apply/task.h"
#include "base/env.h"
#include "base/json.h"
#include "base/text.h"
#include "report/statistics.h"

namespace {

using namespace autodev;

constexpr int sub_streams = 400;
constexpr std::array bounds{0.02, 0.05, 0.1, 0.2};

struct Recorded {
  apply::FeatureVector x{};
  std::string stream;
  bool right = false, same = false;
};

/// Steele, Lea & Flood's SplitMix64.
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

Result<std::vector<Recorded>> read(base::Env& env, const std::string& tasks_path, const std::string& lines_path) {
  AUTODEV_TRY_ASSIGN(const auto tasks_text, env.read_file(tasks_path));
  AUTODEV_TRY_ASSIGN(const auto tasks, apply::parse_tasks(tasks_text, tasks_path));
  std::map<std::string, const apply::Task*> by_id;
  for (const auto& task : tasks) by_id[task.visible.id] = &task;
  AUTODEV_TRY_ASSIGN(const auto text, env.read_file(lines_path));
  std::vector<Recorded> all;
  for (const auto line : base::split_lines(text)) {
    AUTODEV_TRY_ASSIGN(const auto row, base::parse_json(line, lines_path, {1u << 20, 16}));
    if (!row.contains("features") || !by_id.contains(row["id"].get<std::string>())) continue;
    const auto& task = *by_id[row["id"].get<std::string>()];
    Recorded recorded;
    for (std::size_t i = 0; i < recorded.x.size() && i < row["features"].size(); ++i)
      recorded.x[i] = row["features"][i].get<double>();
    const auto code = row["code"].get<std::string>();
    recorded.stream = task.visible.stream;
    recorded.right = row["passed"].get<bool>() && row["hidden_passed"].get<bool>();
    recorded.same =
        apply::alpha_equal_code(code, task.reference, task.visible.language) ||
        (recorded.x[1] > 0 && apply::same_but_for_constant_arguments(code, task.reference, task.visible.language));
    all.push_back(std::move(recorded));
  }
  return all;
}

/// Share of avoided calls with the 95 % interval of a bootstrap over families; prints nothing for a single one.
Result<void> print_families(base::Env& env, const std::string& tasks_path, const std::string& lines_path) {
  AUTODEV_TRY_ASSIGN(const auto tasks_text, env.read_file(tasks_path));
  AUTODEV_TRY_ASSIGN(const auto tasks, apply::parse_tasks(tasks_text, tasks_path));
  AUTODEV_TRY_ASSIGN(const auto text, env.read_file(lines_path));
  std::map<std::string, std::string> family_of;
  for (const auto& task : tasks) {
    const auto entry = apply::parse_signature(task.visible.signature, task.visible.language).entry;
    const auto pieces = apply::pieces_of(entry);
    family_of[task.visible.id] = pieces.empty() ? entry : pieces[0].lower;
  }
  std::map<std::string, report::Cluster> families;
  for (const auto line : base::split_lines(text)) {
    AUTODEV_TRY_ASSIGN(const auto row, base::parse_json(line, lines_path, {1u << 20, 16}));
    if (!row.contains("id")) continue;
    auto& family = families[family_of[row["id"].get<std::string>()]];
    ++family.tasks;
    family.successes += row["action"] == "apply" && row["passed"].get<bool>() && row["hidden_passed"].get<bool>();
  }
  std::vector<report::Cluster> clusters;
  for (const auto& [name, cluster] : families) clusters.push_back(cluster);
  if (const auto interval = report::cluster_bootstrap(clusters, 1))
    fmt::print("{}: avoided, 95 % interval by {} families: {:.1f} to {:.1f} %\n", lines_path, clusters.size(),
               100 * interval->lower, 100 * interval->upper);
  return {};
}

/// One sub-stream at bound `epsilon`.
struct Outcome {
  std::size_t applied = 0, wrong = 0;
  std::vector<report::Forecast> forecasts;
};

Outcome replay(const std::vector<Recorded>& recorded, double epsilon, bool earned, std::uint64_t seed) {
  apply::Calibration calibration;
  apply::ReuseBound bound(epsilon, earned);
  Outcome outcome;
  for (std::size_t i = next(seed) % recorded.size(); i < recorded.size(); ++i) {
    if (next(seed) % 2 == 0) continue;
    const auto& r = recorded[i];
    const double p = calibration.probability(r.x, r.stream);
    outcome.forecasts.push_back({p, r.right});
    const bool applied = p >= bound.needed();
    if (applied) bound.count(r.right);
    outcome.applied += applied;
    outcome.wrong += applied && !r.right;
    const auto seen = applied ? (r.right ? apply::Revealed::right : apply::Revealed::wrong)
                              : (r.same ? apply::Revealed::right : apply::Revealed::different);
    calibration.reveal(r.x, r.stream, seen);
  }
  return outcome;
}

void measure(const std::string& name, const std::vector<Recorded>& recorded, bool earned) {
  for (const double epsilon : bounds) {
    std::size_t honoured = 0, with_applied = 0, applied = 0, wrong = 0;
    std::vector<report::Forecast> forecasts;
    for (int s = 0; s < sub_streams; ++s) {
      auto outcome = replay(recorded, epsilon, earned, static_cast<std::uint64_t>(s) + 1);
      applied += outcome.applied;
      wrong += outcome.wrong;
      with_applied += outcome.applied > 0;
      honoured += static_cast<double>(outcome.wrong) <= epsilon * static_cast<double>(outcome.applied);
      forecasts.insert(forecasts.end(), outcome.forecasts.begin(), outcome.forecasts.end());
    }
    fmt::print(
        "{}: epsilon {:.2f}, {}: honoured in {:.1f} % of {} sub-streams ({} applied something), applied {:.1f} % of the "
        "proposals, wrong {:.2f} % of these; ECE {:.3f}\n",
        name, epsilon, earned ? "earned" : "each answer alone", 100.0 * static_cast<double>(honoured) / sub_streams,
        sub_streams, with_applied,
        forecasts.empty() ? 0.0 : 100.0 * static_cast<double>(applied) / static_cast<double>(forecasts.size()),
        applied == 0 ? 0.0 : 100.0 * static_cast<double>(wrong) / static_cast<double>(applied),
        report::calibration_error(forecasts).value_or(0));
  }
}

/// How often right candidates are written otherwise than the reference: what the calibration assumes of drafts.
void print_written_differently(const std::string& name, const std::vector<Recorded>& recorded) {
  std::size_t right = 0, different = 0;
  for (const auto& r : recorded) {
    right += r.right;
    different += r.right && !r.same;
  }
  fmt::print("{}: {} of {} right proposals are written differently\n", name, different, right);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const auto recorded = read(base::real_env(), argv[i], argv[i + 1]);
    if (!recorded) {
      fmt::print(stderr, "{}\n", recorded.error().message);
      return 1;
    }
    print_written_differently(argv[i + 1], *recorded);
    for (const bool earned : {true, false})
      if (!recorded->empty()) measure(argv[i + 1], *recorded, earned);
    if (const auto printed = print_families(base::real_env(), argv[i], argv[i + 1]); !printed) return 1;
  }
  return argc < 3 ? 64 : 0;
}
