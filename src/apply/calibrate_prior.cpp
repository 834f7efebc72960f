// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The shipped prior of the calibration: fitted once, by penalised logistic regression with the signs fixed, on 760 candidates
// with executed outcomes. Six streams weigh alike: two histories of an API client (MIT, python-slack-sdk), MathQA-Python,
// MBPP, a stream of unrelated functions (TheAlgorithms) and the Python part of the built-in corpus. The deviations are at least
// 0.7, so that some dozens of local outcomes outweigh it. What it was fitted on says nothing about how well it does elsewhere:
// docs/adaptation.md has the numbers with each stream left out of its own prior.
#include "apply/calibrate.h"

namespace autodev::apply {

const std::array<WeightPrior, feature_count>& shipped_prior() noexcept {
  static constexpr std::array<WeightPrior, feature_count> prior{{
      {-0.14, 1.0, 0},  // base
      {3.09, 0.7, +1},  // visible tests
      {0.00, 0.8, +1},  // strength of the tests
      {-0.95, 0.7, -1},  // unexplained words
      {-4.60, 1.2, -1},  // unexplained words without tests
      {-1.08, 0.7, -1},  // unexplained name
      {2.02, 0.7, +1},  // agreement
      {-0.88, 0.7, -1},  // rival codes
      {-2.93, 1.1, -1},  // missing anchors
      {-3.34, 0.9, -1},  // spliced pieces
      {0.49, 0.8, +1},  // signature shape
      {-2.40, 0.7, -1},  // strange treatment
      {-2.82, 1.2, -1},  // unused parameters
      {0.81, 1.0, +1},  // size
  }};
  return prior;
}

}  // namespace autodev::apply
