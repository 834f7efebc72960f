// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decision bench: every policy on the same log, each decision chosen first and learned from afterwards.
//
// Full information: a policy sees the outcome of what it chose (or of all options, on request), is charged for what it lost
// against the best option of that decision, and its regret is against the best fixed option in hindsight. With costs, the
// policies are compared again under a budget: the dearest option may be taken in a share of the decisions only, and every policy is
// paced by the same rule. Logged data: the policy learns from what was logged, and its value before each
// lesson is estimated by inverse propensity (IPS, Horvitz & Thompson 1952), self-normalised (SNIPS, Swaminathan & Joachims
// 2015) and doubly robust (DR, Dudik, Langford, Li 2011), with intervals that hold for all policies of the table together.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "vote/decision_log.h"
#include "vote/policy.h"

namespace autodev::vote {

struct BenchOptions {
  std::uint64_t seed = 1;
  std::size_t repeats = 5;     ///< runs with other chances, averaged
  bool shuffle = false;        ///< each run in another order
  bool full_feedback = false;  ///< outcomes of all options are shown, to every policy
  double budget = 0.5;         ///< share of decisions that may take the dearest option
  bool single_voters = true;   ///< also each of our voters alone
};

struct Estimated {
  double value = 0, low = 0, high = 0;
};

struct PolicyResult {
  std::string name;
  double reward = 0;          ///< mean per decision
  double accuracy = 0;        ///< share of decisions in which no other option had a better outcome
  double losses = 0;          ///< sum of 1 - reward
  double losses_after_100 = 0;  ///< the same from the 101st decision on
  double regret = 0;          ///< reward of the best fixed option - own, summed
  std::vector<double> curve;  ///< regret at each tenth of the log
  std::vector<double> windows;  ///< accuracy in each tenth
  std::optional<double> slope;  ///< of log regret over log decisions, last three quarters; absent where regret is not positive
  std::optional<double> budget_accuracy, budget_share;
  std::vector<double> rewards, budget_rewards;  ///< by decision, averaged over runs; not printed
  std::optional<Estimated> ips, snips, dr;
};

struct BenchReport {
  std::size_t decisions = 0;
  bool full_information = false;
  bool full_feedback = false;
  std::size_t repeats = 0;
  double budget = 0.5;
  double logged_reward = 0;
  std::vector<PolicyResult> policies;  ///< ours first
  std::string best_fixed;              ///< the option, per type when there are several
  std::vector<std::string> findings;   ///< sentences: wins and losses alike

  [[nodiscard]] const PolicyResult* find(std::string_view name) const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] base::Json json() const;
};

[[nodiscard]] Result<BenchReport> run_decision_bench(const DecisionLog& log, const BenchOptions& options);

/// Mean of a - b with its 95 % interval over decisions.
[[nodiscard]] Estimated paired_difference(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace autodev::vote
