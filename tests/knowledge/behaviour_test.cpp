// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Behavioural patterns in the store: learned from functions that worked, listed, explained, found, forgotten.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "knowledge/behaviour_rows.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"
#include "syntax/extract.h"

namespace autodev::knowledge {
namespace {

using test::event_with;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

/// Functions that open, use and close something, each another one in another file.
std::vector<CodeUnit> user_of(const std::string& what, int number, bool closes = true) {
  const std::string n = std::to_string(number);
  std::string source = "def task" + n + "(path, size):\n    total" + n + " = size + " + n + "\n    handle = " + what + "(path)\n";
  for (int i = 0; i <= number; ++i) source += "    total" + n + " = total" + n + " * " + std::to_string(i + 2) + "\n";
  source += "    handle.read(total" + n + ")\n";
  if (closes) source += "    handle.close()\n";
  source += "    print(total" + n + ")\n";
  syntax::ExtractOptions options;
  options.types = options.blocks = false;
  return value_of(syntax::extract_units(source, Language::python, "src/file" + n + ".py", options)).units;
}

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
  LearningEvent work(const std::vector<CodeUnit>& units, const std::string& project = "shop", Verdict verdict = Verdict::passed) {
    LearningEvent event = event_with(units, verdict, EvidenceStrength::report, number++, project);
    record(event);
    return event;
  }
  void record(const Payload& payload) {
    value_of(store->append({payload}));
    value_of(store->refresh());
  }
  std::vector<Pattern> behaviours() {
    std::vector<Pattern> all;
    value_of(store->for_each_pattern([&](const Pattern& pattern) {
      if (pattern.kind == PatternKind::behavioural) all.push_back(pattern);
      return true;
    }));
    return all;
  }
};

TEST(Behaviour, AProtocolOfSeveralFilesBecomesAPattern) {
  Knowledge knowledge;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(knowledge.behaviours().empty()) << "after " << i;
    knowledge.work(user_of("acquire", i));
  }
  const auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  const Pattern& pattern = found[0];
  EXPECT_EQ(pattern.name, "acquire(): acquire, read, close");
  EXPECT_EQ(pattern.implementation, "x = acquire(…)\n…\nx.read(…)\n…\nx.close(…)\n");
  EXPECT_EQ(pattern.evidence.instances, 4u);
  EXPECT_EQ(pattern.evidence.tested_passes, 4u);
  EXPECT_EQ(pattern.events.size(), 4u);
  EXPECT_EQ(pattern.status, PatternStatus::probation);
  EXPECT_EQ(pattern.context.projects, std::vector<std::string>{"shop"});
  ASSERT_FALSE(pattern.examples.empty());
  EXPECT_NE(pattern.examples[0].text.find("acquire(path)"), std::string::npos);
}

TEST(Behaviour, ShowsTwoInstancesFromDifferentFunctionsWithTheirProjects) {
  Knowledge knowledge;
  // All four go through the same steps, so one trace has them all.
  for (int i = 0; i < 4; ++i) knowledge.work(user_of("acquire", i), i == 0 ? "bank" : "shop");
  const auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].examples.size(), 2u);
  EXPECT_EQ(found[0].examples[0].path, "src/file0.py");
  EXPECT_EQ(found[0].examples[1].path, "src/file1.py");
  EXPECT_NE(found[0].examples[0].name, found[0].examples[1].name);
  EXPECT_EQ(found[0].example_projects, (std::vector<std::string>{"bank", "shop"}));
}

