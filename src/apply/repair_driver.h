// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair driver: the programs that run inside the sandbox, as text, and the reading of what they print.
//
// One line per variant, after a mark: its number, and per test `code:digest:microseconds` with code p passed, f wrong output, t too
// slow, c crashed, - not run. Both drivers speak it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apply/repair_runner.h"

namespace autodev::apply {

/// C source: `autodev_table` of entry points is in another translation unit; without one (count 0) it executes ./main.
[[nodiscard]] std::string_view native_driver();
/// Python source, reads batch.json.
[[nodiscard]] std::string_view python_driver();
/// Answers for `count` variants and `tests` tests.
[[nodiscard]] std::vector<RepairAnswer> read_answers(std::string_view printed, std::size_t count, std::size_t tests);

}  // namespace autodev::apply
