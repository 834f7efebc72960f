// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The shipped prior of the calibration.
#include "apply/calibrate.h"

namespace autodev::apply {

const std::array<WeightPrior, feature_count>& shipped_prior() noexcept {
  static constexpr std::array<WeightPrior, feature_count> prior{{
      {-2.0, 1.0, 0},   // base
      {2.0, 1.0, +1},   // visible tests
      {2.0, 1.0, +1},   // strength of the tests
      {-2.0, 1.0, -1},  // unexplained words
      {-3.0, 1.5, -1},  // unexplained words without tests
      {-1.5, 1.0, -1},  // unexplained name
      {2.0, 1.0, +1},   // agreement
      {-1.5, 1.0, -1},  // rival codes
      {-1.0, 1.0, -1},  // stretched parameter
      {-1.0, 1.0, -1},  // spliced pieces
      {1.0, 1.0, +1},   // signature shape
      {-1.0, 1.0, -1},  // strange treatment
      {-1.0, 1.0, -1},  // strange treatment of a stretched parameter
      {-2.0, 1.0, -1},  // unused parameters
      {1.0, 1.0, +1},   // size
  }};
  return prior;
}

}  // namespace autodev::apply
