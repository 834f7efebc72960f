// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Three ways in which a learning system can look alive while it is dead: it keeps no pattern, it searches with
// empty vectors, it reports invented numbers. Each is a test here, through the public library and a real folder.
#include <gtest/gtest.h>

#include "autodev/learning_system.h"
#include "support/support.h"

namespace autodev {
namespace {

using test::TemporaryFolder;
using test::value_of;

constexpr const char* verify_password = R"(def verify_password(user, password):
    """Check the password of a user against the stored hash."""
    digest = hash_password(user.salt, password)
    if digest != user.password_hash:
        raise PermissionError(user.name)
    return True
)";
constexpr const char* parse_csv = R"(def parse_csv(text, separator=","):
    """Split comma separated text into rows of cells."""
    rows = []
    for line in text.splitlines():
        rows.append([cell.strip() for cell in line.split(separator)])
    return rows
)";

std::unique_ptr<LearningSystem> open(const TemporaryFolder& folder, const std::string& project = "honest") {
  LearningOptions options;
  options.folder = folder.file(".auto-dev");
  options.project = project;
  options.parse_worker = folder.file("no-such-worker");  // parsing falls back to this process
  return value_of(LearningSystem::open(options));
}

LearningEvent executed(const std::string& task, const std::string& path, const std::string& code, bool passed) {
  LearningEvent event;
  event.event_type = passed ? LearningEventType::test_passed : LearningEventType::test_failed;
  event.source = "test";
  event.specification.text = task;
  event.implementation.files.push_back({path, std::nullopt, code});
  event.outcome.verdict = passed ? Verdict::passed : Verdict::failed;
  event.outcome.strength = EvidenceStrength::report;
  event.outcome.tests_passed = passed ? 2 : 0;
  event.outcome.tests_failed = passed ? 0 : 1;
  return event;
}

std::vector<Pattern> patterns_of(LearningSystem& system) {
  std::vector<Pattern> all;
  value_of(system.knowledge().for_each_pattern([&](const Pattern& pattern) { return all.push_back(pattern), true; }));
  return all;
}

TEST(Honesty, PatternsAreReallyKeptAlsoAcrossARestart) {
  const TemporaryFolder folder;
  PatternId kept;
  {
    const auto system = open(folder);
    const LearnReport report = value_of(system->learn(executed("check passwords", "auth.py", verify_password, true)));
    EXPECT_EQ(report.units, 1u);
    ASSERT_EQ(patterns_of(*system).size(), 1u);
    kept = patterns_of(*system).front().id;
  }
  const auto again = open(folder);
  const auto pattern = value_of(again->knowledge().pattern(kept));
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->evidence.tested_passes, 1u);
  EXPECT_NE(pattern->implementation.find("hash_password"), std::string::npos);
}

TEST(Honesty, LearningTheSameEventTwiceChangesNothing) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  LearningEvent event = executed("check passwords", "auth.py", verify_password, true);
  event.timestamp = Timestamp(Milliseconds(1'700'000'000'000));
  EXPECT_FALSE(value_of(system->learn(event)).duplicate);
  EXPECT_TRUE(value_of(system->learn(event)).duplicate);
  ASSERT_EQ(patterns_of(*system).size(), 1u);
  EXPECT_EQ(patterns_of(*system).front().evidence.instances, 1u);
}

TEST(Honesty, TheQuestionDecidesTheAnswer) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  value_of(system->learn(executed("check passwords at login", "auth.py", verify_password, true)));
  value_of(system->learn(executed("read tables", "table.py", parse_csv, true)));
  Specification login;
  login.text = "verify the password of a user";
  Specification table;
  table.text = "split text into rows and cells";
  const auto first = value_of(system->knowledge().find_similar_patterns(login));
  const auto second = value_of(system->knowledge().find_similar_patterns(table));
  ASSERT_FALSE(first.hits.empty());
  ASSERT_FALSE(second.hits.empty());
  EXPECT_NE(first.hits.front().pattern.id, second.hits.front().pattern.id);
  EXPECT_GT(first.hits.front().dense, 0.0);
  EXPECT_FALSE(first.hits.front().words.empty());
}

TEST(Honesty, WhatFitsNothingFindsNothing) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  Specification wanted;
  wanted.text = "verify the password of a user";
  EXPECT_TRUE(value_of(system->knowledge().find_similar_patterns(wanted)).hits.empty());
  value_of(system->learn(executed("read tables", "table.py", parse_csv, true)));
  wanted.text = "marinate the salmon overnight";
  const auto nothing = value_of(system->knowledge().find_similar_patterns(wanted));
  EXPECT_TRUE(nothing.hits.empty());
  EXPECT_FALSE(nothing.reason.empty());
}

TEST(Honesty, NumbersWithoutDataAreAbsent) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  const LearningMetrics empty = value_of(system->calculate_metrics(true));
  EXPECT_EQ(empty.patterns_learned, 0u);
  EXPECT_TRUE(empty.success_rate_trend.empty());
  EXPECT_FALSE(empty.llm_reduction_rate);
  EXPECT_FALSE(empty.decision_accuracy);
  EXPECT_FALSE(empty.average_implementation_time);
  EXPECT_FALSE(empty.pattern_reuse_rate);
  EXPECT_FALSE(empty.failure_rate);
  for (const MetricExplanation& item : empty.explanations) EXPECT_FALSE(item.formula.empty()) << item.name;
}

