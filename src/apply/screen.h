// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Screen: many candidate programs in one sandboxed process, to throw most of them out cheaply.
//
// Starting an interpreter in a sandbox costs some 80 ms, running a small test below 1 ms. So candidates share one
// sandbox and one warm interpreter (Python: a module each, JavaScript: a worker each) or one executable
// (screen_compiled.h), each with a folder of its own where the language allows it. Programs in one sandbox could
// disturb each other, so a screening is no verdict: what passes is run again alone before anything is believed.
#pragma once

#include <string>
#include <vector>

#include "apply/sandbox.h"

namespace autodev::apply {

/// Candidates of `language` can share a process here.
[[nodiscard]] bool can_screen(Language language) noexcept;

/// How many programs of `language` one call should get so that it takes about a second; 0 if none.
[[nodiscard]] std::size_t screened_at_once(Language language) noexcept;

/// Programs that an interpreter tries in any case; behind them it stops when one has passed. What comes later is less
/// likely by construction, and as a rival it would count for little.
inline constexpr std::size_t screening_enough = 50;

struct Screening {
  std::vector<bool> passed;  ///< by program: it ended with exit code 0 in time
  std::size_t tried = 0;     ///< programs [0, tried) were run; the others were not reached
};

/// Programs that differ in one part.
struct Screened {
  std::string before;  ///< whole lines in front of each candidate, and
  std::vector<std::string> codes;
  std::string after;  ///< behind it
};

/// Runs the programs in order, each for at most `each_s` seconds, all for at most `total_s`, compiling aside. Errors:
/// `usage` for a language that cannot be screened, `unavailable` without its toolchain, else those of the sandbox.
[[nodiscard]] Result<Screening> screen_programs(Sandbox& sandbox, Language language, const Screened& screened,
                                                double each_s, double total_s);

}  // namespace autodev::apply
