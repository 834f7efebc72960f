// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Env: the world behind one interface.
//
// Time, randomness, files and processes are reached through Env and nowhere else, so that tests can
// stand in a manual clock, a file system in memory and a disk that fails its n-th write, and so that the
// same events, seed and clock give the same bytes. RealEnv is the operating system.
//
// Paths are ordinary std::string paths in the operating system's encoding. All functions are safe to call
// from several threads at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "base/process.h"

namespace autodev::base {

/// An open file that only grows. Closing is the destructor.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// Appends all bytes or fails; a failed append may leave a torn tail behind.
  virtual Result<void> append(std::string_view bytes) = 0;
  /// Returns once everything appended so far is on the disk (fdatasync).
  virtual Result<void> sync() = 0;
  /// Cuts the file to `size` bytes.
  virtual Result<void> truncate(std::uint64_t size) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> size() const = 0;
};

/// A whole file, read-only, mapped into memory (a copy where mapping is not possible).
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  [[nodiscard]] virtual std::string_view bytes() const noexcept = 0;
};

/// An exclusive lock between processes; released by the destructor or by the end of the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class FileType : std::uint8_t { file, directory, symlink, other };

struct DirectoryEntry {
  std::string name;
  FileType type = FileType::file;
};

struct FileStatus {
  FileType type = FileType::file;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  bool executable = false;  ///< by its owner
};

class Env {
 public:
  virtual ~Env() = default;

  // --- clock and chance
  [[nodiscard]] virtual Timestamp now() = 0;
  /// Monotonic time for measuring durations.
  [[nodiscard]] virtual std::chrono::nanoseconds monotonic() = 0;
  [[nodiscard]] virtual std::uint64_t random_u64() = 0;

  // --- files
  /// Reads a whole file; `no_input` if absent, `bad_data` if larger than `max_bytes` or a folder.
  [[nodiscard]] virtual Result<std::string> read_file(const std::string& path,
                                                      std::uint64_t max_bytes = UINT64_MAX) = 0;
  /// Writes through a temporary file in the same folder and renames it: readers see old or new, never
  /// half. With `durable`, both file and folder are synced before it returns. A replaced file keeps its mode, a
  /// new one is 0600. `cannot_create` when the folder is absent or the disk full.
  virtual Result<void> write_file_atomically(const std::string& path, std::string_view bytes,
                                             bool durable = false) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<MappedFile>> map_file(const std::string& path) = 0;
  /// Waits at most `timeout` for the lock on `path` (created if absent); `busy` when it passes.
  [[nodiscard]] virtual Result<std::unique_ptr<FileLock>> lock_file(
      const std::string& path, std::chrono::milliseconds timeout) = 0;
  /// Absent when nothing is there. Does not follow a final symbolic link.
  [[nodiscard]] virtual Result<std::optional<FileStatus>> status(const std::string& path) = 0;
  /// What a symbolic link says; `no_input` when there is none.
  [[nodiscard]] virtual Result<std::string> read_link(const std::string& path) = 0;
  /// Gives a file the permissions that the user's own new files get (0666 without the umask): for what belongs to them.
  virtual Result<void> share_file(const std::string& path) = 0;
  /// Entries sorted by name, without "." and ".."; empty when the folder is absent.
  [[nodiscard]] virtual Result<std::vector<DirectoryEntry>> list(const std::string& path) = 0;
  /// Creates the folder and its parents (mode 0700); existing folders are fine.
  virtual Result<void> create_directories(const std::string& path) = 0;
  /// Removes a file; an absent one is fine.
  virtual Result<void> remove_file(const std::string& path) = 0;
  /// Removes a folder with everything in it, never following links; absent is fine.
  virtual Result<void> remove_tree(const std::string& path) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> sync_directory(const std::string& path) = 0;

  // --- surroundings
  [[nodiscard]] virtual std::optional<std::string> variable(const std::string& name) = 0;
  [[nodiscard]] virtual std::string current_directory() = 0;

  // --- processes
  /// Runs a program to its end. See process.h.
  [[nodiscard]] virtual Result<ProcessResult> run(const ProcessOptions& options) = 0;
  /// Starts a program that is talked to over pipes. See process.h.
  [[nodiscard]] virtual Result<std::unique_ptr<ChildProcess>> start(const ProcessOptions& options) = 0;
};

/// The operating system. One instance for the whole process.
[[nodiscard]] Env& real_env();

}  // namespace autodev::base
