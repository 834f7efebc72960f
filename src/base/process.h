// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Child processes: argument vectors only (no shell ever interprets a string of ours), pipes, limits.
//
// `Env::run` runs to the end with output caps and a deadline; on the deadline the whole process group is
// killed. Each child is in a process group of its own. With captured output, nothing of the group outlives the
// run, output of background processes is read for 0.2 s after the end, and no descriptors but the three
// standard ones are passed on. Errors: `unavailable` when the program cannot be found or executed, `no_input`
// when the folder is absent, `usage` without arguments. `Env::start` gives a child to talk to over stdin/stdout (parse workers, `git cat-file --batch`).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::base {

/// Resource limits set in the child before it runs (setrlimit). Absent = inherited.
struct ProcessLimits {
  std::optional<std::uint64_t> address_space_bytes;
  std::optional<std::uint64_t> cpu_seconds;
  std::optional<std::uint64_t> file_size_bytes;
  std::optional<std::uint64_t> processes;
  std::optional<std::uint64_t> open_files;
};

struct ProcessOptions {
  std::vector<std::string> arguments;  ///< [0] is looked up in PATH unless it holds a '/'
  std::string directory;               ///< working folder; empty = inherited
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the inherited one
  bool clear_environment = false;      ///< start from an empty environment instead
  std::string input;                   ///< written to stdin (run only), then stdin is closed; empty = /dev/null
  /// The child reads our stdin and stays in our process group, as if it ran in our place: terminals, job control
  /// and the keyboard's signals work as without us (run only; for wrapped commands).
  bool inherit_input = false;
  bool inherit_output = false;         ///< child writes to our stdout/stderr directly (run only)
  /// With inherit_output: what goes to anything but a terminal passes through us, unchanged and at once, and its
  /// beginning and end are kept in ProcessResult::output (both streams, as they came).
  bool keep_copy = false;
  std::size_t max_output_bytes = 16u << 20;  ///< per stream; more is read and dropped
  std::optional<std::chrono::milliseconds> timeout;  ///< of the whole run; for `start`, of each write
  ProcessLimits limits;
  /// Called with each piece of output as it arrives (run only); `stream` is 1 or 2.
  std::function<void(int stream, std::string_view bytes)> on_output;
  /// Pass SIGINT/SIGTERM received by this process on to the child (for wrapped commands).
  bool forward_signals = false;
};

struct ProcessResult {
  int exit_code = -1;     ///< the exit status; 128 + signal when killed by one
  int signal = 0;         ///< the signal that ended it, or 0
  bool timed_out = false;
  bool output_truncated = false;
  std::string output;     ///< stdout, capped
  std::string error;      ///< stderr, capped
  std::chrono::nanoseconds duration{};
};

/// A running child with pipes on stdin and stdout (stderr goes to /dev/null).
/// The destructor kills and reaps it.
class ChildProcess {
 public:
  virtual ~ChildProcess() = default;
  /// Writes everything; `unavailable` when the child has gone.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Reads exactly `count` bytes, waiting at most `timeout`: `busy` on time-out, `unavailable` at end of file.
  virtual Result<std::string> read_exactly(std::size_t count, std::chrono::milliseconds timeout) = 0;
  /// Reads up to and including the next '\n' (at most `max_bytes`).
  virtual Result<std::string> read_line(std::size_t max_bytes, std::chrono::milliseconds timeout) = 0;
  virtual void close_input() = 0;
  virtual void kill() = 0;
  /// Waits for the end; exit code as in ProcessResult. Close the input first if the child reads to its end.
  virtual int wait() = 0;
};

}  // namespace autodev::base
