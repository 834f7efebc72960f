// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One suite for both stores, and a random comparison of both with a plain map.
#include "base/kv.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "support/support.h"

namespace autodev::base {
namespace {

using test::TemporaryFolder;
using test::value_of;
using Entries = std::vector<std::pair<std::string, std::string>>;

struct MemoryStore {
  std::unique_ptr<Kv> kv = open_memory_kv();
};
struct LmdbStore {
  TemporaryFolder folder;
  std::unique_ptr<Kv> kv = value_of(open_lmdb(folder.path(), LmdbOptions{.sync = false}));
};

Entries entries(const KvRead& state, Table table, std::string_view prefix = {}, std::string_view from = {}) {
  Entries found;
  value_of(state.scan(table, prefix, from, [&](std::string_view key, std::string_view value) {
    found.emplace_back(key, value);
    return true;
  }));
  return found;
}

template <typename Store>
class KvSuite : public testing::Test {
 protected:
  void put(Table table, std::string_view key, std::string_view value) {
    auto txn = value_of(kv().begin_write());
    value_of(txn->put(table, key, value));
    value_of(txn->commit());
  }
  Kv& kv() { return *store_.kv; }
  std::unique_ptr<KvRead> read() { return value_of(kv().begin_read()); }
  std::unique_ptr<KvWrite> write() { return value_of(kv().begin_write()); }