TEST(Behaviour, IsTrivialWhenTheWholeLanguageTakesItsSteps) {
  const auto other = [](int number, const std::string& begin, const std::string& end) {
    const std::string n = std::to_string(number);
    syntax::ExtractOptions options;
    options.blocks = false;
    return value_of(syntax::extract_units("def other" + n + "(p):\n    x" + n + " = make" + n + "(p, " + n + ")\n    x" + n + "." + begin +
                                              "(1)\n    x" + n + "." + end + "(p)\n    keep" + n + "(p)\n",
                                          Language::python, "other" + n + ".py", options))
        .units;
  };
  Knowledge knowledge;
  for (int i = 0; i < 4; ++i) knowledge.work(user_of("acquire", i));
  for (int i = 0; i < 60; ++i) knowledge.work(other(i, "begin" + std::to_string(i), "end" + std::to_string(i)));
  auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].unkept, "") << "reading and closing is rare here";
  EXPECT_EQ(found[0].reach, PatternReach::local);
  for (int i = 60; i < 100; ++i) knowledge.work(other(i, "read", "close"));
  found = knowledge.behaviours();
  const auto acquiring = std::find_if(found.begin(), found.end(), [](const Pattern& pattern) { return pattern.name.starts_with("acquire"); });
  ASSERT_NE(acquiring, found.end());
  EXPECT_EQ(acquiring->unkept, "trivial: usual: 1 of its steps is rarer than one in 256 of the language's, fewer than 2");
  EXPECT_EQ(acquiring->reach, PatternReach::none);
}

TEST(Behaviour, IsCountedAsAKindOfItsOwn) {
  Knowledge knowledge;
  for (int i = 0; i < 4; ++i) knowledge.work(user_of("acquire", i));
  const Totals totals = value_of(knowledge.store->totals());
  EXPECT_EQ(totals.patterns.behavioural, 1u);
  EXPECT_EQ(totals.all_patterns(), totals.patterns.structural + 1);
  EXPECT_EQ(totals.tested, totals.all_patterns()) << "every one of them passed with a test";
}

TEST(Behaviour, RulesSayInHowManyCasesTheyHold) {
  Knowledge knowledge;
  for (int i = 0; i < 8; ++i) knowledge.work(user_of("acquire", i));
  knowledge.work(user_of("acquire", 8, false));
  const auto found = knowledge.behaviours();
  ASSERT_FALSE(found.empty());
  EXPECT_NE(found[0].description.find("after acquire, close on all paths (8 of 9)"), std::string::npos) << found[0].description;
}

TEST(Behaviour, EveryUseOfItsStepsGoesOnCounting) {
  Knowledge knowledge;
  for (int i = 0; i < 23; ++i) knowledge.work(user_of("acquire", i), i < 20 ? "shop" : "bank" + std::to_string(i));
  const auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].evidence.instances, 23u);
  EXPECT_EQ(found[0].evidence.verified_passes, 23u);
  EXPECT_EQ(found[0].evidence.tested_passes, 23u);
  EXPECT_EQ(found[0].evidence.projects, 4u);
  EXPECT_EQ(found[0].events.size(), 23u);
  EXPECT_NE(found[0].description.find("in 23 functions of 23 files"), std::string::npos) << found[0].description;
  EXPECT_NE(found[0].description.find("(23 of 23)"), std::string::npos) << found[0].description;
}

TEST(Behaviour, ManyFilesAreEstimated) {
  std::vector<std::uint64_t> forward, backward;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    note_file(forward, base::hash64("file" + std::to_string(i)));
    note_file(backward, base::hash64("file" + std::to_string(999 - i)));
    if (i < 63) { EXPECT_EQ(files_of(forward), i + 1); }
  }
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(forward.size(), 64u);
  EXPECT_NEAR(files_of(forward), 1000, 400);
}

TEST(Behaviour, EventsAreSortedByTheirOwnTime) {
  Knowledge knowledge;
  std::vector<LearningEvent> events;
  for (int i = 0; i < 14; ++i) {
    knowledge.number = 100 + (i * 5) % 14;
    events.push_back(knowledge.work(user_of("acquire", i)));
  }
  const auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.timestamp > b.timestamp; });
  ASSERT_GT(events.front().timestamp, events.back().timestamp);
  std::vector<EventId> expected;
  for (const LearningEvent& event : events) expected.push_back(event.id);
  EXPECT_EQ(found[0].events, expected);
  EXPECT_EQ(found[0].learned_at, events.back().timestamp);
  EXPECT_EQ(found[0].last_seen, events.front().timestamp);
}

