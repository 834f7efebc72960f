// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/decider.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "support/support.h"
#include "vote/change.h"
#include "vote/memory_map.h"
#include "vote/policy.h"

namespace autodev::vote {
namespace {

using test::value_of;

struct World {
  MapMemory memory;
  Settings settings;

  static Question question(std::vector<std::string> options, const std::string& context = "", const std::string& type = "approach") {
    Question question;
    question.type = type;
    question.options = std::move(options);
    question.context = value_of(read_context(context));
    return question;
  }
  Judgement ask(const Question& question) const { return value_of(judge(memory, question, settings)); }
  void tell(const Question& question, std::size_t option, double reward) {
    const Spoken spoken = spoken_of(ask(question));
    value_of(remember(memory, question, option));
    value_of(learn(memory, question, spoken, {option, reward, 1, true, {}}));
  }
};

TEST(Decider, KnowsNothingAtFirst) {
  const World world;
  Judgement judgement = world.ask(World::question({"a", "b"}));
  EXPECT_FALSE(judgement.anything_known);
  static_cast<void>(choose(judgement, world.settings, 0.3));
  EXPECT_NEAR(judgement.options[0].propensity, 0.5, 1e-9);
}

TEST(Decider, PropensitiesSumToOneAndFavourTheBetter) {
  World world;
  const Question question = World::question({"a", "b", "c"}, R"({"language": "go"})");
  for (int i = 0; i < 4; ++i) world.tell(question, 0, 1), world.tell(question, 1, i % 2), world.tell(question, 2, 0);
  Judgement judgement = world.ask(question);
  EXPECT_EQ(choose(judgement, world.settings, 0.0).best, 0u);
  double sum = 0;
  for (const OptionVote& vote : judgement.options) sum += vote.propensity;
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_GT(judgement.options[0].propensity, judgement.options[1].propensity);
  EXPECT_GE(judgement.options[1].propensity, judgement.options[2].propensity);
}

TEST(Decider, MoreFailuresNeverRaiseAnOption) {
  // In any history, one more failure of an option in a context must not raise it there, nor its chance to be chosen.
  Dice dice(7);
  for (int history = 0; history < 150; ++history) {
    World world;
    const char* contexts[] = {"", R"({"language": "go", "files": 2})", R"({"language": "c", "files": 40})"};
    const std::size_t length = dice.below(60);
    for (std::size_t i = 0; i < length; ++i)
      world.tell(World::question({"a", "b", "c"}, contexts[dice.below(3)]), dice.below(3), dice.uniform() < 0.5 ? 1 : 0);
    const Question question = World::question({"a", "b", "c"}, contexts[dice.below(3)]);
    const std::size_t option = dice.below(3);
    double before = world.ask(question).options[option].estimate;
    for (int k = 0; k < 6; ++k) {
      world.tell(question, option, 0);
      const double after = world.ask(question).options[option].estimate;
      EXPECT_LE(after, before + 1e-6) << "history " << history << ", failure " << k;
      before = after;
    }
  }
}

TEST(Decider, TheOrderOfIndependentOutcomesMattersOnlyWithinTheDecay) {
  // Outcomes of decisions that were all made before any of them came in, reported in two orders.
  Dice dice(3);
  World forward, backward;
  const Question question = World::question({"a", "b"}, R"({"kind": "fix"})");
  const Spoken spoken = spoken_of(forward.ask(question));
  std::vector<std::pair<std::size_t, double>> outcomes;
  for (int i = 0; i < 12; ++i) outcomes.emplace_back(dice.below(2), dice.uniform() < 0.5 ? 1.0 : 0.0);
  for (World* world : {&forward, &backward}) {
    for (const auto& [option, reward] : outcomes) value_of(remember(world->memory, question, option));
    for (const auto& [option, reward] : outcomes) value_of(learn(world->memory, question, spoken, {option, reward, 1, true, {}}));
    std::reverse(outcomes.begin(), outcomes.end());
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const OptionVote a = forward.ask(question).options[i], b = backward.ask(question).options[i];
    // All voters but the one about recent outcomes differ by less than the fading of twelve outcomes (12 / 1000 x ln 2).
    for (const Voter voter : {Voter::nearest, Voter::tree, Voter::prior}) {
      const auto v = static_cast<std::size_t>(voter);
      EXPECT_NEAR(static_cast<double>(a.says[v].estimate), static_cast<double>(b.says[v].estimate), 0.01) << name_of(voter);
    }
  }
}

TEST(Decider, TypesAndContextsAreKeptApartAndShareOnlyWhatIsUnknown) {
  World world;
  const Question go = World::question({"a", "b"}, R"({"language": "go"})"), c = World::question({"a", "b"}, R"({"language": "c"})");
  for (int i = 0; i < 12; ++i) world.tell(go, 0, 1), world.tell(go, 1, 0), world.tell(c, 0, 0), world.tell(c, 1, 1);
  EXPECT_GT(world.ask(go).options[0].estimate, 0.7);
  EXPECT_LT(world.ask(c).options[0].estimate, 0.3);
  // Another type knows an option of that name as a hint worth two outcomes.
  const Judgement other = world.ask(World::question({"a", "new"}, "", "tool"));
  EXPECT_LT(other.options[0].evidence, 3);
  EXPECT_EQ(other.options[1].evidence, 0);
}

TEST(Decider, AnOptionBelowATenthIsSetAsideAndProbedLater) {
  World world;
  const Question question = World::question({"good", "bad"});
  for (int i = 0; i < 30; ++i) world.tell(question, 0, i % 5 != 0), world.tell(question, 1, 0);
  Judgement judgement = world.ask(question);
  EXPECT_TRUE(judgement.options[1].deprecated);
  for (double chance = 0; chance < 1; chance += 0.05) EXPECT_EQ(choose(judgement, world.settings, chance).option, 0u);
  for (std::uint64_t i = 0; i < probe_after; ++i) world.tell(question, 0, i % 5 != 0);
  judgement = world.ask(question);
  const Choice probe = choose(judgement, world.settings, 0.5);
  EXPECT_TRUE(probe.probe);
  EXPECT_EQ(probe.option, 1u);
  EXPECT_EQ(judgement.options[1].propensity, 1);
  for (int i = 0; i < 8; ++i) world.tell(question, 1, 1);
  EXPECT_FALSE(world.ask(question).options[1].deprecated) << "it can come back";
}

TEST(Decider, WhereEverythingIsRareNothingIsSetAside) {
  World world;
  const Question question = World::question({"a", "b"});
  for (int i = 0; i < 40; ++i) world.tell(question, 0, i % 20 == 0), world.tell(question, 1, i % 25 == 0);
  Judgement judgement = world.ask(question);
  static_cast<void>(choose(judgement, world.settings, 0.0));
  EXPECT_GT(judgement.options[0].propensity, 0);
  EXPECT_GT(judgement.options[1].propensity, 0);
}

TEST(Decider, AVetoIsFinalACostIsWeighedAndAPreferenceIsAVote) {
  World world;
  Question question = World::question({"a", "b"});
  for (int i = 0; i < 6; ++i) world.tell(question, 0, 1), world.tell(question, 1, 1);
  question.facts = {{1.0, std::nullopt, ""}, {10.0, std::nullopt, ""}};
  world.settings.explore = false;
  Judgement judgement = world.ask(question);
  EXPECT_EQ(choose(judgement, world.settings, 0).option, 0u) << "equally good: the cheaper one";
  question.facts[0].veto = "failed before in the same place";
  judgement = world.ask(question);
  EXPECT_EQ(choose(judgement, world.settings, 0).option, 1u);
  EXPECT_EQ(judgement.options[0].propensity, 0);

  const World empty;
  Question asked = World::question({"a", "b"});
  asked.prefer = "b";
  Judgement preferred = empty.ask(asked);
  EXPECT_TRUE(preferred.anything_known);
  EXPECT_EQ(choose(preferred, world.settings, 0).option, 1u);
}

TEST(Decider, FollowsAPlantedChangeWithinTwentyDecisionsAndSaysSo) {
  int late = 0, unnoticed = 0;
  constexpr int runs = 40;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    World world;
    Dice dice(seed);
    const Question question = World::question({"a", "b"});
    const auto step = [&](double a, double b) {
      Judgement judgement = world.ask(question);
      const Choice choice = choose(judgement, world.settings, dice.uniform());
      world.tell(question, choice.option, dice.uniform() < (choice.option == 0 ? a : b) ? 1 : 0);
      return choice.option;
    };
    for (int i = 0; i < 100; ++i) step(0.9, 0.1);
    for (int i = 0; i < 20; ++i) step(0.1, 0.9);
    int right = 0;
    for (int i = 0; i < 10; ++i) right += step(0.1, 0.9) == 1 ? 1 : 0;
    late += right >= 8 ? 0 : 1;
    const auto change = world.ask(question).change;
    unnoticed += change && change->clock > 100 ? 0 : 1;
  }
  EXPECT_LE(late, 2);
  EXPECT_LE(unnoticed, 2);
}

TEST(Decider, SeldomSeesAChangeWhereThereIsNone) {
  double alarms = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    Watch sums;
    for (int i = 0; i < 1000; ++i) alarms += watch(sums, 0.7, dice.uniform() < 0.7 ? 1 : 0) ? 1 : 0;
  }
  EXPECT_LT(alarms / 20, 1) << "per 1,000 outcomes";
}

