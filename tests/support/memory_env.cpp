// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/memory_env.h"

#include <algorithm>

#include "base/hash.h"

namespace autodev::test {
namespace {

using base::FileType;

tl::unexpected<Error> no_such(const std::string& path) {
  return fail(ErrorCode::no_input, "cannot open " + path + ": no such file or folder");
}
tl::unexpected<Error> in_the_way(const std::string& path) {
  return fail(ErrorCode::cannot_create, "cannot create " + path + ": something else is in the way");
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// What the paths of everything inside `folder` start with.
std::string inside(const std::string& folder) {
  return folder == "/" ? folder : folder + "/";
}

class CopiedFile final : public base::MappedFile {
 public:
  explicit CopiedFile(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::string_view bytes() const noexcept override { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

class MemoryAppendFile final : public base::AppendFile {
 public:
  MemoryAppendFile(MemoryEnv& env, std::shared_ptr<MemoryFile> file) : env_(env), file_(std::move(file)) {}

  Result<void> append(std::string_view bytes) override {
    const std::lock_guard lock(env_.mutex_);
    file_->bytes.append(bytes);
    file_->modified_ns = env_.now_ns();
    return {};
  }
  Result<void> sync() override {
    const std::lock_guard lock(env_.mutex_);
    file_->synced = file_->bytes.size();
    return {};
  }
  Result<void> truncate(std::uint64_t size) override {
    const std::lock_guard lock(env_.mutex_);
    file_->bytes.resize(static_cast<std::size_t>(size));
    file_->synced = std::min(file_->synced, file_->bytes.size());
    file_->modified_ns = env_.now_ns();
    return {};
  }
  [[nodiscard]] Result<std::uint64_t> size() const override {
    const std::lock_guard lock(env_.mutex_);
    return file_->bytes.size();
  }

 private:
  MemoryEnv& env_;
  std::shared_ptr<MemoryFile> file_;
};

class MemoryFileLock final : public base::FileLock {
 public:
  MemoryFileLock(MemoryEnv& env, std::string path) : env_(env), path_(std::move(path)) {}
  ~MemoryFileLock() override {
    {
      const std::lock_guard lock(env_.mutex_);
      env_.locks_[path_] = false;
    }
    env_.unlocked_.notify_all();
  }

 private:
  MemoryEnv& env_;
  std::string path_;
};

MemoryEnv::MemoryEnv(std::uint64_t seed)
    : since_epoch_(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1).time_since_epoch()), random_state_(seed) {}

void MemoryEnv::advance(std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  since_epoch_ += duration;
  monotonic_ += duration;
}
void MemoryEnv::set_now(Timestamp now) {
  const std::lock_guard lock(mutex_);
  since_epoch_ = now.time_since_epoch();
}
void MemoryEnv::set_auto_advance(std::chrono::nanoseconds step) {
  const std::lock_guard lock(mutex_);
  step_ = step;
}
void MemoryEnv::set_variable(const std::string& name, const std::string& value) {
  const std::lock_guard lock(mutex_);
  variables_[name] = value;
}
void MemoryEnv::set_current_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  current_directory_ = absolute(path);
}
void MemoryEnv::set_runner(Runner runner) {
  const std::lock_guard lock(mutex_);
  runner_ = std::move(runner);
}
void MemoryEnv::set_starter(Starter starter) {
  const std::lock_guard lock(mutex_);
  starter_ = std::move(starter);
}
void MemoryEnv::lose_unsynced() {
  const std::lock_guard lock(mutex_);
  for (auto& [path, node] : nodes_)
    if (node) node->bytes.resize(node->synced);
}
std::map<std::string, std::string> MemoryEnv::files() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> contents;
  for (const auto& [path, node] : nodes_)
    if (node) contents.emplace(path, node->bytes);
  return contents;
}

Timestamp MemoryEnv::now() {
  const std::lock_guard lock(mutex_);
  const Timestamp time(std::chrono::floor<std::chrono::milliseconds>(since_epoch_));
  since_epoch_ += step_;
  monotonic_ += step_;
  return time;
}
std::chrono::nanoseconds MemoryEnv::monotonic() {
  const std::lock_guard lock(mutex_);
  const auto time = monotonic_;
  since_epoch_ += step_;
  monotonic_ += step_;
  return time;
}
std::uint64_t MemoryEnv::random_u64() {
  const std::lock_guard lock(mutex_);
  random_state_ += 0x9e3779b97f4a7c15ULL;  // Weyl sequence, as in SplitMix64 (Steele, Lea, Flood 2014)
  return base::mix64(0, random_state_);
}

std::string MemoryEnv::absolute(const std::string& path) const {
  const std::string whole = !path.empty() && path.front() == '/' ? path : current_directory_ + "/" + path;
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start < whole.size()) {
    const std::size_t end = std::min(whole.find('/', start), whole.size());
    const std::string part = whole.substr(start, end - start);
    start = end + 1;
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string result;
  for (const std::string& part : parts) result.append("/").append(part);
  return result.empty() ? "/" : result;
}

const MemoryEnv::Node* MemoryEnv::find(const std::string& path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : &found->second;
}
bool MemoryEnv::is_folder(const std::string& path) const {
  const Node* node = find(path);
  return node != nullptr && *node == nullptr;
}
bool MemoryEnv::has_entries(const std::string& folder) const {
  const std::string prefix = inside(folder);
  const auto next = nodes_.upper_bound(prefix);
  return next != nodes_.end() && next->first.compare(0, prefix.size(), prefix) == 0;
}
std::int64_t MemoryEnv::now_ns() const {
  return since_epoch_.count();
}

Result<MemoryEnv::Node> MemoryEnv::file_to_read(const std::string& path) const {
  const Node* node = find(absolute(path));
  if (node == nullptr) return no_such(path);
  if (*node == nullptr) return fail(ErrorCode::bad_data, "cannot read " + path + ": it is a folder");
  return *node;
}

/// Where the file at `path` is or will be; a new place holds null.
Result<MemoryEnv::Node*> MemoryEnv::place_for_file(const std::string& path) {
  const std::string name = absolute(path);
  if (!is_folder(parent_of(name))) return fail(ErrorCode::cannot_create, "cannot create " + path + ": no such folder");
  if (is_folder(name)) return in_the_way(path);
  return &nodes_[name];
}

Result<std::string> MemoryEnv::read_file(const std::string& path, std::uint64_t max_bytes) {
  const std::lock_guard lock(mutex_);
  AUTODEV_TRY_ASSIGN(const Node node, file_to_read(path));
  if (node->bytes.size() > max_bytes) return fail(ErrorCode::bad_data, path + " is larger than allowed");
  return node->bytes;
}

Result<void> MemoryEnv::write_file_atomically(const std::string& path, std::string_view bytes, bool durable) {
  const std::lock_guard lock(mutex_);
  AUTODEV_TRY_ASSIGN(Node* const place, place_for_file(path));
  *place = std::make_shared<MemoryFile>(MemoryFile{std::string(bytes), durable ? bytes.size() : 0, now_ns()});
  return {};
}

Result<std::unique_ptr<base::AppendFile>> MemoryEnv::open_append(const std::string& path) {
  const std::lock_guard lock(mutex_);
  AUTODEV_TRY_ASSIGN(Node* const place, place_for_file(path));
  if (*place == nullptr) *place = std::make_shared<MemoryFile>(MemoryFile{{}, 0, now_ns()});
  return std::make_unique<MemoryAppendFile>(*this, *place);
}

Result<std::unique_ptr<base::MappedFile>> MemoryEnv::map_file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  AUTODEV_TRY_ASSIGN(const Node node, file_to_read(path));
  return std::make_unique<CopiedFile>(node->bytes);
}

Result<std::unique_ptr<base::FileLock>> MemoryEnv::lock_file(const std::string& path,
                                                             std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const std::string name = absolute(path);
  AUTODEV_TRY_ASSIGN(Node* const place, place_for_file(path));
  if (*place == nullptr) *place = std::make_shared<MemoryFile>(MemoryFile{{}, 0, now_ns()});
  // Another thread holds it, so this wait is in real time.
  if (!unlocked_.wait_for(lock, timeout, [&] { return !locks_[name]; }))
    return fail(ErrorCode::busy, path + " is locked by another process");
  locks_[name] = true;
  return std::make_unique<MemoryFileLock>(*this, name);
}

Result<std::optional<base::FileStatus>> MemoryEnv::status(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const Node* node = find(absolute(path));
  if (node == nullptr) return std::nullopt;
  if (*node == nullptr) return base::FileStatus{FileType::directory, 0, 0, false};
  return base::FileStatus{FileType::file, (*node)->bytes.size(), (*node)->modified_ns, false};
}

Result<std::string> MemoryEnv::read_link(const std::string& path) {
  return fail(ErrorCode::no_input, path + ": no symbolic link");
}

Result<void> MemoryEnv::share_file(const std::string&) { return {}; }

Result<std::vector<base::DirectoryEntry>> MemoryEnv::list(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string folder = absolute(path);
  std::vector<base::DirectoryEntry> entries;
  const Node* found = find(folder);
  if (found == nullptr) return entries;
  if (*found != nullptr) return no_such(path);
  const std::string prefix = inside(folder);
  for (auto next = nodes_.upper_bound(prefix); next != nodes_.end(); ++next) {
    const auto& [name, node] = *next;
    if (name.compare(0, prefix.size(), prefix) != 0) break;
    if (name.find('/', prefix.size()) == std::string::npos)
      entries.push_back({name.substr(prefix.size()), node ? FileType::file : FileType::directory});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

Result<void> MemoryEnv::create_directories(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (path.empty()) return fail(ErrorCode::usage, "cannot create a folder without a name");
  const std::string name = absolute(path);
  for (std::size_t end = name.find('/', 1);; end = name.find('/', end + 1)) {
    const std::string folder = name.substr(0, end);
    const Node* node = find(folder);
    if (node != nullptr && *node != nullptr) return in_the_way(path);
    nodes_.emplace(folder, nullptr);
    if (end == std::string::npos) return {};
  }
}

Result<void> MemoryEnv::remove_file(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string name = absolute(path);
  if (is_folder(name)) return in_the_way(path);
  nodes_.erase(name);
  return {};
}

Result<void> MemoryEnv::remove_tree(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::string name = absolute(path);
  const std::string prefix = inside(name);
  std::erase_if(nodes_, [&](const auto& node) {
    return node.first != "/" && (node.first == name || node.first.compare(0, prefix.size(), prefix) == 0);
  });
  return {};
}

Result<void> MemoryEnv::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const std::string old_name = absolute(from);
  const std::string new_name = absolute(to);
  const Node* source = find(old_name);
  if (source == nullptr || !is_folder(parent_of(new_name))) return no_such(from);
  if (old_name == new_name) return {};
  const bool moves_folder = *source == nullptr;
  const std::string prefix = inside(old_name);
  if (moves_folder && new_name.compare(0, prefix.size(), prefix) == 0)
    return fail(ErrorCode::usage, "cannot move a folder into itself");
  if (const Node* target = find(new_name); target != nullptr) {
    if (moves_folder && *target != nullptr) return no_such(to);
    if (*target == nullptr && (!moves_folder || has_entries(new_name))) return in_the_way(to);
  }
  Nodes moved;
  for (const auto& [name, node] : nodes_)
    if (name == old_name || (moves_folder && name.compare(0, prefix.size(), prefix) == 0))
      moved.emplace(new_name + name.substr(old_name.size()), node);
  std::erase_if(nodes_, [&](const auto& node) {
    return node.first == old_name || (moves_folder && node.first.compare(0, prefix.size(), prefix) == 0);
  });
  for (auto& [name, node] : moved) nodes_[name] = node;
  return {};
}

Result<void> MemoryEnv::sync_directory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!is_folder(absolute(path))) return no_such(path);
  return {};
}

std::optional<std::string> MemoryEnv::variable(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = variables_.find(name);
  return found == variables_.end() ? std::nullopt : std::optional(found->second);
}
std::string MemoryEnv::current_directory() {
  const std::lock_guard lock(mutex_);
  return current_directory_;
}

namespace {

tl::unexpected<Error> not_installed(const base::ProcessOptions& options) {
  const std::string name = options.arguments.empty() ? "" : options.arguments.front();
  return fail(ErrorCode::unavailable, "cannot run '" + name + "': not found in PATH");
}

}  // namespace

Result<base::ProcessResult> MemoryEnv::run(const base::ProcessOptions& options) {
  std::unique_lock lock(mutex_);
  const Runner runner = runner_;
  lock.unlock();  // the runner may use this Env
  return runner ? runner(options) : not_installed(options);
}
Result<std::unique_ptr<base::ChildProcess>> MemoryEnv::start(const base::ProcessOptions& options) {
  std::unique_lock lock(mutex_);
  const Starter starter = starter_;
  lock.unlock();
  return starter ? starter(options) : not_installed(options);
}

}  // namespace autodev::test