TEST(Behaviour, KnowsHowItServed) {
  Knowledge knowledge;
  for (int i = 0; i < 4; ++i) knowledge.work(user_of("acquire", i));
  const PatternId id = knowledge.behaviours().at(0).id;
  LearningEvent event = event_with(user_of("lend", 20), Verdict::passed, EvidenceStrength::report, knowledge.number++);
  event.patterns_used = {id};
  knowledge.record(event);
  for (int i = 4; i < 9; ++i) knowledge.work(user_of("acquire", i));
  const auto pattern = value_of(knowledge.store->pattern(id));
  EXPECT_EQ(pattern->evidence.applied, 1u);
  EXPECT_EQ(pattern->evidence.applied_passed, 1u);
  EXPECT_EQ(pattern->evidence.instances, 9u);
}

TEST(Behaviour, CopiesOfOneFunctionAndFailedCodeTeachNothing) {
  Knowledge knowledge;
  for (int i = 0; i < 6; ++i) knowledge.work(user_of("acquire", 0));
  for (int i = 1; i < 7; ++i) knowledge.work(user_of("acquire", i), "shop", Verdict::failed);
  EXPECT_TRUE(knowledge.behaviours().empty());
}

TEST(Behaviour, IsFoundByWhatItDoes) {
  Knowledge knowledge;
  for (int i = 0; i < 5; ++i) knowledge.work(user_of("acquire_lease", i));
  const auto found = knowledge.behaviours();
  ASSERT_EQ(found.size(), 1u);
  const auto result = value_of(knowledge.store->search("acquire lease close", {}, 10));
  EXPECT_TRUE(std::any_of(result.hits.begin(), result.hits.end(), [&](const index::Hit& hit) { return hit.id == found[0].id; }));
  const auto by_prefix = value_of(knowledge.store->ids_starting_with(found[0].id.hex().substr(0, 12), 2));
  EXPECT_EQ(by_prefix, std::vector<PatternId>{found[0].id});
}

TEST(Behaviour, FeedbackStaysWithIt) {
  Knowledge knowledge;
  for (int i = 0; i < 4; ++i) knowledge.work(user_of("acquire", i));
  const PatternId id = knowledge.behaviours().at(0).id;
  Feedback feedback;
  feedback.pattern = id;
  feedback.verdict = FeedbackVerdict::wrong;
  knowledge.record(feedback);
  EXPECT_EQ(value_of(knowledge.store->pattern(id))->evidence.wrong, 1u);
  for (int i = 4; i < 9; ++i) knowledge.work(user_of("acquire", i));
  EXPECT_EQ(value_of(knowledge.store->pattern(id))->evidence.wrong, 1u) << "mined again";
}

TEST(Behaviour, ForgottenEventsTakeItWithThem) {
  Knowledge knowledge;
  std::vector<LearningEvent> events;
  for (int i = 0; i < 4; ++i) events.push_back(knowledge.work(user_of("acquire", i)));
  ASSERT_EQ(knowledge.behaviours().size(), 1u);
  Forget forget;
  forget.events = {events[0].id};
  knowledge.record(forget);
  EXPECT_TRUE(knowledge.behaviours().empty());
}

TEST(Behaviour, FoldingAgainGivesTheSameBytes) {
  Knowledge knowledge;
  for (int i = 0; i < 12; ++i) knowledge.work(user_of(i % 2 == 0 ? "acquire" : "lend", i), i % 3 == 0 ? "shop" : "bank");
  const std::string live = value_of(knowledge.store->knowledge_digest());
  StoreOptions options;
  options.in_memory_state = true;
  const auto again = value_of(KnowledgeStore::open(knowledge.env, knowledge.folder.path(), learn::study, options));
  value_of(again->refresh());
  EXPECT_EQ(value_of(again->knowledge_digest()), live);
}

}  // namespace
}  // namespace autodev::knowledge
