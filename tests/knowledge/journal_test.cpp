// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/journal.h"

#include <filesystem>
#include <thread>

#include "base/hash.h"
#include "knowledge/segment.h"
#include "support/knowledge_samples.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::small_event;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

Feedback note(const std::string& text) { return {{base::hash128(text)}, FeedbackVerdict::helped, text}; }

std::vector<Payload> notes(int from, int count) {
  std::vector<Payload> payloads;
  for (int i = 0; i < count; ++i) payloads.emplace_back(note("note " + std::to_string(from + i)));
  return payloads;
}

std::vector<std::string> notes_in(Journal& journal, std::vector<DamagedRecord>* damaged = nullptr) {
  std::vector<std::string> found;
  value_of(journal.read({}, [&](const Record& record) {
    found.push_back(std::get<Feedback>(value_of(decode_payload(record.kind, record.payload))).note);
    return true;
  }, damaged));
  return found;
}

/// One store in a temporary folder.
struct Store {
  TemporaryFolder folder;
  SteppedEnv env;
  Journal journal;

  explicit Store(std::uint64_t seed = 1, JournalOptions options = {})
      : env(1'700'000'000'000, seed), journal(env, folder.file("journal"), options) {}
  [[nodiscard]] std::string replica_folder() {
    return journal.folder() + "/" + value_of(journal.replica())->hex();
  }
  [[nodiscard]] std::string segment(int number = 1) { return replica_folder() + "/0000000" + std::to_string(number) + ".log"; }
};

TEST(Journal, AnAbsentFolderIsAnEmptyJournalAndNothingIsCreated) {
  Store store;
  EXPECT_TRUE(notes_in(store.journal).empty());
  EXPECT_TRUE(value_of(store.journal.end()).empty());
  EXPECT_TRUE(value_of(store.journal.append({})).empty());
  EXPECT_FALSE(std::filesystem::exists(store.folder.file("journal")));
}

TEST(Journal, RecordsAreReadBackInOrderWithIncreasingSequence) {
  Store store;
  const auto first = value_of(store.journal.append(notes(0, 2)));
  const auto second = value_of(store.journal.append(notes(2, 1)));
  EXPECT_EQ(notes_in(store.journal), (std::vector<std::string>{"note 0", "note 1", "note 2"}));
  EXPECT_EQ(first[0].sequence, 1u);
  EXPECT_EQ(second[0].sequence, 3u);
  EXPECT_LT(first[1], second[0]);
}

TEST(Journal, TimeNeverGoesBackWhenTheClockDoes) {
  Store store;
  const auto first = value_of(store.journal.append(notes(0, 1)));
  store.env.clock_ms -= 1'000'000;
  const auto second = value_of(store.journal.append(notes(1, 1)));
  EXPECT_EQ(second[0].time, first[0].time);
}

TEST(Journal, ReadingGoesOnBehindAPosition) {
  Store store;
  value_of(store.journal.append(notes(0, 3)));
  int seen = 0;
  const JournalPosition position = value_of(store.journal.read({}, [&](const Record&) { return ++seen < 2; }));
  std::vector<std::string> rest;
  const JournalPosition end = value_of(store.journal.read(position, [&](const Record& record) {
    rest.push_back(std::get<Feedback>(value_of(decode_payload(record.kind, record.payload))).note);
    return true;
  }));
  EXPECT_EQ(rest, std::vector<std::string>{"note 2"});
  EXPECT_EQ(end, value_of(store.journal.end()));
  EXPECT_TRUE(value_of(store.journal.holds(position)));
  EXPECT_TRUE(value_of(store.journal.holds(end)));
}

TEST(Journal, ARecordIsReadBackFromItsPlace) {
  Store store;
  value_of(store.journal.append(notes(0, 3)));
  std::vector<Record> records;
  value_of(store.journal.read({}, [&](const Record& record) { return records.push_back(record), true; }));
  const Record again = value_of(store.journal.read_at(records[1].key.replica, records[1].location));
  EXPECT_EQ(again.payload, records[1].payload);
  EXPECT_EQ(again.key, records[1].key);
  RecordLocation elsewhere = records[1].location;
  elsewhere.offset += 1;
  EXPECT_FALSE(store.journal.read_at(records[1].key.replica, elsewhere));
}

