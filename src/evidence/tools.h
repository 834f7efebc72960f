// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Tools: which program does what, as tables.
//
// Two questions: does this program only start another one (a wrapper: env, timeout, npx, uv run), and if not,
// what kind of work is it (build, test, ...)? Both look at a simple command: words, no shell syntax.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/evidence.h"

namespace autodev::evidence {

using Words = std::vector<std::string>;

/// What is inside one layer of wrapping.
struct Unwrapped {
  Words words;              ///< the wrapped simple command, or
  std::string shell_text;   ///< the text given to a shell, when `is_shell`
  bool is_shell = false;
  bool errexit = false;     ///< shell -e
  bool pipefail = false;    ///< shell -o pipefail
};

/// Removes one wrapper; absent when `words` starts with none.
[[nodiscard]] std::optional<Unwrapped> unwrap(const Words& words);

/// Class of a simple command that is no wrapper.
[[nodiscard]] CommandClass classify_simple(const Words& words);

/// Kind of a make target, npm script, gradle task, ... by the words in its name.
[[nodiscard]] CommandKind kind_of_goal(std::string_view name);

/// True for tools whose test command compiles first, so that a passing test proves compilation.
[[nodiscard]] bool builds_before_testing(std::string_view tool) noexcept;

/// "/usr/bin/python3" -> "python3", "jest.cmd" -> "jest".
[[nodiscard]] std::string_view program_name(std::string_view word) noexcept;

/// Higher is more telling: test, benchmark, build and typecheck, lint, unknown.
[[nodiscard]] int rank(CommandKind kind) noexcept;

/// True when `list`, names separated by single spaces, holds `name`.
[[nodiscard]] bool list_has(std::string_view list, std::string_view name) noexcept;

}  // namespace autodev::evidence
