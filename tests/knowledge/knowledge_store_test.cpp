// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/knowledge_store.h"

#include <filesystem>

#include "base/hash.h"
#include "knowledge/replica.h"
#include "knowledge/segment.h"
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

StoreOptions in_memory() {
  StoreOptions options;
  options.in_memory_state = true;
  return options;
}

std::unique_ptr<KnowledgeStore> open(base::Env& env, const std::string& folder, StoreOptions options = {}) {
  return value_of(KnowledgeStore::open(env, folder, learn::study, std::move(options)));
}

/// Digests of a fresh fold in memory of what the folder's journal holds.
struct Digests {
  std::string state, knowledge;
  bool operator==(const Digests&) const = default;
};
Digests digests(KnowledgeStore& store) {
  value_of(store.refresh());
  return {value_of(store.state_digest()), value_of(store.knowledge_digest())};
}
Digests replayed(base::Env& env, const std::string& folder) { return digests(*open(env, folder, in_memory())); }

CodeUnit function(int family, int variant) { return python_units(python_function(family, variant))[0]; }

void append_one_by_one(SteppedEnv& env, KnowledgeStore& store, const std::vector<Payload>& payloads) {
  for (const Payload& payload : payloads) {
    env.clock_ms += 7;
    value_of(store.append({payload}));
  }
}

TEST(KnowledgeStore, AnEmptyFolderAnswersAndStaysEmpty) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.file("knowledge"));
  EXPECT_EQ(value_of(store->refresh()).records, 0u);
  EXPECT_FALSE(value_of(store->pattern({base::hash128("x")})));
  EXPECT_TRUE(value_of(store->search("anything", {}, 5)).hits.empty());
  EXPECT_TRUE(value_of(store->folded_position()).empty());
  EXPECT_FALSE(std::filesystem::exists(folder.file("knowledge")));
}

TEST(KnowledgeStore, ReplayEqualsLiveHoweverTheStreamIsCut) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    TemporaryFolder folder;
    SteppedEnv env;
    test::Chance chance(seed);
    const auto store = open(env, folder.path());
    for (const Payload& payload : test::random_payloads(seed, 60)) {
      env.clock_ms += static_cast<std::int64_t>(chance.below(3));
      value_of(store->append({payload}));
      if (chance.once_in(4)) {
        EXPECT_FALSE(value_of(store->refresh()).rebuilt);
      }
    }
    const Digests live = digests(*store);
    EXPECT_EQ(replayed(env, folder.path()), live) << "in memory, seed " << seed;
    std::filesystem::remove_all(folder.file("embeddings"));
    EXPECT_EQ(digests(*open(env, folder.path())), live) << "rebuilt on disk, seed " << seed;
  }
}

TEST(KnowledgeStore, AReopenedStoreGoesOnWithoutRefolding) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto payloads = test::random_payloads(5, 20);
  {
    const auto store = open(env, folder.path());
    append_one_by_one(env, *store, payloads);
    EXPECT_EQ(value_of(store->refresh()).records, payloads.size());
  }
  const auto store = open(env, folder.path());
  EXPECT_EQ(value_of(store->refresh()).records, 0u);
  value_of(store->append({Payload(Feedback{})}));
  const RefreshReport report = value_of(store->refresh());
  EXPECT_EQ(report.records, 1u);
  EXPECT_FALSE(report.rebuilt) << report.reason;
}

TEST(KnowledgeStore, TwoObjectsOverOneFolderSeeEachOthersWork) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto a = open(env, folder.path());
  value_of(a->append({Payload(event_with({function(0, 0)}, Verdict::passed, EvidenceStrength::report, 1))}));
  value_of(a->refresh());
  const auto b = open(env, folder.path());
  value_of(b->append({Payload(event_with({function(1, 0)}, Verdict::passed, EvidenceStrength::report, 2))}));
  value_of(b->refresh());
  EXPECT_TRUE(value_of(a->pattern({function(1, 0).alpha}))) << "read without a refresh of its own";
  EXPECT_EQ(value_of(a->refresh()).records, 0u) << "b has folded it";
}