TEST(Journal, ANewSegmentIsBegunWhenOneIsFull) {
  Store store(1, {.segment_bytes = 200});
  for (int i = 0; i < 10; ++i) value_of(store.journal.append(notes(i, 1)));
  value_of(store.journal.append(notes(10, 10)));  // also in the middle of one call
  EXPECT_GT(std::distance(std::filesystem::directory_iterator(store.replica_folder()), {}), 5);
  const auto found = notes_in(store.journal);
  ASSERT_EQ(found.size(), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(found[static_cast<std::size_t>(i)], "note " + std::to_string(i));
  EXPECT_EQ(value_of(store.journal.end()).begin()->second.sequence, 20u);
}

TEST(Journal, CutAtEveryByteItKeepsCompleteRecordsAndGoesOnAppending) {
  Store store;
  for (int i = 0; i < 3; ++i) value_of(store.journal.append(notes(i, 1)));
  const std::string path = store.segment();
  const std::string whole = test::file_bytes(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    test::set_file_bytes(path, whole.substr(0, size));
    std::vector<DamagedRecord> damaged;
    std::vector<std::string> before = notes_in(store.journal, &damaged);
    EXPECT_TRUE(damaged.empty()) << size;
    ASSERT_LE(before.size(), 3u);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i], "note " + std::to_string(i));
    value_of(store.journal.append(notes(7, 1)));
    before.push_back("note 7");
    ASSERT_EQ(notes_in(store.journal, &damaged), before) << "cut at " << size;
    EXPECT_TRUE(damaged.empty()) << "the torn tail was cut at " << size;
  }
}

TEST(Journal, EveryFlippedByteLosesAtMostTheRecordItHitAlsoAfterFurtherAppends) {
  Store store;
  for (int i = 0; i < 3; ++i) value_of(store.journal.append(notes(i, 1)));
  const std::string path = store.segment();
  const std::string whole = test::file_bytes(path);
  const std::vector<std::string> all{"note 0", "note 1", "note 2", "note 7"};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bad = whole;
    bad[i] = static_cast<char>(~bad[i]);
    test::set_file_bytes(path, bad);
    std::filesystem::remove(store.segment(2));
    value_of(store.journal.append(notes(7, 1)));
    std::vector<DamagedRecord> damaged;
    const auto found = notes_in(store.journal, &damaged);
    std::size_t lost = 0;
    for (const auto& text : all) lost += std::find(found.begin(), found.end(), text) == found.end();
    EXPECT_LE(lost, 1u) << "byte " << i;
    EXPECT_EQ(found.size() + lost, all.size()) << "nothing was made up; byte " << i;
    EXPECT_EQ(found.back(), "note 7") << "byte " << i;
  }
}

TEST(Journal, DamageInTheMiddleIsReportedWithItsPlace) {
  Store store;
  for (int i = 0; i < 3; ++i) value_of(store.journal.append(notes(i, 1)));
  std::string bytes = test::file_bytes(store.segment());
  const std::size_t second = bytes.find("\xad\x4a\x52\x43", segment_header_bytes + 1);
  bytes[second + 30] = static_cast<char>(~bytes[second + 30]);
  test::set_file_bytes(store.segment(), bytes);
  std::vector<DamagedRecord> damaged;
  EXPECT_EQ(notes_in(store.journal, &damaged), (std::vector<std::string>{"note 0", "note 2"}));
  ASSERT_EQ(damaged.size(), 1u);
  EXPECT_EQ(damaged[0].file, store.segment());
  EXPECT_EQ(damaged[0].offset, second);
  EXPECT_FALSE(damaged[0].reason.empty());
}

