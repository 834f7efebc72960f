// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "app/ablate.h"
#include "app/placement.h"
#include "app/tree_files.h"
#include "apply/arm.h"
#include "apply/signature_shape.h"
#include "apply/tree_tests.h"
#include "base/json.h"
#include "base/terminal.h"
#include "base/text.h"
#include "observe/git_history.h"
#include "observe/git_program.h"
#include "observe/paths.h"
#include "observe/worktree_copy.h"

namespace autodev::app {
namespace {

constexpr std::array<std::string_view, 6> names{"avoided", "visible", "wrong", "abstained", "unseen", "broken"};
constexpr std::size_t max_function_bytes = std::size_t{16} << 10;  // as in ablate: longer ones are not adapted as a whole

/// The one function a commit is about.
struct Change {
  const CodeUnit* unit = nullptr;
  const FileChange* file = nullptr;
};

/// Absent when the commit changes no function, or more than one, outside of tests.
std::optional<Change> single_change(const LearningEvent& event, const std::vector<FileChange>& files) {
  Change found;
  for (const UnitChange& change : event.implementation.units) {
    const CodeUnit& unit = change.after ? *change.after : *change.before;
    if (unit.kind != UnitKind::function && unit.kind != UnitKind::method) continue;
    if (observe::is_test_path(unit.path)) continue;
    const bool inner = found.unit != nullptr && found.unit->path == unit.path && found.unit->first_line <= unit.first_line &&
                       unit.last_line <= found.unit->last_line;
    if (inner) continue;
    if (!change.after || found.unit != nullptr || unit.text.size() > max_function_bytes) return std::nullopt;
    found.unit = &unit;
  }
  if (found.unit == nullptr) return std::nullopt;
  for (const FileChange& file : files)
    if (file.path == found.unit->path && file.after) found.file = &file;
  return found.file == nullptr ? std::nullopt : std::optional(found);
}

/// The file before the commit; for a new file, the file without the function.
std::string without_change(const Change& change) {
  if (change.file->before) return *change.file->before;
  const auto lines = base::split_lines(*change.file->after);
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (i + 1 < change.unit->first_line || i + 1 > change.unit->last_line) text += std::string(lines[i]) + "\n";
  return text;
}

class Replay {
 public:
  Replay(Parts& parts, apply::Sandbox& sandbox, const ReplayOptions& options)
      : parts_(parts), env_(parts.env), sandbox_(sandbox), options_(options) {
    apply::ArmOptions arm;
    arm.epsilon = options.epsilon;
    arm.one_answer = true;
    arm.max_attempts = options.candidates;
    blind_ = apply::make_adapting_arm(sandbox, arm, apply::Tamper::none);
    arm.run_tests = [this](const apply::VisibleTask&, const std::string& code) { return passes(code); };
    guided_ = apply::make_adapting_arm(sandbox, arm, apply::Tamper::none);
  }