TEST(Honesty, NumbersAreTheCountsTheyClaimToBe) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  std::vector<EventId> failed;
  for (int i = 0; i < 3; ++i) {
    LearningEvent event = executed("task " + std::to_string(i), "t.py", verify_password, i != 1);
    event.success.llm_calls_used = 2;
    event.success.implementation_time = Milliseconds(100 * (i + 1));
    const LearnReport report = value_of(system->learn(event));
    if (i == 1) failed.push_back(report.event);
  }
  const LearningMetrics metrics = value_of(system->calculate_metrics(true));
  EXPECT_EQ(metrics.events, 3u);
  EXPECT_DOUBLE_EQ(metrics.failure_rate.value_or(-1), 1.0 / 3.0);
  ASSERT_EQ(metrics.success_rate_trend.size(), 1u);
  EXPECT_DOUBLE_EQ(metrics.success_rate_trend.front(), 2.0 / 3.0);
  EXPECT_EQ(metrics.average_implementation_time, Milliseconds(200));  // of the two that succeeded: 100 and 300
  EXPECT_FALSE(metrics.llm_reduction_rate) << "three cycles are too few for a trend";
}

TEST(Honesty, UntestedCodeNeverBecomesActive) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  for (int i = 0; i < 30; ++i) {
    LearningEvent event = executed("task " + std::to_string(i), "t.py", verify_password, true);
    event.outcome.strength = EvidenceStrength::exit_code;
    event.outcome.tests_passed.reset();
    event.outcome.tests_failed.reset();
    value_of(system->learn(event));
  }
  ASSERT_EQ(patterns_of(*system).size(), 1u);
  EXPECT_EQ(patterns_of(*system).front().status, PatternStatus::probation);
  EXPECT_EQ(patterns_of(*system).front().quality.test_coverage, 0u);
}

TEST(Honesty, FailuresAndBadFeedbackOnlyLower) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  value_of(system->learn(executed("check passwords", "auth.py", verify_password, true)));
  const Pattern before = patterns_of(*system).front();
  value_of(system->learn(executed("check passwords again", "auth2.py", verify_password, false)));
  const Pattern after_failure = patterns_of(*system).front();
  EXPECT_LT(after_failure.success_rate.mean, before.success_rate.mean);
  EXPECT_LE(after_failure.quality.total(), before.quality.total());
  value_of(system->knowledge().feedback(before.id, "wrong"));
  value_of(system->knowledge().feedback(before.id, "wrong"));
  const auto after_feedback = value_of(system->knowledge().pattern(before.id));
  ASSERT_TRUE(after_feedback);
  EXPECT_LE(after_feedback->quality.total(), after_failure.quality.total());
  EXPECT_EQ(after_feedback->evidence.wrong, 2u);
  EXPECT_EQ(after_feedback->status, PatternStatus::deprecated);
}

TEST(Honesty, TheSameFailedCodeIsRecognisedAlsoWhenRenamed) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  value_of(system->learn(executed("read tables", "table.py", parse_csv, false)));
  std::string renamed = parse_csv;
  for (std::size_t at = renamed.find("rows"); at != std::string::npos; at = renamed.find("rows", at)) renamed.replace(at, 4, "table");
  EXPECT_EQ(value_of(system->failure_analyzer().repeated_failures({{"x.py", std::nullopt, renamed}})).size(), 1u);
  EXPECT_TRUE(value_of(system->failure_analyzer().repeated_failures({{"x.py", std::nullopt, verify_password}})).empty());
}

TEST(Honesty, BrokenCodeTeachesNothing) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  const LearnReport report = value_of(system->learn(executed("broken", "b.py", "def f(:\n    return (1\n", true)));
  EXPECT_EQ(report.units, 0u);
  EXPECT_TRUE(patterns_of(*system).empty());
}

TEST(Honesty, ForgettingIsAsIfItHadNeverBeen) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  value_of(system->learn(executed("check passwords", "auth.py", verify_password, true)));
  const LearnReport secret = value_of(system->learn(executed("read tables", "table.py", parse_csv, true)));
  ASSERT_EQ(patterns_of(*system).size(), 2u);
  value_of(system->knowledge().forget({secret.event}));
  EXPECT_EQ(patterns_of(*system).size(), 1u);
  EXPECT_EQ(value_of(system->calculate_metrics()).events, 1u);
}

TEST(Decisions, AbstainWhenNothingIsKnownAndFollowTheRecordAfterwards) {
  const TemporaryFolder folder;
  const auto system = open(folder);
  DecisionImprover& decisions = system->decisions();
  const Decision question{"approach", {"recursive", "iterative"}};
  EXPECT_FALSE(value_of(decisions.select_decision(question)).chosen);
  for (int i = 0; i < 6; ++i) {
    value_of(decisions.improve_decision(value_of(decisions.record_choice(question, "recursive")), i == 0));
    value_of(decisions.improve_decision(value_of(decisions.record_choice(question, "iterative")), i != 0));
  }
  const DecisionResult result = value_of(decisions.select_decision(question));
  EXPECT_EQ(result.chosen, "iterative");
  EXPECT_EQ(result.votes.front().successes, 5u);
  EXPECT_FALSE(decisions.select_decision({"approach", {}}));
  EXPECT_FALSE(decisions.improve_decision(DecisionId{}, true));
}

}  // namespace
}  // namespace autodev
