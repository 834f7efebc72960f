// SPDX-License-Identifier: MIT OR Apache-2.0
//
// FailingEnv: another Env with faults put in. The n-th operation of a kind fails, or the disk is full after so
// many bytes and appends are torn. Operations are counted, so a test can first count and then fail each in turn.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "base/env.h"

namespace autodev::test {

enum class Operation : std::uint8_t { read, write, sync, rename, create, remove, lock };
inline constexpr std::size_t operation_kinds = 7;

class FailingEnv : public base::Env {
 public:
  explicit FailingEnv(base::Env& below) : below_(below) {}

  /// The `nth` (1 = the next) operation of this kind from now on fails with `code`; with `for_ever` all later
  /// ones too. A failing append leaves half of its bytes behind.
  void fail_on(Operation kind, std::uint64_t nth, ErrorCode code = ErrorCode::io, bool for_ever = false);
  /// Only `bytes` more can be written; then appends are torn and everything written fails with cannot_create.
  void disk_full_after(std::uint64_t bytes);
  /// Removes all faults.
  void heal();
  /// How many operations of this kind there were.
  [[nodiscard]] std::uint64_t count(Operation kind) const;

  [[nodiscard]] Timestamp now() override { return below_.now(); }
  [[nodiscard]] std::chrono::nanoseconds monotonic() override { return below_.monotonic(); }
  [[nodiscard]] std::uint64_t random_u64() override { return below_.random_u64(); }
  [[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes = UINT64_MAX) override;
  Result<void> write_file_atomically(const std::string& path, std::string_view bytes, bool durable = false) override;
  [[nodiscard]] Result<std::unique_ptr<base::AppendFile>> open_append(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<base::MappedFile>> map_file(const std::string& path) override;
  [[nodiscard]] Result<std::unique_ptr<base::FileLock>> lock_file(const std::string& path,
                                                                  std::chrono::milliseconds timeout) override;
  [[nodiscard]] Result<std::optional<base::FileStatus>> status(const std::string& path) override;
  [[nodiscard]] Result<std::string> read_link(const std::string& path) override;
  Result<void> share_file(const std::string& path) override;
  [[nodiscard]] Result<std::vector<base::DirectoryEntry>> list(const std::string& path) override;
  Result<void> create_directories(const std::string& path) override;
  Result<void> remove_file(const std::string& path) override;
  Result<void> remove_tree(const std::string& path) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> sync_directory(const std::string& path) override;
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) override { return below_.variable(name); }
  [[nodiscard]] std::string current_directory() override { return below_.current_directory(); }
  [[nodiscard]] Result<base::ProcessResult> run(const base::ProcessOptions& options) override {
    return below_.run(options);
  }
  [[nodiscard]] Result<std::unique_ptr<base::ChildProcess>> start(const base::ProcessOptions& options) override {
    return below_.start(options);
  }

 private:
  friend class FailingAppendFile;
  struct Fault {
    std::uint64_t at = 0;  ///< the count at which it strikes
    ErrorCode code = ErrorCode::io;
    bool for_ever = false;
  };
  /// Counts one operation; its error when it is to fail.
  [[nodiscard]] Result<void> pass(Operation kind, const std::string& path);
  /// How many of `wanted` bytes still fit; takes them.
  [[nodiscard]] std::size_t take_space(std::size_t wanted);

  base::Env& below_;
  mutable std::mutex mutex_;
  std::array<std::uint64_t, operation_kinds> counts_{};
  std::array<std::optional<Fault>, operation_kinds> faults_{};
  std::optional<std::uint64_t> space_;
};

}  // namespace autodev::test
