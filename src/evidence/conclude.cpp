// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Conclusions: the tables of evidence.h as code, and the command as it is kept in records.
//
// Exit codes above 125 follow POSIX.1-2017 2.8.2 (126 not executable, 127 not found, 128 + signal).
#include <algorithm>

#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/tools.h"

namespace autodev::evidence {
namespace {

constexpr std::size_t max_command_bytes = 4u << 10;  // a record's command is read by people
constexpr std::string_view hidden_value = "xxxxx";

bool is_plain(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-+./:=@%,").find(c) != std::string_view::npos;
  });
}

std::string in_shell_quotes(std::string_view word) {
  if (is_plain(word)) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// "--api-key", "GITHUB_TOKEN": names whose values must not be recorded.
bool names_a_secret(std::string_view name) {
  std::string letters;
  for (const char c : base::to_lower_ascii(name))
    if (c >= 'a' && c <= 'z') letters.push_back(c);
  const auto has = [&letters](std::string_view part) { return letters.find(part) != std::string::npos; };
  return has("token") || has("secret") || has("passw") || has("apikey") || has("accesskey") || has("credential") ||
         has("privatekey");
}

std::string without_secret_value(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || !names_a_secret(std::string_view(word).substr(0, equals))) return word;
  return word.substr(0, equals + 1) + std::string(hidden_value);
}

bool ran_tests(const Outcome& outcome) {
  return outcome.tests_passed.value_or(0) + outcome.tests_failed.value_or(0) > 0;
}

void add_report(Outcome& outcome, const TestReport& report) {
  outcome.tests_passed = report.passed;
  outcome.tests_failed = report.failed;
  outcome.tests_skipped = report.skipped;
  outcome.failures = report.failures;
  outcome.flaky = report.flaky;
}

}  // namespace

std::string printable_command(const std::vector<std::string>& arguments) {
  std::string line;
  bool secret_follows = false;
  for (const std::string& word : arguments) {
    if (!line.empty()) line += ' ';
    line += secret_follows ? std::string(hidden_value) : in_shell_quotes(without_secret_value(word));
    secret_follows = word.size() > 2 && word[0] == '-' && word.find('=') == std::string::npos && names_a_secret(word);
    if (line.size() > max_command_bytes) break;
  }
  const std::string clean = base::fold_whitespace(base::strip_controls(base::repair_utf8(line)));
  return std::string(base::clip_utf8(clean, max_command_bytes));
}

bool was_not_executed(int exit_code) noexcept {
  constexpr int not_runnable = 126, not_found = 127;
  constexpr int signals = 128, sigint = 2, sigquit = 3, sigterm = 15;
  return exit_code == not_runnable || exit_code == not_found || exit_code == signals + sigint ||
         exit_code == signals + sigquit || exit_code == signals + sigterm;
}

Outcome conclude(const std::vector<std::string>& arguments, int exit_code, const std::optional<TestReport>& report) {
  const CommandClass command = classify_command(arguments);
  Outcome outcome;
  outcome.tool = command.tool;
  outcome.command = printable_command(arguments);
  outcome.exit_code = exit_code;
  if (report) add_report(outcome, *report);

  const bool code_proves = !command.hides_exit_code && !was_not_executed(exit_code);
  if (outcome.tests_failed.value_or(0) > 0) {
    outcome.verdict = Verdict::failed;
    outcome.strength = EvidenceStrength::report;
  } else if (ran_tests(outcome) && (code_proves || exit_code == 0)) {
    outcome.verdict = exit_code == 0 ? Verdict::passed : Verdict::failed;
    outcome.strength = EvidenceStrength::report;
  } else if (code_proves && !ran_tests(outcome)) {
    outcome.verdict = exit_code == 0 ? Verdict::passed : Verdict::failed;
    outcome.strength = EvidenceStrength::exit_code;
  }
  return outcome;
}

SuccessMetrics success_of(const CommandClass& command, const Outcome& outcome) {
  SuccessMetrics success;
  if (outcome.verdict == Verdict::unknown) return success;
  const bool passed = outcome.verdict == Verdict::passed;
  const bool has_report = outcome.strength == EvidenceStrength::report;
  if (has_report) success.tests_passed = passed;
  const bool counted_nothing = !has_report && outcome.tests_passed.has_value() && !ran_tests(outcome);
  if (!has_report && command.kind == CommandKind::test && !counted_nothing) success.tests_passed = passed;
  const bool compiles = command.kind == CommandKind::build ||
                        (command.kind == CommandKind::typecheck && list_has("tsc vue-tsc cargo", command.tool));
  if (compiles && !has_report) success.compilation_success = passed;
  if (success.tests_passed == true && builds_before_testing(command.tool)) success.compilation_success = true;
  return success;
}

}  // namespace autodev::evidence