TEST(KnowledgeStore, ReplicasWithTheSameSegmentsAreByteIdentical) {
  TemporaryFolder folder_a, folder_b;
  SteppedEnv env_a(1'700'000'000'000, 1);
  SteppedEnv env_b(1'700'000'000'003, 2);
  const auto a = open(env_a, folder_a.path());
  const auto b = open(env_b, folder_b.path());
  append_one_by_one(env_a, *a, test::random_payloads(11, 25));
  append_one_by_one(env_b, *b, test::random_payloads(12, 25));
  value_of(a->refresh());
  value_of(b->refresh());
  EXPECT_NE(value_of(a->state_digest()), value_of(b->state_digest()));
  const auto copy = std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_existing;
  std::filesystem::copy(folder_a.file("journal"), folder_b.file("journal"), copy);
  std::filesystem::copy(folder_b.file("journal"), folder_a.file("journal"), copy);
  const RefreshReport merged = value_of(a->refresh());
  EXPECT_TRUE(merged.rebuilt) << "late arrivals change the past";
  EXPECT_EQ(merged.records, 50u);
  const Digests of_a = digests(*a);
  EXPECT_EQ(digests(*b), of_a);
  EXPECT_EQ(replayed(env_a, folder_a.path()), of_a);
  std::filesystem::copy(folder_b.file("journal"), folder_a.file("journal"), copy);
  EXPECT_EQ(value_of(a->refresh()).records, 0u) << "merging twice changes nothing";
  EXPECT_EQ(digests(*a), of_a);
}

TEST(KnowledgeStore, TheSameEventFromTwoReplicasCountsOnce) {
  TemporaryFolder folder_a, folder_b;
  SteppedEnv env_a(1'700'000'000'000, 1);
  SteppedEnv env_b(1'700'000'000'000, 2);
  const auto a = open(env_a, folder_a.path());
  const auto b = open(env_b, folder_b.path());
  const auto payloads = test::random_payloads(3, 15);
  std::vector<Payload> events;
  for (const Payload& payload : payloads)
    if (std::holds_alternative<LearningEvent>(payload)) events.push_back(payload);
  append_one_by_one(env_a, *a, events);
  append_one_by_one(env_b, *b, events);
  const Digests alone = digests(*a);
  std::filesystem::copy(folder_b.file("journal"), folder_a.file("journal"),
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::skip_existing);
  EXPECT_EQ(digests(*a).knowledge, alone.knowledge);
}

TEST(KnowledgeStore, AForgottenEventIsAsIfItHadNeverBeen) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto payloads = test::random_payloads(seed, 40);
    std::vector<std::size_t> events;
    for (std::size_t i = 0; i < payloads.size(); ++i)
      if (std::holds_alternative<LearningEvent>(payloads[i])) events.push_back(i);
    test::Chance chance(seed);
    const std::size_t victim = events[chance.below(events.size())];
    TemporaryFolder with_folder, without_folder;
    SteppedEnv env;
    const auto with = open(env, with_folder.path());
    const auto without = open(env, without_folder.path());
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      env.clock_ms += 5;
      value_of(with->append({payloads[i]}));
      if (i != victim) value_of(without->append({payloads[i]}));
    }
    value_of(with->refresh());
    const EventId id = std::get<LearningEvent>(payloads[victim]).id;
    Forget forget;
    forget.events = {id};
    value_of(with->append({Payload(forget)}));
    const RefreshReport report = value_of(with->refresh());
    EXPECT_TRUE(report.rebuilt);
    EXPECT_NE(report.reason.find("forgotten"), std::string::npos);
    EXPECT_EQ(value_of(with->knowledge_digest()), digests(*without).knowledge) << "seed " << seed;
    EXPECT_FALSE(value_of(with->event(id)));
    value_of(with->append({payloads[victim]}));  // recorded again: it stays forgotten
    EXPECT_FALSE(value_of(with->refresh()).rebuilt);
    EXPECT_EQ(value_of(with->knowledge_digest()), digests(*without).knowledge) << "seed " << seed;
  }
}

TEST(KnowledgeStore, ForgettingAProjectSparesTheOthersAndItsLaterEvents) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path(), in_memory());
  const auto work = [&](int family, const std::string& project, int number) {
    value_of(store->append({Payload(event_with({function(family, 0)}, Verdict::passed, EvidenceStrength::report, number, project))}));
  };
  work(0, "shop", 1);
  work(1, "bank", 2);
  Forget forget;
  forget.project = "shop";
  env.clock_ms += 1;
  value_of(store->append({Payload(forget)}));
  env.clock_ms += 1;
  work(2, "shop", 3);
  value_of(store->refresh());
  EXPECT_FALSE(value_of(store->pattern({function(0, 0).alpha})));
  EXPECT_TRUE(value_of(store->pattern({function(1, 0).alpha})));
  EXPECT_TRUE(value_of(store->pattern({function(2, 0).alpha})));
}

