// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Quality: the specification's score with every term measured or zero.
//
//   Q = 0.3 R + 0.2 S + 0.3 C + 0.2 P,   kept (active) when Q > 0.7, in integers per mille.
//
//   R  reusability    attempts >= 3: Wilson 95 % lower bound of passed / attempted applications;
//                     before that min(0.5, 1 - exp(-(projects - 1) / 3)): copies inside one project buy nothing
//   S  simplicity     clamp(1 - bits(template) / (instances' mean bits + bits(template))) * 2 ... see quality.cpp
//   C  test coverage  Wilson 95 % lower bound of instances with a passing executed test / instances; 0 if none
//   P  performance    1 / (1 + max(0, t / t_best - 1)); 0 if never timed
//
// Missing evidence is 0, so untested code cannot exceed 0.7 and stays on probation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autodev/pattern.h"
#include "mine/template.h"

namespace autodev::mine {

/// Wilson score lower bound at 95 %; 0 when trials is 0. Per mille, rounded down.
[[nodiscard]] std::uint32_t wilson_lower_permille(std::uint32_t successes, std::uint32_t trials) noexcept;

/// Mean and 95 % interval of Beta(1 + successes, 1 + failures).
[[nodiscard]] SuccessShare beta_share(std::uint32_t successes, std::uint32_t failures) noexcept;

/// All four terms. More failures never raise any term (property test).
[[nodiscard]] QualityScore score(const Template& pattern, const PatternEvidence& evidence) noexcept;

/// One line per term with the numbers it was made of, for --explain.
[[nodiscard]] std::vector<std::string> explain(const Template& pattern, const PatternEvidence& evidence);

/// Fewer than 6 concrete nodes: too small to mean anything.
[[nodiscard]] bool is_trivial(const Template& pattern) noexcept;

}  // namespace autodev::mine
