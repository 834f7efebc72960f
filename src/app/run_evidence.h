// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Run evidence: what a change and a finished run say about each other. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/report.h"
#include "observe/worktree.h"

namespace autodev::app {

/// Of the tests that passed: how many this change neither wrote nor edited. A test is the change's own when its name stands in a
/// line of a test file that is new or changed, or names a function that is. Absent when it is not known which tests passed.
[[nodiscard]] std::optional<std::uint32_t> tests_from_before(const observe::WorktreeChange& change, const evidence::TestReport& tests);

/// Share of the changed lines that were executed, among those that the coverage report counts as lines of code; absent when it
/// counts none of them. Test files do not count.
[[nodiscard]] std::optional<double> changed_lines_covered(const observe::WorktreeChange& change, const evidence::Coverage& coverage);

/// What was changed, as one unified diff of at most 16 KiB; test files only when nothing else changed.
[[nodiscard]] std::string repair_diff(const std::vector<FileChange>& files);

}  // namespace autodev::app
