// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Quality: the specification's score with every term measured or zero.
//
//   Q = 0.3 R + 0.2 S + 0.3 C + 0.2 P,   kept (active) when Q > 0.7, in integers per mille, rounded down.
//   W(k, n) is the Wilson 95 % lower bound of k successes in n trials, 0 when n = 0.
//
//   R  reusability    W(applied_passed, applied + wrong). While no application failed and no feedback was
//                     "wrong", at least the prior min(0.5, 1 - exp(-(projects - 1) / 3)): copies inside one
//                     project buy nothing, and neither does anything but success beyond one half
//   S  simplicity     exp(-holes / 8) * 60 / max(60, concrete nodes); 0 for trivial templates (< 6 concrete
//                     nodes). A plain function of up to about 15 lines has 1; each hole costs an eighth
//   C  test coverage  W(tested_passes, instances + failures): instances with a passing executed test among all
//                     instances, each executed failure counted as an instance without one
//   P  performance    1 / max(1, best_relative_runtime); 0 if never timed
//
// Missing evidence is 0, so untested code reaches 0.3 + 0.2 + 0.2 = 0.7 at most, which is not above 0.7:
// a fresh pattern is on probation until tests, reuse or timing speak for it. Failures and "wrong" feedback
// never raise a term. Only integers and correctly rounded operations are used (no exp, no sqrt), so that all
// compilers and machines give the same score.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autodev/pattern.h"
#include "mine/template.h"

namespace autodev::mine {

/// Wilson score lower bound at 95 %; 0 when trials is 0. Per mille, rounded down.
[[nodiscard]] std::uint32_t wilson_lower_permille(std::uint32_t successes, std::uint32_t trials) noexcept;

/// Wilson score upper bound at 95 %; 1000 when trials is 0. Per mille, rounded up.
[[nodiscard]] std::uint32_t wilson_upper_permille(std::uint32_t successes, std::uint32_t trials) noexcept;

/// Mean and 95 % interval of Beta(1 + successes, 1 + failures). The bounds are multiples of 1/10,000, rounded
/// outwards. Above 4,096 trials both counts are scaled down to them: the interval only gets wider.
/// Cost: O(min(trials, 4,096)).
[[nodiscard]] SuccessShare beta_share(std::uint32_t successes, std::uint32_t failures) noexcept;

/// All four terms. More failures never raise any term (property test).
[[nodiscard]] QualityScore score(const Template& pattern, const PatternEvidence& evidence) noexcept;

/// The same of a pattern that is no template, from its size: concrete nodes and holes.
[[nodiscard]] QualityScore score(std::uint32_t concrete, std::size_t holes, const PatternEvidence& evidence) noexcept;

/// deprecated   feedback "wrong" at least twice and more often than "helped", or failures outweigh successes: the
///              Wilson 95 % upper bound of passes / (passes + failures) is below 0.5, where passes are verified,
///              history and applied passes and failures include those of histories. Wins over active.
/// active       quality.keeps()
/// probation    everything else
[[nodiscard]] PatternStatus status_of(const QualityScore& quality, const PatternEvidence& evidence) noexcept;

/// One line per term with the numbers it was made of, for --explain.
[[nodiscard]] std::vector<std::string> explain(const Template& pattern, const PatternEvidence& evidence);

/// Fewer than 6 concrete nodes: too small to mean anything.
[[nodiscard]] bool is_trivial(const Template& pattern) noexcept;

}  // namespace autodev::mine
