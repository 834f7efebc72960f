// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The report of the decision bench for people and for programs.
#include <fmt/format.h>

#include "base/terminal.h"
#include "vote/decision_bench.h"

namespace autodev::vote {
namespace {

base::Json interval_json(const std::optional<Estimated>& one) {
  if (!one) return nullptr;
  return {{"value", one->value}, {"low", one->low}, {"high", one->high}};
}

const PolicyResult* best_single(const BenchReport& report) {
  const PolicyResult* best = nullptr;
  for (const PolicyResult& policy : report.policies)
    if (policy.name.starts_with("only_") && (best == nullptr || policy.losses < best->losses)) best = &policy;
  return best;
}

double relative(double own, double other) { return other > 0 ? own / other - 1 : 0; }

std::string against(const BenchReport& report, const PolicyResult& other) {
  const PolicyResult& ours = report.policies.front();
  const Estimated difference = paired_difference(ours.rewards, other.rewards);
  return fmt::format("{:+.1f} points of reward against {} [{:+.1f}, {:+.1f}]", difference.value * 100, other.name, difference.low * 100,
                     difference.high * 100);
}

std::vector<std::string> sentences(const BenchReport& report) {
  std::vector<std::string> lines = report.findings;
  if (!report.full_information) return lines;
  const PolicyResult& ours = report.policies.front();
  for (const char* name : {"best_fixed", "majority", "linucb", "thompson"})
    if (const PolicyResult* other = report.find(name)) lines.push_back(against(report, *other));
  if (const PolicyResult* single = best_single(report))
    lines.push_back(fmt::format("losses after 100 decisions {:+.1f} % against the best single voter ({}), {:+.1f} % against plain majority",
                                100 * relative(ours.losses_after_100, single->losses_after_100), single->name.substr(5),
                                100 * relative(ours.losses_after_100, report.find("majority")->losses_after_100)));
  if (ours.budget_accuracy)
    for (const char* name : {"best_fixed", "linucb"}) {
      const Estimated difference = paired_difference(ours.budget_rewards, report.find(name)->budget_rewards);
      lines.push_back(fmt::format("at {:.0f} % of the dear choices {:+.1f} points against {} [{:+.1f}, {:+.1f}]", report.budget * 100,
                                  difference.value * 100, name, difference.low * 100, difference.high * 100));
    }
  return lines;
}

}  // namespace

const PolicyResult* BenchReport::find(std::string_view name) const {
  for (const PolicyResult& policy : policies)
    if (policy.name == name) return &policy;
  return nullptr;
}

std::string BenchReport::text() const {
  std::string out;
  if (!full_information) {
    out = fmt::format("{} logged decisions, mean reward {:.4f}; estimates before each lesson, intervals for all rows together\n", decisions, logged_reward);
    out += fmt::format("{:<16} {:>28} {:>28} {:>28}\n", "policy", "IPS", "SNIPS", "DR");
    const auto cell = [](const Estimated& one) { return fmt::format("{:.4f} [{:.4f}, {:.4f}]", one.value, one.low, one.high); };
    for (const PolicyResult& policy : policies)
      out += fmt::format("{:<16} {:>28} {:>28} {:>28}\n", policy.name, cell(*policy.ips), cell(*policy.snips), cell(*policy.dr));
  } else {
    out = fmt::format("{} decisions, every option's outcome known, {} run{}; a policy is shown {}\n", decisions, repeats, repeats == 1 ? "" : "s",
                      full_feedback ? "all outcomes" : "the outcome of its choice");
    out += fmt::format("best fixed option in hindsight: {}\n", best_fixed);
    out += fmt::format("{:<16} {:>8} {:>9} {:>9} {:>7}  {:<11}{}\n", "policy", "reward", "accuracy", "regret", "slope", "accuracy",
                       policies.front().budget_accuracy ? fmt::format(" at {:.0f} % dear", budget * 100) : "");
    for (const PolicyResult& policy : policies)
      out += fmt::format("{:<16} {:>8.4f} {:>8.1f}% {:>9.1f} {:>7}  {:<11}{}\n", policy.name, policy.reward, policy.accuracy * 100, policy.regret,
                         policy.slope ? fmt::format("{:.2f}", *policy.slope) : "-",
                         base::sparkline(policy.windows.data(), policy.windows.size()),
                         policy.budget_accuracy ? fmt::format(" {:.4f} ({:.1f} %)", *policy.budget_accuracy, *policy.budget_share * 100) : "");
  }
  for (const std::string& line : sentences(*this)) out += line + "\n";
  return out;
}

base::Json BenchReport::json() const {
  base::Json value = {{"bench", "decisions"}, {"decisions", decisions}, {"best_fixed_option", best_fixed}, {"findings", sentences(*this)}};
  value["information"] = full_information ? "full" : "logged";
  if (full_information) value["feedback"] = full_feedback ? "full" : "bandit";
  else value["logged_reward"] = logged_reward;
  for (const PolicyResult& policy : policies) {
    value["reward"][policy.name] = policy.reward;
    if (!full_information) {
      value["ips"][policy.name] = interval_json(policy.ips);
      value["snips"][policy.name] = interval_json(policy.snips);
      value["dr"][policy.name] = interval_json(policy.dr);
      // Regret and accuracy of logged data are estimates as well: against the best fixed option, per decision and in all.
      value["regret"][policy.name] = (policies.back().snips->value - policy.snips->value) * static_cast<double>(decisions);
      value["accuracy"][policy.name] = policy.snips->value;
      continue;
    }
    value["accuracy"][policy.name] = policy.accuracy;
    value["regret"][policy.name] = policy.regret;
    value["losses"][policy.name] = policy.losses;
    value["losses_after_100"][policy.name] = policy.losses_after_100;
    value["regret_curve"][policy.name] = policy.curve;
    value["accuracy_curve"][policy.name] = policy.windows;
    value["regret_slope"][policy.name] = policy.slope ? base::Json(*policy.slope) : base::Json(nullptr);
    if (policy.budget_accuracy) {
      value["budget_accuracy"][policy.name] = *policy.budget_accuracy;
      value["budget_share"][policy.name] = *policy.budget_share;
    }
  }
  if (full_information)
    if (const PolicyResult* single = best_single(*this)) value["best_single_voter"] = single->name.substr(5);
  if (full_information && policies.front().budget_accuracy) value["budget"] = budget;
  return value;
}

}  // namespace autodev::vote
