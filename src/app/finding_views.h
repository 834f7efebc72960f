// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Findings in their place: where a finding stands in a file, the fix in that file's own layout, and both for people and programs.
#pragma once

#include <string_view>

#include "app/output.h"
#include "base/json.h"
#include "report/sarif.h"

namespace autodev::app {

/// `unit` was cut out of `source`. A fix gets the comments, indentation and line ends of the unit.
[[nodiscard]] report::PlacedFinding place_finding(knowledge::Finding finding, const CodeUnit& unit, std::string_view path,
                                                  std::string_view source);

/// True when a repeat of failed code is about something else by its name: the failed `maximum` says nothing of a `minimum`
/// that reads the same. Findings of learned mistakes are about the code alone.
[[nodiscard]] bool has_another_purpose(const knowledge::Finding& finding, const CodeUnit& unit);

[[nodiscard]] base::Json finding_json(const report::PlacedFinding& placed);
void print_finding(Output& out, const report::PlacedFinding& placed);

}  // namespace autodev::app
