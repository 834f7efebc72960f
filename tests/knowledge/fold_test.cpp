// SPDX-License-Identifier: MIT OR Apache-2.0
#include <filesystem>

#include "base/hash.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::event_with;
using test::python_function;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

/// A store with its state in memory.
struct Knowledge {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;
  int number = 0;

  Knowledge() {
    StoreOptions options;
    options.in_memory_state = true;
    store = value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
  }
  void record(const Payload& payload) {
    value_of(store->append({payload}));
    value_of(store->refresh());
  }
  LearningEvent work(const std::vector<CodeUnit>& units, Verdict verdict = Verdict::passed,
                     EvidenceStrength strength = EvidenceStrength::report, const std::string& project = "shop") {
    LearningEvent event = event_with(units, verdict, strength, number++, project);
    record(event);
    return event;
  }
  [[nodiscard]] std::vector<Pattern> patterns(std::optional<UnitKind> kind = std::nullopt) {
    std::vector<Pattern> all;
    value_of(store->for_each_pattern([&](const Pattern& pattern) {
      if (!kind || pattern.context.kind == *kind) all.push_back(pattern);
      return true;
    }));
    return all;
  }
  [[nodiscard]] Pattern pattern(const CodeUnit& unit) { return value_of(store->pattern({unit.alpha})).value(); }
};

CodeUnit function(int family, int variant) { return python_units(python_function(family, variant))[0]; }

TEST(Fold, AUnitThatWorkedBecomesAPatternOnProbation) {
  Knowledge knowledge;
  const CodeUnit unit = function(0, 0);
  const LearningEvent event = knowledge.work({unit});
  const Pattern pattern = knowledge.pattern(unit);
  EXPECT_EQ(pattern.id.digest, unit.alpha);
  EXPECT_EQ(pattern.name, "load_order");
  EXPECT_EQ(pattern.description, "Loads one order by key.");
  EXPECT_EQ(pattern.status, PatternStatus::probation);
  EXPECT_EQ(pattern.evidence.instances, 1u);
  EXPECT_EQ(pattern.evidence.verified_passes, 1u);
  EXPECT_EQ(pattern.evidence.tested_passes, 1u);
  EXPECT_EQ(pattern.events, std::vector<EventId>{event.id});
  EXPECT_EQ(pattern.learned_at, event.timestamp);
  EXPECT_EQ(pattern.implementation, unit.text.substr(0, pattern.implementation.size()));
  EXPECT_EQ(value_of(knowledge.store->leading_unit(pattern.id)), unit);
}

TEST(Fold, RenamedCopiesAreTheSamePatternAndOnlyCount) {
  Knowledge knowledge;
  const auto original = python_units("def first(a, b):\n    c = a.read(b)\n    d = c + 1\n    return a.write(c, d)\n");
  const auto renamed = python_units("def second(x, y):\n    z = x.read(y)\n    # same\n    w = z + 1\n    return x.write(z, w)\n");
  knowledge.work(original);
  knowledge.work(renamed, Verdict::passed, EvidenceStrength::history, "bank");
  ASSERT_EQ(knowledge.patterns(UnitKind::function).size(), 1u);
  const Pattern pattern = knowledge.pattern(original[0]);
  EXPECT_EQ(pattern.evidence.instances, 2u);
  EXPECT_EQ(pattern.evidence.distinct_instances, 1u);
  EXPECT_EQ(pattern.evidence.history_passes, 1u);
  EXPECT_EQ(pattern.evidence.projects, 2u);
  EXPECT_EQ(pattern.context.projects, (std::vector<std::string>{"bank", "shop"}));
  EXPECT_TRUE(pattern.holes.empty());
}

TEST(Fold, NearCopiesJoinAndOpenHoles) {
  Knowledge knowledge;
  for (int variant = 0; variant < 4; ++variant) knowledge.work({function(0, variant)});
  ASSERT_EQ(knowledge.patterns(UnitKind::function).size(), 1u);
  const Pattern pattern = knowledge.pattern(function(0, 0));
  EXPECT_EQ(pattern.evidence.instances, 4u);
  EXPECT_FALSE(pattern.holes.empty());
  EXPECT_NE(pattern.implementation.find(pattern.holes[0].name), std::string::npos) << pattern.implementation;
  EXPECT_EQ(pattern.name, "load") << "the word that the names share";
  EXPECT_EQ(pattern.examples.size(), 2u);
}

