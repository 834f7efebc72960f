// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/git_intake.h"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "base/hash.h"
#include "base/json.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app {
namespace {

/// Commits, or units, per journal append and fold: one fsync each, and at most this much is done again after a kill.
/// 500 units are some 0.1 s of work, so that walking and folding overlap.
constexpr std::size_t batch_size = 200, batch_units = 500;
constexpr std::size_t queue_limit = 2 * batch_size;
constexpr std::size_t notes_shown = 5;

struct Parsed {
  LearningEvent event;
  std::uint64_t number = 0, total = 0;
  std::vector<std::string> notes;
  std::uint32_t units_too_large = 0;
};

/// Hand-over between the walking and the folding thread.
class Queue {
 public:
  /// Waits for room; false when the reader has gone.
  bool push(Parsed item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return (items_.size() < queue_limit && units_ < 2 * batch_units) || stopped_; });
    if (stopped_) return false;
    units_ += item.event.implementation.units.size();
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    changed_.notify_all();
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  /// Up to `batch_size` items; empty at the end.
  std::vector<Parsed> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return items_.size() >= batch_size || units_ >= batch_units || finished_; });
    std::vector<Parsed> batch;
    for (std::size_t units = 0; !items_.empty() && batch.size() < batch_size && units < batch_units;) {
      units += items_.front().event.implementation.units.size();
      units_ -= items_.front().event.implementation.units.size();
      batch.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    changed_.notify_all();
    return batch;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Parsed> items_;
  std::size_t units_ = 0;  ///< of all items
  bool finished_ = false;
  bool stopped_ = false;
};

struct Marker {
  std::string commit;
  EventId event;
};

std::string marker_file(const Parts& parts, const std::string& root) {
  return fmt::format("{}/state/git-{}.json", parts.options.folder, base::hash128(root).hex().substr(0, 16));
}

/// The commit up to which this history is in the journal; absent when that cannot be proven.
Result<std::optional<Marker>> read_marker(Parts& parts, const std::string& file) {
  AUTODEV_TRY_ASSIGN(const auto status, parts.env.status(file));
  if (!status) return std::optional<Marker>();
  AUTODEV_TRY_ASSIGN(const std::string text, parts.env.read_file(file, 4096));
  const auto json = base::parse_json(text, file);
  if (!json || !json->is_object()) return std::optional<Marker>();
  const auto event = EventId::parse(json->value("event", std::string()));
  if (!event) return std::optional<Marker>();
  AUTODEV_TRY_ASSIGN(const auto known, parts.store->event(*event));
  if (!known) return std::optional<Marker>();
  return std::optional<Marker>(Marker{json->value("commit", std::string()), *event});
}

Result<void> write_marker(Parts& parts, const std::string& file, const Marker& marker) {
  AUTODEV_TRY(parts.env.create_directories(parts.options.folder + "/state"));
  return parts.env.write_file_atomically(
      file, base::dump_json({{"commit", marker.commit}, {"event", marker.event.hex()}}) + "\n");
}

void note(GitIntakeReport& report, std::vector<std::string>& notes) {
  report.notes_total += notes.size();
  for (std::string& text : notes)
    if (report.notes.size() < notes_shown) report.notes.push_back(std::move(text));
}

void merge_sorted(std::vector<PatternId>& into, const std::vector<PatternId>& more) {
  std::set<PatternId> ids(into.begin(), into.end());
  ids.insert(more.begin(), more.end());
  into.assign(ids.begin(), ids.end());
}

/// Several folds as one.
void add(knowledge::RefreshReport& all, const knowledge::RefreshReport& folded) {
  all.records += folded.records;
  all.rebuilt = all.rebuilt || folded.rebuilt;
  merge_sorted(all.changed, folded.changed);
  merge_sorted(all.changed_anti, folded.changed_anti);
}

