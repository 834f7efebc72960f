// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/decision_bench.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/support.h"
#include "vote/off_policy.h"

namespace autodev::vote {
namespace {

using test::value_of;

std::string full_log(std::size_t decisions, std::uint64_t seed) {
  Dice dice(seed);
  std::string text;
  for (std::size_t i = 0; i < decisions; ++i) {
    const bool hard = dice.below(2) == 0;
    const int weak = dice.uniform() < (hard ? 0.2 : 0.9) ? 1 : 0, strong = dice.uniform() < 0.9 ? 1 : 0;
    text += fmt::format(R"({{"id": "{}", "type": "tier", "context": {{"kind": "{}"}}, "outcomes": {{"weak": {}, "strong": {}}}, "cost": {{"weak": 1, "strong": 9}}}})", i,
                        hard ? "hard" : "easy", weak, strong) + "\n";
  }
  return text;
}

TEST(DecisionLog, ReadsBothKindsAndCsv) {
  const DecisionLog full = value_of(read_log(full_log(5, 1), "log"));
  EXPECT_TRUE(full.full_information);
  EXPECT_TRUE(full.has_costs);
  const DecisionLog csv = value_of(read_log("item,click,p,user\nx,0,0.5,1\ny,1,0.5,\"a \"\"b\"\", c\"\n", "log", {"item", "click", "p", {}}));
  EXPECT_FALSE(csv.full_information);
  EXPECT_EQ(csv.rows[0].question.options.size(), 2u) << "what was chosen once could have been chosen always";
  EXPECT_EQ(csv.rows[1].reward, 1);
}

TEST(DecisionLog, NamesTheLineOfWhatIsWrong) {
  for (const char* text : {"{\"outcomes\": {\"a\": 2}}", "{\"action\": \"a\"}", "{\"action\": \"a\", \"reward\": 1, \"propensity\": 0}", "{", "[1]", "",
                           "a,b\n1,2\n", "action,reward\nx,1,2\n", "action,reward\nx,nan\n",
                           "{\"outcomes\": {\"a\": 1}}\n{\"action\": \"a\", \"reward\": 1}"}) {
    const auto log = read_log(text, "some.log");
    ASSERT_FALSE(log) << text;
    EXPECT_EQ(log.error().code, ErrorCode::bad_data);
    EXPECT_NE(log.error().message.find("some.log"), std::string::npos);
  }
}

TEST(DecisionBench, FindsTheContextThatFixedOptionsCannotUse) {
  const BenchReport report = value_of(run_decision_bench(value_of(read_log(full_log(600, 2), "log")), {}));
  const PolicyResult& ours = *report.find("ours");
  EXPECT_GT(ours.budget_accuracy.value(), report.find("best_fixed")->budget_accuracy.value() + 0.1);
  EXPECT_GT(ours.budget_accuracy.value(), report.find("thompson")->budget_accuracy.value() + 0.1);
  EXPECT_LE(ours.budget_share.value(), 0.5 + 1e-9);
  EXPECT_EQ(report.find("best_fixed")->regret, 0);
  EXPECT_EQ(ours.curve.size(), 10u);
  const base::Json json = report.json();
  for (const char* policy : {"ours", "best_fixed", "majority", "epsilon_greedy", "ucb1", "linucb", "thompson"})
    for (const char* key : {"reward", "regret", "accuracy"}) EXPECT_TRUE(json[key].contains(policy)) << key << " " << policy;
}

TEST(DecisionBench, IsTheSameForTheSameSeed) {
  const DecisionLog log = value_of(read_log(full_log(100, 3), "log"));
  EXPECT_EQ(value_of(run_decision_bench(log, {})).json(), value_of(run_decision_bench(log, {})).json());
}

TEST(OffPolicy, EstimatesTheValueOfAPolicyFromAnotherOnesChoices) {
  // The logger is uniform over three options with 0.2, 0.5 and 0.8: a learner ends near 0.8, and the intervals say so.
  Dice dice(5);
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    const std::size_t action = dice.below(3);
    text += fmt::format(R"({{"action": "{}", "reward": {}, "propensity": 0.33333}})", action, dice.uniform() < 0.2 + 0.3 * static_cast<double>(action) ? 1 : 0) + "\n";
  }
  const BenchReport report = value_of(run_decision_bench(value_of(read_log(text, "log")), {}));
  const PolicyResult& ours = *report.find("ours");
  for (const auto& estimate : {ours.ips, ours.snips, ours.dr}) {
    EXPECT_LT(estimate->low, 0.8);
    EXPECT_GT(estimate->high, 0.75);
    EXPECT_GT(estimate->low, 0.6);
  }
  EXPECT_NE(report.findings.front().find("better than what was logged"), std::string::npos);
}

TEST(OffPolicy, ClaimsNothingWhereNothingMatters) {
  int claims = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    std::string text;
    for (int i = 0; i < 400; ++i) text += fmt::format(R"({{"action": "{}", "reward": {}, "propensity": 0.5}})", dice.below(2), dice.below(4) == 0 ? 1 : 0) + "\n";
    const BenchReport report = value_of(run_decision_bench(value_of(read_log(text, "log")), {}));
    for (const std::string& line : report.findings) claims += line.find("no difference") == std::string::npos ? 1 : 0;
  }
  EXPECT_LE(claims, 2);
}

TEST(OffPolicy, QuantilesAreThoseOfTheNormalDistribution) {
  EXPECT_NEAR(normal_quantile(0.025), 1.959964, 1e-5);
  EXPECT_NEAR(normal_quantile(0.005), 2.575829, 1e-5);
}

}  // namespace
}  // namespace autodev::vote
