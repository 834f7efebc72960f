// SPDX-License-Identifier: MIT OR Apache-2.0
//
// History steps: what each commit of a version history says (its subject) and which functions it adds, changes and removes. The
// raw material of `bench histories`: requests in their own words with the functions that turned out to be meant.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/code.h"
#include "base/env.h"

namespace autodev::app {

struct StepFunction {
  std::string key;          ///< path, scope and name: the same function in another version has the same key
  std::string name, signature, code;  ///< without documentation and comments
  std::string description;  ///< first sentence of the documentation; empty when there is none to speak of
  Language language = Language::unknown;
  bool added = false;       ///< else changed
};

struct HistoryStep {
  std::string revision, subject;
  std::vector<StepFunction> functions;  ///< added or changed, in order of paths and places
  std::vector<std::string> removed;     ///< keys
};

/// Steps of the newest `most` commits, oldest first; commits without functions are left out, and those that touch more than 200 files (imports, reformatting).
[[nodiscard]] Result<std::vector<HistoryStep>> read_history(base::Env& env, const std::string& repository, std::uint64_t most,
                                                            const std::function<void(std::uint64_t done, std::uint64_t total)>& on_progress = {});

/// One JSON line and back. Errors: `bad_data` with file and line.
[[nodiscard]] std::string to_json_line(const HistoryStep& step);
[[nodiscard]] Result<std::vector<HistoryStep>> parse_steps(std::string_view text, std::string_view file);

}  // namespace autodev::app
