// SPDX-License-Identifier: MIT OR Apache-2.0
#include "evidence/observed.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "evidence/error_signature.h"
#include "evidence/tally.h"
#include "evidence/tools.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_flaky = 64;  // Outcome::flaky_tests
constexpr std::size_t max_failures_of_text = 32;
constexpr double noise = 1.05;  // repeated runs on shared machines differ by this much

std::optional<TestReport> tests_in(const std::vector<Report>& reports) {
  std::optional<TestReport> all;
  for (const Report& report : reports)
    if (const auto* tests = std::get_if<TestReport>(&report)) all = all ? merged(std::move(*all), *tests) : *tests;
  return all;
}

std::uint32_t failed_in(const std::optional<TestReport>& tests) {
  return tests ? tests->failed : 0;
}

/// Counts and names from printed text; see the head of observed.h for what they may do to the verdict.
void add_printed(Outcome& outcome, const TestReport& printed, const CommandClass& command) {
  const bool hidden = command.hides_exit_code;
  const bool passed = outcome.verdict == Verdict::passed;
  if (command.kind != CommandKind::test && passed) return;  // a log that was printed, a file that was shown
  outcome.tests_passed = printed.passed;
  outcome.tests_failed = printed.failed;
  outcome.tests_skipped = printed.skipped;
  outcome.failures = printed.failures;
  if (printed.failed == 0 || outcome.verdict == Verdict::failed) return;
  if (hidden && command.kind == CommandKind::test) {
    outcome.verdict = Verdict::failed;
    outcome.strength = EvidenceStrength::exit_code;
  } else {
    outcome.verdict = Verdict::unknown;
    outcome.strength = EvidenceStrength::none;
  }
}

void add_errors(Outcome& outcome, const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics.list)
    if (one.severity == Severity::error && outcome.failures.size() < max_failures)
      outcome.failures.push_back({one.code, one.file, one.line, one.message});
}

void add_findings(Outcome& outcome, const OutputFindings& findings) {
  for (const CheckFailure& failure : findings.failures())
    if (outcome.failures.size() < max_failures_of_text) outcome.failures.push_back(failure);
}

/// What the exit code itself says about how it ended.
std::optional<CheckFailure> failure_of_code(const std::vector<std::string>& arguments, int exit_code) {
  const auto program = arguments.empty() ? std::string() : arguments.front();
  switch (exit_code) {
    case 127:
      return CheckFailure{"shell", "", 0, program + ": command not found"};
    case 126:
      return CheckFailure{"shell", "", 0, program + ": permission denied"};
    case 124:
      return program_name(program) == "timeout" ? std::optional(CheckFailure{"timeout", "", 0, "the command timed out"})
                                                : std::nullopt;
    case 134:
      return CheckFailure{"crash", "", 0, "Aborted"};
    case 136:
      return CheckFailure{"crash", "", 0, "Floating point exception"};
    case 137:
      return CheckFailure{"killed", "", 0, "killed, probably out of memory"};
    case 139:
      return CheckFailure{"crash", "", 0, "Segmentation fault"};
    default:
      return std::nullopt;
  }
}

void judge_security(const std::vector<Report>& reports, SuccessMetrics& success) {
  for (const Report& report : reports)
    if (const auto* found = std::get_if<Diagnostics>(&report); found != nullptr && found->checks_security)
      success.security_passed = success.security_passed.value_or(true) && found->security == 0;
}

}  // namespace

TestReport merged(TestReport into, const TestReport& other) {
  into.passed += other.passed;
  into.failed += other.failed;
  into.skipped += other.skipped;
  into.flaky = into.flaky || other.flaky;
  for (const CheckFailure& failure : other.failures)
    if (into.failures.size() < max_failures) into.failures.push_back(failure);
  for (const std::string& id : other.passed_ids)
    if (into.passed_ids.size() < max_passed_ids) into.passed_ids.push_back(id);
  return into;
}

