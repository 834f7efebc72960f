// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prequential text: an evaluation as a table for people and as JSON lines for programs.
//
// The JSON lines are the published format (docs/evaluation.md): one object a task, then one summary line. They
// hold everything the table was computed from.
#pragma once

#include <string>
#include <vector>

#include "report/prequential.h"

namespace autodev::report {

/// One row per arm and stratum with intervals, calibration and a sparkline of the avoided share per window of 20.
/// Strata are never blended: the "all" row appears only when there were no tasks.
[[nodiscard]] std::string render_table(const std::vector<ArmReport>& reports);

/// "▁▄█": one character a share in [0, 1].
[[nodiscard]] std::string sparkline(const std::vector<double>& shares);

/// One JSON object a task, then `{"summary": {"arm": ..., "R": {...}, ...}}`; each line ends with '\n'. `emit_code` adds the emitted code
/// and the features behind its probability.
[[nodiscard]] std::string render_json_lines(const ArmReport& report, bool emit_code);

}  // namespace autodev::report
