// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The containers that grow in small steps, against the standard ones.
#include "mine/sharded_table.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "mine/segmented.h"

namespace autodev::mine {
namespace {

TEST(ShardedTable, FindsWhatWasPutInAndNothingElse) {
  ShardedTable table(4);
  std::unordered_map<std::uint64_t, std::uint32_t> expected;
  std::mt19937_64 random(1);
  EXPECT_EQ(table.find(0), ShardedTable::absent);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const std::uint64_t key = random() >> (i % 3 == 0 ? 40 : 0);  // some keys fall into one shard
    std::uint32_t& place = table.place(key);
    if (const auto known = expected.find(key); known != expected.end()) {
      EXPECT_EQ(place, known->second);
    } else {
      EXPECT_EQ(place, ShardedTable::absent);
      place = expected[key] = i;
    }
  }
  EXPECT_EQ(table.size(), expected.size());
  for (const auto& [key, value] : expected) EXPECT_EQ(table.find(key), value);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t key = random();
    EXPECT_EQ(table.find(key) != ShardedTable::absent, expected.contains(key));
  }
  EXPECT_GT(table.bytes(), expected.size() * 12);
}

TEST(SegmentedVector, NeverMovesItsElements) {
  SegmentedVector<std::uint64_t> numbers;
  std::vector<const std::uint64_t*> places;
  for (std::uint64_t i = 0; i < 100'000; ++i) places.push_back(&numbers.push_back(i * i));
  ASSERT_EQ(numbers.size(), places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(&numbers[i], places[i]);
    EXPECT_EQ(numbers[i], i * i);
  }
  numbers.clear();
  EXPECT_TRUE(numbers.empty());
  EXPECT_EQ(numbers.bytes(), 0u);
}

TEST(ByteArena, KeepsStringsOfEverySizeWhereTheyAre) {
  ByteArena arena;
  std::vector<std::string_view> kept;
  std::vector<std::string> given;
  for (std::size_t i = 0; i < 2'000; ++i) given.emplace_back((i * 37) % 40'000, static_cast<char>('a' + i % 26));
  for (const std::string& one : given) kept.push_back(arena.keep(one));
  for (std::size_t i = 0; i < given.size(); ++i) EXPECT_EQ(kept[i], given[i]);
}

}  // namespace
}  // namespace autodev::mine
