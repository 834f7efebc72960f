// SPDX-License-Identifier: MIT OR Apache-2.0
//
// From raw commits to events. Two children run beside us: one lists commits, one gives blobs; at most one
// commit is held at a time.
#include "observe/git_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/terminal.h"
#include "base/text.h"
#include "observe/commit_message.h"
#include "observe/git_log.h"
#include "observe/git_objects.h"
#include "observe/git_program.h"
#include "observe/paths.h"

namespace autodev::observe {
namespace {

/// Source text one commit may carry: beyond, it is an import. 16 MiB are 200 files of 80 KB on one side.
constexpr std::size_t max_commit_bytes = std::size_t{16} << 20;
constexpr std::int64_t latest_time = 253'402'300'799;  // 9999-12-31T23:59:59Z, the last RFC 3339 can write

Timestamp timestamp_of(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, latest_time)));
}

/// What of a raw change can be read: ids of the sides that are regular files.
struct Candidate {
  const RawChange* change;
  bool has_before, has_after;
};

bool is_candidate(const RawChange& change) {
  return language_from_path(change.path) != Language::unknown && !is_vendored_path(change.path) &&
         change.old_id != change.new_id && (is_regular_mode(change.old_mode) || is_regular_mode(change.new_mode));
}

class HistoryWalk {
 public:
  HistoryWalk(Git git, const GitOptions& options, const std::function<Result<bool>(GitCommitEvent&&)>& visit)
      : git_(std::move(git)), options_(options), visit_(visit) {}

  Result<GitCounts> walk() {
    AUTODEV_TRY(check_contents());
    AUTODEV_TRY(find_range());
    AUTODEV_TRY(read_shallow_edge());
    AUTODEV_TRY(count_commits());
    AUTODEV_TRY_ASSIGN(GitLog log, GitLog::start(git_, range_, std::size_t{options_.max_files_per_commit} + 1));
    AUTODEV_TRY_ASSIGN(GitObjects objects, GitObjects::start(git_, max_file_bytes));
    while (!base::interrupted()) {
      auto commit = log.next();
      if (!commit && commit.error().code == ErrorCode::busy) break;
      if (!commit) return tl::make_unexpected(std::move(commit).error());
      if (!*commit) break;
      AUTODEV_TRY_ASSIGN(const bool go_on, take(**commit, objects));
      if (!go_on) break;
    }
    return counts_;
  }

 private:
  Result<void> check_contents() {
    AUTODEV_TRY_ASSIGN(const bool partial, git_.is_partial_clone());
    if (!partial) return {};
    return fail(ErrorCode::unavailable,
                fmt::format("{} is a partial clone: contents of its files are not on this machine", git_.folder()),
                "clone it without --filter, or run: git fetch --refetch --no-filter");
  }

