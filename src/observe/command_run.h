// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CommandRun: running a command in our place (`learn run -- COMMAND`), so that its outcome is seen, not told.
//
// The command gets our own stdin, stdout, stderr, process group and environment; the terminal sees exactly its
// bytes, keyboard signals reach it directly, signals sent to us are passed on. Output that goes to a terminal is not
// touched; output that goes anywhere else passes through unchanged, and its beginning and end are kept as evidence. A report
// file is taken as evidence only if this run wrote it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "base/env.h"

namespace autodev::observe {

struct CommandRunOptions {
  std::vector<std::string> arguments;  ///< the command; never interpreted by a shell
  std::string directory;               ///< working folder; empty = inherited
  std::string report_path{};           ///< report the command writes; relative to `directory`; empty = none
  std::vector<std::string> more_reports{};  ///< further ones
  bool quiet = false;  ///< nobody sees the output, and there is no input: repetitions
};

struct CommandRun {
  int exit_code = 0;           ///< the command's own, 128 + signal when one ended it
  int signal = 0;              ///< the signal that ended it, or 0
  Timestamp started{};
  std::chrono::nanoseconds duration{};
  std::string output;          ///< what it printed: 64 KiB from the beginning, 256 KiB from the end
  std::optional<std::string> report;  ///< content of `report_path`, when this run wrote it
  std::string report_note;     ///< why there is no report although one was named
  std::vector<std::optional<std::string>> more_reports;  ///< as `more_reports` of the options
  std::vector<std::string> notes;  ///< why one of those is missing
};

/// Runs to the end. `unavailable` when the program cannot be found or executed (shells say 127), `no_input` when the
/// folder does not exist, `usage` without a command.
[[nodiscard]] Result<CommandRun> run_command(base::Env& env, const CommandRunOptions& options);

}  // namespace autodev::observe