TEST(Journal, ASequenceIsNotUsedAgainWhenTheLastRecordIsDamaged) {
  Store store;
  const auto keys = value_of(store.journal.append(notes(0, 3)));
  std::string bytes = test::file_bytes(store.segment());
  bytes[bytes.size() - 14] = static_cast<char>(~bytes[bytes.size() - 14]);
  test::set_file_bytes(store.segment(), bytes);
  const auto next = value_of(store.journal.append(notes(3, 1)));
  EXPECT_GT(next[0].sequence, keys[2].sequence);
}

TEST(Journal, AFailedAppendIsTakenBackAndReported) {
  for (const std::string operation : {"append", "sync"}) {
    for (const std::size_t written : {0u, 1u, 30u, 150u}) {
      Store store;
      value_of(store.journal.append(notes(0, 2)));
      const std::string before = test::file_bytes(store.segment());
      store.env.short_bytes = written;
      store.env.allow = [&](std::string_view now) { return now != operation; };
      const auto failed = store.journal.append(notes(2, 3));
      ASSERT_FALSE(failed);
      EXPECT_NE(failed.error().message.find("not recorded"), std::string::npos);
      store.env.allow = {};
      EXPECT_EQ(test::file_bytes(store.segment()), before) << operation << written;
      value_of(store.journal.append(notes(5, 1)));
      EXPECT_EQ(notes_in(store.journal), (std::vector<std::string>{"note 0", "note 1", "note 5"}));
    }
  }
}

TEST(Journal, AFailedAppendThatCannotBeTakenBackLosesNothingAcknowledged) {
  Store store;
  value_of(store.journal.append(notes(0, 2)));
  store.env.short_bytes = 20;
  store.env.allow = [](std::string_view) { return false; };  // nor can it be truncated
  EXPECT_FALSE(store.journal.append(notes(2, 1)));
  store.env.allow = {};
  value_of(store.journal.append(notes(3, 1)));
  std::vector<DamagedRecord> damaged;
  EXPECT_EQ(notes_in(store.journal, &damaged), (std::vector<std::string>{"note 0", "note 1", "note 3"}));
  EXPECT_TRUE(damaged.empty());
}

TEST(Journal, AFailureInTheSecondSegmentOfOneCallTakesTheFirstBackToo) {
  Store store(1, {.segment_bytes = 400});
  value_of(store.journal.append(notes(0, 1)));
  int appends = 0;
  store.env.allow = [&](std::string_view now) { return now != "append" || ++appends < 2; };
  EXPECT_FALSE(store.journal.append(notes(1, 12)));
  store.env.allow = {};
  EXPECT_EQ(notes_in(store.journal), std::vector<std::string>{"note 0"});
  value_of(store.journal.append(notes(20, 1)));
  EXPECT_EQ(notes_in(store.journal), (std::vector<std::string>{"note 0", "note 20"}));
}

TEST(Journal, ANewerFormatIsAConfigErrorThatNamesTheFile) {
  Store store;
  value_of(store.journal.append(notes(0, 1)));
  std::string bytes = test::file_bytes(store.segment());
  bytes[8] = 9;
  const std::uint64_t checksum = base::hash64(std::string_view(bytes).substr(0, 32));
  for (std::size_t i = 0; i < 8; ++i) bytes[32 + i] = static_cast<char>(checksum >> (8 * i));
  test::set_file_bytes(store.segment(), bytes);
  const auto read = store.journal.read({}, [](const Record&) { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::config);
  EXPECT_NE(read.error().message.find(store.segment()), std::string::npos);
  const auto appended = store.journal.append(notes(1, 1));
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, ErrorCode::config);
}