TEST(Fold, DifferentCodeIsADifferentPattern) {
  Knowledge knowledge;
  knowledge.work({function(0, 0), function(1, 0), function(5, 0)});
  EXPECT_EQ(knowledge.patterns(UnitKind::function).size(), 3u);
}

TEST(Fold, UnknownOutcomesAndFlakyOnesTeachNothing) {
  Knowledge knowledge;
  knowledge.work({function(0, 0)}, Verdict::unknown);
  LearningEvent flaky = event_with({function(1, 0)}, Verdict::passed, EvidenceStrength::report, 100);
  flaky.outcome.flaky = true;
  flaky.id = event_id(flaky);
  knowledge.record(flaky);
  EXPECT_TRUE(knowledge.patterns().empty());
  int events = 0;
  value_of(knowledge.store->for_each_event([&](const EventSummary&) { return ++events, true; }));
  EXPECT_EQ(events, 2) << "they are on record all the same";
}

TEST(Fold, TrivialUnitsTeachNothing) {
  Knowledge knowledge;
  knowledge.work(python_units("def f():\n    pass\n"));
  EXPECT_TRUE(knowledge.patterns().empty());
}

TEST(Fold, UnitsWhoseTreeDoesNotMatchTheirDigestTeachNothing) {
  Knowledge knowledge;
  CodeUnit forged = function(0, 0);
  forged.alpha = function(1, 0).alpha;
  CodeUnit broken = function(2, 0);
  broken.tree = "nonsense";
  CodeUnit shortened = function(3, 0);
  shortened.text = "def";
  knowledge.work({forged, broken, shortened});
  EXPECT_TRUE(knowledge.patterns().empty());
  EXPECT_EQ(value_of(knowledge.store->counters()).at("units without use"), 3u);
}

TEST(Fold, ACopyWithinOneChangeDoesNotConfirmItself) {
  Knowledge knowledge;
  const CodeUnit unit = function(0, 0);
  knowledge.work({unit, unit, unit});
  EXPECT_EQ(knowledge.pattern(unit).evidence.instances, 1u);
}

TEST(Fold, TheSameEventTwiceCountsOnce) {
  Knowledge knowledge;
  const LearningEvent event = knowledge.work({function(0, 0)});
  const std::string digest = value_of(knowledge.store->state_digest());
  knowledge.record(event);
  EXPECT_EQ(value_of(knowledge.store->state_digest()), digest);
}

TEST(Fold, BlocksBecomePatternsOnlyWhenTheyRecur) {
  Knowledge knowledge;
  const std::string block = "        try:\n            return action.run(key, retries=3)\n        except OSError as error:\n            log.warning('failed %s', error)\n            sleep(5)\n";
  const auto in_function = [&](const std::string& name, const std::string& rest) {
    auto units = python_units("def " + name + "(action, key):\n    for attempt in range(3):\n" + block + rest, name + ".py");
    std::erase_if(units, [](const CodeUnit& unit) { return unit.kind != UnitKind::block || unit.text.find("try") != 0; });
    return units;
  };
  const auto first = in_function("alpha", "    return None\n");
  ASSERT_EQ(first.size(), 1u);
  knowledge.work(first);
  knowledge.work(in_function("beta", "    return action.fallback(key)\n"));
  EXPECT_TRUE(knowledge.patterns().empty()) << "two places are not enough";
  knowledge.work(first);
  EXPECT_TRUE(knowledge.patterns().empty()) << "the same place again is not a third one";
  knowledge.work(in_function("gamma", "    raise ValueError(key)\n"), Verdict::passed, EvidenceStrength::report, "bank");
  const auto patterns = knowledge.patterns(UnitKind::block);
  ASSERT_EQ(patterns.size(), 1u);
  EXPECT_EQ(patterns[0].evidence.instances, 4u) << "what was counted before is not lost";
  EXPECT_EQ(patterns[0].evidence.projects, 2u);
  EXPECT_EQ(patterns[0].events.size(), 4u);
  EXPECT_NE(patterns[0].name.find("try"), std::string::npos) << patterns[0].name;
}

