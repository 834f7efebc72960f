// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Shared by `learn from-git` and `learn import git`.
#pragma once

#include "app/command.h"
#include "app/git_intake.h"

namespace autodev::app::commands {

[[nodiscard]] Result<int> run_git_intake(CommandContext& context, const std::string& repository);
void print_git_report(Output& out, const GitIntakeReport& report);

}  // namespace autodev::app::commands
