// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/repair_file.h"

#include <algorithm>
#include <optional>

#include "app/placement.h"
#include "app/tree_files.h"
#include "apply/tree_tests.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

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

  Result<void> search() {
    AUTODEV_TRY_ASSIGN(const RepairLessons lessons, RepairLessons::of(parts_, options_.language));
    result_.fixes_learned = lessons.fixes();
    EditSearchOptions search;
    search.text = result_.before;
    search.language = options_.language;
    search.seconds = options_.seconds - elapsed();
    search.candidates = options_.candidates;
    search.on_progress = options_.on_progress;
    search.passes = [this](const std::string& text) -> Result<std::optional<bool>> {
      AUTODEV_TRY_ASSIGN(const auto ran, tests_->run(options_.test, {{options_.file, text}}));
      return ran.interrupted ? std::nullopt : std::optional<bool>(ran.passed);
    };
    AUTODEV_TRY_ASSIGN(result_.edit, search_edits(parts_.env, lessons, search));
    if (!result_.edit.repaired) return {};
    result_.diff = one_hunk_diff(result_.before, result_.edit.after, options_.file, false);
    result_.vouchers = lessons.vouchers(result_.edit.kind, result_.edit.detail);
    return {};
  }

  Parts& parts_;
  apply::Sandbox& sandbox_;
  const RepairFileOptions& options_;
  std::chrono::nanoseconds start_;
  std::vector<apply::TreeFile> files_;
  std::optional<apply::TreeTests> tests_;
  RepairFileResult result_;
};

}  // namespace

Result<RepairFileResult> repair_file(Parts& parts, apply::Sandbox& sandbox, const RepairFileOptions& options) {
  FileRepair repair(parts, sandbox, options);
  return repair.run();
}

}  // namespace autodev::app