TEST(Fold, AFailureIsRememberedByItsCodeAndLowersThePatternItBelongsTo) {
  Knowledge knowledge;
  const CodeUnit unit = function(1, 0);
  knowledge.work({unit});
  const Pattern before = knowledge.pattern(unit);
  const LearningEvent event = knowledge.work({unit}, Verdict::failed, EvidenceStrength::exit_code);
  const AntiPattern anti = value_of(knowledge.store->known_failure(unit.fingerprint)).value();
  EXPECT_EQ(anti.failures, 1u);
  EXPECT_EQ(anti.strength, EvidenceStrength::exit_code);
  EXPECT_EQ(anti.before, unit.text);
  EXPECT_EQ(anti.events, std::vector<EventId>{event.id});
  EXPECT_NE(anti.cause.find("assertion failed"), std::string::npos);
  const Pattern after = knowledge.pattern(unit);
  EXPECT_EQ(after.evidence.failures, 1u);
  EXPECT_LE(after.quality.total(), before.quality.total());
  EXPECT_LT(after.success_rate.mean, before.success_rate.mean);
}

TEST(Fold, FailuresBeforeTheFirstPassCountWhenThePatternIsMade) {
  Knowledge knowledge;
  const CodeUnit unit = function(1, 0);
  knowledge.work({unit}, Verdict::failed);
  EXPECT_TRUE(knowledge.patterns().empty()) << "a failure creates no pattern";
  knowledge.work({unit});
  EXPECT_EQ(knowledge.pattern(unit).evidence.failures, 1u);
  EXPECT_EQ(value_of(knowledge.store->known_failure(unit.fingerprint))->later_passes, 1u);
}

TEST(Fold, WhatPassedInPlaceOfAFailureIsLinked) {
  Knowledge knowledge;
  const CodeUnit wrong = function(3, 0);
  const CodeUnit right = function(3, 1);
  knowledge.work({wrong}, Verdict::failed);
  LearningEvent fixed = event_with({right}, Verdict::passed, EvidenceStrength::report, 100);
  fixed.implementation.units[0].before = wrong;
  fixed.previous_attempt = Verdict::failed;
  fixed.id = {};
  knowledge.record(fixed);
  const AntiPattern anti = value_of(knowledge.store->known_failure(wrong.fingerprint)).value();
  EXPECT_EQ(anti.after, right.text);
  EXPECT_EQ(anti.failures, 1u) << "linking is not a second failure";
}

TEST(Fold, AppliedPatternsAndFeedbackAreCounted) {
  Knowledge knowledge;
  const CodeUnit leader = function(0, 0);
  const CodeUnit member = function(0, 1);
  knowledge.work({leader});
  knowledge.work({member});
  LearningEvent used = event_with({}, Verdict::passed, EvidenceStrength::report, 50);
  used.patterns_used = {{leader.alpha}};
  used.id = {};
  knowledge.record(used);
  used.patterns_used = {{member.alpha}};  // named by a member: the same pattern
  used.outcome.verdict = Verdict::failed;
  used.id = {};
  knowledge.record(used);
  knowledge.record(Feedback{{leader.alpha}, FeedbackVerdict::helped, ""});
  knowledge.record(Feedback{{leader.alpha}, FeedbackVerdict::wrong, "no"});
  knowledge.record(Feedback{{base::hash128("nobody")}, FeedbackVerdict::wrong, "no"});
  const Pattern pattern = knowledge.pattern(leader);
  EXPECT_EQ(pattern.evidence.applied, 2u);
  EXPECT_EQ(pattern.evidence.applied_passed, 1u);
  EXPECT_EQ(pattern.evidence.failures, 1u);
  EXPECT_EQ(pattern.evidence.helped, 1u);
  EXPECT_EQ(pattern.evidence.wrong, 1u);
  EXPECT_EQ(pattern.usage_count, 2u);
  EXPECT_EQ(value_of(knowledge.store->counters()).at("feedback on unknown patterns"), 1u);
}