  Store store_;
};

using Stores = testing::Types<MemoryStore, LmdbStore>;
TYPED_TEST_SUITE(KvSuite, Stores);

TYPED_TEST(KvSuite, AnUnknownTableIsEmpty) {
  const auto txn = this->read();
  EXPECT_EQ(value_of(txn->get("none", "a")), std::nullopt);
  EXPECT_EQ(value_of(txn->count("none")), 0u);
  EXPECT_EQ(entries(*txn, "none"), Entries{});
  const auto writing = this->write();
  EXPECT_EQ(value_of(writing->get("none", "a")), std::nullopt);
  EXPECT_EQ(value_of(writing->count("none")), 0u);
  value_of(writing->erase("none", "a"));
  value_of(writing->clear("none"));
  value_of(writing->commit());
  EXPECT_EQ(value_of(this->read()->tables()), std::vector<std::string>{});
}

TYPED_TEST(KvSuite, KeysAreOrderedBytewise) {
  auto txn = this->write();
  for (const char* key : {"b", "a", "\xFF", "aa", "a\x80", "B"}) value_of(txn->put("t", key, key));
  value_of(txn->put("t", std::string_view("a\0", 2), "nul"));
  const Entries expected{{"B", "B"}, {"a", "a"},      {std::string("a\0", 2), "nul"}, {"aa", "aa"}, {"a\x80", "a\x80"},
                         {"b", "b"}, {"\xFF", "\xFF"}};
  EXPECT_EQ(entries(*txn, "t"), expected) << "within the transaction";
  value_of(txn->commit());
  EXPECT_EQ(entries(*this->read(), "t"), expected) << "afterwards";
}

TYPED_TEST(KvSuite, ScansAPrefixFromAKeyOn) {
  auto txn = this->write();
  for (const char* key : {"a", "p", "pa", "pb", "pc", "q"}) value_of(txn->put("t", key, ""));
  const auto check = [](const KvRead& state) {
    EXPECT_EQ(entries(state, "t", "p").size(), 4u);
    EXPECT_EQ(entries(state, "t", "p", "pb"), (Entries{{"pb", ""}, {"pc", ""}}));
    EXPECT_EQ(entries(state, "t", "p", "paa"), (Entries{{"pb", ""}, {"pc", ""}}));
    EXPECT_EQ(entries(state, "t", "p", "a").size(), 4u) << "a start before the prefix changes nothing";
    EXPECT_EQ(entries(state, "t", "p", "q"), Entries{});
    EXPECT_EQ(entries(state, "t", "", "pc"), (Entries{{"pc", ""}, {"q", ""}}));
    EXPECT_EQ(entries(state, "t", "x"), Entries{});
    EXPECT_EQ(entries(state, "t", "p", std::string(600, 'p')), Entries{}) << "longer than any key";
  };
  check(*txn);
  value_of(txn->commit());
  check(*this->read());
}

TYPED_TEST(KvSuite, AScanStopsWhenToldTo) {
  auto txn = this->write();
  for (const char* key : {"a", "b", "c"}) value_of(txn->put("t", key, ""));
  const auto seen = [](const KvRead& state) {
    int count = 0;
    value_of(state.scan("t", {}, {}, [&](std::string_view, std::string_view) { return ++count < 2; }));
    return count;
  };
  EXPECT_EQ(seen(*txn), 2);
  value_of(txn->commit());
  EXPECT_EQ(seen(*this->read()), 2);
}

TYPED_TEST(KvSuite, AWriteIsSeenByItselfAtOnceAndByOthersAfterTheCommit) {
  auto txn = this->write();
  value_of(txn->put("t", "a", "1"));
  EXPECT_EQ(value_of(txn->get("t", "a")), "1");
  EXPECT_EQ(value_of(this->read()->get("t", "a")), std::nullopt);
  value_of(txn->commit());
  EXPECT_EQ(value_of(this->read()->get("t", "a")), "1");
}

TYPED_TEST(KvSuite, DestructionWithoutCommitUndoesEverything) {
  this->put("t", "a", "1");
  {
    auto txn = this->write();
    value_of(txn->put("t", "a", "2"));
    value_of(txn->put("t", "b", "2"));
    value_of(txn->put("new", "x", "2"));
    value_of(txn->clear("t"));
    value_of(txn->put("t", "c", "3"));
  }
  const auto txn = this->read();
  EXPECT_EQ(entries(*txn, "t"), (Entries{{"a", "1"}}));
  EXPECT_EQ(value_of(txn->tables()), std::vector<std::string>{"t"});
  this->put("new", "y", "4");
  EXPECT_EQ(entries(*this->read(), "new"), (Entries{{"y", "4"}}));
}

TYPED_TEST(KvSuite, AReaderKeepsTheStateOfItsBeginning) {
  this->put("t", "a", "1");
  this->put("t", "b", "1");
  const auto before = this->read();
  const std::string_view held = *value_of(before->get("t", "a"));
  auto txn = this->write();
  value_of(txn->put("t", "a", "2"));
  value_of(txn->erase("t", "b"));
  value_of(txn->put("late", "x", "1"));
  value_of(txn->commit());
  const auto after = this->read();
  EXPECT_EQ(held, "1");
  EXPECT_EQ(entries(*before, "t"), (Entries{{"a", "1"}, {"b", "1"}}));
  EXPECT_EQ(value_of(before->count("late")), 0u);
  EXPECT_EQ(value_of(before->get("late", "x")), std::nullopt);
  EXPECT_EQ(entries(*after, "t"), (Entries{{"a", "2"}}));
  EXPECT_EQ(entries(*after, "late"), (Entries{{"x", "1"}}));
}

TYPED_TEST(KvSuite, ClearEmptiesOneTableOnly) {
  this->put("t", "a", "1");
  this->put("u", "b", "1");
  auto txn = this->write();
  value_of(txn->clear("t"));
  EXPECT_EQ(value_of(txn->count("t")), 0u);
  value_of(txn->put("t", "c", "2"));
  EXPECT_EQ(entries(*txn, "t"), (Entries{{"c", "2"}}));
  value_of(txn->commit());
  EXPECT_EQ(entries(*this->read(), "t"), (Entries{{"c", "2"}}));
  EXPECT_EQ(entries(*this->read(), "u"), (Entries{{"b", "1"}}));
}

TYPED_TEST(KvSuite, CountsExactlyThroughOverwritesAndErasures) {
  this->put("t", "a", "1");
  auto txn = this->write();
  value_of(txn->put("t", "a", "2"));
  value_of(txn->put("t", "b", "2"));
  value_of(txn->put("t", "c", "2"));
  value_of(txn->erase("t", "c"));
  value_of(txn->erase("t", "never there"));
  EXPECT_EQ(value_of(txn->count("t")), 2u);
  value_of(txn->erase("t", "a"));
  EXPECT_EQ(value_of(txn->count("t")), 1u);
  EXPECT_EQ(value_of(txn->get("t", "a")), std::nullopt);
  value_of(txn->commit());
  EXPECT_EQ(value_of(this->read()->count("t")), 1u);
}

TYPED_TEST(KvSuite, TakesBigValuesEmptyValuesAndLongKeys) {
  const std::string big(10'000'000, 'b');
  const std::string key(480, 'k');
  this->put("t", "big", big);
  this->put("t", key, "");
  const auto txn = this->read();
  EXPECT_EQ(value_of(txn->get("t", "big")), big);
  EXPECT_EQ(value_of(txn->get("t", key)), "");
}

TYPED_TEST(KvSuite, RefusesKeysThatAreEmptyOrTooLong) {
  auto txn = this->write();
  EXPECT_EQ(txn->put("t", "", "x").error().code, ErrorCode::internal);
  EXPECT_EQ(txn->put("t", std::string(481, 'k'), "x").error().code, ErrorCode::internal);
  EXPECT_EQ(value_of(txn->get("t", "")), std::nullopt);
  EXPECT_EQ(value_of(txn->get("t", std::string(700, 'k'))), std::nullopt);
  value_of(txn->erase("t", ""));
  value_of(txn->put("t", "good", "x"));
  value_of(txn->commit());
  EXPECT_EQ(entries(*this->read(), "t"), (Entries{{"good", "x"}}));
}

TYPED_TEST(KvSuite, AnEndedTransactionRefusesEverything) {
  auto txn = this->write();
  value_of(txn->put("t", "a", "1"));
  value_of(txn->commit());
  EXPECT_EQ(txn->put("t", "b", "1").error().code, ErrorCode::internal);
  EXPECT_EQ(txn->erase("t", "a").error().code, ErrorCode::internal);
  EXPECT_EQ(txn->clear("t").error().code, ErrorCode::internal);
  EXPECT_EQ(txn->commit().error().code, ErrorCode::internal);
  this->put("t", "c", "1");
  EXPECT_EQ(value_of(this->read()->count("t")), 2u);
}

TYPED_TEST(KvSuite, TransactionsOutliveTheStoreObject) {
  this->put("t", "a", "1");
  const auto txn = this->read();
  this->store_.kv.reset();
  EXPECT_EQ(value_of(txn->get("t", "a")), "1");
}

TYPED_TEST(KvSuite, OffersThirtyTwoTables) {
  auto txn = this->write();
  std::vector<std::string> names;
  for (int i = 0; i < 32; ++i)
    names.push_back(std::string("table_") + static_cast<char>('a' + i / 8) + static_cast<char>('a' + i % 8));
  for (const std::string& name : names) value_of(txn->put(name, "k", name));
  value_of(txn->commit());
  const auto after = this->read();
  EXPECT_EQ(value_of(after->tables()), names);
  for (const std::string& name : names) EXPECT_EQ(value_of(after->get(name, "k")), name);
}

TYPED_TEST(KvSuite, WritersFromTwoThreadsWaitForEachOther) {
  constexpr int rounds = 200;
  const auto add = [this] {
    for (int i = 0; i < rounds; ++i) {
      auto txn = value_of(this->kv().begin_write());
      const auto old = value_of(txn->get("t", "sum"));
      const int sum = old ? std::stoi(std::string(*old)) : 0;
      value_of(txn->put("t", "sum", std::to_string(sum + 1)));
      value_of(txn->commit());
    }
  };
  std::thread other(add);
  add();
  other.join();
  EXPECT_EQ(value_of(this->read()->get("t", "sum")), std::to_string(2 * rounds));
}

TYPED_TEST(KvSuite, ReadersBesideAWriterNeverSeeHalfATransaction) {
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) {
      auto txn = value_of(this->kv().begin_write());
      // New tables on the way: their handles must become known to the readers.
      const std::string table = std::string("extra_") + static_cast<char>('a' + i / 15);
      value_of(txn->put(table, "k", std::to_string(i)));
      value_of(txn->put("t", "left", std::to_string(i)));
      value_of(txn->put("t", "right", std::to_string(i)));
      value_of(txn->commit());
    }
    stop = true;
  });
  int torn = 0;
  std::size_t tables = 0;
  while (!stop) {
    const auto txn = this->read();
    if (value_of(txn->get("t", "left")) != value_of(txn->get("t", "right"))) ++torn;
    const std::size_t now = value_of(txn->tables()).size();
    if (now < tables) ++torn;
    tables = now;
  }
  writer.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(value_of(this->read()->tables()).size(), 21u);
}

