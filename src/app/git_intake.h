// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Git intake: a history walked, parsed and folded, oldest first, resumable.
//
// One thread walks git and parses, this one journals and folds in batches, so that both cores work. What was
// read is remembered per repository as (last commit, its last event); when the history was rewritten or the
// event is gone, the walk starts over, which is harmless because events are known by their content.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/parts.h"
#include "observe/git_history.h"

namespace autodev::app {

struct GitIntakeOptions {
  std::string repository;
  observe::GitOptions walk;
  bool show_progress = true;
};

struct GitIntakeReport {
  std::string project;
  std::uint64_t commits = 0;      ///< walked by this call
  std::uint64_t events = 0;       ///< new events
  std::uint64_t known = 0;        ///< events that were there already
  std::uint64_t units = 0;
  std::uint64_t units_too_large = 0;  ///< functions and types, once for each version of their file
  std::uint64_t patterns_changed = 0;
  observe::GitCounts counts;
  bool interrupted = false;
  bool resumed = false;           ///< only the commits after the last run were read
  double seconds = 0;
  std::vector<std::string> notes; ///< first 20 files that were skipped, and why
  std::uint64_t notes_total = 0;
};

[[nodiscard]] Result<GitIntakeReport> learn_from_git(Parts& parts, const GitIntakeOptions& options);

}  // namespace autodev::app
