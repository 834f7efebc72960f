// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Evidence: what an executed command proves, from its exit code, its kind and its reports.
//
// Claims in prose never count. Unknown stays unknown.
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
};

/// Looks through wrappers (env, timeout, sudo, bash -c, npx, uv run, poetry run).
[[nodiscard]] CommandClass classify_command(const std::vector<std::string>& arguments);

/// Totals of one machine-readable test report.
struct TestReport {
  std::uint32_t passed = 0, failed = 0, skipped = 0;
  std::vector<CheckFailure> failures;
};

/// JUnit XML as written by pytest, ctest, node, surefire, gotestsum. DTDs and entities are refused.
[[nodiscard]] Result<TestReport> parse_junit(std::string_view xml, std::string_view what);

/// One outcome from everything known about a command. A report wins over the exit code for counts; a
/// non-zero exit code always means failed; exit 0 with failed tests in the report means failed.
[[nodiscard]] Outcome conclude(const std::vector<std::string>& arguments, int exit_code,
                               const std::optional<TestReport>& report);
/// The SuccessMetrics that follow from the outcome; everything else stays unknown.
[[nodiscard]] SuccessMetrics success_of(const CommandClass& command, const Outcome& outcome);

}  // namespace autodev::evidence
