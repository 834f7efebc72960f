// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/off_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace autodev::vote {
namespace {

/// Mean with an interval at the level of 5 % / compared.
Estimated mean_of(const std::vector<double>& values, std::size_t compared) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const double mean = sum / n;
  const double z = normal_quantile(0.025 / static_cast<double>(std::max<std::size_t>(1, compared)));
  const double error = z * std::sqrt(std::max(0.0, squares / n - mean * mean) / std::max(1.0, n - 1));
  return {mean, mean - error, mean + error};
}

/// Ratio of sums of w r and w; interval by linearisation.
Estimated ratio_of(const std::vector<double>& weights, const std::vector<double>& weighted, std::size_t compared) {
  double top = 0, bottom = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    top += weighted[i];
    bottom += weights[i];
  }
  if (bottom <= 0) return {0, 0, 1};
  const double ratio = top / bottom;
  const double mean_weight = bottom / static_cast<double>(weights.size());
  std::vector<double> residuals;
  for (std::size_t i = 0; i < weights.size(); ++i) residuals.push_back((weighted[i] - ratio * weights[i]) / mean_weight);
  const Estimated around = mean_of(residuals, compared);
  return {ratio, ratio + around.low - around.value, ratio + around.high - around.value};
}

void estimate(PolicyResult& result, const std::vector<double>& weights, const std::vector<double>& weighted,
              const std::vector<double>& robust, std::size_t compared) {
  result.ips = mean_of(weighted, compared);
  result.snips = ratio_of(weights, weighted, compared);
  result.dr = mean_of(robust, compared);
  result.reward = result.snips->value;
}

double logged_mean(const DecisionLog& log) {
  double sum = 0;
  for (const LogRow& row : log.rows) sum += row.reward;
  return sum / static_cast<double>(log.rows.size());
}

/// A difference is claimed only when all three intervals leave the logged reward out on the same side.
std::string finding(const PolicyResult& policy, double logged) {
  const double low = std::min({policy.ips->low, policy.snips->low, policy.dr->low});
  const double high = std::max({policy.ips->high, policy.snips->high, policy.dr->high});
  if (low > logged) return fmt::format("{}: better than what was logged ({:.4f}, logged {:.4f})", policy.name, policy.snips->value, logged);
  if (high < logged) return fmt::format("{}: worse than what was logged ({:.4f}, logged {:.4f})", policy.name, policy.snips->value, logged);
  return fmt::format("{}: no difference to what was logged can be claimed ({:.4f}, between {:.4f} and {:.4f}; logged {:.4f})", policy.name,
                     policy.snips->value, low, high, logged);
}

}  // namespace

double normal_quantile(double upper_share) {
  double low = 0, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::numbers::sqrt2) / 2 > upper_share ? low : high) = middle;
  }
  return (low + high) / 2;
}

Result<PolicyResult> judge_off_policy(const DecisionLog& log, Policy& policy, std::uint64_t seed, std::size_t compared) {
  PolicyResult result;
  result.name = policy.name();
  Dice dice(seed);
  std::vector<double> weights, weighted, robust;
  std::map<std::string, double> seen_reward, seen;
  for (const LogRow& row : log.rows) {
    AUTODEV_TRY_ASSIGN(const Stance stance, policy.choose(row.question, dice));
    const double weight = stance.probabilities[row.action] / row.propensity;
    weights.push_back(weight);
    weighted.push_back(weight * row.reward);
    // The model of the doubly robust estimate: the policy's own forecasts, else the mean reward so far.
    const std::string& type = row.question.type;
    const double mean = seen[type] > 0 ? seen_reward[type] / seen[type] : 0.0;
    double expected = 0;
    for (std::size_t i = 0; i < stance.probabilities.size(); ++i)
      expected += stance.probabilities[i] * (stance.estimates.empty() ? mean : stance.estimates[i]);
    const double own = stance.estimates.empty() ? mean : stance.estimates[row.action];
    robust.push_back(expected + weight * (row.reward - own));
    seen[type] += 1;
    seen_reward[type] += row.reward;
    AUTODEV_TRY(policy.update(row.question, row.action, row.reward, row.propensity));
  }
  estimate(result, weights, weighted, robust, compared);
  return result;
}

void add_fixed_options(const DecisionLog& log, BenchReport& report, std::size_t compared) {
  const double logged = logged_mean(log);
  report.logged_reward = logged;
  std::map<std::string, std::map<std::string, std::pair<double, double>>> by_option;  // reward / p, 1 / p
  for (const LogRow& row : log.rows) {
    auto& [reward, weight] = by_option[row.question.type][row.question.options[row.action]];
    reward += row.reward / row.propensity;
    weight += 1 / row.propensity;
  }
  std::map<std::string, std::string> best;
  std::size_t options = 0;
  for (const auto& [type, all] : by_option) {
    options += all.size();
    best[type] = std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
                   return a.second.first / a.second.second < b.second.first / b.second.second;
                 })->first;
    report.best_fixed += (report.best_fixed.empty() ? "" : ", ") + (by_option.size() > 1 ? type + ": " + best[type] : best[type]);
  }
  PolicyResult fixed;
  fixed.name = "best_fixed";
  std::vector<double> weights, weighted, robust;
  for (const LogRow& row : log.rows) {
    const double weight = row.question.options[row.action] == best[row.question.type] ? 1 / row.propensity : 0;
    weights.push_back(weight);
    weighted.push_back(weight * row.reward);
    robust.push_back(logged + weight * (row.reward - logged));
  }
  // It was picked as the best of all options on the same data.
  estimate(fixed, weights, weighted, robust, compared * options);
  report.policies.push_back(std::move(fixed));
  for (const PolicyResult& policy : report.policies) report.findings.push_back(finding(policy, logged));
}

}  // namespace autodev::vote
