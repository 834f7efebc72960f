// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Known errors: a repair is what was changed before the pass that proved it, and nothing else; forgetting, merging and replay
// hold for them as for everything.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "knowledge/exchange.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/record.h"
#include "learn/learner.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

const CheckFailure undeclared{"", "a.c", 4, "‘sun’ undeclared (first use in this function)"};
const CheckFailure wrong_sum{"tests/test_a.py::test_sum", "test_a.py", 3, "assert 4 == 3"};

std::string diff(const std::string& path, const std::string& change) {
  return "--- a/" + path + "\n+++ b/" + path + "\n@@ -1,1 +1,1 @@\n" + change;
}

struct Attempts {
  TemporaryFolder folder;
  explicit Attempts(std::uint64_t replica = 1) : env(1'700'000'000'000, replica) {}

  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store = open();
  int number = 0;

  std::unique_ptr<KnowledgeStore> open() {
    StoreOptions options;
    options.in_memory_state = true;
    return value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
  }
  LearningEvent attempt(Verdict verdict, std::vector<CheckFailure> failures, const std::string& change = {}, const std::string& command = "make",
                        const std::string& task = "sum") {
    LearningEvent event;
    event.timestamp = Timestamp(Milliseconds(1'700'000'000'000 + ++number));
    event.project = "shop";
    event.specification.text = task;
    event.cycle = cycle_id("shop", task);
    event.outcome.verdict = verdict;
    event.outcome.strength = EvidenceStrength::exit_code;
    event.outcome.exit_code = verdict == Verdict::failed ? 1 : 0;
    event.outcome.command = command;
    event.outcome.failures = std::move(failures);
    event.implementation.diff = change;
    if (!change.empty()) event.previous_attempt = Verdict::failed;
    event.id = event_id(event);
    value_of(store->append({event}));
    value_of(store->refresh());
    return event;
  }
  [[nodiscard]] std::vector<KnownError> errors() {
    std::vector<KnownError> all;
    value_of(store->for_each_error([&](const KnownError& error) { return all.push_back(error), true; }));
    return all;
  }
  [[nodiscard]] KnownError only() {
    const auto all = errors();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? KnownError{} : all.front();
  }
};

TEST(ErrorFold, TheChangeBeforeThePassIsTheRepair) {
  Attempts attempts;
  const auto failed = attempts.attempt(Verdict::failed, {undeclared});
  EXPECT_EQ(attempts.only().seen, 1u);
  EXPECT_TRUE(attempts.only().repairs.empty());
  const auto passed = attempts.attempt(Verdict::passed, {}, diff("a.c", "-sun\n+sum\n"));
  const KnownError known = attempts.only();
  EXPECT_EQ(known.repaired, 1u);
  ASSERT_EQ(known.repairs.size(), 1u);
  EXPECT_EQ(known.repairs[0].diff, diff("a.c", "-sun\n+sum\n"));
  EXPECT_EQ(known.repairs[0].failed, failed.id);
  EXPECT_EQ(known.repairs[0].passed, passed.id);
  EXPECT_EQ(known.cause, "missing_symbol");
  EXPECT_EQ(known.signature, "<name> undeclared (first use in this function)");
}

TEST(ErrorFold, EachErrorOfACycleGetsTheChangeThatTookItAway) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {undeclared});
  attempts.attempt(Verdict::failed, {wrong_sum}, diff("a.c", "-sun\n+sum\n"));
  for (const KnownError& error : attempts.errors()) EXPECT_TRUE(error.repairs.empty()) << "nothing has passed yet";
  attempts.attempt(Verdict::passed, {}, diff("a.c", "-1\n+0\n"));
  for (const KnownError& error : attempts.errors()) {
    ASSERT_EQ(error.repairs.size(), 1u) << error.signature;
    EXPECT_EQ(error.repairs[0].diff, error.cause == "assertion" ? diff("a.c", "-1\n+0\n") : diff("a.c", "-sun\n+sum\n"));
  }
}

TEST(ErrorFold, ACompilerThatStopsRepairsNoTest) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {wrong_sum});
  attempts.attempt(Verdict::failed, {undeclared}, diff("a.c", "-x\n+sun\n"));
  attempts.attempt(Verdict::passed, {}, diff("a.c", "-sun\n+sum\n"));
  for (const KnownError& error : attempts.errors()) {
    ASSERT_EQ(error.repairs.size(), 1u);
    EXPECT_EQ(error.repairs[0].diff, diff("a.c", "-sun\n+sum\n")) << error.signature;
  }
}