TYPED_TEST(KvSuite, AgreesWithAPlainMapThroughRandomChanges) {
  std::mt19937 random(7);
  std::map<std::string, std::string> model;
  for (int round = 0; round < 150; ++round) {
    auto txn = this->write();
    auto changed = model;
    for (int i = 0; i < 20; ++i) {
      std::string key(1 + random() % 3, ' ');
      for (char& c : key) c = static_cast<char>('a' + random() % 4);
      switch (random() % 8) {
        case 0:
          value_of(txn->erase("t", key));
          changed.erase(key);
          break;
        case 1:
          if (random() % 10 == 0) {
            value_of(txn->clear("t"));
            changed.clear();
          }
          break;
        default: {
          const std::string value = std::to_string(random());
          value_of(txn->put("t", key, value));
          changed[key] = value;
        }
      }
    }
    const std::string prefix = random() % 2 == 0 ? "" : std::string(1, static_cast<char>('a' + random() % 4));
    Entries expected;
    for (const auto& entry : changed)
      if (entry.first.rfind(prefix, 0) == 0) expected.push_back(entry);
    ASSERT_EQ(entries(*txn, "t", prefix), expected);
    ASSERT_EQ(value_of(txn->count("t")), changed.size());
    if (random() % 3 == 0) continue;
    value_of(txn->commit());
    model = changed;
    ASSERT_EQ(entries(*this->read(), "t"), Entries(model.begin(), model.end()));
  }
}

