// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prequential HTML: an evaluation as one page without scripts, fonts or links to anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/prequential.h"

namespace autodev::report {

/// Per stratum: calls avoided per window of 20 tasks for every arm, the table of all numbers, and for every arm with
/// forecasts a reliability diagram (said against observed, ten bins of equal mass). `title` is escaped.
[[nodiscard]] std::string render_html(const std::vector<ArmReport>& reports, std::string_view title);

}  // namespace autodev::report