TEST(ErrorFold, OnlyAPassThatSpeaksForTheErrorRepairsIt) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {wrong_sum}, {}, "pytest tests");
  attempts.attempt(Verdict::passed, {}, diff("a.c", "-a\n+b\n"), "eslint .");
  EXPECT_TRUE(attempts.only().repairs.empty()) << "a linter says nothing about tests";
  attempts.attempt(Verdict::passed, {}, diff("a.c", "-a\n+b\n"), "pytest tests -k other");
  EXPECT_TRUE(attempts.only().repairs.empty()) << "another selection of tests";
  attempts.attempt(Verdict::passed, {}, diff("a.c", "-b\n+c\n"), "pytest -q --junitxml=r.xml tests");
  EXPECT_EQ(attempts.only().repairs.size(), 1u);
}

TEST(ErrorFold, AnotherCycleRepairsNothingHere) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {undeclared}, {}, "make", "sum");
  attempts.attempt(Verdict::passed, {}, diff("b.c", "-a\n+b\n"), "make", "product");
  EXPECT_TRUE(attempts.only().repairs.empty());
}

TEST(ErrorFold, APassWithoutAChangeIsNoRepair) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {undeclared});
  attempts.attempt(Verdict::passed, {});
  EXPECT_TRUE(attempts.only().repairs.empty());
}

TEST(ErrorFold, TheSameRepairCountsAndOthersAreKeptUpToFour) {
  Attempts attempts;
  for (int round = 0; round < 6; ++round) {
    const std::string task = "task " + std::to_string(round);
    attempts.attempt(Verdict::failed, {undeclared}, {}, "make", task);
    attempts.attempt(Verdict::passed, {}, diff("a.c", round < 2 ? "-sun\n+sum\n" : "-x" + std::to_string(round) + "\n+y\n"), "make", task);
    if (round == 1) {
      EXPECT_EQ(attempts.only().repairs.at(0).times, 2u);
    }
  }
  EXPECT_EQ(attempts.only().repairs.size(), 4u);
  EXPECT_EQ(attempts.only().repaired, 6u);
  EXPECT_EQ(attempts.only().seen, 6u);
}

TEST(ErrorFold, FilesThatTheErrorNamesComeFirst) {
  Attempts attempts;
  attempts.attempt(Verdict::failed, {{"", "src/a.c", 4, undeclared.message}});
  attempts.attempt(Verdict::passed, {}, diff("README.c", "-a\n+b\n") + diff("src/a.c", "-sun\n+sum\n"));
  EXPECT_EQ(attempts.only().repairs.at(0).diff, diff("src/a.c", "-sun\n+sum\n") + diff("README.c", "-a\n+b\n"));
}

TEST(ErrorFold, ReplayEqualsLiveAndForgettingLeavesNothing) {
  Attempts attempts;
  const std::string empty = value_of(attempts.store->knowledge_digest());
  const auto failed = attempts.attempt(Verdict::failed, {undeclared, wrong_sum});
  const auto passed = attempts.attempt(Verdict::passed, {}, diff("a.c", "-sun\n+sum\n"));
  const auto replayed = attempts.open();
  value_of(replayed->refresh());
  EXPECT_EQ(value_of(replayed->state_digest()), value_of(attempts.store->state_digest()));
  // Without the pass: seen, and not repaired.
  value_of(attempts.store->append({Forget{{passed.id}, "", false, false, {}, "test"}}));
  value_of(attempts.store->refresh());
  for (const KnownError& error : attempts.errors()) EXPECT_TRUE(error.repairs.empty());
  value_of(attempts.store->append({Forget{{failed.id}, "", false, false, {}, "test"}}));
  value_of(attempts.store->refresh());
  EXPECT_TRUE(attempts.errors().empty());
  EXPECT_EQ(value_of(attempts.store->knowledge_digest()), empty);
}

TEST(ErrorFold, MergingTwoJournalsGivesTheSameErrorsInBothOrders) {
  Attempts left(1), right(2);
  right.env.clock_ms += 5'000;
  left.attempt(Verdict::failed, {undeclared});
  left.attempt(Verdict::passed, {}, diff("a.c", "-sun\n+sum\n"));
  right.attempt(Verdict::failed, {undeclared}, {}, "make", "other");
  value_of(merge_journal(left.env, left.folder.path(), right.folder.path()));
  value_of(merge_journal(right.env, right.folder.path(), left.folder.path()));
  value_of(left.store->refresh());
  value_of(right.store->refresh());
  EXPECT_EQ(value_of(left.store->knowledge_digest()), value_of(right.store->knowledge_digest()));
  EXPECT_EQ(left.only().seen, 2u);
  EXPECT_EQ(left.only().repairs.size(), 1u);
}

}  // namespace
}  // namespace autodev::knowledge
