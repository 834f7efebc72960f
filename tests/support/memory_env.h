// SPDX-License-Identifier: MIT OR Apache-2.0
//
// MemoryEnv: a world without an operating system. Files in memory, a clock that moves only when told to,
// random numbers from a seed, and programs that are functions. Errors are those of RealEnv (one suite runs over
// both). Paths are absolute or relative to current_directory(); ".." is resolved by text; no links.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/env.h"

namespace autodev::test {

/// The content of one file, shared by its name and by everybody who has it open.
struct MemoryFile {
  std::string bytes;
  std::size_t synced = 0;  ///< how much survives a loss of power
  std::int64_t modified_ns = 0;
};

class MemoryEnv : public base::Env {
 public:
  using Runner = std::function<Result<base::ProcessResult>(const base::ProcessOptions&)>;
  using Starter = std::function<Result<std::unique_ptr<base::ChildProcess>>(const base::ProcessOptions&)>;

  /// The clock starts at 2026-01-01T00:00:00Z, the monotonic one at 0.
  explicit MemoryEnv(std::uint64_t seed = 1);

  // --- what tests set
  void advance(std::chrono::nanoseconds duration);
  void set_now(Timestamp now);
  /// Every look at a clock moves both by this afterwards.
  void set_auto_advance(std::chrono::nanoseconds step);
  void set_variable(const std::string& name, const std::string& value);
  void set_current_directory(const std::string& path);
  /// What `run` does; without it every program is missing.
  void set_runner(Runner runner);
  void set_starter(Starter starter);
  /// Loss of power, in the worst way that is allowed: all bytes that were not synced are gone.
  void lose_unsynced();
  /// All files with their contents, for comparing states.
  [[nodiscard]] std::map<std::string, std::string> files() const;

  // --- Env
  [[nodiscard]] Timestamp now() override;
  [[nodiscard]] std::chrono::nanoseconds monotonic() override;
  [[nodiscard]] std::uint64_t random_u64() override;
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
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) override;
  [[nodiscard]] std::string current_directory() override;
  [[nodiscard]] Result<base::ProcessResult> run(const base::ProcessOptions& options) override;
  [[nodiscard]] Result<std::unique_ptr<base::ChildProcess>> start(const base::ProcessOptions& options) override;

 private:
  friend class MemoryAppendFile;
  friend class MemoryFileLock;
  /// A file, or a folder when null.
  using Node = std::shared_ptr<MemoryFile>;
  using Nodes = std::map<std::string, Node>;

  // All of these expect the mutex to be held and paths as made by `absolute`.
  [[nodiscard]] std::string absolute(const std::string& path) const;
  [[nodiscard]] bool is_folder(const std::string& path) const;
  [[nodiscard]] const Node* find(const std::string& path) const;
  [[nodiscard]] bool has_entries(const std::string& folder) const;
  [[nodiscard]] Result<Node> file_to_read(const std::string& path) const;
  [[nodiscard]] Result<Node*> place_for_file(const std::string& path);
  [[nodiscard]] std::int64_t now_ns() const;

  mutable std::mutex mutex_;
  std::condition_variable unlocked_;
  Nodes nodes_{{"/", nullptr}};
  std::map<std::string, bool> locks_;
  std::chrono::nanoseconds since_epoch_;
  std::chrono::nanoseconds monotonic_{};
  std::chrono::nanoseconds step_{};
  std::uint64_t random_state_;
  std::map<std::string, std::string> variables_;
  std::string current_directory_ = "/";
  Runner runner_;
  Starter starter_;
};

}  // namespace autodev::test
