// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Screen: many candidate programs in one sandboxed process, to throw most of them out cheaply.
//
// Starting an interpreter in a sandbox costs some 80 ms, running a small test 3 ms. So candidates share one sandbox and
// one warm interpreter, each in a fork and a folder of its own. Programs in one sandbox could disturb each other, so a
// screening is no verdict: what passes is run again alone before anything is believed.
#pragma once

#include <string>
#include <vector>

#include "apply/sandbox.h"

namespace autodev::apply {

/// Candidates of `language` can share a process here.
[[nodiscard]] bool can_screen(Language language) noexcept;

/// For each program: it ended with exit code 0 within `each_s` seconds. Programs that were not reached within `total_s`
/// count as failed. Errors: `usage` for a language that cannot be screened, else those of the sandbox.
[[nodiscard]] Result<std::vector<bool>> screen_programs(Sandbox& sandbox, Language language,
                                                        const std::vector<std::string>& programs, double each_s,
                                                        double total_s);

}  // namespace autodev::apply
