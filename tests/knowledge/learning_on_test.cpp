// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the fold lets the index learn of words: from specifications, descriptions, applied patterns and feedback.
#include <gtest/gtest.h>

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

CodeUnit function(int family, int variant) { return python_units(python_function(family, variant))[0]; }

LearningEvent task(int number, const std::string& text, const CodeUnit& unit, const std::string& project = "shop") {
  LearningEvent event = event_with({unit}, Verdict::passed, EvidenceStrength::report, number, project);
  event.specification.text = text;
  event.cycle = cycle_id(project, text);
  event.id = {};
  event.id = event_id(event);
  return event;
}

struct Library {
  TemporaryFolder folder;
  SteppedEnv env;

  std::unique_ptr<KnowledgeStore> open(bool adapt = true, bool read_only = false, bool in_memory = false) {
    StoreOptions options;
    options.adapt = adapt;
    options.read_only = read_only;
    options.in_memory_state = in_memory;
    auto store = value_of(KnowledgeStore::open(env, folder.file("knowledge"), learn::study, options));
    value_of(store->refresh());
    return store;
  }
  void record(KnowledgeStore& store, const Payload& payload) {
    env.clock_ms += 10;
    value_of(store.append({payload}));
    value_of(store.refresh());
  }
  /// Ten functions of five families with what was asked for each.
  void record_history(KnowledgeStore& store) {
    static const char* const wishes[] = {"fetch the dossier", "sum up the kitty", "stubborn courier", "dissect the feed", "hoard the answers"};
    for (int i = 0; i < 10; ++i) record(store, task(i, std::string(wishes[i % 5]) + " for branch " + std::to_string(i) + "\n\nlong reasons", function(i % 5, i)));
  }
};

double dense_of(KnowledgeStore& store, const std::string& query, const PatternId& id) {
  for (const index::Hit& hit : value_of(store.search(query, {}, 50)).hits)
    if (hit.id == id) return hit.dense;
  ADD_FAILURE() << "not found: " << query;
  return 0;
}

TEST(LearningOn, WordsOfSpecificationsAreLearnedAndReplayGivesTheSame) {
  Library library;
  const auto store = library.open();
  library.record_history(*store);
  EXPECT_FALSE(value_of(store->learned_of("dossier")).stems.empty());
  EXPECT_TRUE(value_of(store->learned_of("long reasons")).stems.empty()) << "only the first line is a request";
  const auto replayed = library.open(true, false, true);
  EXPECT_EQ(value_of(replayed->state_digest()), value_of(store->state_digest()));
}

TEST(LearningOn, ReplayEqualsLiveWithFeedbackToo) {
  Library library;
  const auto store = library.open();
  library.record_history(*store);
  const PatternId id{function(0, 0).alpha};
  library.record(*store, Feedback{id, FeedbackVerdict::helped, "", "bring the dossier"});
  library.record(*store, Feedback{id, FeedbackVerdict::irrelevant, "", "brew coffee"});
  library.record(*store, Feedback{id, FeedbackVerdict::wrong, "", "quarrel about nothing"});
  LearningEvent used = task(50, "assemble the brochure", function(3, 7));
  used.patterns_used = {{id}};
  used.id = {};
  used.id = event_id(used);
  library.record(*store, used);
  EXPECT_EQ(value_of(store->learned_of("coffee")).stems.size(), 1u);
  EXPECT_EQ(value_of(store->learned_of("brochure")).stems.size(), 1u);
  EXPECT_TRUE(value_of(store->learned_of("quarrel")).stems.empty()) << "wrong code may be what was meant";
  EXPECT_EQ(value_of(library.open(true, false, true)->state_digest()), value_of(store->state_digest()));
}

TEST(LearningOn, FeedbackWithTheQueryMovesTheAnswer) {
  Library library;
  const auto store = library.open();
  library.record_history(*store);
  const PatternId id{function(0, 0).alpha};
  const std::string query = "load the order by its key";
  const double before = dense_of(*store, query, id);
  library.record(*store, Feedback{id, FeedbackVerdict::helped, "no query", ""});
  EXPECT_EQ(dense_of(*store, query, id), before);
  library.record(*store, Feedback{id, FeedbackVerdict::helped, "", query});
  const double helped = dense_of(*store, query, id);
  EXPECT_GT(helped, before);
  library.record(*store, Feedback{id, FeedbackVerdict::irrelevant, "", query});
  library.record(*store, Feedback{id, FeedbackVerdict::irrelevant, "", query});
  EXPECT_LT(dense_of(*store, query, id), helped);
}

TEST(LearningOn, SwitchedOffTheBuiltInVectorsAloneAreAskedWith) {
  Library library, untaught;
  const auto store = library.open(), other = untaught.open();
  library.record_history(*store);
  untaught.record_history(*other);
  const PatternId id{function(0, 0).alpha};
  for (int i = 0; i < 3; ++i) library.record(*store, Feedback{id, FeedbackVerdict::helped, "", "hoard the kitty"});
  const auto off = library.open(false), off_untaught = untaught.open(false);
  EXPECT_TRUE(value_of(off->learned_of("hoard the kitty")).stems.empty());
  const auto with = value_of(store->search("hoard the kitty", {}, 10)), without = value_of(off->search("hoard the kitty", {}, 10)),
             plain = value_of(off_untaught->search("hoard the kitty", {}, 10));
  ASSERT_EQ(without.hits.size(), plain.hits.size());
  for (std::size_t i = 0; i < plain.hits.size(); ++i) {
    EXPECT_EQ(without.hits[i].id, plain.hits[i].id);
    EXPECT_EQ(without.hits[i].dense, plain.hits[i].dense);
    EXPECT_EQ(without.hits[i].score, plain.hits[i].score);
  }
  EXPECT_NE(with.hits[0].dense, without.hits[0].dense);
}

TEST(LearningOn, AForgottenProjectAndAForgottenEventLeaveNoTraceInAnyWord) {
  Library library, never;
  const auto store = library.open(), other = never.open();
  library.record_history(*store);
  never.record_history(*other);
  for (int i = 0; i < 3; ++i) library.record(*store, task(20 + i, "frobnicate the gizmo", function(5, i), "secret"));
  const LearningEvent single = task(30, "twiddle the knob", function(5, 6));
  library.record(*store, single);
  EXPECT_FALSE(value_of(store->learned_of("gizmo knob")).stems.empty());
  Forget project;
  project.project = "secret";
  library.record(*store, project);
  Forget event;
  event.events = {single.id};
  library.record(*store, event);
  EXPECT_TRUE(value_of(store->learned_of("frobnicate gizmo knob")).stems.empty());
  EXPECT_EQ(value_of(store->knowledge_digest()), value_of(other->knowledge_digest()));
}

TEST(LearningOn, AReadOnlyStoreAsksWithWhatWasLearned) {
  Library library;
  {
    const auto store = library.open();
    library.record_history(*store);
  }
  const auto reader = library.open(true, true);
  EXPECT_FALSE(value_of(reader->learned_of("dossier")).stems.empty());
  EXPECT_FALSE(value_of(reader->search("fetch the dossier", {}, 5)).hits.empty());
}

TEST(LearningOn, TheQueryOfFeedbackIsJournalled) {
  const Feedback feedback{{function(0, 0).alpha}, FeedbackVerdict::helped, "note", "fetch the dossier"};
  const auto read = value_of(decode_payload(RecordKind::feedback, encode_payload(Payload(feedback))));
  EXPECT_EQ(std::get<Feedback>(read), feedback);
}

}  // namespace
}  // namespace autodev::knowledge
