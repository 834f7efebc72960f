// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Defect bench: from the code of a failed program, its verdict and its failing test: what kind of defect, and where?
//
// JSON Lines {id, problem, defect_class, verdict, buggy, fixed, tests: [{k, i, o}]}; the fixed program only tells which lines
// were faulty. Problems of the training file never appear in the test. Beside the model, in the same run: the majority
// label, and the label of the nearest training program by BM25.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace autodev::app {

[[nodiscard]] Result<base::Json> bench_defects(std::string_view train, std::string_view test);

}  // namespace autodev::app
