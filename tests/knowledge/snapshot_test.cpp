// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/snapshot.h"

#include <filesystem>

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

struct World {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store = value_of(KnowledgeStore::open(env, folder.path(), learn::study));
  Snapshots snapshots{env, folder.path(), learn::study, "unnamed"};
  int number = 0;

  LearningEvent work(int family, int variant = 0, Verdict verdict = Verdict::passed) {
    env.clock_ms += 10;
    const LearningEvent event = event_with({function(family, variant)}, verdict, EvidenceStrength::report, number++);
    value_of(store->append({Payload(event)}));
    return event;
  }
  std::string digest() {
    value_of(store->refresh());
    return value_of(store->knowledge_digest());
  }
};

TEST(Snapshot, IsFoundAgainByName) {
  World world;
  world.work(0);
  const Snapshot made = value_of(world.snapshots.create(*world.store, "before-merge"));
  const Snapshot found = value_of(world.snapshots.find("before-merge"));
  EXPECT_EQ(found.position, made.position);
  EXPECT_EQ(found.digest, made.digest);
  EXPECT_EQ(found.created_at, made.created_at);
  ASSERT_EQ(value_of(world.snapshots.list()).size(), 1u);
  EXPECT_EQ(world.snapshots.create(*world.store, "before-merge").error().code, ErrorCode::usage);
  EXPECT_EQ(world.snapshots.find("another").error().code, ErrorCode::no_input);
}

TEST(Snapshot, NamesCannotLeaveTheFolder) {
  World world;
  for (const std::string& name : std::vector<std::string>{"", "../x", "a/b", ".hidden", "a b", std::string(65, 'a')}) {
    EXPECT_EQ(world.snapshots.create(*world.store, name).error().code, ErrorCode::usage) << name;
    EXPECT_EQ(world.snapshots.find(name).error().code, ErrorCode::usage) << name;
  }
}

TEST(Snapshot, AnAsOfViewKnowsWhatWasKnownThen) {
  World world;
  world.work(0);
  const Snapshot snapshot = value_of(world.snapshots.create(*world.store, "then"));
  world.work(1);
  world.work(0, 0, Verdict::failed);
  const auto then = value_of(world.snapshots.open_as_of(snapshot.position));
  EXPECT_EQ(value_of(then->knowledge_digest()), snapshot.digest);
  EXPECT_NE(world.digest(), snapshot.digest);
  EXPECT_FALSE(value_of(then->pattern({function(1, 0).alpha})));
}

TEST(Snapshot, TheDifferenceNamesWhatCameWentAndChanged) {
  World world;
  world.work(0);
  world.work(1);
  const Snapshot snapshot = value_of(world.snapshots.create(*world.store, "then"));
  const LearningEvent gone = world.work(2);
  world.work(0);
  value_of(world.store->refresh());
  const auto then = value_of(world.snapshots.open_as_of(snapshot.position));
  const KnowledgeDifference forward = value_of(difference(*then, *world.store));
  using Items = std::vector<KnowledgeDifference::Item>;
  EXPECT_EQ(forward.added, (Items{{"structural", {function(2, 0).alpha}}}));
  EXPECT_EQ(forward.changed, (Items{{"structural", {function(0, 0).alpha}}}));
  EXPECT_TRUE(forward.removed.empty());
  EXPECT_EQ(value_of(difference(*world.store, *then)).removed, forward.added);
}

TEST(Snapshot, RestoringBringsTheStateBackAndLaterWorkCounts) {
  World world;
  for (int i = 0; i < 4; ++i) world.work(i, i);
  const Snapshot snapshot = value_of(world.snapshots.create(*world.store, "good"));
  for (int i = 0; i < 4; ++i) world.work(i + 1, i + 3, Verdict::failed);
  const RefreshReport report = value_of(world.snapshots.restore(*world.store, "good"));
  EXPECT_TRUE(report.rebuilt);
  EXPECT_EQ(value_of(world.store->knowledge_digest()), snapshot.digest);
  world.work(5);
  EXPECT_NE(world.digest(), snapshot.digest);
  EXPECT_TRUE(value_of(world.store->pattern({function(5, 0).alpha})));
}

TEST(Snapshot, ARestoreCanItselfBeTakenBack) {
  World world;
  world.work(0);
  value_of(world.snapshots.create(*world.store, "early"));
  world.work(1);
  const Snapshot late = value_of(world.snapshots.create(*world.store, "late"));
  value_of(world.snapshots.restore(*world.store, "early"));
  EXPECT_NE(value_of(world.store->knowledge_digest()), late.digest);
  value_of(world.snapshots.restore(*world.store, "late"));
  EXPECT_EQ(value_of(world.store->knowledge_digest()), late.digest);
  value_of(world.snapshots.restore(*world.store, "early"));
  EXPECT_NE(value_of(world.store->knowledge_digest()), late.digest);
}

TEST(Snapshot, NoRestoreBringsBackWhatWasForgotten) {
  World world;
  const LearningEvent secret = world.work(0);
  world.work(1);
  value_of(world.snapshots.create(*world.store, "with-secret"));
  Forget forget;
  forget.events = {secret.id};
  value_of(world.store->append({Payload(forget)}));
  value_of(world.snapshots.restore(*world.store, "with-secret"));
  EXPECT_FALSE(value_of(world.store->pattern({function(0, 0).alpha})));
  EXPECT_TRUE(value_of(world.store->pattern({function(1, 0).alpha})));
  const auto then = value_of(world.snapshots.open_as_of(value_of(world.snapshots.find("with-secret")).position));
  EXPECT_FALSE(value_of(then->pattern({function(0, 0).alpha})));
}

TEST(Snapshot, DamagedAndNewerFilesAreToldApart) {
  World world;
  const auto put = [&](const std::string& name, const std::string& text) {
    test::set_file_bytes(world.folder.file("snapshots/" + name + ".json"), text);
  };
  put("broken", "{");
  put("other", "{\"format\": \"something\"}");
  put("hollow", "{\"format\": \"auto-dev.snapshot/1\", \"position\": {\"x\": 1}}");
  EXPECT_EQ(world.snapshots.find("broken").error().code, ErrorCode::bad_data);
  EXPECT_EQ(world.snapshots.find("other").error().code, ErrorCode::bad_data);
  EXPECT_EQ(world.snapshots.find("hollow").error().code, ErrorCode::bad_data);
  EXPECT_TRUE(value_of(world.snapshots.list()).empty());
  put("newer", "{\"format\": \"auto-dev.snapshot/2\"}");
  EXPECT_EQ(world.snapshots.find("newer").error().code, ErrorCode::config);
}

}  // namespace
}  // namespace autodev::knowledge