Judgement judge(const Observed& observed) {
  Judgement judgement;
  Outcome& outcome = judgement.outcome;
  const CommandClass command = classify_command(observed.arguments);
  const auto reported = tests_in(observed.reports);
  outcome = conclude(observed.arguments, observed.exit_code, reported);
  const OutputFindings findings = read_output(observed.output);
  judgement.tests = reported ? reported : findings.tests;
  if (!reported && findings.tests) add_printed(outcome, *findings.tests, command);
  for (const Report& report : observed.reports) {
    const auto* diagnostics = std::get_if<Diagnostics>(&report);
    if (diagnostics == nullptr) continue;
    add_errors(outcome, *diagnostics);
    if (diagnostics->errors > 0 && outcome.verdict == Verdict::unknown && !was_not_executed(observed.exit_code)) {
      outcome.verdict = Verdict::failed;
      outcome.strength = EvidenceStrength::report;
    }
  }
  const bool went_wrong = outcome.verdict == Verdict::failed || observed.exit_code != 0;
  if (went_wrong && outcome.failures.empty()) add_findings(outcome, findings);
  if (went_wrong && outcome.failures.empty())
    if (auto failure = failure_of_code(observed.arguments, observed.exit_code))
      outcome.failures.push_back(std::move(*failure));
  if (!went_wrong && outcome.verdict == Verdict::passed) outcome.failures.clear();
  if (outcome.verdict == Verdict::failed && failed_in(judgement.tests) == 0 && only_environment(outcome.failures)) {
    outcome.verdict = Verdict::unknown;
    outcome.strength = EvidenceStrength::none;
  }
  judgement.success = success_of(command, outcome);
  // A test runner that stopped at the compiler has not built.
  if (outcome.verdict == Verdict::failed && findings.diagnostics.errors > 0 && !judgement.tests &&
      command.kind == CommandKind::test)
    judgement.success.compilation_success = false;
  judge_security(observed.reports, judgement.success);
  for (const Report& report : observed.reports)
    if (const auto* coverage = std::get_if<Coverage>(&report)) judgement.coverage = *coverage;
  for (const Report& report : observed.reports)
    if (const auto* benchmarks = std::get_if<Benchmarks>(&report))
      judgement.metrics = performance_of(*benchmarks, std::nullopt);
  return judgement;
}

PerformanceMetrics performance_of(const Benchmarks& now, const std::optional<Benchmarks>& baseline) {
  std::map<std::string, double> before;
  if (baseline)
    for (const Benchmark& one : baseline->list) before.emplace(one.name, one.milliseconds);
  double runtime = 0, reference = 0;
  for (const Benchmark& one : now.list) {
    const auto known = before.find(one.name);
    if (baseline && known == before.end()) continue;
    runtime += one.milliseconds;
    if (baseline) reference += known->second;
  }
  PerformanceMetrics metrics;
  if (runtime > 0) metrics.runtime_ms = runtime;
  if (reference > 0) metrics.baseline_runtime_ms = reference;
  return metrics;
}

std::optional<bool> performance_met(const PerformanceMetrics& metrics) noexcept {
  if (!metrics.runtime_ms || !metrics.baseline_runtime_ms) return std::nullopt;
  return *metrics.runtime_ms <= *metrics.baseline_runtime_ms * noise;
}

Repeated compare_runs(const std::vector<Judgement>& runs) {
  std::set<std::string> passed, failed;
  bool any_passed = false, any_failed = false;
  for (const Judgement& run : runs) {
    any_passed = any_passed || run.outcome.verdict == Verdict::passed;
    any_failed = any_failed || run.outcome.verdict == Verdict::failed;
    if (!run.tests) continue;
    passed.insert(run.tests->passed_ids.begin(), run.tests->passed_ids.end());
    for (const CheckFailure& failure : run.tests->failures) failed.insert(failure.id);
  }
  Repeated repeated;
  repeated.verdicts_differ = any_passed && any_failed;
  for (const std::string& id : failed) {
    // A summary that does not list what passed: a failure that another run does not have.
    const bool in_every_run = std::all_of(runs.begin(), runs.end(), [&id](const Judgement& run) {
      return run.tests && std::any_of(run.tests->failures.begin(), run.tests->failures.end(),
                                      [&id](const CheckFailure& failure) { return failure.id == id; });
    });
    const bool both = passed.contains(id) || (repeated.verdicts_differ && !in_every_run);
    if (both && repeated.flaky.size() < max_flaky) repeated.flaky.push_back(id);
  }
  return repeated;
}

}  // namespace autodev::evidence
