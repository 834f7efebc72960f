// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions on planted worlds, where the truth is known.
//
//   decision_bench worlds [SEEDS]   every policy on nine kinds of world: losses, regret, against single voters and majority
//   decision_bench shift [SEEDS]    how soon a change of what works is noticed and followed, and how often none is taken for one
//   decision_bench speed            one decision and one outcome with 10,000 past ones, in memory
//   decision_bench null [LOGS]      logged data in which nothing matters: how often is a difference claimed?
//   decision_bench holdout [SEEDS]  patterns that help and patterns that harm, told apart by holding them back at random
//
// Each ends with one JSON line. Worlds are drawn from seeds; docs/decision-model.md says which
// of them had a part in choosing the constants of src/vote.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>

#include "report/pattern_effect.h"
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

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/// One decision after another about one question; what is known stays in `memory`.
struct Agent {
  MapMemory memory;
  Settings settings;
  Question question;
  Dice dice;

  explicit Agent(std::uint64_t seed, std::vector<std::string> options) : dice(seed) {
    question.type = "planted";
    question.options = std::move(options);
  }
  std::size_t decide(const std::vector<double>& success) {
    Judgement judgement = judge(memory, question, settings).value();
    const std::size_t chosen = choose(judgement, settings, dice.uniform()).option;
    const Spoken spoken = spoken_of(judgement);
    if (!remember(memory, question, chosen)) std::abort();
    const double reward = dice.uniform() < success[chosen] ? 1 : 0;
    const double seen = std::max(1e-6, judgement.options[chosen].propensity);
    if (!learn(memory, question, spoken, {chosen, reward, seen, true, {}})) std::abort();
    return chosen;
  }
  std::uint32_t changes() { return load<TypeRow>(memory, row_key("planted", 'T')).value().epoch; }
};

/// Decisions after the shift until eight of the last ten are the new best option.
int bench_shift(std::size_t seeds, std::uint64_t from) {
  struct Shift {
    const char* name;
    std::vector<double> before, after;
  };
  const std::vector<Shift> shifts = {{"0.9 / 0.1 swap", {0.9, 0.1}, {0.1, 0.9}},
                                     {"0.85 / 0.3 swap", {0.85, 0.3, 0.5}, {0.3, 0.85, 0.5}},
                                     {"0.8 / 0.4 swap", {0.8, 0.4}, {0.4, 0.8}},
                                     {"best falls", {0.9, 0.6}, {0.2, 0.6}}};
  Json json = {{"bench", "decision_shift"}, {"seeds", seeds}};
  fmt::print("{:<18} {:>16} {:>16} {:>16} {:>10}\n", "shift after 150", "followed median", "followed p90", "noticed median", "noticed");
  for (const Shift& shift : shifts) {
    std::vector<double> followed, noticed;
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
      std::vector<std::string> options = {"a", "b", "c"};
      options.resize(shift.before.size());
      Agent agent(seed, options);
      for (int t = 0; t < 150; ++t) agent.decide(shift.before);
      const std::uint32_t changes = agent.changes();
      const auto best = static_cast<std::size_t>(std::max_element(shift.after.begin(), shift.after.end()) - shift.after.begin());
      std::vector<int> right;
      double when_followed = 200, when_noticed = -1;
      for (int t = 1; t <= 200; ++t) {
        right.push_back(agent.decide(shift.after) == best ? 1 : 0);
        const auto recent = right.size() > 10 ? right.end() - 10 : right.begin();
        if (when_followed == 200 && right.size() >= 10 && std::accumulate(recent, right.end(), 0) >= 8) when_followed = t - 10;
        if (when_noticed < 0 && agent.changes() > changes) when_noticed = t;
      }
      followed.push_back(when_followed);
      if (when_noticed > 0) noticed.push_back(when_noticed);
    }
    const double share = static_cast<double>(noticed.size()) / static_cast<double>(seeds);
    fmt::print("{:<18} {:>16.0f} {:>16.0f} {:>16.0f} {:>9.0f}%\n", shift.name, quantile(followed, 0.5), quantile(followed, 0.9), quantile(noticed, 0.5), share * 100);
    json["shifts"][shift.name] = {{"followed_median", quantile(followed, 0.5)}, {"followed_p90", quantile(followed, 0.9)},
                                  {"noticed_median", quantile(noticed, 0.5)}, {"noticed_share", share}};
  }
  double false_alarms = 0;
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    Agent agent(seed, {"a", "b", "c"});
    for (int t = 0; t < 1000; ++t) agent.decide({0.5, 0.6, 0.75});
    false_alarms += agent.changes();
  }
  json["false_alarms_per_1000"] = false_alarms / static_cast<double>(seeds);
  fmt::print("changes taken for one where there is none: {:.2f} per 1,000 decisions\n{}\n", false_alarms / static_cast<double>(seeds), json.dump());
  return 0;
}

