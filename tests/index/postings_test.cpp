// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Posting blocks: merging, removing, looking up.
#include "index/postings.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

TEST(Postings, FrequenciesKeepTheirOrderInSixteenSteps) {
  for (std::uint32_t frequency = 1; frequency <= 8; ++frequency)
    EXPECT_EQ(step_frequency(frequency_step(frequency)), frequency);
  double before = 0;
  for (std::uint32_t frequency = 1; frequency < 200; ++frequency) {
    const double stored = step_frequency(frequency_step(frequency));
    EXPECT_LE(stored, frequency);
    EXPECT_GE(stored, before);
    before = stored;
  }
  EXPECT_EQ(frequency_step(1'000'000), 15);
  EXPECT_EQ(frequency_step(0), 0);
}

TEST(Postings, AgreeWithAMapUnderRandomChangesInRandomBatches) {
  std::mt19937 random(7);
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  constexpr TermKey term = 0x1234567890;
  std::map<std::uint32_t, std::uint32_t> expected;
  PostingChanges changes;
  for (int step = 0; step < 5000; ++step) {
    const auto document = static_cast<std::uint32_t>(random() % 20'000);
    if (random() % 3 == 0) {
      changes.remove(term, document);
      expected.erase(document);
    } else {
      const auto frequency = static_cast<std::uint32_t>(1 + random() % 8);
      changes.set(term, document, frequency);
      expected[document] = frequency;
    }
    if (random() % 200 == 0) {
      ASSERT_TRUE(changes.apply(*txn));
    }
  }
  ASSERT_TRUE(changes.apply(*txn));
  const PostingList list = value_of(PostingList::read(*txn, term));
  ASSERT_EQ(list.documents(), expected.size());
  auto next = expected.begin();
  for (const PostingBlock& block : list.blocks())
    for (std::size_t i = 0; i < block.size(); ++i, ++next) {
      ASSERT_EQ(block.document(i), next->first);
      ASSERT_EQ(step_frequency(block.step(i)), next->second);
    }
  for (std::uint32_t document = 0; document < 20'000; document += 13) {
    const auto found = expected.find(document);
    const auto frequency = list.frequency(document);
    ASSERT_EQ(frequency.has_value(), found != expected.end());
    if (frequency) {
      ASSERT_EQ(*frequency, found->second);
    }
  }
}

TEST(Postings, NeighbouringTermsDoNotMix) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  PostingChanges changes;
  changes.set(41, 5, 1);
  changes.set(42, 4096, 2);
  changes.set(43, 7, 3);
  ASSERT_TRUE(changes.apply(*txn));
  const PostingList list = value_of(PostingList::read(*txn, 42));
  EXPECT_EQ(list.documents(), 1u);
  EXPECT_EQ(list.frequency(4096), 2.0);
  EXPECT_FALSE(list.frequency(5));
  EXPECT_FALSE(list.frequency(7));
}

TEST(Postings, ABlockWithoutPostingsIsNotStored) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  PostingChanges changes;
  changes.set(1, 1, 1);
  ASSERT_TRUE(changes.apply(*txn));
  changes.remove(1, 1);
  changes.remove(2, 9);
  ASSERT_TRUE(changes.apply(*txn));
  EXPECT_EQ(value_of(txn->count(posting_table)), 0u);
}

}  // namespace
}  // namespace autodev::index
