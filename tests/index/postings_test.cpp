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

using Expected = std::map<TermKey, std::map<std::uint32_t, std::uint32_t>>;

/// Every list is what the map says, by walking and by looking up.
void expect_equal(const base::KvRead& state, std::uint32_t documents, const std::vector<TermKey>& terms,
                  Expected& expected) {
  const auto lists = value_of(read_postings(state, documents, terms));
  ASSERT_EQ(lists.size(), terms.size());
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const auto& wanted = expected[terms[t]];
    ASSERT_EQ(lists[t].documents(), wanted.size());
    std::map<std::uint32_t, std::uint32_t> walked;
    for (const PostingBlock& block : lists[t].blocks())
      block.for_each([&](std::uint32_t offset, std::uint8_t step) {
        walked[block.first_document() + offset] = static_cast<std::uint32_t>(step_frequency(step));
      });
    ASSERT_EQ(walked, wanted);
    for (std::uint32_t document = 0; document < documents; document += 13) {
      const auto found = wanted.find(document);
      const auto frequency = lists[t].frequency(document);
      ASSERT_EQ(frequency.has_value(), found != wanted.end());
      if (frequency) {
        ASSERT_EQ(*frequency, found->second);
      }
    }
  }
}

// One term is in nearly every document (a bitmap), one in every tenth, others share a bucket or are neighbours of it.
const std::vector<TermKey> some_terms = {0x1234567890, 0x1234567891, 0x1234567892, 0xffffffffff, 0,
                                         0x40000000,   0x3fffffff};

TEST(Postings, AgreeWithAMapUnderRandomChangesInRandomBatches) {
  std::mt19937 random(7);
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  constexpr std::uint32_t documents = 9'000;
  Expected expected;
  PostingChanges changes;
  const auto put = [&](std::uint32_t document) {
    for (std::size_t t = 0; t < some_terms.size(); ++t) {
      if (t == 0 ? random() % 50 == 0 : random() % (t * 10) != 0) continue;
      const auto frequency = static_cast<std::uint32_t>(1 + random() % 8);
      changes.set(some_terms[t], document, frequency);
      expected[some_terms[t]][document] = frequency;
    }
  };
  for (std::uint32_t document = 0; document < documents; ++document) put(document);
  for (int step = 0; step < 6000; ++step) {
    const auto document = static_cast<std::uint32_t>(random() % documents);
    changes.forget(document);
    for (auto& [term, postings] : expected) postings.erase(document);
    if (random() % 3 != 0) put(document);
    if (random() % 300 == 0) {
      ASSERT_TRUE(changes.apply(*txn));
    }
  }
  ASSERT_TRUE(changes.apply(*txn));
  expect_equal(*txn, documents, some_terms, expected);
}

TEST(Postings, BytesFollowFromTheContentAlone) {
  const auto at_once = base::open_memory_kv(), in_turns = base::open_memory_kv();
  const auto a = value_of(at_once->begin_write()), b = value_of(in_turns->begin_write());
  PostingChanges first, second;
  for (std::uint32_t document = 0; document < 1000; ++document) {
    first.set(7, document, 1 + document % 9);
    second.set(7, document, 3);
    second.set(8, document, 1);
    ASSERT_TRUE(document % 100 != 0 || second.apply(*b));
    second.forget(document);
    second.set(7, document, 1 + document % 9);
  }
  ASSERT_TRUE(first.apply(*a));
  ASSERT_TRUE(second.apply(*b));
  EXPECT_EQ(value_of(base::kv_digest(*a)), value_of(base::kv_digest(*b)));
}

TEST(Postings, LongListsBecomeBitmapsAndShortOnesListsAgain) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  Expected expected;
  PostingChanges changes;
  std::size_t before = 0;
  for (std::uint32_t size : {383u, 384u, 385u, 4096u, 384u, 383u, 3u, 4u, 1u}) {
    for (std::uint32_t document = 0; document < block_documents; ++document) changes.forget(document);
    expected.clear();
    for (std::uint32_t document = 0; document < size; ++document) {
      const std::uint32_t place = document * (block_documents / size);
      changes.set(99, place, 1 + document % 8);
      expected[99][place] = 1 + document % 8;
    }
    ASSERT_TRUE(changes.apply(*txn));
    expect_equal(*txn, block_documents, {99}, expected);
    const std::size_t bytes = value_of(txn->get(posting_table, number_key(0)))->size();
    EXPECT_NE(bytes, before);
    EXPECT_LE(bytes, 8192 + 6 + 2 * std::size_t{size} + 2);
    before = bytes;
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
  const auto lists = value_of(read_postings(*txn, 4097, {42}));
  EXPECT_EQ(lists[0].documents(), 1u);
  EXPECT_EQ(lists[0].frequency(4096), 2.0);
  EXPECT_FALSE(lists[0].frequency(5));
  EXPECT_FALSE(lists[0].frequency(7));
}

TEST(Postings, AForgottenDocumentLeavesNothingInItsBlock) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  PostingChanges changes;
  changes.set(1, 1, 1);
  changes.set(2, 1, 1);
  ASSERT_TRUE(changes.apply(*txn));
  changes.forget(1);
  changes.forget(9);
  ASSERT_TRUE(changes.apply(*txn));
  EXPECT_EQ(value_of(txn->get(posting_table, number_key(0)))->size(), 8192u);  // the directory
}

TEST(Postings, AMissingBlockAndAlteredBucketsAreErrors) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  PostingChanges changes;
  for (std::uint32_t document = 0; document < 3 * block_documents; document += 64) changes.set(5, document, 1);
  ASSERT_TRUE(changes.apply(*txn));
  ASSERT_TRUE(read_postings(*txn, 3 * block_documents, {5}));
  EXPECT_EQ(read_postings(*txn, 3 * block_documents + 1, {5}).error().code, ErrorCode::bad_data);
  const std::string whole(*value_of(txn->get(posting_table, number_key(1))));
  for (std::size_t at : {std::size_t{0}, std::size_t{4096}, whole.size() - 1}) {
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    ASSERT_TRUE(txn->put(posting_table, number_key(1), altered));
    EXPECT_EQ(read_postings(*txn, 3 * block_documents, {5}).error().code, ErrorCode::bad_data);
    changes.set(5, block_documents + 1, 1);
    EXPECT_EQ(changes.apply(*txn).error().code, ErrorCode::bad_data);
    changes = {};
  }
  ASSERT_TRUE(txn->put(posting_table, number_key(1), whole.substr(0, 100)));
  EXPECT_EQ(read_postings(*txn, 3 * block_documents, {5}).error().code, ErrorCode::bad_data);
  ASSERT_TRUE(txn->erase(posting_table, number_key(1)));
  EXPECT_EQ(read_postings(*txn, 3 * block_documents, {5}).error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace autodev::index
