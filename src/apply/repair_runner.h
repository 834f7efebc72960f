// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair runner: hundreds of variants of one program against its tests, in one sandboxed process.
//
// Compiling dominates when each variant is compiled alone. Mutant schemata (Untch, Offutt & Harrold, ISSTA 1993) put all variants
// into one program and choose by a number (repair_sites.h). Variants that cannot be chosen while the program runs, of declarations and
// of the structure of blocks, are copies of the program's functions under names of their own (repair_copies.h: the
// preprocessor renames in C, a namespace in C++), with headers and untouched globals compiled once. A driver forks once per variant and test. Copies that do not compile are
// recognised by the line marks of the compiler's messages and left out. Python variants share one warm interpreter.
// Variants of one process could disturb each other, so a screening is no verdict: what passes is run again alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apply/repair_candidate.h"
#include "apply/sandbox.h"

namespace autodev::apply {

/// One test: a text for standard input and the expected output (compared line by line; blanks at the ends of lines and blank lines do not count), or code that is put behind the program (exit 0 = passed).
struct RepairTest {
  std::string input, expected;
  std::string code;
};

struct RepairAnswer {
  bool ran = false;               ///< compiled and reached before the time was over
  std::vector<bool> passed;       ///< by test; tests behind the first failed one count as failed unless all are asked for
  std::vector<bool> timed_out, crashed;
  std::vector<std::uint64_t> outputs;  ///< digest of each output, blanks aside (only with `all`)
  std::vector<double> seconds;

  [[nodiscard]] bool all_passed() const;
};

struct RunnerLimits {
  std::chrono::milliseconds each{500};    ///< processor time of a variant on a test
  std::chrono::milliseconds total{10'000};///< wall time of the whole call
  std::chrono::milliseconds wall{120'000}; ///< of the whole call with compiling; what was not reached then has not run
  bool all = false;                       ///< run all tests even after a failed one
};

/// Runs variants of one program. Not safe for several threads at once.
class RepairRunner {
 public:
  virtual ~RepairRunner() = default;
  /// `variants`: edits of the program. One answer each.
  [[nodiscard]] virtual Result<std::vector<RepairAnswer>> run(const std::vector<std::vector<RepairEdit>>& variants,
                                                              const std::vector<RepairTest>& tests, const RunnerLimits& limits) = 0;
  /// One variant as a program of its own: what counts.
  [[nodiscard]] virtual Result<RepairAnswer> run_alone(const std::vector<RepairEdit>& variant, const std::vector<RepairTest>& tests,
                                                       const RunnerLimits& limits) = 0;
  /// How many of `candidates` from index `from` on one call should get; at least 1.
  [[nodiscard]] virtual std::size_t batch(const std::vector<RepairCandidate>& candidates, std::size_t from) const = 0;
};

/// C, C++ and Python. `usage` for other languages. `program` and `sandbox` must outlive the runner.
[[nodiscard]] Result<std::unique_ptr<RepairRunner>> open_runner(Sandbox& sandbox, const RepairProgram& program);

}  // namespace autodev::apply
