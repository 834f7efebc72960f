// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See source_projects.h.
#include "app/source_projects.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace autodev::app {
namespace {

/// Parsed files that may wait for the reader, per worker: enough to bridge one slow insertion.
constexpr std::size_t max_waiting = 64;

std::string last_part(std::string_view folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
  return std::string(folder.substr(folder.rfind('/') + 1));
}

Result<std::vector<std::string>> files_below(base::Env& env, const std::string& folder) {
  std::vector<std::string> files, pending = {folder};
  while (!pending.empty()) {
    const std::string current = std::move(pending.back());
    pending.pop_back();
    AUTODEV_TRY_ASSIGN(const auto entries, env.list(current));
    for (const base::DirectoryEntry& entry : entries) {
      std::string path = current + "/" + entry.name;
      if (entry.type == base::FileType::directory && !entry.name.starts_with('.'))
        pending.push_back(std::move(path));
      else if (entry.type == base::FileType::file && language_from_path(path) != Language::unknown)
        files.push_back(std::move(path));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> project_folders(base::Env& env, const std::vector<std::string>& folders, bool below) {
  if (!below) return folders;
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    AUTODEV_TRY_ASSIGN(const auto entries, env.list(folder));
    for (const base::DirectoryEntry& entry : entries)
      if (entry.type == base::FileType::directory && !entry.name.starts_with('.'))
        found.push_back(folder + "/" + entry.name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// One child parser, the thread that talks to it, and what it has ready.
class Worker {
 public:
  Worker(base::Env& env, const ParseSettings& settings) : env_(env), settings_(settings) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void add(std::size_t project, const std::string& path) { files_.emplace_back(project, &path); }
  void start() {
    thread_ = std::thread([this] { work(); });
  }

  /// The next file in this worker's order; empty when it could not be read or parsed. `unavailable` without a worker
  /// program.
  Result<std::optional<ParsedFile>> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty(); });
    auto next = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return next;
  }

 private:
  void work() {
    syntax::ParserPool pool(env_, settings_.worker);
    for (const auto& [project, path] : files_) {
      auto parsed = parse(pool, project, *path);
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || ready_.size() < max_waiting; });
      if (stopped_) return;
      ready_.push_back(std::move(parsed));
      lock.unlock();
      changed_.notify_all();
    }
  }

  Result<std::optional<ParsedFile>> parse(syntax::ParserPool& pool, std::size_t project, const std::string& path) {
    const Language language = language_from_path(path);
    const auto text = env_.read_file(path, syntax::max_source_bytes(language));
    if (!text) return std::optional<ParsedFile>();
    auto found = pool.extract(*text, language, path, settings_.extract);
    if (!found && found.error().code == ErrorCode::unavailable) return tl::unexpected(found.error());
    if (!found) return std::optional<ParsedFile>();
    return std::optional<ParsedFile>(ParsedFile{project, &path, text->size(), std::move(*found)});
  }

  base::Env& env_;
  const ParseSettings& settings_;
  std::vector<std::pair<std::size_t, const std::string*>> files_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Result<std::optional<ParsedFile>>> ready_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::vector<SourceProject>> source_projects(base::Env& env, const std::vector<std::string>& folders,
                                                   bool below) {
  AUTODEV_TRY_ASSIGN(const auto found, project_folders(env, folders, below));
  std::vector<SourceProject> projects;
  std::set<std::string> names;
  for (const std::string& folder : found) {
    auto files = files_below(env, folder);
    if (!files)
      return fail(ErrorCode::no_input, folder + ": " + files.error().message, "name folders with source files");
    if (files->empty()) continue;
    std::string name = last_part(folder);
    if (!names.insert(name).second) names.insert(name = folder);
    projects.push_back({std::move(name), std::move(*files)});
  }
  if (projects.empty())
    return fail(ErrorCode::no_input, "no source file of a known language is below the folders",
                "name folders with source files");
  return projects;
}

Result<std::uint64_t> parse_projects(base::Env& env, const std::vector<SourceProject>& projects,
                                     const ParseSettings& settings, const std::function<bool(ParsedFile)>& take) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < settings.workers; ++i) workers.push_back(std::make_unique<Worker>(env, settings));
  std::size_t files = 0;
  for (std::size_t p = 0; p < projects.size(); ++p)
    for (const std::string& path : projects[p].files) workers[files++ % workers.size()]->add(p, path);
  for (const auto& worker : workers) worker->start();
  std::uint64_t unread = 0;
  for (std::size_t i = 0; i < files; ++i) {
    AUTODEV_TRY_ASSIGN(auto parsed, workers[i % workers.size()]->take());
    if (!parsed)
      ++unread;
    else if (!take(std::move(*parsed)))
      break;
  }
  return unread;
}

}  // namespace autodev::app
