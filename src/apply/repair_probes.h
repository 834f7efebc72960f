// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair probes: inputs beside the tests, and what the behaviour on them says about patches that pass all tests.
//
// Nobody knows the right output of a probe, yet two things can be seen. Patches that were found independently and are
// right behave alike, wrong ones each in a way of their own (CodeT: Chen et al., ICLR 2023). And a right patch leaves
// alone what worked: near inputs of passed tests the output should seldom change (PATCH-SIM: Xiong et al., ICSE 2018).
// Both need inputs that are valid, so probes keep the layout of the tests' inputs (input_shape.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "apply/repair_runner.h"

namespace autodev::apply {

struct RepairProbe {
  RepairTest test;  ///< nothing is expected
  std::optional<std::size_t>
      near;  ///< the test whose input was changed a little; absent: a new input of the same layout
};

/// Probes for tests by input and output; none for tests that are code. Deterministic in `seed`. At most `near` +
/// `fresh` different ones, none of which is an input of a test. Where the layout is not understood, digits and letters
/// are changed instead, and none are fresh.
[[nodiscard]] std::vector<RepairProbe> probe_inputs(const std::vector<RepairTest>& tests, std::uint64_t seed,
                                                    std::size_t near = 48, std::size_t fresh = 20);

struct ProbeVerdict {
  bool probed = false;  ///< the candidate ran; without it nothing else is known
  std::optional<double>
      agreement;  ///< mean share of the other probed candidates with the same output; absent without others
  std::optional<double>
      changed_passed;  ///< share of the probes near passed tests with another output than before the edit
  std::optional<double> changed_failed;  ///< the same near failed tests
};

/// `answers`: the program as it was, then the candidates, run on `probes` with all = true. `failed`: by test. Cost:
/// candidates x probes x log.
[[nodiscard]] std::vector<ProbeVerdict> compare_on_probes(const std::vector<RepairProbe>& probes,
                                                          const std::vector<RepairAnswer>& answers,
                                                          const std::vector<bool>& failed);

}  // namespace autodev::apply