TEST(Fold, CyclesGatherTheirAttempts) {
  Knowledge knowledge;
  LearningEvent event = event_with({function(0, 0)}, Verdict::failed, EvidenceStrength::exit_code, 1);
  event.success.llm_calls_used = 3;
  event.success.implementation_time = Milliseconds(1000);
  event.id = {};
  knowledge.record(event);
  event.outcome.verdict = Verdict::passed;
  event.timestamp += Milliseconds(500);
  event.patterns_used = {{base::hash128("p")}};
  event.id = {};
  knowledge.record(event);
  std::vector<CycleSummary> cycles;
  value_of(knowledge.store->for_each_executed_cycle([&](const CycleSummary& cycle) { return cycles.push_back(cycle), true; }));
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0].attempts, 2u);
  EXPECT_EQ(cycles[0].failures, 1u);
  EXPECT_TRUE(cycles[0].succeeded);
  EXPECT_TRUE(cycles[0].executed);
  EXPECT_TRUE(cycles[0].reused);
  EXPECT_EQ(cycles[0].llm_calls, 6u);
  EXPECT_EQ(cycles[0].time, Milliseconds(2000));
  EXPECT_EQ(cycles[0].events.size(), 2u);
}

TEST(Fold, DecisionsKeepTheirFirstOutcome) {
  Knowledge knowledge;
  const DecisionId id{base::hash128("d")};
  knowledge.record(DecisionMade{id, "approach", "reuse", {"reuse", "generate"}, 1.0});
  knowledge.record(DecisionOutcome{id, true, 1.0});
  knowledge.record(DecisionOutcome{id, false, 0.0});
  std::vector<DecisionSummary> decisions;
  value_of(knowledge.store->for_each_decision([&](const DecisionSummary& one) { return decisions.push_back(one), true; }));
  ASSERT_EQ(decisions.size(), 1u);
  EXPECT_EQ(decisions[0].chosen, "reuse");
  EXPECT_EQ(decisions[0].success, true);
}

TEST(Fold, CountsOutcomesInWindowsAndLeavesExperimentsOut) {
  Knowledge knowledge;
  const auto decide = [&](int i, std::string_view type, std::optional<bool> success) {
    const DecisionId id{base::hash128("decision " + std::to_string(i))};
    knowledge.record(DecisionMade{id, std::string(type), "show", {"show", "hold-back"}, 0.5});
    if (success) knowledge.record(DecisionOutcome{id, *success, *success ? 1.0 : 0.0});
    if (success) knowledge.record(DecisionOutcome{id, !*success, 0.5});  // a second report counts nowhere
  };
  for (int i = 0; i < 25; ++i) decide(i, "tool", i % 5 != 0);
  decide(100, "tool", std::nullopt);
  decide(101, experiment_type, true);
  decide(102, experiment_type, std::nullopt);
  const Totals totals = value_of(knowledge.store->totals());
  EXPECT_EQ(totals.decided, 25u);
  EXPECT_EQ(totals.decided_well, (std::vector<std::uint32_t>{16, 4}));
  int experiments = 0;
  value_of(knowledge.store->for_each_experiment([&](const DecisionSummary& one) { return ++experiments, one.success == true; }));
  EXPECT_EQ(experiments, 1);
}

TEST(Fold, AnImportedPatternHasNoLocalTrustUntilItIsSeenHere) {
  Knowledge knowledge;
  const CodeUnit unit = function(2, 0);
  knowledge.record(ImportedPattern{"friends", unit, "retry politely", "Retries.", false, ""});
  Pattern pattern = knowledge.pattern(unit);
  EXPECT_EQ(pattern.name, "retry politely");
  EXPECT_EQ(pattern.evidence, PatternEvidence{});
  EXPECT_EQ(pattern.status, PatternStatus::probation);
  EXPECT_EQ(pattern.success_rate.mean, 0.5);
  knowledge.work({unit});
  pattern = knowledge.pattern(unit);
  EXPECT_EQ(pattern.evidence.instances, 1u);
  EXPECT_EQ(pattern.evidence.distinct_instances, 1u);
  knowledge.record(ImportedPattern{"friends", unit, "another name", "", false, ""});
  EXPECT_EQ(knowledge.pattern(unit).name, "retry politely") << "known code is not changed by an import";
}

