// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Observed: everything a finished command left behind, and the one judgement about it.
//
// In the order of what it proves: machine-readable reports, the exit code, and last what the command printed. Printed text
// never makes a pass out of anything; a printed failure beside an exit code of 0 makes the outcome unknown. A failure that is
// the machine's (a missing tool, a full disk, no network) is no outcome of the code: unknown, with the complaint kept.
#pragma once

#include <string>
#include <vector>

#include "evidence/output.h"
#include "evidence/report.h"

namespace autodev::evidence {

struct Observed {
  std::vector<std::string> arguments;
  int exit_code = 0;
  std::string output;           ///< what it printed, as far as it was seen
  std::vector<Report> reports;  ///< files that this run wrote
};

struct Judgement {
  Outcome outcome;
  SuccessMetrics success;
  PerformanceMetrics metrics;
  std::optional<TestReport> tests;     ///< of reports, else as printed
  std::optional<Coverage> coverage;
};

[[nodiscard]] Judgement judge(const Observed& observed);

/// Several reports of one run as one: counts add up.
[[nodiscard]] TestReport merged(TestReport into, const TestReport& other);

/// Runtime and baseline over the benchmarks that both have, or the runtime alone when there is no baseline.
[[nodiscard]] PerformanceMetrics performance_of(const Benchmarks& now, const std::optional<Benchmarks>& baseline);
/// Within the noise of a shared machine (5 %) of the baseline, or faster; absent without a baseline.
[[nodiscard]] std::optional<bool> performance_met(const PerformanceMetrics& metrics) noexcept;

/// One test over several runs of the same tree.
struct Repeated {
  std::vector<std::string> flaky;  ///< tests that passed in one run and failed in another, sorted, at most 64
  bool verdicts_differ = false;    ///< the command as a whole both passed and failed
};
[[nodiscard]] Repeated compare_runs(const std::vector<Judgement>& runs);

}  // namespace autodev::evidence
