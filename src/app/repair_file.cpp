// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/repair_file.h"

#include <algorithm>
#include <map>
#include <optional>

#include "app/placement.h"
#include "app/tree_files.h"
#include "apply/repair_search.h"
#include "apply/tree_tests.h"
#include "base/terminal.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

constexpr double rivals_share = 0.25;  ///< time spent on rivals after the first repair, as a share of the time before
constexpr std::size_t shown_vouchers = 3;
constexpr std::uint64_t max_source_bytes = 256u << 10;

class FileRepair {
 public:
  FileRepair(Parts& parts, apply::Sandbox& sandbox, const RepairFileOptions& options)
      : parts_(parts), sandbox_(sandbox), options_(options), start_(parts.env.monotonic()) {}

  Result<RepairFileResult> run() {
    AUTODEV_TRY(prepare());
    AUTODEV_TRY_ASSIGN(const auto before, tests_->run(options_.test, {}));
    result_.tests_pass = before.passed;
    if (!before.passed && !before.interrupted) {
      // Candidates loop for ever now and then: they get a multiple of the time that the failing run took.
      const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(before.duration);
      set_timeout(std::min(options_.test_timeout, std::max<std::chrono::milliseconds>(taken * 4, std::chrono::milliseconds(2'000))));
      AUTODEV_TRY(learn());
      AUTODEV_TRY(search());
    }
    result_.seconds = elapsed();
    return std::move(result_);
  }

 private:
  double elapsed() const { return std::chrono::duration<double>(parts_.env.monotonic() - start_).count(); }

  Result<void> prepare() {
    AUTODEV_TRY_ASSIGN(auto copy, observe::copy_worktree(parts_.env, options_.root, options_.tree_bytes));
    const auto target = std::find_if(copy.files.begin(), copy.files.end(), [&](const auto& file) { return file.path == options_.file; });
    if (target != copy.files.end()) {
      result_.before = target->text;
    } else {
      AUTODEV_TRY_ASSIGN(result_.before, parts_.env.read_file(options_.root + "/" + options_.file, max_source_bytes));
    }
    files_ = tree_files(std::move(copy));
    set_timeout(options_.test_timeout);
    return {};
  }

  void set_timeout(std::chrono::milliseconds timeout) {
    tests_.emplace(sandbox_, files_, apply::TreeTestOptions{options_.folder, options_.language, timeout, options_.memory_bytes});
  }

  /// Every failure of this language that something passed in place of.
  Result<void> learn() {
    AUTODEV_TRY(parts_.store->for_each_anti_pattern([&](const AntiPattern& failure) {
      if (failure.after && failure.language == options_.language && failure.kind != UnitKind::block) {
        examples_.push_back({failure.language, failure.before, *failure.after, {"wrong"}});
        failures_.push_back({failure.id, failure.name, failure.cause});
      }
      return true;
    }));
    learned_ = ranking_.learn(examples_);
    result_.fixes_learned = learned_.reachable;
    return {};
  }

  Result<void> search() {
    AUTODEV_TRY_ASSIGN(const auto program, apply::RepairProgram::parse(result_.before, options_.language));
    auto candidates = apply::repair_candidates(program, {{}, ranking_.numbers()});
    ranking_.rank(program, {"wrong"}, candidates);
    result_.candidates = candidates.size();
    std::vector<std::size_t> passing;
    double stop = options_.seconds;
    for (std::size_t i = 0; i < candidates.size() && result_.tried < options_.candidates && elapsed() < stop && !base::interrupted(); ++i) {
      AUTODEV_TRY_ASSIGN(const auto ran, tests_->run(options_.test, {{options_.file, apply::apply_edits(result_.before, candidates[i].edits)}}));
      if (ran.interrupted) break;
      ++result_.tried;
      if (ran.passed) {
        if (passing.empty()) stop = std::min(stop, elapsed() * (1 + rivals_share));
        passing.push_back(i);
      }
      if (options_.on_progress) options_.on_progress(result_.tried, candidates.size(), passing.size());
    }
    result_.passing = passing.size();
    if (!passing.empty()) describe(program, candidates, passing);
    return {};
  }

  void describe(const apply::RepairProgram& program, const std::vector<apply::RepairCandidate>& candidates,
                const std::vector<std::size_t>& passing) {
    const auto& chosen = candidates[passing.front()];
    // How many tests the command runs and what they print is not known, and nothing is probed.
    const std::map<std::string, double> evidence = {{"guess", apply::guesses_content(chosen.kind) ? 1 : 0}};
    result_.repaired = true;
    result_.probability = apply::repair_belief(evidence);
    result_.kind = chosen.kind;
    result_.detail = chosen.detail;
    result_.after = apply::apply_edits(result_.before, chosen.edits);
    result_.diff = one_hunk_diff(result_.before, result_.after, options_.file, false);
    const auto at = program.source().begin() + static_cast<std::ptrdiff_t>(chosen.edits.front().start);
    result_.line = static_cast<std::uint32_t>(std::count(program.source().begin(), at, '\n')) + 1;
    vouch(chosen.kind + "|" + chosen.detail, chosen.kind);
  }

  /// Past fixes that made the same edit; else those of its kind.
  void vouch(const std::string& edit, const std::string& kind) {
    for (const bool exact : {true, false}) {
      for (const auto& [index, seen] : learned_.edits)
        if ((exact ? seen == edit : seen.starts_with(kind + "|")) && result_.vouchers.size() < shown_vouchers)
          result_.vouchers.push_back(failures_[index]);
      if (!result_.vouchers.empty()) return;
    }
  }

  Parts& parts_;
  apply::Sandbox& sandbox_;
  const RepairFileOptions& options_;
  std::chrono::nanoseconds start_;
  std::vector<apply::TreeFile> files_;
  std::optional<apply::TreeTests> tests_;
  apply::RepairRanking ranking_;
  apply::RepairRanking::Learned learned_;
  std::vector<apply::RepairExample> examples_;
  std::vector<RepairVoucher> failures_;
  RepairFileResult result_;
};

}  // namespace

Result<RepairFileResult> repair_file(Parts& parts, apply::Sandbox& sandbox, const RepairFileOptions& options) {
  FileRepair repair(parts, sandbox, options);
  return repair.run();
}

}  // namespace autodev::app