TEST(Fold, AnImportedAntiPatternCountsNoLocalFailures) {
  Knowledge knowledge;
  const CodeUnit unit = function(2, 0);
  knowledge.record(ImportedPattern{"friends", unit, "", "", true, "never returns"});
  const AntiPattern anti = value_of(knowledge.store->known_failure(unit.fingerprint)).value();
  EXPECT_EQ(anti.failures, 0u);
  EXPECT_EQ(anti.strength, EvidenceStrength::none);
  EXPECT_EQ(anti.cause, "never returns");
}

TEST(Fold, PatternsAreFoundByTheirWords) {
  Knowledge knowledge;
  for (int family : {0, 1, 2, 3, 5}) knowledge.work({function(family, 0)});
  const auto found = value_of(knowledge.store->search("retry an action", {}, 3));
  ASSERT_FALSE(found.hits.empty());
  EXPECT_EQ(found.hits[0].id.digest, function(2, 0).alpha);
}

TEST(Fold, NearNamesThePatternsOfAUnit) {
  Knowledge knowledge;
  for (int family : {0, 1, 2, 3, 5}) knowledge.work({function(family, 0)});
  const auto same = value_of(knowledge.store->near(function(3, 0), 3));
  ASSERT_FALSE(same.empty());
  EXPECT_EQ(same[0].first.digest, function(3, 0).alpha);
  EXPECT_EQ(same[0].second, 1.0);
  const auto similar = value_of(knowledge.store->near(function(3, 4), 3));
  ASSERT_FALSE(similar.empty());
  EXPECT_EQ(similar[0].first.digest, function(3, 0).alpha);
  EXPECT_GE(similar[0].second, 0.5);
}

TEST(Fold, EventsAreReadBackWholeFromTheJournal) {
  Knowledge knowledge;
  const LearningEvent event = knowledge.work({function(0, 0), function(1, 1)});
  EXPECT_EQ(value_of(knowledge.store->load_event(event.id)), event);
  const EventSummary summary = value_of(knowledge.store->event(event.id)).value();
  EXPECT_EQ(summary.units, 2u);
  EXPECT_EQ(summary.rules, (std::vector<std::string>{"attempt: 1", "verified-pass: 2"}));
  EXPECT_FALSE(value_of(knowledge.store->event({base::hash128("none")})));
}

TEST(Fold, MoreFailuresNeverRaiseAnyTermOfAnyPattern) {
  // The same stream with and without one more failure of a random unit at a random place.
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    test::Chance chance(seed + 99);
    auto payloads = test::random_payloads(seed, 40);
    Knowledge without;
    value_of(without.store->append(payloads));
    value_of(without.store->refresh());
    const CodeUnit unit = function(static_cast<int>(chance.below(6)), static_cast<int>(chance.below(12)));
    payloads.insert(payloads.begin() + static_cast<std::ptrdiff_t>(chance.below(payloads.size())),
                    event_with({unit}, Verdict::failed, EvidenceStrength::exit_code, 5000));
    Knowledge with;
    value_of(with.store->append(payloads));
    value_of(with.store->refresh());
    const auto before = without.patterns();
    const auto after = with.patterns();
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      ASSERT_EQ(before[i].id, after[i].id);
      EXPECT_LE(after[i].quality.reusability, before[i].quality.reusability);
      EXPECT_LE(after[i].quality.simplicity, before[i].quality.simplicity);
      EXPECT_LE(after[i].quality.test_coverage, before[i].quality.test_coverage);
      EXPECT_LE(after[i].quality.performance, before[i].quality.performance);
      EXPECT_LE(after[i].success_rate.mean, before[i].success_rate.mean);
    }
  }
}

}  // namespace
}  // namespace autodev::knowledge
