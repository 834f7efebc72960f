// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Verify: assembling and running what a task calls its program.
#pragma once

#include <string>

#include "apply/sandbox.h"
#include "apply/task.h"

namespace autodev::apply {

/// `text` with a line end behind it, if it is not empty.
[[nodiscard]] std::string whole_lines(std::string text);

/// context, implementation and tests as one program.
[[nodiscard]] std::string assemble(const VisibleTask& task, const std::string& code, const std::string& tests);

enum class Check : std::uint8_t {
  passed,
  failed,
  untested,  ///< the task has no visible tests, or nothing here can run them
};

/// Runs the visible tests. A missing toolchain is `untested`, not an error. Errors: those of the sandbox.
[[nodiscard]] Result<Check> check_visible(Sandbox& sandbox, const VisibleTask& task, const std::string& code);

/// How a task's judge finds `code`.
struct Verdicts {
  bool visible = false, hidden = false;
  bool judged = true;  ///< false: no toolchain here
};

/// The scorer's view: visible and hidden tests, or equality with the reference. Where a task has only one kind of test,
/// both verdicts are that one.
[[nodiscard]] Result<Verdicts> judge(Sandbox& sandbox, const Task& task, const std::string& code);

}  // namespace autodev::apply
