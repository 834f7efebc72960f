// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tree tests: a project's own test command, run on a copy of its files with one of them changed.
//
// The copy lives in the sandbox's memory and nowhere else, so nothing is left behind however a run ends, and the user's files
// cannot be touched by what is tried. The same code is never run twice.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "apply/sandbox.h"
#include "apply/tar.h"
#include "autodev/ids.h"

namespace autodev::apply {

struct TreeTestOptions {
  std::string folder;            ///< within the tree, where the command starts; empty: its root
  Language language = Language::unknown;  ///< whose toolchain is shown
  std::chrono::milliseconds timeout{120'000};
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
};

class TreeTests {
 public:
  TreeTests(Sandbox& sandbox, std::vector<TreeFile> tree, TreeTestOptions options);

  /// Runs `command` (as typed into a shell) with `changed` in place of what the tree has. Errors: those of the sandbox.
  [[nodiscard]] Result<SandboxRun> run(const std::string& command, const std::map<std::string, std::string>& changed);
  /// Time for the runs from now on; what ran before is not run again.
  void set_timeout(std::chrono::milliseconds timeout) { options_.timeout = timeout; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return options_.timeout; }
  /// Runs that took a process.
  [[nodiscard]] std::uint64_t runs() const noexcept { return runs_; }

 private:
  Sandbox& sandbox_;
  std::vector<TreeFile> tree_;
  TreeTestOptions options_;
  std::uint64_t bytes_ = 0;
  std::uint64_t runs_ = 0;
  std::map<Digest, SandboxRun> known_;
};

}  // namespace autodev::apply