  [[nodiscard]] Result<std::optional<std::string>> commit_named(const std::string& name) const {
    return git_.line({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
  }

  Result<void> find_range() {
    AUTODEV_TRY_ASSIGN(const auto until, commit_named(options_.until));
    if (!until && options_.until == "HEAD")
      return fail(ErrorCode::no_input, fmt::format("{} has no commits yet", git_.folder()), "commit something first");
    if (!until)
      return fail(ErrorCode::no_input, fmt::format("{} has no commit named '{}'", git_.folder(), options_.until));
    range_ = {*until};
    if (options_.max_commits != UINT64_MAX) range_.push_back(fmt::format("--max-count={}", options_.max_commits));
    if (options_.since_commit.empty()) return {};
    AUTODEV_TRY_ASSIGN(const auto since, commit_named(options_.since_commit));
    bool is_ancestor = false;
    if (since) {
      AUTODEV_TRY_ASSIGN(const auto answer, git_.run({"merge-base", "--is-ancestor", *since, *until}));
      is_ancestor = answer.exit_code == 0;
    }
    if (!is_ancestor)
      return fail(ErrorCode::config,
                  fmt::format("commit {} is not part of the history of {} any more: it was rewritten or is shallow",
                              options_.since_commit, git_.folder()),
                  "walk the whole history again; events that are known already are recognised");
    range_.push_back("^" + *since);
    return {};
  }

  Result<void> read_shallow_edge() {
    AUTODEV_TRY_ASSIGN(const std::string path, git_.output({"rev-parse", "--path-format=absolute", "--git-path", "shallow"},
                                                           "find the shallow edge"));
    auto edge = git_.env().read_file(std::string(base::trim(path)));
    if (!edge) return {};  // absent: a complete clone
    for (const std::string_view line : base::split_lines(*edge)) shallow_edge_.emplace(base::trim(line));
    return {};
  }

  Result<void> count_commits() {
    std::vector<std::string> arguments{"rev-list", "--count", "--no-merges"};
    arguments.insert(arguments.end(), range_.begin(), range_.end());
    arguments.emplace_back("--");
    AUTODEV_TRY_ASSIGN(const std::string count, git_.output(arguments, "count the commits"));
    total_ = std::strtoull(count.c_str(), nullptr, 10);
    return {};
  }

  /// Counts one commit and visits its event if it has one; false to stop.
  Result<bool> take(const RawCommit& commit, GitObjects& objects) {
    ++counts_.commits;
    counts_.last_commit = commit.hash;
    if (commit.change_count > options_.max_files_per_commit || shallow_edge_.contains(commit.hash)) {
      ++counts_.skipped_large;
      return true;
    }
    AUTODEV_TRY_ASSIGN(auto files, read_files(commit, objects));
    if (!files) {
      ++counts_.skipped_large;
      return true;
    }
    if (files->empty()) {
      ++counts_.skipped_unsupported;
      return true;
    }
    ++counts_.events;
    return visit_({event_of(commit, std::move(*files)), counts_.commits, total_});
  }

  /// Files with both sides; absent when there is too much of them.
  Result<std::optional<std::vector<FileChange>>> read_files(const RawCommit& commit, GitObjects& objects) {
    std::vector<Candidate> candidates;
    std::vector<std::string> ids;
    for (const RawChange& change : commit.changes) {
      if (!is_candidate(change)) continue;
      candidates.push_back({&change, is_regular_mode(change.old_mode), is_regular_mode(change.new_mode)});
      if (candidates.back().has_before) ids.push_back(change.old_id);
      if (candidates.back().has_after) ids.push_back(change.new_id);
    }
    AUTODEV_TRY_ASSIGN(const std::vector<Blob> blobs, objects.read(ids));
    std::vector<FileChange> files;
    std::size_t bytes = 0;
    std::size_t next = 0;
    for (const Candidate& candidate : candidates) {
      const Blob before = candidate.has_before ? blobs[next++] : nullptr;
      const Blob after = candidate.has_after ? blobs[next++] : nullptr;
      if (!is_readable(candidate.has_before, before) || !is_readable(candidate.has_after, after)) {
        ++counts_.skipped_binary;
        continue;
      }
      bytes += (before ? before->size() : 0) + (after ? after->size() : 0);
      if (bytes > max_commit_bytes) return std::optional<std::vector<FileChange>>();
      FileChange file;
      file.path = base::repair_utf8(candidate.change->path);
      if (before) file.before = *before;
      if (after) file.after = *after;
      files.push_back(std::move(file));
    }
    return std::optional(std::move(files));
  }

  static bool is_readable(bool expected, const Blob& blob) {
    if (!expected) return true;
    return blob && !base::looks_binary(*blob) && !is_generated_source(*blob);
  }

  [[nodiscard]] LearningEvent event_of(const RawCommit& commit, std::vector<FileChange> files) const {
    CommitMessage message = read_commit_message(commit.message);
    const bool only_tests = std::all_of(files.begin(), files.end(), [](const auto& file) { return is_test_path(file.path); });
    LearningEvent event;
    event.timestamp = timestamp_of(commit.time);
    event.source = "git";
    event.project = git_.project_name();
    event.revision = commit.hash;
    event.specification.text = message.text.empty() ? "commit " + commit.hash : std::move(message.text);
    event.implementation.files = std::move(files);
    event.implementation.files_changed = static_cast<std::uint32_t>(commit.change_count);
    event.implementation.test_files_changed = static_cast<std::uint32_t>(
        std::count_if(commit.changes.begin(), commit.changes.end(), [](const auto& c) { return is_test_path(c.path); }));
    event.outcome.tool = "git";
    event.outcome.strength = EvidenceStrength::history;
    event.outcome.verdict = message.kind == CommitKind::revert ? Verdict::failed : Verdict::passed;
    event.event_type = message.kind == CommitKind::revert ? LearningEventType::implementation_failure
                                                          : LearningEventType::implementation_success;
    if (message.kind == CommitKind::fix && !only_tests)
      event.outcome.failures.push_back({std::string(history_fix_id), "", 0, std::string(base::clip_utf8(message.subject, 4'096))});
    return event;
  }

  Git git_;
  const GitOptions& options_;
  const std::function<Result<bool>(GitCommitEvent&&)>& visit_;
  std::vector<std::string> range_;
  std::set<std::string, std::less<>> shallow_edge_;
  std::uint64_t total_ = 0;
  GitCounts counts_;
};

}  // namespace

Result<GitCounts> walk_git_history(base::Env& env, const std::string& repository, const GitOptions& options,
                                   const std::function<Result<bool>(GitCommitEvent&&)>& visit) {
  AUTODEV_TRY_ASSIGN(Git git, Git::open(env, repository));
  return HistoryWalk(std::move(git), options, visit).walk();
}

Result<std::optional<std::string>> git_root(base::Env& env, const std::string& path) {
  auto git = Git::open(env, path);
  if (git) return git->work_tree();
  if (git.error().code == ErrorCode::no_input) return std::optional<std::string>();
  return tl::make_unexpected(std::move(git).error());
}

}  // namespace autodev::observe
