// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Off-policy estimates: what a policy would have earned, from a log of what another one chose.
//
// Intervals are for all policies of one table together (Bonferroni), so that the best of many is not taken for good by chance.
#pragma once

#include "vote/decision_bench.h"

namespace autodev::vote {

/// The policy chooses before each row and learns from it afterwards.
[[nodiscard]] Result<PolicyResult> judge_off_policy(const DecisionLog& log, Policy& policy, std::uint64_t seed, std::size_t compared);

/// The logged reward, the best fixed option, and what may be said about the differences.
void add_fixed_options(const DecisionLog& log, BenchReport& report, std::size_t compared);

/// The point above which a standard normal value lies with this probability.
[[nodiscard]] double normal_quantile(double upper_share);

}  // namespace autodev::vote