TEST(Journal, TheUnionOfTwoReplicasIsInCanonicalOrder) {
  Store a(1);
  Store b(2);
  for (int i = 0; i < 5; ++i) {
    a.env.clock_ms += 10;
    value_of(a.journal.append(notes(2 * i, 1)));
    b.env.clock_ms += 11;
    value_of(b.journal.append(notes(2 * i + 1, 1)));
  }
  std::filesystem::copy(b.replica_folder(), a.journal.folder() + "/" + value_of(b.journal.replica())->hex());
  std::vector<RecordKey> keys;
  value_of(a.journal.read({}, [&](const Record& record) { return keys.push_back(record.key), true; }));
  EXPECT_EQ(keys.size(), 10u);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST(Journal, WhatIsAppendedAfterAMergeSortsBehindTheMerged) {
  Store a(1);
  Store b(2);
  b.env.clock_ms += 3'600'000;  // an hour ahead
  const auto foreign = value_of(b.journal.append(notes(0, 1)));
  value_of(a.journal.append(notes(1, 1)));
  std::filesystem::copy(b.replica_folder(), a.journal.folder() + "/" + value_of(b.journal.replica())->hex());
  const auto later = value_of(a.journal.append(notes(2, 1)));
  EXPECT_GT(later[0], foreign[0]);
}

TEST(Journal, AForeignClockFarAheadIsNotFollowed) {
  Store a(1);
  Store b(2);
  b.env.clock_ms += 1'000LL * 24 * 3'600'000;
  value_of(b.journal.append(notes(0, 1)));
  value_of(a.journal.append(notes(1, 1)));
  std::filesystem::copy(b.replica_folder(), a.journal.folder() + "/" + value_of(b.journal.replica())->hex());
  const auto later = value_of(a.journal.append(notes(2, 1)));
  EXPECT_EQ(later[0].time, Timestamp(Milliseconds(a.env.clock_ms)));
}

TEST(Journal, ACopiedStoreMakesItselfANewReplica) {
  Store store;
  const auto first = value_of(store.journal.append(notes(0, 1)));
  TemporaryFolder elsewhere;
  std::filesystem::copy(store.folder.path(), elsewhere.path(), std::filesystem::copy_options::recursive);
  SteppedEnv env(1'700'000'000'000, 7);
  Journal copy(env, elsewhere.file("journal"));
  EXPECT_FALSE(value_of(copy.replica()).has_value());
  const auto second = value_of(copy.append(notes(1, 1)));
  EXPECT_NE(second[0].replica, first[0].replica);
  EXPECT_EQ(notes_in(copy), (std::vector<std::string>{"note 0", "note 1"}));
}

TEST(Journal, TheSameFolderUnderAnotherSpellingIsTheSameReplica) {
  Store store;
  value_of(store.journal.append(notes(0, 1)));
  Journal same(store.env, store.folder.path() + "/./x/../journal");
  EXPECT_EQ(value_of(same.replica()), value_of(store.journal.replica()));
}

TEST(Journal, AReplicaFileOfGarbageIsReplacedAndOneOfANewerFormatIsRespected) {
  Store store;
  test::set_file_bytes(store.folder.file("replica"), "hello");
  value_of(store.journal.append(notes(0, 1)));
  test::set_file_bytes(store.folder.file("replica"), "auto-dev.replica/2\nsomething\nelse\n");
  const auto refused = store.journal.append(notes(1, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::config);
}

TEST(Journal, HoldsNoticesCutReplacedAndRemovedFiles) {
  Store store;
  value_of(store.journal.append(notes(0, 3)));
  const JournalPosition position = value_of(store.journal.end());
  const std::string bytes = test::file_bytes(store.segment());
  test::set_file_bytes(store.segment(), bytes.substr(0, bytes.size() - 1));
  EXPECT_FALSE(value_of(store.journal.holds(position)));
  std::string replaced = bytes;
  replaced[replaced.size() - 6] = static_cast<char>(~replaced[replaced.size() - 6]);
  test::set_file_bytes(store.segment(), replaced);
  EXPECT_FALSE(value_of(store.journal.holds(position)));
  std::filesystem::remove(store.segment());
  EXPECT_FALSE(value_of(store.journal.holds(position)));
  test::set_file_bytes(store.segment(), bytes);
  EXPECT_TRUE(value_of(store.journal.holds(position)));
}

TEST(Journal, ForeignNamesInTheFolderArePassedOver) {
  Store store;
  value_of(store.journal.append(notes(0, 1)));
  test::set_file_bytes(store.journal.folder() + "/README", "x");
  test::set_file_bytes(store.journal.folder() + "/not-a-replica/00000001.log", "x");
  test::set_file_bytes(store.replica_folder() + "/1.log", "x");
  test::set_file_bytes(store.replica_folder() + "/00000000.log", "x");
  test::set_file_bytes(store.replica_folder() + "/0000000a.log", "x");
  std::vector<DamagedRecord> damaged;
  EXPECT_EQ(notes_in(store.journal, &damaged).size(), 1u);
  EXPECT_TRUE(damaged.empty());
}

TEST(Journal, SegmentsOfGarbageAreReportedAndHarmless) {
  Store store;
  value_of(store.journal.append(notes(0, 1)));
  test::Chance chance(42);
  std::string garbage;
  for (int i = 0; i < 5000; ++i) garbage.push_back(static_cast<char>(chance.next()));
  test::set_file_bytes(store.journal.folder() + "/" + std::string(32, 'a') + "/00000001.log", garbage);
  test::set_file_bytes(store.journal.folder() + "/" + std::string(32, 'b') + "/00000001.log", "");
  std::vector<DamagedRecord> damaged;
  EXPECT_EQ(notes_in(store.journal, &damaged).size(), 1u);
  EXPECT_FALSE(damaged.empty());
  value_of(store.journal.append(notes(1, 1)));
}

TEST(Journal, RecordsOutOfOrderInAForeignSegmentAreDamage) {
  Store store;
  const SegmentName name{{base::hash128("foreign")}, 1};
  std::string bytes = encode_header(name);
  const auto add = [&](std::uint64_t sequence, std::int64_t time, const std::string& text) {
    bytes += encode_frame(name, bytes.size(), sequence, time, 3, encode_payload(note(text)));
  };
  add(5, 1000, "good");
  add(5, 1000, "same sequence");
  add(6, 999, "earlier time");
  add(7, max_time_ms + 1, "beyond all time");
  add(8, -1, "before all time");
  add(9, 1000, "good too");
  test::set_file_bytes(store.journal.folder() + "/" + name.replica.hex() + "/00000001.log", bytes);
  std::vector<DamagedRecord> damaged;
  EXPECT_EQ(notes_in(store.journal, &damaged), (std::vector<std::string>{"good", "good too"}));
  EXPECT_EQ(damaged.size(), 4u);
}

TEST(Journal, ManyThreadsLoseNothingAndMixNothing) {
  TemporaryFolder folder;
  constexpr int writers = 4;
  constexpr int each = 25;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&folder, writer] {
      Journal journal(base::real_env(), folder.file("journal"));
      for (int i = 0; i < each; ++i) value_of(journal.append(notes(1000 * writer + i, 1)));
    });
  }
  for (auto& thread : threads) thread.join();
  Journal journal(base::real_env(), folder.file("journal"));
  std::vector<DamagedRecord> damaged;
  auto found = notes_in(journal, &damaged);
  EXPECT_TRUE(damaged.empty());
  EXPECT_EQ(found.size(), static_cast<std::size_t>(writers * each));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(std::unique(found.begin(), found.end()), found.end());
  EXPECT_EQ(value_of(journal.end()).size(), 1u) << "all writers of one copy are one replica";
}

TEST(Journal, ARecordLargerThanTheJournalTakesIsRefusedBeforeAnythingIsWritten) {
  Store store(1, {.segment_bytes = 2u << 20});
  test::Chance chance(1);
  LearningEvent event;
  for (int unit = 0; unit < 16; ++unit) {
    CodeUnit noise;
    for (int i = 0; i < 200'000; ++i) noise.text.push_back(static_cast<char>(chance.next()));
    event.implementation.units.push_back({std::nullopt, noise});
  }
  const auto refused = store.journal.append({Payload(event)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(std::filesystem::exists(store.journal.folder()));
}

}  // namespace
}  // namespace autodev::knowledge