TEST(Decider, SaysWhatWouldHaveChangedTheChoiceTruthfully) {
  World world;
  const Question question = World::question({"a", "b"}, R"({"language": "go"})");
  for (int i = 0; i < 5; ++i) world.tell(question, 0, 1), world.tell(question, 1, i % 2);
  world.settings.explore = false;
  Judgement judgement = world.ask(question);
  const Choice choice = choose(judgement, world.settings, 0);
  const auto sentences = value_of(what_would_change(world.memory, question, world.settings, judgement, choice));
  ASSERT_FALSE(sentences.empty());
  const int needed = std::stoi(sentences.front());
  for (int i = 0; i < needed; ++i) {
    judgement = world.ask(question);
    EXPECT_EQ(choose(judgement, world.settings, 0).option, 0u);
    world.tell(question, 0, 0);
  }
  judgement = world.ask(question);
  EXPECT_EQ(choose(judgement, world.settings, 0).option, 1u) << sentences.front();
}

TEST(Weights, FollowTheVoterThatIsRight) {
  Losses losses;
  Spoken spoken;
  spoken.estimate.resize(2);
  spoken.confidence.resize(2);
  spoken.blend = {0.5F, 0.5F};
  for (std::size_t v = 0; v < voter_count; ++v) {
    spoken.confidence[0][v] = spoken.confidence[1][v] = 0.8F;
    spoken.estimate[0][v] = v == 0 ? 0.9F : 0.4F;
    spoken.estimate[1][v] = v == 0 ? 0.1F : 0.6F;
  }
  for (int i = 0; i < 20; ++i) charge(losses, spoken, 0, 1, 0.5, true);
  const Weights weights = weights_of(nullptr, &losses, nullptr);
  EXPECT_GT(weights[0], 0.9);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-12);
}

TEST(Rows, DamagedBytesAreRefused) {
  World world;
  const Question question = World::question({"a"}, R"({"language": "go", "files": 2})");
  for (int i = 0; i < 3; ++i) world.tell(question, 0, 1);
  const std::string bytes(*value_of(world.memory.get(row_key("approach", 'O', option_hash("a")))));
  EXPECT_TRUE(decode<OptionRow>(bytes));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) EXPECT_FALSE(decode<OptionRow>(std::string_view(bytes).substr(0, cut)));
}

}  // namespace
}  // namespace autodev::vote