/// Journals and folds one batch; remembers how far it got.
Result<void> fold_batch(Parts& parts, std::vector<Parsed>& batch, const std::string& file, GitIntakeReport& report,
                        knowledge::RefreshReport& all) {
  std::vector<knowledge::Payload> payloads;
  std::optional<Marker> marker;
  for (Parsed& parsed : batch) {
    note(report, parsed.notes);
    report.units_too_large += parsed.units_too_large;
    report.commits = std::max(report.commits, parsed.number);
    if (parsed.event.implementation.units.empty()) continue;
    complete_event(parts, parsed.event);
    marker = Marker{parsed.event.revision, parsed.event.id};
    AUTODEV_TRY_ASSIGN(const auto known, parts.store->event(parsed.event.id));
    if (known) {
      ++report.known;
      continue;
    }
    ++report.events;
    report.units += parsed.event.implementation.units.size();
    payloads.emplace_back(std::move(parsed.event));
  }
  if (!payloads.empty()) {
    AUTODEV_TRY(parts.store->append(payloads));
    AUTODEV_TRY_ASSIGN(const auto folded, parts.store->refresh());
    add(all, folded);
  }
  if (marker) AUTODEV_TRY(write_marker(parts, file, *marker));
  return {};
}

/// Everything of one call, so that the threads share one thing.
struct Intake {
  Parts& parts;
  const GitIntakeOptions& options;
  Queue queue;
  Result<observe::GitCounts> walked = observe::GitCounts{};

  void walk(const std::string& root, const observe::GitOptions& walk_options) {
    walked =
        observe::walk_git_history(parts.env, root, walk_options, [&](observe::GitCommitEvent&& commit) -> Result<bool> {
          Parsed parsed;
          parsed.event = std::move(commit.event);
          parsed.number = commit.number;
          parsed.total = commit.total;
          parsed.units_too_large = extract_into(parts, parsed.event, parsed.notes);
          return queue.push(std::move(parsed)) && !base::interrupted();
        });
    queue.finish();
  }
};

Result<void> fold_all(Intake& intake, const std::string& file, GitIntakeReport& report, knowledge::RefreshReport& all) {
  base::Progress progress(intake.parts.env, "learning", 0, intake.options.show_progress);
  for (;;) {
    std::vector<Parsed> batch = intake.queue.take();
    if (batch.empty()) break;
    const std::uint64_t total = batch.back().total;
    AUTODEV_TRY(fold_batch(intake.parts, batch, file, report, all));
    progress.update(report.commits, fmt::format("of {} commits, {} units", base::with_thousands(total),
                                                base::with_thousands(report.units)));
  }
  progress.finish();
  return {};
}

}  // namespace

Result<GitIntakeReport> learn_from_git(Parts& parts, const GitIntakeOptions& options) {
  const auto start = parts.env.monotonic();
  AUTODEV_TRY_ASSIGN(const auto root, observe::git_root(parts.env, options.repository));
  const std::string repository = root.value_or(options.repository);
  const std::string file = marker_file(parts, repository);
  GitIntakeReport report;
  observe::GitOptions walk = options.walk;
  if (walk.since_commit.empty()) {
    AUTODEV_TRY_ASSIGN(const auto marker, read_marker(parts, file));
    if (marker) {
      walk.since_commit = marker->commit;
      report.resumed = true;
    }
  }
  knowledge::RefreshReport all;
  const auto attempt = [&]() -> Result<observe::GitCounts> {
    Intake intake{parts, options, {}, observe::GitCounts{}};
    std::thread walker([&] { intake.walk(repository, walk); });
    const Result<void> folded = fold_all(intake, file, report, all);
    if (!folded) intake.queue.stop();
    walker.join();
    AUTODEV_TRY(folded);
    return intake.walked;
  };
  Result<observe::GitCounts> walked = attempt();
  if (!walked && report.resumed && options.walk.since_commit.empty()) {
    // The remembered commit has gone (rewritten history): known events are recognised by their content.
    walk.since_commit.clear();
    report.resumed = false;
    walked = attempt();
  }
  AUTODEV_TRY(walked);
  report.counts = *walked;
  report.interrupted = base::interrupted();
  report.patterns_changed = all.changed.size();
  report.project = std::filesystem::path(repository).filename().string();
  AUTODEV_TRY(write_readable_files(parts, all));
  report.seconds = std::chrono::duration<double>(parts.env.monotonic() - start).count();
  return report;
}

}  // namespace autodev::app
