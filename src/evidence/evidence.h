// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Evidence: what an executed command proves, from its exit code, its kind and its reports.
//
// Claims in prose never count. Unknown stays unknown.
//
//   const std::vector<std::string> command{"pytest", "-q", "--junitxml=report.xml"};
//   const auto report = parse_junit(xml, "report.xml");
//   const Outcome outcome = conclude(command, exit_code, *report);
//   const SuccessMetrics success = success_of(classify_command(command), outcome);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"

namespace autodev::evidence {

enum class CommandKind : std::uint8_t { unknown, build, test, lint, typecheck, benchmark };
[[nodiscard]] std::string_view to_string(CommandKind kind) noexcept;

struct CommandClass {
  CommandKind kind = CommandKind::unknown;
  std::string tool;             ///< "pytest", "ctest", "cargo", ...; empty when unknown
  bool hides_exit_code = false; ///< a pipeline, `|| true` or a trailing `; echo`: the code proves nothing

  bool operator==(const CommandClass&) const = default;
};

/// Looks through wrappers (env, timeout, sudo, bash -c, npx, uv run, poetry run). A command of several parts has
/// the class of its most telling part: test before benchmark before build and typecheck before lint.
[[nodiscard]] CommandClass classify_command(const std::vector<std::string>& arguments);
/// The same for a command as typed into a shell: "cd api && pytest -q | tail -5".
[[nodiscard]] CommandClass classify_shell(std::string_view command);

/// A command as one line for records: quoted where needed, values of secret-looking assignments and options
/// (token, password, api key, ...) replaced by "xxxxx", at most 4 KiB.
[[nodiscard]] std::string printable_command(const std::vector<std::string>& arguments);

/// Totals of one machine-readable test report.
struct TestReport {
  std::uint32_t passed = 0, failed = 0, skipped = 0;
  std::vector<CheckFailure> failures;  ///< the first 256
  bool flaky = false;  ///< a test both failed and passed in this run (surefire's flakyFailure)
  std::vector<std::string> passed_ids{};  ///< the first 4,096 tests that passed
  std::string tool{};                     ///< what wrote it, as far as the format tells

  bool operator==(const TestReport&) const = default;
};

/// JUnit XML as written by pytest, ctest, node, gtest, surefire, gotestsum. DTDs and entities are refused, and so
/// is anything that is not well-formed or larger than 64 MiB.
[[nodiscard]] Result<TestReport> parse_junit(std::string_view xml, std::string_view what);

/// True for exit codes that say the command never did its work: 126 and 127 (not runnable, not found), 130, 131 and
/// 143 (ended by a person or a supervisor: SIGINT, SIGQUIT, SIGTERM).
[[nodiscard]] bool was_not_executed(int exit_code) noexcept;

/// One outcome from everything known about a command.
///
/// | report           | exit code | verdict | strength  |
/// |------------------|-----------|---------|-----------|
/// | with failures    | any       | failed  | report    |
/// | only passes      | 0         | passed  | report    |
/// | only passes      | not 0     | failed  | report    |
/// | no test ran/none | 0         | passed  | exit_code |
/// | no test ran/none | not 0     | failed  | exit_code |
///
/// Where the code proves nothing (hidden by the shell, or was_not_executed), it neither passes nor fails: without a
/// telling report the verdict is unknown with strength none, and a green report beside a code other than 0 is unknown too.
[[nodiscard]] Outcome conclude(const std::vector<std::string>& arguments, int exit_code,
                               const std::optional<TestReport>& report);

/// The SuccessMetrics that follow from the outcome; everything else stays unknown.
///
/// | kind      | passed                         | failed                        |
/// |-----------|--------------------------------|-------------------------------|
/// | build     | compilation_success            | not compilation_success       |
/// | typecheck | as build when a compiler did it (tsc, cargo check), else nothing | likewise |
/// | test      | tests_passed; compilation_success if the tool builds first | not tests_passed |
/// | other     | nothing                        | nothing                       |
///
/// A report in which tests ran decides tests_passed whatever the kind; one in which none ran leaves it unknown.
[[nodiscard]] SuccessMetrics success_of(const CommandClass& command, const Outcome& outcome);

}  // namespace autodev::evidence
