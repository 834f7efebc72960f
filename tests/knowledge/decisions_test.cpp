// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decisions as part of the fold: replayed, merged and forgotten like everything else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/hash.h"
#include "knowledge/exchange.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::Chance;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

struct Replica {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;

  explicit Replica(std::uint64_t seed = 1) : env(1'700'000'000'000, seed) { open(); }
  void open() {
    StoreOptions options;
    options.in_memory_state = true;
    store = value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
    value_of(store->refresh());
  }
  void record(const Payload& payload) {
    env.clock_ms += 1000;
    value_of(store->append({payload}));
    value_of(store->refresh());
  }
};

DecisionMade made(int number, const std::string& chosen, const std::string& project = "shop") {
  DecisionMade decision;
  decision.id = {base::hash128(fmt::format("decision {}", number))};
  decision.type = number % 3 == 0 ? "tool" : "approach";
  decision.options = {"reuse", "generate", "ask"};
  decision.chosen = chosen;
  decision.propensity = 0.5;
  decision.context = fmt::format(R"({{"language": "{}", "files": {}}})", number % 2 == 0 ? "go" : "c", number % 7);
  decision.project = project;
  return decision;
}

DecisionOutcome outcome_of(const DecisionMade& decision, bool success) {
  DecisionOutcome outcome;
  outcome.id = decision.id;
  outcome.success = success;
  outcome.reward = success ? 1 : 0;
  return outcome;
}

void decide_at_random(Replica& replica, int first, int count, std::uint64_t seed) {
  Chance chance(seed);
  const char* options[] = {"reuse", "generate", "ask"};
  for (int i = first; i < first + count; ++i) {
    const DecisionMade decision = made(i, options[chance.below(3)], i % 5 == 0 ? "secret" : "shop");
    replica.record(decision);
    if (!chance.once_in(6)) replica.record(outcome_of(decision, chance.once_in(2)));
  }
}

vote::Judgement ask(Replica& replica) {
  vote::Question question;
  question.type = "approach";
  question.options = {"reuse", "generate", "ask"};
  question.context = value_of(vote::read_context(R"({"language": "go", "files": 2})"));
  return value_of(replica.store->judge(question, {}));
}

TEST(Decisions, ReplayEqualsLive) {
  Replica replica;
  decide_at_random(replica, 0, 60, 1);
  const std::string live = value_of(replica.store->state_digest());
  replica.open();
  EXPECT_EQ(value_of(replica.store->state_digest()), live);
}

TEST(Decisions, MergingTwoReplicasEqualsOneThatSawBoth) {
  Replica a(1), b(2), c(3);
  decide_at_random(a, 0, 25, 1);
  b.env.clock_ms += 500;  // between those of the other
  decide_at_random(b, 100, 25, 2);
  // One reports what the other decided.
  a.env.clock_ms = b.env.clock_ms = std::max(a.env.clock_ms, b.env.clock_ms) + 1000;
  value_of(merge_journal(b.env, b.folder.path(), a.folder.path()));
  value_of(b.store->refresh());
  b.record(outcome_of(made(1, "reuse"), true));
  value_of(merge_journal(a.env, a.folder.path(), b.folder.path()));
  for (Replica* from : {&a, &b}) value_of(merge_journal(c.env, c.folder.path(), from->folder.path()));
  for (Replica* one : {&a, &b, &c}) one->open();
  const std::string digest = value_of(a.store->state_digest());
  EXPECT_EQ(value_of(b.store->state_digest()), digest);
  EXPECT_EQ(value_of(c.store->state_digest()), digest);
  EXPECT_EQ(ask(a).options[0].estimate, ask(c).options[0].estimate);
}

TEST(Decisions, AForgottenDecisionLeavesNoTrace) {
  Replica with(1), without(1);
  for (int i = 0; i < 12; ++i) {
    const DecisionMade decision = made(i, "reuse");
    if (i == 4) {
      with.record(decision);
      with.record(outcome_of(decision, false));
      without.env.clock_ms += 2000;
      continue;
    }
    for (Replica* one : {&with, &without}) {
      one->record(decision);
      one->record(outcome_of(decision, i % 2 == 0));
    }
  }
  EXPECT_NE(value_of(with.store->knowledge_digest()), value_of(without.store->knowledge_digest()));
  Forget wish;
  wish.events = {EventId{made(4, "reuse").id.digest}};
  with.record(wish);
  EXPECT_EQ(value_of(with.store->knowledge_digest()), value_of(without.store->knowledge_digest()));
}

TEST(Decisions, AProjectIsForgottenWithItsDecisions) {
  Replica replica;
  decide_at_random(replica, 0, 20, 4);
  Forget wish;
  wish.project = "secret";
  replica.record(wish);
  int left = 0;
  value_of(replica.store->for_each_decision([&](const DecisionSummary& decision) {
    EXPECT_NE(decision.project, "secret");
    return ++left > 0;
  }));
  EXPECT_EQ(left, 16);
}

TEST(Decisions, HostileRecordsTeachNothingAndBreakNothing) {
  Replica replica;
  DecisionMade path = made(1, "reuse");
  path.type = "../../etc/x";
  replica.record(path);
  EXPECT_TRUE(value_of(replica.store->decision_types()).empty());
  DecisionMade stranger = made(2, "not an option");
  stranger.context = "{not json";
  stranger.propensity = -4;
  stranger.costs = {-1, 1e308};
  stranger.probabilities = {0.5};
  replica.record(stranger);
  DecisionOutcome odd = outcome_of(stranger, true);
  odd.reward = std::numeric_limits<double>::quiet_NaN();
  replica.record(odd);
  DecisionMade plain = made(4, "reuse");
  replica.record(plain);
  odd.id = plain.id;
  odd.reward = 1e9;
  replica.record(odd);
  const auto decision = value_of(replica.store->decision(plain.id));
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->reward, 1);
  odd.option = "no such option";
  replica.record(odd);
  EXPECT_EQ(value_of(replica.store->counters())["outcomes of unknown options"], 1u);
  const std::string live = value_of(replica.store->state_digest());
  replica.open();
  EXPECT_EQ(value_of(replica.store->state_digest()), live);
}

TEST(Decisions, OtherOptionsOutcomesAreLearnedToo) {
  Replica replica;
  for (int i = 1; i < 20; i += 3) {
    const DecisionMade decision = made(i, "generate");
    replica.record(decision);
    replica.record(outcome_of(decision, false));
    DecisionOutcome other = outcome_of(decision, true);
    other.option = "reuse";
    replica.record(other);
  }
  const vote::Judgement judgement = ask(replica);
  EXPECT_GT(judgement.options[0].estimate, 0.7);
  EXPECT_LT(judgement.options[1].estimate, 0.3);
}

TEST(Decisions, APrefixNamesADecision) {
  Replica replica;
  const DecisionMade decision = made(1, "reuse");
  replica.record(decision);
  for (const std::size_t digits : {6u, 7u, 32u})
    EXPECT_EQ(value_of(replica.store->decisions_named(decision.id.hex().substr(0, digits))), std::vector<DecisionId>{decision.id});
  EXPECT_TRUE(value_of(replica.store->decisions_named("ffffff")).empty());
}

}  // namespace
}  // namespace autodev::knowledge
