// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The shipped prior of the calibration.
#include "apply/calibrate.h"

namespace autodev::apply {

const std::array<WeightPrior, feature_count>& shipped_prior() noexcept {
  static constexpr std::array<WeightPrior, feature_count> prior{{
      {-0.41, 1.0, 0},  // base
      {2.57, 0.8, +1},  // visible tests
      {0.45, 0.9, +1},  // strength of the tests
      {-1.46, 0.8, -1},  // unexplained words
      {-4.71, 1.1, -1},  // unexplained words without tests
      {-0.62, 0.8, -1},  // unexplained name
      {2.15, 0.8, +1},  // agreement
      {-0.47, 0.7, -1},  // rival codes
      {-0.30, 0.8, -1},  // stretched parameter
      {-3.10, 1.0, -1},  // spliced pieces
      {0.52, 0.8, +1},  // signature shape
      {-2.45, 0.7, -1},  // strange treatment
      {-0.86, 1.0, -1},  // strange treatment of a stretched parameter
      {-2.36, 1.2, -1},  // unused parameters
      {0.64, 1.0, +1},  // size
  }};
  return prior;
}

}  // namespace autodev::apply