  Result<ReplayReport> run() {
    AUTODEV_TRY(choose_commits());
    AUTODEV_TRY(read_memory());
    AUTODEV_TRY_ASSIGN(const auto counts, observe::walk_git_history(env_, options_.repository, {}, [this](observe::GitCommitEvent&& commit) {
                         return take(std::move(commit.event));
                       }));
    report_.walked = counts.commits;
    report_.interrupted = stopped();
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool stopped() const { return interrupted_ || base::interrupted(); }

  Result<void> choose_commits() {
    AUTODEV_TRY_ASSIGN(const auto git, observe::Git::open(env_, options_.repository));
    std::vector<std::string> arguments{"rev-list", "--no-merges", fmt::format("--max-count={}", options_.limit)};
    if (!options_.since.empty()) {
      AUTODEV_TRY_ASSIGN(const auto since, git.line({"rev-parse", "--verify", "--quiet", "--end-of-options", options_.since + "^{commit}"}));
      if (!since) return fail(ErrorCode::no_input, fmt::format("{} has no commit named '{}'", options_.repository, options_.since));
      arguments.push_back("^" + *since);
    }
    arguments.insert(arguments.end(), {"HEAD", "--"});
    AUTODEV_TRY_ASSIGN(const std::string list, git.output(arguments, "list the commits"));
    for (const std::string_view line : base::split_lines(list)) wanted_.emplace(base::trim(line));
    return {};
  }

  Result<void> read_memory() {
    if (options_.memory_file.empty()) return {};
    AUTODEV_TRY_ASSIGN(const auto status, env_.status(options_.memory_file));
    if (!status) return {};
    AUTODEV_TRY_ASSIGN(const std::string text, env_.read_file(options_.memory_file, std::uint64_t{64} << 20));
    for (const std::string_view line : base::split_lines(text)) {
      const auto entry = base::parse_json(line, options_.memory_file);
      if (!entry || !entry->is_object()) continue;  // the last line of an interrupted run may be torn
      const auto outcome = std::find(names.begin(), names.end(), entry->value("outcome", ""));
      const std::string commit = entry->value("commit", "");
      if (outcome == names.end() || commit.empty()) continue;
      known_[commit] = {commit, entry->value("function", ""), entry->value("file", ""),
                        static_cast<ReplayOutcome>(outcome - names.begin()), entry->value("p_success", 0.0)};
    }
    return {};
  }

  Result<void> remember(const ReplayedCommit& commit) {
    if (options_.memory_file.empty()) return {};
    AUTODEV_TRY_ASSIGN(const auto file, env_.open_append(options_.memory_file));
    return file->append(base::dump_json({{"commit", commit.commit}, {"function", commit.function}, {"file", commit.file},
                                         {"outcome", to_string(commit.outcome)}, {"p_success", commit.p_success}}) + "\n");
  }

  /// One commit; false to stop.
  Result<bool> take(LearningEvent event) {
    if (stopped()) return false;
    const std::vector<FileChange> files = event.implementation.files;
    std::vector<std::string> notes;
    extract_into(parts_, event, notes);
    const auto change = single_change(event, files);
    bool blind_right = false;
    bool guided_right = false;
    if (change && wanted_.contains(event.revision)) {
      if (options_.on_progress) options_.on_progress(++seen_, wanted_.size());
      AUTODEV_TRY_ASSIGN(const auto judged, judge_or_recall(event, *change));
      if (stopped() || !judged) return false;
      blind_right = judged->outcome == ReplayOutcome::avoided;
      guided_right = judged->outcome == ReplayOutcome::visible;
      ++report_.counts[static_cast<std::size_t>(judged->outcome)];
      report_.commits.push_back(*judged);
    }
    for (const HistoryTask& item : tasks_of_event(event)) {  // a reverted commit teaches nothing
      apply::VisibleTask task = item.task.visible;
      AUTODEV_TRY(blind_->learn(task, item.task.reference, !blind_right));
      AUTODEV_TRY(guided_->learn(task, item.task.reference, !guided_right));
      ++report_.learned;
    }
    return true;
  }

  Result<std::optional<ReplayedCommit>> judge_or_recall(const LearningEvent& event, const Change& change) {
    if (const auto known = known_.find(event.revision); known != known_.end()) {
      ++report_.known;
      return std::optional(known->second);
    }
    ReplayedCommit commit{event.revision, change.unit->name, change.unit->path, ReplayOutcome::abstained, 0};
    AUTODEV_TRY(judge(event, change, commit));
    tests_.reset();
    if (stopped()) return std::optional<ReplayedCommit>();
    AUTODEV_TRY(remember(commit));
    return std::optional(commit);
  }

  Result<void> judge(const LearningEvent& event, const Change& change, ReplayedCommit& commit) {
    AUTODEV_TRY_ASSIGN(auto tree, observe::copy_commit(env_, options_.repository, event.revision, options_.tree_bytes));
    tests_.emplace(sandbox_, tree_files(std::move(tree)),
                   apply::TreeTestOptions{{}, change.unit->language, options_.test_timeout, options_.memory_bytes});
    path_ = change.unit->path;
    AUTODEV_TRY_ASSIGN(const bool reference, run_with(*change.file->after));
    if (!reference) return set(commit, ReplayOutcome::broken);
    base_text_ = without_change(change);
    AUTODEV_TRY_ASSIGN(const bool without, run_with(base_text_));
    if (without) return set(commit, ReplayOutcome::unseen);
    return propose(event, change, commit);
  }

  Result<void> propose(const LearningEvent& event, const Change& change, ReplayedCommit& commit) {
    apply::VisibleTask task;
    task.id = event.revision;
    task.stream = event.project;
    task.stratum = "M";
    task.spec = event.specification.text;
    task.signature = change.unit->signature;
    task.language = change.unit->language;
    language_ = task.language;
    // What stands around the function is known when it is written; the function itself is cut out.
    whole_file_ = *change.file->after;
    entry_ = change.unit->name;
    spec_ = task.spec;
    AUTODEV_TRY_ASSIGN(const auto blind, blind_->propose(task));
    commit.p_success = blind.p_success;
    if (blind.answer == apply::Answer::apply) {
      AUTODEV_TRY_ASSIGN(const bool right, passes(blind.code));
      return set(commit, right ? ReplayOutcome::avoided : ReplayOutcome::wrong);
    }
    AUTODEV_TRY_ASSIGN(const auto guided, guided_->propose(task));
    commit.p_success = guided.p_success;
    const bool taken = guided.answer == apply::Answer::apply && guided.visible_passed;
    return set(commit, taken ? ReplayOutcome::visible : ReplayOutcome::abstained);
  }

  static Result<void> set(ReplayedCommit& commit, ReplayOutcome outcome) {
    commit.outcome = outcome;
    return {};
  }

  Result<bool> run_with(const std::string& text) {
    if (stopped()) return false;
    const auto before = tests_->runs();
    AUTODEV_TRY_ASSIGN(const auto run, tests_->run(options_.test, {{path_, text}}));
    report_.test_runs += tests_->runs() - before;
    interrupted_ = interrupted_ || run.interrupted;
    if (run.exit_code == 127)
      return fail(ErrorCode::unavailable, fmt::format("the test command cannot be started in the sandbox: {}",
                                                      base::strip_controls(base::clip_utf8(base::trim(run.output), 300))),
                  "it sees /usr and the files of the commit");
    return run.passed;
  }

  Result<bool> passes(const std::string& code) {
    auto text = place_code(parts_, whole_file_, code, {entry_, spec_, language_, path_});
    if (!text) return false;  // no function of that name, or it does not parse
    return run_with(*text);
  }

  Parts& parts_;
  base::Env& env_;
  apply::Sandbox& sandbox_;
  const ReplayOptions& options_;
  std::unique_ptr<apply::Arm> blind_, guided_;
  std::set<std::string, std::less<>> wanted_;
  std::map<std::string, ReplayedCommit> known_;
  std::optional<apply::TreeTests> tests_;  ///< of the commit being judged
  std::string path_, whole_file_, base_text_, entry_, spec_;
  Language language_ = Language::unknown;
  std::uint64_t seen_ = 0;
  bool interrupted_ = false;
  ReplayReport report_;
};

}  // namespace

std::string_view to_string(ReplayOutcome outcome) noexcept { return names[static_cast<std::size_t>(outcome)]; }

std::uint64_t ReplayReport::judged() const {
  return of(ReplayOutcome::avoided) + of(ReplayOutcome::visible) + of(ReplayOutcome::wrong) + of(ReplayOutcome::abstained);
}

Result<ReplayReport> replay_history(Parts& parts, apply::Sandbox& sandbox, const ReplayOptions& options) {
  return Replay(parts, sandbox, options).run();
}

}  // namespace autodev::app
