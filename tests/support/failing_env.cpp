// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/failing_env.h"

#include <algorithm>

namespace autodev::test {
namespace {

std::size_t index_of(Operation kind) {
  return static_cast<std::size_t>(kind);
}

tl::unexpected<Error> disk_full(const std::string& path) {
  return fail(ErrorCode::cannot_create, "cannot write " + path + ": the disk is full", "free some space and try again");
}

}  // namespace

class FailingAppendFile final : public base::AppendFile {
 public:
  FailingAppendFile(FailingEnv& env, std::unique_ptr<base::AppendFile> file, std::string path)
      : env_(env), file_(std::move(file)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    if (auto passed = env_.pass(Operation::write, path_); !passed) {
      AUTODEV_TRY(file_->append(bytes.substr(0, bytes.size() / 2)));
      return passed;
    }
    const std::size_t room = env_.take_space(bytes.size());
    AUTODEV_TRY(file_->append(bytes.substr(0, room)));
    return room == bytes.size() ? Result<void>() : disk_full(path_);
  }
  Result<void> sync() override {
    AUTODEV_TRY(env_.pass(Operation::sync, path_));
    return file_->sync();
  }
  Result<void> truncate(std::uint64_t size) override {
    AUTODEV_TRY(env_.pass(Operation::write, path_));
    return file_->truncate(size);
  }
  [[nodiscard]] Result<std::uint64_t> size() const override { return file_->size(); }

 private:
  FailingEnv& env_;
  std::unique_ptr<base::AppendFile> file_;
  std::string path_;
};

void FailingEnv::fail_on(Operation kind, std::uint64_t nth, ErrorCode code, bool for_ever) {
  const std::lock_guard lock(mutex_);
  faults_[index_of(kind)] = Fault{counts_[index_of(kind)] + nth, code, for_ever};
}
void FailingEnv::disk_full_after(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  space_ = bytes;
}
void FailingEnv::heal() {
  const std::lock_guard lock(mutex_);
  faults_ = {};
  space_.reset();
}
std::uint64_t FailingEnv::count(Operation kind) const {
  const std::lock_guard lock(mutex_);
  return counts_[index_of(kind)];
}

Result<void> FailingEnv::pass(Operation kind, const std::string& path) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = ++counts_[index_of(kind)];
  const auto& fault = faults_[index_of(kind)];
  if (!fault || number < fault->at || (number > fault->at && !fault->for_ever)) return {};
  return fail(fault->code, "fault put in at operation " + std::to_string(number) + " on " + path);
}

std::size_t FailingEnv::take_space(std::size_t wanted) {
  const std::lock_guard lock(mutex_);
  if (!space_) return wanted;
  const std::uint64_t taken = std::min<std::uint64_t>(*space_, wanted);
  *space_ -= taken;
  return static_cast<std::size_t>(taken);
}

Result<std::string> FailingEnv::read_file(const std::string& path, std::uint64_t max_bytes) {
  AUTODEV_TRY(pass(Operation::read, path));
  return below_.read_file(path, max_bytes);
}
Result<void> FailingEnv::write_file_atomically(const std::string& path, std::string_view bytes, bool durable) {
  AUTODEV_TRY(pass(Operation::write, path));
  if (take_space(bytes.size()) < bytes.size()) return disk_full(path);
  if (durable) AUTODEV_TRY(pass(Operation::sync, path));
  AUTODEV_TRY(pass(Operation::rename, path));
  return below_.write_file_atomically(path, bytes, durable);
}
Result<std::unique_ptr<base::AppendFile>> FailingEnv::open_append(const std::string& path) {
  AUTODEV_TRY(pass(Operation::create, path));
  AUTODEV_TRY_ASSIGN(auto file, below_.open_append(path));
  return std::make_unique<FailingAppendFile>(*this, std::move(file), path);
}
Result<std::unique_ptr<base::MappedFile>> FailingEnv::map_file(const std::string& path) {
  AUTODEV_TRY(pass(Operation::read, path));
  return below_.map_file(path);
}
Result<std::unique_ptr<base::FileLock>> FailingEnv::lock_file(const std::string& path,
                                                              std::chrono::milliseconds timeout) {
  AUTODEV_TRY(pass(Operation::lock, path));
  return below_.lock_file(path, timeout);
}
Result<std::optional<base::FileStatus>> FailingEnv::status(const std::string& path) {
  AUTODEV_TRY(pass(Operation::read, path));
  return below_.status(path);
}
Result<std::string> FailingEnv::read_link(const std::string& path) {
  AUTODEV_TRY(pass(Operation::read, path));
  return below_.read_link(path);
}
Result<void> FailingEnv::share_file(const std::string& path) { return below_.share_file(path); }
Result<std::vector<base::DirectoryEntry>> FailingEnv::list(const std::string& path) {
  AUTODEV_TRY(pass(Operation::read, path));
  return below_.list(path);
}
Result<void> FailingEnv::create_directories(const std::string& path) {
  AUTODEV_TRY(pass(Operation::create, path));
  return below_.create_directories(path);
}
Result<void> FailingEnv::remove_file(const std::string& path) {
  AUTODEV_TRY(pass(Operation::remove, path));
  return below_.remove_file(path);
}
Result<void> FailingEnv::remove_tree(const std::string& path) {
  AUTODEV_TRY(pass(Operation::remove, path));
  return below_.remove_tree(path);
}
Result<void> FailingEnv::rename(const std::string& from, const std::string& to) {
  AUTODEV_TRY(pass(Operation::rename, from));
  return below_.rename(from, to);
}
Result<void> FailingEnv::sync_directory(const std::string& path) {
  AUTODEV_TRY(pass(Operation::sync, path));
  return below_.sync_directory(path);
}

}  // namespace autodev::test
