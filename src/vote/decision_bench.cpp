// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Running the policies over a log.
#include "vote/decision_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "vote/off_policy.h"
#include "vote/pacing.h"

namespace autodev::vote {
namespace {

using Factory = std::function<std::unique_ptr<Policy>()>;
constexpr std::size_t tenths = 10;

std::vector<Factory> contestants(bool single_voters) {
  Settings plain;
  plain.cost_weight = 0;
  std::vector<Factory> list = {[plain] { return make_ours(plain); },
                               [] { return make_majority(); },
                               [] { return make_epsilon_greedy(); },
                               [] { return make_ucb1(); },
                               [] { return make_linucb(); },
                               [] { return make_thompson(); }};
  if (!single_voters) return list;
  for (const Voter voter : {Voter::nearest, Voter::tree, Voter::trend, Voter::recency, Voter::prior}) {
    Settings alone = plain;
    alone.only = voter;
    list.push_back([alone, voter] { return make_ours(alone, fmt::format("only_{}", name_of(voter))); });
  }
  return list;
}

/// The best option of each type in hindsight.
std::map<std::string, std::string> best_fixed_of(const DecisionLog& log) {
  std::map<std::string, std::map<std::string, double>> sums;
  for (const LogRow& row : log.rows)
    for (std::size_t i = 0; i < row.rewards.size(); ++i) sums[row.question.type][row.question.options[i]] += row.rewards[i];
  std::map<std::string, std::string> best;
  for (const auto& [type, options] : sums)
    best[type] = std::max_element(options.begin(), options.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  return best;
}

std::vector<std::size_t> order_of(const DecisionLog& log, const BenchOptions& options, std::size_t run) {
  std::vector<std::size_t> order(log.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!options.shuffle) return order;
  Dice dice(options.seed * 7919 + run);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.below(i)]);
  return order;
}

/// One run: the reward at each place of the order; `pace` chooses under a budget where it is given.
Result<void> run_once(const DecisionLog& log, const BenchOptions& options, const std::vector<std::size_t>& order, Policy& policy,
                      Dice& dice, Pacing* pace, const std::function<void(std::size_t, std::size_t)>& chosen) {
  for (std::size_t t = 0; t < order.size(); ++t) {
    const LogRow& row = log.rows[order[t]];
    AUTODEV_TRY_ASSIGN(Stance stance, policy.choose(row.question, dice));
    std::size_t option = stance.option;
    double seen = stance.probabilities.empty() ? 1.0 : stance.probabilities[option];
    if (pace != nullptr) {
      option = pace->choose(row.question, stance.values, dice);
      seen = 1;
    }
    chosen(t, option);
    if (options.full_feedback) {
      for (std::size_t i = 0; i < row.rewards.size(); ++i) AUTODEV_TRY(policy.update(row.question, i, row.rewards[i], 1));
    } else {
      AUTODEV_TRY(policy.update(row.question, option, row.rewards[option], std::max(seen, 1e-6)));
    }
  }
  return {};
}

/// Slope of log regret over log decisions, by least squares.
std::optional<double> slope_of(const std::vector<double>& regret) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t t = regret.size() / 4; t < regret.size(); t += std::max<std::size_t>(1, regret.size() / 200)) {
    if (regret[t] <= 0.5) return std::nullopt;
    const double x = std::log(static_cast<double>(t + 1));
    const double y = std::log(regret[t]);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double spread = n * sxx - sx * sx;
  return spread > 0 ? std::optional<double>((n * sxy - sx * sy) / spread) : std::nullopt;
}

/// Collects what one policy earned over all runs.
class Account {
 public:
  Account(const DecisionLog& log, const std::map<std::string, std::string>& best, std::size_t repeats)
      : log_(log), repeats_(static_cast<double>(repeats)), regret_(log.rows.size(), 0), right_(log.rows.size(), 0) {
    for (const LogRow& row : log.rows) {
      const auto& options = row.question.options;
      const auto found = std::find(options.begin(), options.end(), best.at(row.question.type));
      fixed_.push_back(found == options.end() ? 0 : row.rewards[static_cast<std::size_t>(found - options.begin())]);
    }
    result.rewards.assign(log.rows.size(), 0);
  }

  void add(std::size_t t, std::size_t row_index, std::size_t option) {
    const LogRow& row = log_.rows[row_index];
    const double reward = row.rewards[option];
    result.rewards[row_index] += reward / repeats_;
    result.losses += (1 - reward) / repeats_;
    if (t >= 100) result.losses_after_100 += (1 - reward) / repeats_;
    regret_[t] += (fixed_[row_index] - reward) / repeats_;
    if (reward >= *std::max_element(row.rewards.begin(), row.rewards.end())) right_[t] += 1 / repeats_;
  }

