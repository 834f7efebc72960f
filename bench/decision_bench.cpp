// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions on planted worlds, where the truth is known.
//
//   decision_bench worlds [SEEDS]   every policy on nine kinds of world: losses, regret, against single voters and majority
//   decision_bench shift [SEEDS]    how soon a change of what works is noticed and followed, and how often none is taken for one
//   decision_bench speed            one decision and one outcome with 10,000 past ones, in memory
//   decision_bench null [LOGS]      logged data in which nothing matters: how often is a difference claimed?
//
// Each ends with one JSON line. Worlds are drawn from seeds; the constants of src/vote were chosen on seeds 1 to 10, the numbers
// in docs/decision-model.md are of seeds from 101.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>

#include "vote/decision_bench.h"
#include "vote/memory_map.h"

namespace {

using namespace autodev::vote;
using autodev::base::Json;

constexpr std::size_t length = 1000;
constexpr std::uint64_t first_seed = 101;

struct World {
  const char* name;
  /// Question without options' outcomes, and the probability of success of each option.
  std::pair<std::string, std::vector<double>> (*draw)(std::size_t t, Dice& dice);
  std::vector<std::string> options;
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

const char* pick(std::initializer_list<const char*> list, Dice& dice) { return *(list.begin() + dice.below(list.size())); }

/// A text whose words tell its topic, among words that tell nothing.
std::string text_about(std::size_t topic, Dice& dice) {
  static const char* const topics[3][6] = {{"login", "token", "password", "session", "cookie", "role"},
                                           {"matrix", "vector", "solve", "gradient", "norm", "sparse"},
                                           {"button", "layout", "colour", "scroll", "hover", "font"}};
  std::string text = "please";
  for (int i = 0; i < 14; ++i)
    text += dice.below(2) == 0 ? fmt::format(" {}", topics[topic][dice.below(6)]) : fmt::format(" filler{}", static_cast<char>('a' + dice.below(26)));
  return text;
}

const std::vector<World> worlds = {
    {"plain", [](std::size_t, Dice&) { return std::pair(std::string("{}"), std::vector<double>{0.45, 0.6, 0.75}); }, {"a", "b", "c"}},
    {"close", [](std::size_t, Dice&) { return std::pair(std::string("{}"), std::vector<double>{0.62, 0.68, 0.7, 0.65}); }, {"a", "b", "c", "d"}},
    {"rare", [](std::size_t, Dice&) {
       return std::pair(std::string("{}"), std::vector<double>{0.02, 0.03, 0.05, 0.1, 0.04, 0.03, 0.02, 0.15});
     }, {"a", "b", "c", "d", "e", "f", "g", "h"}},
    {"category", [](std::size_t, Dice& dice) {
       const std::size_t k = dice.below(4);
       std::vector<double> p(4, 0.4);
       p[k] = 0.85;
       static const char* const names[] = {"python", "rust", "go", "java"};
       return std::pair(fmt::format(R"({{"language":"{}","noise":"{}"}})", names[k], pick({"x", "y", "z"}, dice)), p);
     }, {"a", "b", "c", "d"}},
    {"pair", [](std::size_t, Dice& dice) {
       const std::size_t k = dice.below(2), l = dice.below(2);
       return std::pair(fmt::format(R"({{"kind":"{}","tests":{}}})", k == 0 ? "fix" : "feature", l == 0 ? "true" : "false"),
                        k == l ? std::vector<double>{0.8, 0.35} : std::vector<double>{0.4, 0.75});
     }, {"a", "b"}},
    {"number", [](std::size_t, Dice& dice) {
       const double size = std::exp(6 * dice.uniform());
       const double z = std::log1p(size) - 3;
       return std::pair(fmt::format(R"({{"lines":{:.1f},"files":{}}})", size, 1 + dice.below(9)), std::vector<double>{logistic(1.2 - 1.3 * z), logistic(1.2 + 1.0 * z)});
     }, {"small", "large"}},
    {"text", [](std::size_t, Dice& dice) {
       const std::size_t topic = dice.below(3);
       std::vector<double> p(3, 0.35);
       p[topic] = 0.85;
       return std::pair(fmt::format(R"({{"request":"{}"}})", text_about(topic, dice)), p);
     }, {"a", "b", "c"}},
    {"drift", [](std::size_t t, Dice&) {
       return std::pair(std::string("{}"), (t / 250) % 2 == 0 ? std::vector<double>{0.85, 0.3, 0.5} : std::vector<double>{0.3, 0.85, 0.5});
     }, {"a", "b", "c"}},
    {"category_drift", [](std::size_t t, Dice& dice) {
       const std::size_t k = (dice.below(3) + t / 400) % 3;
       static const char* const names[] = {"python", "rust", "go"};
       std::vector<double> p(3, 0.4);
       p[k] = 0.85;
       return std::pair(fmt::format(R"({{"language":"{}"}})", names[(k + 3 - (t / 400) % 3) % 3]), p);
     }, {"a", "b", "c"}},
};

DecisionLog log_of(const World& world, std::uint64_t seed) {
  Dice dice(seed * 65537);
  DecisionLog log;
  log.full_information = true;
  for (std::size_t t = 0; t < length; ++t) {
    const auto [context, success] = world.draw(t, dice);
    LogRow row;
    row.question.type = "planted";
    row.question.options = world.options;
    row.question.context = read_context(context).value();
    for (const double p : success) row.rewards.push_back(dice.uniform() < p ? 1.0 : 0.0);
    log.rows.push_back(std::move(row));
  }
  return log;
}

std::string best_single(const std::map<std::string, double>& losses) {
  std::string best;
  for (const auto& [name, loss] : losses)
    if (name.starts_with("only_") && (best.empty() || loss < losses.at(best))) best = name;
  return best;
}

int bench_worlds(std::size_t seeds, std::uint64_t from, bool full) {
  Json json = {{"bench", "decision_worlds"}, {"seeds", seeds}, {"decisions", length}};
  double ours_all = 0, single_all = 0, majority_all = 0;
  fmt::print("{:<15} {:>7} {:>8} {:>7} {:>8} {:>7} {:>7} {:>7} {:>7}  {:>9} {:>9} {:>7}\n", "losses", "ours", "majority", "eps", "ucb1", "linucb",
             "thomps.", "fixed", "single", "vs single", "vs major.", "slope");
  for (const World& world : worlds) {
    std::map<std::string, double> losses, late, regret;
    double slope = 0, slopes = 0;
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
      BenchOptions options;
      options.repeats = 1;
      options.seed = seed;
      options.full_feedback = full;
      const auto report = run_decision_bench(log_of(world, seed), options);
      if (!report) return fmt::print(stderr, "{}\n", report.error().message), 1;
      for (const PolicyResult& policy : report->policies) {
        losses[policy.name] += policy.losses / static_cast<double>(seeds);
        late[policy.name] += policy.losses_after_100 / static_cast<double>(seeds);
        regret[policy.name] += policy.regret / static_cast<double>(seeds);
      }
      if (report->policies[0].slope) slope += *report->policies[0].slope, slopes += 1;
    }
    const std::string single = best_single(late);
    ours_all += late["ours"];
    single_all += late[single];
    majority_all += late["majority"];
    fmt::print("{:<15} {:>7.1f} {:>8.1f} {:>7.1f} {:>8.1f} {:>7.1f} {:>7.1f} {:>7.1f} {:>7.1f}  {:>+8.1f}% {:>+8.1f}% {:>7} {}\n", world.name, losses["ours"],
               losses["majority"], losses["epsilon_greedy"], losses["ucb1"], losses["linucb"], losses["thompson"], losses["best_fixed"],
               losses[single], 100 * (late["ours"] / late[single] - 1), 100 * (late["ours"] / late["majority"] - 1),
               slopes > 0 ? fmt::format("{:.2f}", slope / slopes) : "<0", single.substr(5));
    json["worlds"][world.name] = {{"losses", losses}, {"losses_after_100", late}, {"regret", regret}, {"best_single", single}};
  }
  json["against_best_single"] = ours_all / single_all - 1;
  json["against_majority"] = ours_all / majority_all - 1;
  fmt::print("all worlds, after 100 decisions: {:+.1f} % losses against the best single voter of each world, {:+.1f} % against majority\n",
             100 * (ours_all / single_all - 1), 100 * (ours_all / majority_all - 1));
  fmt::print("{}\n", json.dump());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10;
  const std::uint64_t from = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : first_seed;
  if (what == "worlds") return bench_worlds(count, from, argc > 4);
  fmt::print(stderr, "usage: decision_bench worlds|shift|speed|null [COUNT] [FIRST-SEED]\n");
  return 64;
}
