// SPDX-License-Identifier: MIT OR Apache-2.0
//
// RealEnv: the operating system. Only the clock, chance and surroundings are here; files are in real_files
// and real_folders, processes in real_process and child_process.
#include <sys/random.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/env.h"
#include "base/real_files.h"
#include "base/real_process.h"

namespace autodev::base {
namespace {

class RealEnv final : public Env {
 public:
  Timestamp now() override { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
  std::chrono::nanoseconds monotonic() override { return std::chrono::steady_clock::now().time_since_epoch(); }
  std::uint64_t random_u64() override {
    std::uint64_t value = 0;
    if (::getrandom(&value, sizeof value, 0) == static_cast<ssize_t>(sizeof value)) return value;
    std::random_device device;  // a kernel without getrandom
    return (std::uint64_t{device()} << 32) | device();
  }

  Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) override {
    return real::read_file(path, max_bytes);
  }
  Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool durable) override {
    return real::write_file_atomically(path, bytes, durable);
  }
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override { return real::open_append(path); }
  Result<std::unique_ptr<MappedFile>> map_file(const std::string& path) override { return real::map_file(path); }
  Result<std::unique_ptr<FileLock>> lock_file(const std::string& path, std::chrono::milliseconds timeout) override {
    return real::lock_file(path, timeout);
  }
  Result<std::optional<FileStatus>> status(const std::string& path) override { return real::status(path); }
  Result<std::string> read_link(const std::string& path) override { return real::read_link(path); }
  Result<void> share_file(const std::string& path) override { return real::share_file(path); }
  Result<std::vector<DirectoryEntry>> list(const std::string& path) override { return real::list(path); }
  Result<void> create_directories(const std::string& path) override { return real::create_directories(path); }
  Result<void> remove_file(const std::string& path) override { return real::remove_file(path); }
  Result<void> remove_tree(const std::string& path) override { return real::remove_tree(path); }
  Result<void> rename(const std::string& from, const std::string& to) override { return real::rename(from, to); }
  Result<void> sync_directory(const std::string& path) override { return real::sync_directory(path); }

  std::optional<std::string> variable(const std::string& name) override {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
  std::string current_directory() override {
    std::error_code error;
    const auto path = std::filesystem::current_path(error);
    return error ? "." : path.string();
  }

  Result<ProcessResult> run(const ProcessOptions& options) override { return real::run_process(options); }
  Result<std::unique_ptr<ChildProcess>> start(const ProcessOptions& options) override {
    return real::start_process(options);
  }
};

}  // namespace

Env& real_env() {
  static RealEnv env;
  return env;
}

}  // namespace autodev::base