  PolicyResult finish() {
    const std::size_t n = log_.rows.size();
    const auto count = static_cast<double>(n);
    std::vector<double> cumulative(n);
    std::partial_sum(regret_.begin(), regret_.end(), cumulative.begin());
    result.reward = std::accumulate(result.rewards.begin(), result.rewards.end(), 0.0) / count;
    result.accuracy = std::accumulate(right_.begin(), right_.end(), 0.0) / count;
    result.regret = cumulative.back();
    for (std::size_t k = 1; k <= tenths; ++k) {
      const std::size_t from = (k - 1) * n / tenths;
      const std::size_t to = std::max(from + 1, k * n / tenths);
      result.curve.push_back(cumulative[to - 1]);
      result.windows.push_back(std::accumulate(right_.begin() + static_cast<std::ptrdiff_t>(from),
                                               right_.begin() + static_cast<std::ptrdiff_t>(to), 0.0) / static_cast<double>(to - from));
    }
    result.slope = slope_of(cumulative);
    return std::move(result);
  }

  PolicyResult result;

 private:
  const DecisionLog& log_;
  double repeats_;
  std::vector<double> fixed_, regret_, right_;
};

Result<PolicyResult> run_policy(const DecisionLog& log, const BenchOptions& options, const Factory& make,
                                const std::map<std::string, std::string>& best) {
  Account account(log, best, options.repeats);
  const auto repeats = static_cast<double>(options.repeats);
  double dear = 0;
  std::vector<double> budget_rewards(log.rows.size(), 0);
  for (std::size_t run = 0; run < options.repeats; ++run) {
    const std::vector<std::size_t> order = order_of(log, options, run);
    Dice dice(options.seed + 1000 * run);
    const auto policy = make();
    account.result.name = policy->name();
    AUTODEV_TRY(run_once(log, options, order, *policy, dice, nullptr,
                         [&](std::size_t t, std::size_t option) { account.add(t, order[t], option); }));
    if (!log.has_costs) continue;
    Pacing pace(options.budget, log.rows.size());
    const auto paced = make();
    AUTODEV_TRY(run_once(log, options, order, *paced, dice, &pace, [&](std::size_t t, std::size_t option) {
      budget_rewards[order[t]] += log.rows[order[t]].rewards[option] / repeats;
    }));
    dear += pace.share() / repeats;
  }
  PolicyResult result = account.finish();
  if (log.has_costs) {
    result.budget_accuracy = std::accumulate(budget_rewards.begin(), budget_rewards.end(), 0.0) / static_cast<double>(log.rows.size());
    result.budget_share = dear;
    result.budget_rewards = std::move(budget_rewards);
  }
  return result;
}

/// The best fixed option; under a budget the best that can be done without looking: the dear one in a share of the decisions.
PolicyResult fixed_result(const DecisionLog& log, const BenchOptions& options, const std::map<std::string, std::string>& best) {
  Account account(log, best, 1);
  account.result.name = "best_fixed";
  account.result.budget_rewards.assign(log.rows.size(), 0);
  for (std::size_t t = 0; t < log.rows.size(); ++t) {
    const LogRow& row = log.rows[t];
    const auto& names = row.question.options;
    const auto found = std::find(names.begin(), names.end(), best.at(row.question.type));
    account.add(t, t, found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin()));
    if (!log.has_costs) continue;
    const auto [cheap, dear] = extremes(row.question);
    account.result.budget_rewards[t] = (1 - options.budget) * row.rewards[cheap] + options.budget * row.rewards[dear];
  }
  PolicyResult result = account.finish();
  result.slope.reset();
  if (log.has_costs) {
    const double sum = std::accumulate(result.budget_rewards.begin(), result.budget_rewards.end(), 0.0);
    result.budget_accuracy = sum / static_cast<double>(log.rows.size());
    result.budget_share = options.budget;
  }
  return result;
}

}  // namespace

Estimated paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(std::min(a.size(), b.size()));
  if (n < 2) return {};
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    sum += a[i] - b[i];
    squares += (a[i] - b[i]) * (a[i] - b[i]);
  }
  const double mean = sum / n;
  const double error = 1.96 * std::sqrt(std::max(0.0, squares / n - mean * mean) / (n - 1));
  return {mean, mean - error, mean + error};
}

Result<BenchReport> run_decision_bench(const DecisionLog& log, const BenchOptions& options) {
  BenchReport report;
  report.decisions = log.rows.size();
  report.full_information = log.full_information;
  report.full_feedback = options.full_feedback;
  report.repeats = options.repeats;
  report.budget = options.budget;
  const std::vector<Factory> factories = contestants(options.single_voters && log.full_information);
  if (!log.full_information) {
    for (const Factory& make : factories) {
      AUTODEV_TRY_ASSIGN(PolicyResult result, judge_off_policy(log, *make(), options.seed, factories.size()));
      report.policies.push_back(std::move(result));
    }
    add_fixed_options(log, report, factories.size());
    return report;
  }
  const auto best = best_fixed_of(log);
  for (const auto& [type, option] : best)
    report.best_fixed += (report.best_fixed.empty() ? "" : ", ") + (best.size() > 1 ? type + ": " + option : option);
  for (const Factory& make : factories) {
    AUTODEV_TRY_ASSIGN(PolicyResult result, run_policy(log, options, make, best));
    report.policies.push_back(std::move(result));
  }
  report.policies.push_back(fixed_result(log, options, best));
  return report;
}

}  // namespace autodev::vote