TEST(KnowledgeStore, ForgettingEverythingLeavesNothing) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path());
  append_one_by_one(env, *store, test::random_payloads(6, 30));
  value_of(store->refresh());
  value_of(store->write_files({}));
  Forget forget;
  forget.everything = true;
  value_of(store->append({Payload(forget)}));
  value_of(store->refresh());
  TemporaryFolder empty;
  EXPECT_EQ(value_of(store->knowledge_digest()), digests(*open(env, empty.path(), in_memory())).knowledge);
  value_of(store->write_files({}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.file("patterns")));
  EXPECT_TRUE(std::filesystem::is_empty(folder.file("anti_patterns")));
}

TEST(KnowledgeStore, AnotherLearnerOrFoldMeansFoldingAgain) {
  TemporaryFolder folder;
  SteppedEnv env;
  StoreOptions first;
  first.learner = "learners/1";
  const auto payloads = test::random_payloads(8, 10);
  append_one_by_one(env, *open(env, folder.path(), first), payloads);
  value_of(open(env, folder.path(), first)->refresh());
  StoreOptions second;
  second.learner = "learners/2";
  const RefreshReport report = value_of(open(env, folder.path(), second)->refresh());
  EXPECT_TRUE(report.rebuilt);
  EXPECT_EQ(report.records, payloads.size());
  EXPECT_NE(report.reason.find("learners/1"), std::string::npos);
}

TEST(KnowledgeStore, AnUnusableStateIsFoldedAgainAndNoError) {
  for (const std::string damage : {"garbage", "empty", "zeros"}) {
    TemporaryFolder folder;
    SteppedEnv env;
    Digests before;
    {
      const auto store = open(env, folder.path());
      append_one_by_one(env, *store, test::random_payloads(9, 20));
      before = digests(*store);
    }
    const std::string file = folder.file("embeddings/data.mdb");
    const std::size_t size = std::filesystem::file_size(file);
    test::set_file_bytes(file, damage == "garbage" ? "this is no database" : damage == "empty" ? "" : std::string(size, '\0'));
    const auto store = open(env, folder.path());
    const RefreshReport report = value_of(store->refresh());
    EXPECT_EQ(report.records, 20u) << damage;
    EXPECT_EQ(digests(*store), before) << damage;
  }
}

TEST(KnowledgeStore, ReplacedJournalFilesAreNoticed) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path());
  const auto payloads = test::random_payloads(10, 12);
  append_one_by_one(env, *store, payloads);
  value_of(store->refresh());
  const std::string replica = value_of(find_replica(env, folder.file("journal")))->hex();
  const std::string segment = folder.file("journal/" + replica + "/00000001.log");
  test::set_file_bytes(segment, test::file_bytes(segment).substr(0, std::filesystem::file_size(segment) / 2));
  const RefreshReport report = value_of(store->refresh());
  EXPECT_TRUE(report.rebuilt);
  EXPECT_LT(report.records, payloads.size());
  EXPECT_EQ(replayed(env, folder.path()), digests(*store));
  std::filesystem::remove_all(folder.file("journal/" + replica));
  value_of(store->refresh());
  EXPECT_TRUE(value_of(store->folded_position()).empty());
}

TEST(KnowledgeStore, DamagedRecordsAreReportedAndTheRestIsKnown) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path());
  for (int family = 0; family < 4; ++family)
    value_of(store->append({Payload(event_with({function(family, 0)}, Verdict::passed, EvidenceStrength::report, family))}));
  const std::string replica = value_of(find_replica(env, folder.file("journal")))->hex();
  const std::string segment = folder.file("journal/" + replica + "/00000001.log");
  std::string bytes = test::file_bytes(segment);
  bytes[60] = static_cast<char>(~bytes[60]);
  test::set_file_bytes(segment, bytes);
  const RefreshReport report = value_of(store->refresh());
  EXPECT_EQ(report.records, 3u);
  ASSERT_EQ(report.damaged.size(), 1u);
  EXPECT_EQ(report.damaged[0].file, segment);
  EXPECT_TRUE(value_of(store->pattern({function(3, 0).alpha})));
}