int bench_speed() {
  Agent agent(1, {"small", "medium", "large"});
  const auto context = [&](std::size_t t) {
    static const char* const languages[] = {"python", "rust", "go", "cpp"};
    return fmt::format(R"({{"language":"{}","files":{},"lines":{},"request":"please {} the {} of part {} and keep all of its tests green"}})", languages[t % 4],
                       t % 13, t * 37 % 911, t % 3 == 0 ? "fix" : "extend", t % 5 == 0 ? "parser" : "server", t % 29);
  };
  std::vector<double> decisions, outcomes;
  const auto since = [](auto start) { return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count(); };
  for (std::size_t t = 0; t < 12'000; ++t) {
    const auto start = std::chrono::steady_clock::now();
    agent.question.context = read_context(context(t)).value();
    Judgement judgement = judge(agent.memory, agent.question, agent.settings).value();
    const std::size_t chosen = choose(judgement, agent.settings, agent.dice.uniform()).option;
    if (t >= 10'000) decisions.push_back(since(start));
    const Spoken spoken = spoken_of(judgement);
    const auto learning = std::chrono::steady_clock::now();
    if (!remember(agent.memory, agent.question, chosen)) return 1;
    if (!learn(agent.memory, agent.question, spoken, {chosen, agent.dice.uniform() < 0.6 ? 1.0 : 0.0, 1, true, {}})) return 1;
    if (t >= 10'000) outcomes.push_back(since(learning));
  }
  const auto row = [](const char* name, const std::vector<double>& us) {
    fmt::print("{:<10} median {:>7.1f} us  p99 {:>7.1f} us  max {:>7.1f} us\n", name, quantile(us, 0.5), quantile(us, 0.99), quantile(us, 1));
  };
  fmt::print("three options, a context of two categories, two numbers and a text; 10,000 outcomes known\n");
  row("decision", decisions);
  row("outcome", outcomes);
  const Json json = {{"bench", "decision_speed"}, {"decision_us", {{"median", quantile(decisions, 0.5)}, {"p99", quantile(decisions, 0.99)}, {"max", quantile(decisions, 1)}}},
                     {"outcome_us", {{"median", quantile(outcomes, 0.5)}, {"p99", quantile(outcomes, 0.99)}}}};
  fmt::print("{}\n", json.dump());
  return 0;
}

int bench_null(std::size_t logs, std::uint64_t from) {
  std::size_t with_claim = 0;
  for (std::uint64_t seed = from; seed < from + logs; ++seed) {
    Dice dice(seed * 7);
    DecisionLog log;
    for (std::size_t t = 0; t < 1000; ++t) {
      LogRow row;
      row.question.type = "null";
      row.question.options = {"a", "b", "c", "d", "e"};
      row.question.context = read_context(fmt::format(R"({{"group":"{}"}})", dice.below(4))).value();
      row.action = dice.below(5);
      row.propensity = 0.2;
      row.reward = dice.uniform() < 0.2 ? 1 : 0;
      log.rows.push_back(std::move(row));
    }
    BenchOptions options;
    options.seed = seed;
    const auto report = run_decision_bench(log, options);
    if (!report) return 1;
    const bool claimed = std::any_of(report->findings.begin(), report->findings.end(),
                                     [](const std::string& line) { return line.find("no difference") == std::string::npos; });
    with_claim += claimed ? 1 : 0;
  }
  const double share = static_cast<double>(with_claim) / static_cast<double>(logs);
  const Json json = {{"bench", "decision_null"}, {"logs", logs}, {"with_false_claim", share}};
  fmt::print("logs in which nothing matters, but some policy is claimed to differ: {:.1f} % of {}\n{}\n", share * 100, logs, json.dump());
  return 0;
}

int bench_holdout(std::size_t seeds, std::uint64_t from) {
  double area = 0;
  constexpr int patterns = 20, trials = 200;
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    Dice dice(seed * 31);
    std::vector<double> good, bad;
    for (int k = 0; k < patterns; ++k) {
      const bool helps = k % 2 == 0;
      std::vector<autodev::report::Trial> seen;
      for (int t = 0; t < trials; ++t) {
        const bool shown = dice.uniform() >= 0.2;
        const double p = 0.5 + (shown ? (helps ? 0.2 : -0.2) : 0.0);
        seen.push_back({shown, dice.uniform() < p ? 1.0 : 0.0, shown ? 0.8 : 0.2});
      }
      (helps ? good : bad).push_back(autodev::report::pattern_effect(seen)->difference);
    }
    double above = 0;
    for (const double a : good)
      for (const double b : bad) above += a > b ? 1 : a == b ? 0.5 : 0;
    area += above / static_cast<double>(good.size() * bad.size()) / static_cast<double>(seeds);
  }
  fmt::print("{} patterns, half add 20 points of success, half take 20 away, {} trials each, one in five held back: AUC {:.3f}\n{}\n", patterns, trials, area,
             Json({{"bench", "decision_holdout"}, {"auc", area}}).dump());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const std::size_t count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10;
  const std::uint64_t from = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : first_seed;
  if (what == "worlds") return bench_worlds(count, from, argc > 4);
  if (what == "shift") return bench_shift(count, from);
  if (what == "speed") return bench_speed();
  if (what == "null") return bench_null(count, from);
  if (what == "holdout") return bench_holdout(count, from);
  fmt::print(stderr, "usage: decision_bench worlds|shift|speed|null|holdout [COUNT] [FIRST-SEED]\n");
  return 64;
}
