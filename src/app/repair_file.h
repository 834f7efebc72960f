// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair of one file: single edits in the order that past fixes suggest, each tried with the user's own test command on a copy of the work
// tree. Any language with a grammar; without a model. docs/repair.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/edit_search.h"
#include "app/parts.h"
#include "apply/sandbox.h"

namespace autodev::app {

struct RepairFileOptions {
  std::string root, folder, file;  ///< work tree; where the command starts and what is repaired, within it
  Language language = Language::unknown;
  std::string test;
  double seconds = 60;
  std::size_t candidates = 2'000;  ///< test runs at most
  std::chrono::milliseconds test_timeout{120'000};
  std::uint64_t tree_bytes = 0, memory_bytes = 0;
  std::function<void(std::size_t tried, std::size_t total, std::size_t passing)> on_progress;
};

struct RepairFileResult {
  bool tests_pass = false;   ///< before any change: nothing to repair
  EditSearchResult edit;
  std::string before;        ///< the whole file
  std::string diff;
  std::vector<RepairVoucher> vouchers;
  std::size_t fixes_learned = 0;
  double seconds = 0;
};

/// Writes nothing. Errors: those of the sandbox, `no_input` when the file is absent from the copy, `bad_data` when it cannot be parsed.
[[nodiscard]] Result<RepairFileResult> repair_file(Parts& parts, apply::Sandbox& sandbox, const RepairFileOptions& options);

}  // namespace autodev::app