TEST(KnowledgeStore, ReadOnlyNeverWrites) {
  TemporaryFolder folder;
  SteppedEnv env;
  StoreOptions read_only;
  read_only.read_only = true;
  EXPECT_EQ(value_of(open(env, folder.file("absent"), read_only)->refresh()).records, 0u);
  const CodeUnit unit = function(0, 0);
  {
    const auto writer = open(env, folder.path());
    value_of(writer->append({Payload(event_with({unit}, Verdict::passed, EvidenceStrength::report, 1))}));
  }
  const auto unfolded = open(env, folder.path(), read_only);
  value_of(unfolded->refresh());
  EXPECT_TRUE(value_of(unfolded->pattern({unit.alpha}))) << "folded in memory";
  EXPECT_FALSE(std::filesystem::exists(folder.file("embeddings")));
  value_of(open(env, folder.path())->refresh());
  const auto reader = open(env, folder.path(), read_only);
  EXPECT_TRUE(value_of(reader->pattern({unit.alpha})));
  const auto refused = reader->append({Payload(Feedback{})});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::permission);
}

TEST(KnowledgeStore, AnEventOfANewerVersionStopsTheFoldAndNamesTheFile) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path(), in_memory());
  const SegmentName name{{base::hash128("newer program")}, 1};
  std::string bytes = encode_header(name);
  bytes += encode_frame(name, bytes.size(), 1, 1000, 77, "of a kind to come");
  const std::string file = folder.file("journal/" + name.replica.hex() + "/00000001.log");
  test::set_file_bytes(file, bytes);
  const auto report = store->refresh();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::config);
  EXPECT_NE(report.error().message.find(file), std::string::npos);
}

TEST(KnowledgeStore, PatternFilesAreStableAndOnlyDifferencesAreWritten) {
  TemporaryFolder folder;
  SteppedEnv env;
  const auto store = open(env, folder.path());
  value_of(store->append({Payload(event_with({function(0, 0), function(1, 0)}, Verdict::passed, EvidenceStrength::report, 1)),
                          Payload(event_with({function(2, 0)}, Verdict::failed, EvidenceStrength::report, 2))}));
  const RefreshReport report = value_of(store->refresh());
  ASSERT_EQ(report.changed.size(), 2u);
  ASSERT_EQ(report.changed_anti.size(), 1u);
  value_of(store->write_files(report.changed));
  const std::string file = folder.file("patterns/" + function(0, 0).alpha.hex() + ".json");
  const std::string bytes = test::file_bytes(file);
  EXPECT_NE(bytes.find("\"format\": \"auto-dev.pattern/1\""), std::string::npos);
  EXPECT_FALSE(test::file_bytes(folder.file("anti_patterns/" + function(2, 0).alpha.hex() + ".json")).empty());
  const auto written = std::filesystem::last_write_time(file);
  test::set_file_bytes(folder.file("patterns/" + std::string(32, 'a') + ".json"), "of a pattern that is gone");
  test::set_file_bytes(folder.file("patterns/notes.txt"), "of the user");
  value_of(store->write_files({}));
  EXPECT_EQ(std::filesystem::last_write_time(file), written);
  EXPECT_EQ(test::file_bytes(file), bytes);
  EXPECT_FALSE(std::filesystem::exists(folder.file("patterns/" + std::string(32, 'a') + ".json")));
  EXPECT_TRUE(std::filesystem::exists(folder.file("patterns/notes.txt")));
  std::filesystem::remove_all(folder.file("embeddings"));
  const auto again = open(env, folder.path());
  value_of(again->refresh());
  value_of(again->write_files({}));
  EXPECT_EQ(test::file_bytes(file), bytes);
}

TEST(KnowledgeStore, ProgressIsReportedForLongFolds) {
  TemporaryFolder folder;
  SteppedEnv env;
  std::vector<Payload> payloads;
  for (int i = 0; i < 1100; ++i) payloads.emplace_back(test::small_event(i));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  StoreOptions options;
  options.on_progress = [&](std::uint64_t done, std::uint64_t total) { seen.emplace_back(done, total); };
  const auto store = open(env, folder.path(), options);
  value_of(store->append(payloads));
  EXPECT_EQ(value_of(store->refresh()).records, 1100u);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen.back(), (std::pair<std::uint64_t, std::uint64_t>{1100, 1100}));
  EXPECT_EQ(seen.front().second, 1100u);
}

}  // namespace
}  // namespace autodev::knowledge
