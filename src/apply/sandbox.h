// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sandbox: runs foreign code with nothing to break: no network, no home, read-only system, memory, time,
// process, file-size and disk limits (bubblewrap and setrlimit). Without bubblewrap it refuses, unless
// `unsafe` is set by the user.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/env.h"

namespace autodev::apply {

struct SandboxLimits {
  std::chrono::milliseconds wall{10'000};
  std::uint64_t memory_bytes = 1u << 30;
  std::uint64_t disk_bytes = 64u << 20;
  std::uint64_t processes = 64;
  std::size_t output_bytes = 16u << 10;  ///< how much of what is printed is kept, the last
};

struct SandboxRun {
  bool passed = false;       ///< exit code 0 within all limits
  bool compile_failed = false;
  int exit_code = -1;
  bool timed_out = false;
  bool interrupted = false;  ///< ended by a signal that the user sent to this program
  std::string output;        ///< the end of stdout and stderr, at most SandboxLimits::output_bytes
  std::chrono::nanoseconds duration{};
};

/// What a sandbox did so far.
struct SandboxStatistics {
  std::uint64_t runs = 0;    ///< processes started
  std::uint64_t cached = 0;  ///< answers given without a process
  std::chrono::nanoseconds total{};  ///< wall time of the runs
};

/// Safe to use from several threads at once.
class Sandbox {
 public:
  struct Options {
    bool unsafe = false;  ///< run without bubblewrap: limits only
    SandboxLimits limits;
    bool forward_signals = false;  ///< SIGINT and SIGTERM end the run, see SandboxRun::interrupted
  };
  /// `unavailable` with an installation hint when bubblewrap does not work here and `unsafe` is not set.
  [[nodiscard]] static Result<std::unique_ptr<Sandbox>> open(base::Env& env, Options options);
  virtual ~Sandbox() = default;

  /// Runs `arguments` in an empty folder holding `files` (relative names only).
  [[nodiscard]] virtual Result<SandboxRun> run(const std::vector<std::string>& arguments,
                                               const std::map<std::string, std::string>& files,
                                               const SandboxLimits& limits) = 0;
  /// The same with `language`'s toolchain shown, wherever it is installed; without it where there is none.
  [[nodiscard]] virtual Result<SandboxRun> run_in_toolchain(Language language, const std::vector<std::string>& arguments,
                                                            const std::map<std::string, std::string>& files,
                                                            const SandboxLimits& limits) {
    (void)language;
    return run(arguments, files, limits);
  }
  /// `unavailable` when nothing here can run programs in `language`. Cost: that of find_toolchain, once.
  [[nodiscard]] virtual Result<void> require_toolchain(Language language) {
    (void)language;
    return {};
  }
  /// A header for `-include` whose compiled form is at hand (precompiled.h); empty where there is none.
  [[nodiscard]] virtual std::string prepared_header(Language language, const std::vector<std::string>& headers) {
    (void)language, (void)headers;
    return {};
  }
  /// Runs one self-contained program: interprets it or compiles and runs it. Answers are cached by content.
  /// `unavailable` when the language's toolchain is absent.
  [[nodiscard]] virtual Result<SandboxRun> run_program(Language language, const std::string& source,
                                                       double timeout_s) = 0;
  /// Runs `script` with `language`'s toolchain next to `files`. Not cached. `unavailable` as above.
  [[nodiscard]] virtual Result<SandboxRun> run_script(Language language, std::map<std::string, std::string> files,
                                                      const std::string& script, const SandboxLimits& limits) = 0;
  [[nodiscard]] virtual SandboxStatistics statistics() const = 0;
};

}  // namespace autodev::apply
