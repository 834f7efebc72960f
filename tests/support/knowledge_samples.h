// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sample events and a world with a manual clock for the tests of the journal and the fold.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "autodev/event.h"
#include "base/env.h"
#include "knowledge/record.h"

namespace autodev::test {

/// The real file system with a clock that stands still unless moved, and a counted source of chance.
/// `fail_append` may refuse an append (after writing `short_bytes` of it) or a sync.
class SteppedEnv : public base::Env {
 public:
  explicit SteppedEnv(std::int64_t start_ms = 1'700'000'000'000, std::uint64_t seed = 1) : clock_ms(start_ms), seed_(seed) {}

  std::int64_t clock_ms;
  /// Called before each append and sync with "append" or "sync"; returning false makes it fail.
  std::function<bool(std::string_view operation)> allow;
  std::size_t short_bytes = 0;

  Timestamp now() override { return Timestamp(Milliseconds(clock_ms)); }
  std::chrono::nanoseconds monotonic() override { return real().monotonic(); }
  std::uint64_t random_u64() override { return ++counter_ * 0x9e3779b97f4a7c15ULL ^ (seed_ << 32); }
  Result<std::string> read_file(const std::string& path, std::uint64_t max) override { return real().read_file(path, max); }
  Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool durable) override {
    return real().write_file_atomically(path, bytes, durable);
  }
  Result<std::unique_ptr<base::AppendFile>> open_append(const std::string& path) override;
  Result<std::unique_ptr<base::MappedFile>> map_file(const std::string& path) override { return real().map_file(path); }
  Result<std::unique_ptr<base::FileLock>> lock_file(const std::string& path, std::chrono::milliseconds timeout) override {
    return real().lock_file(path, timeout);
  }
  Result<std::optional<base::FileStatus>> status(const std::string& path) override { return real().status(path); }
  Result<std::string> read_link(const std::string& path) override { return real().read_link(path); }
  Result<void> share_file(const std::string& path) override { return real().share_file(path); }
  Result<std::vector<base::DirectoryEntry>> list(const std::string& path) override { return real().list(path); }
  Result<void> create_directories(const std::string& path) override { return real().create_directories(path); }
  Result<void> remove_file(const std::string& path) override { return real().remove_file(path); }
  Result<void> remove_tree(const std::string& path) override { return real().remove_tree(path); }
  Result<void> rename(const std::string& from, const std::string& to) override { return real().rename(from, to); }
  Result<void> sync_directory(const std::string& path) override { return real().sync_directory(path); }
  std::optional<std::string> variable(const std::string& name) override { return real().variable(name); }
  std::string current_directory() override { return real().current_directory(); }
  Result<base::ProcessResult> run(const base::ProcessOptions& options) override { return real().run(options); }
  Result<std::unique_ptr<base::ChildProcess>> start(const base::ProcessOptions& options) override {
    return real().start(options);
  }

 private:
  static base::Env& real() { return base::real_env(); }
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

/// A small sequence of numbers that is the same everywhere (splitmix64).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = (state_ += 0x9e3779b97f4a7c15ULL);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool once_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// Every member set to something that is not its default.
[[nodiscard]] LearningEvent full_event();
/// A small event that differs by `number`.
[[nodiscard]] LearningEvent small_event(int number, const std::string& project = "shop");
/// Reads and writes whole files, bypassing the system under test.
[[nodiscard]] std::string file_bytes(const std::string& path);
void set_file_bytes(const std::string& path, const std::string& bytes);

}  // namespace autodev::test
