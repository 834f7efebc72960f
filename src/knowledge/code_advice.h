// SPDX-License-Identifier: MIT OR Apache-2.0
//
// CodeAdvice: what a piece of code and a stored pattern have in common, and which statements all instances of the
// pattern have and the code lacks. Computed when asked (code_adviser.h); nothing of it is stored.
#pragma once

#include <string>
#include <vector>

namespace autodev::knowledge {

struct CodeAdvice {
  double similarity = 0;             ///< with the leading instance: weighted Jaccard of the features, [0, 1]
  std::string overlap;               ///< the leading instance's statements that overlap with the code, one a line
  std::vector<std::string> missing;  ///< where there are several instances; holes by their names in the template
};

}  // namespace autodev::knowledge