TYPED_TEST(KvSuite, DigestDependsOnContentsOnly) {
  const auto digest = [this] { return value_of(kv_digest(*this->read())); };
  const std::string empty = digest();
  EXPECT_EQ(empty.size(), 32u);
  this->put("t", "a", "1");
  const std::string one = digest();
  EXPECT_NE(one, empty);
  this->put("u", "a", "1");
  EXPECT_NE(digest(), one);
  auto txn = this->write();
  value_of(txn->clear("u"));
  value_of(txn->put("t", "a", "2"));
  value_of(txn->put("t", "a", "1"));
  EXPECT_EQ(value_of(kv_digest(*txn)), one);
  value_of(txn->commit());
  EXPECT_EQ(digest(), one) << "an emptied table leaves no trace";
}

TEST(KvDigest, IsTheSameForBothStores) {
  MemoryStore memory;
  LmdbStore lmdb;
  std::string digests[2];
  int i = 0;
  for (Kv* kv : {memory.kv.get(), lmdb.kv.get()}) {
    auto txn = value_of(kv->begin_write());
    for (int k = 0; k < 1000; ++k) value_of(txn->put(k % 2 == 0 ? "even" : "odd", std::to_string(k * 7919), "v"));
    value_of(txn->commit());
    digests[i++] = value_of(kv_digest(*value_of(kv->begin_read())));
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(KvDigest, TellsApartWhatOnlyTogetherIsEqual) {
  const auto digest_of = [](std::string_view key, std::string_view value) {
    const auto kv = open_memory_kv();
    auto txn = value_of(kv->begin_write());
    value_of(txn->put("t", key, value));
    return value_of(kv_digest(*txn));
  };
  EXPECT_NE(digest_of("ab", "c"), digest_of("a", "bc"));
}

}  // namespace
}  // namespace autodev::base
