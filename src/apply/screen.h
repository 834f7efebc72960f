// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Screen: many candidate programs in one sandboxed process, to throw most of them out cheaply.
//
// Starting an interpreter in a sandbox costs some 80 ms, running a small test 3 ms. So candidates share one sandbox and
// one warm interpreter (Python: a fork each, JavaScript: a worker each) or one executable (screen_compiled.h), each with a
// folder of its own where the language allows it. Programs in one sandbox could disturb each other, so a screening is
// no verdict: what passes is run again alone before anything is believed.
#pragma once

#include <string>
#include <vector>

#include "apply/sandbox.h"

namespace autodev::apply {

/// Candidates of `language` can share a process here.
[[nodiscard]] bool can_screen(Language language) noexcept;

/// How many programs of `language` one call should get so that it takes about a second; 0 if none.
[[nodiscard]] std::size_t screened_at_once(Language language) noexcept;

/// For each program: it ended with exit code 0 within `each_s` seconds. Programs that were not reached within `total_s`
/// count as failed, compiling aside. Errors: `usage` for a language that cannot be screened, `unavailable` without its
/// toolchain, else those of the sandbox.
[[nodiscard]] Result<std::vector<bool>> screen_programs(Sandbox& sandbox, Language language,
                                                        const std::vector<std::string>& programs, double each_s,
                                                        double total_s);

}  // namespace autodev::apply
