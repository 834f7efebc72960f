// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/fusion_share.h"

#include <gtest/gtest.h>

#include "index/adapted_query.h"
#include "index/learned_stems.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

/// A hit with the two sides' scores beside their best, ranked with half and half.
Hit hit(const std::string& name, double words, double vectors) {
  Hit made;
  made.id = id_of_name(name);
  made.lexical_part = words / 2;
  made.dense_part = vectors / 2;
  made.dense_share = 0.5;
  return made;
}

const std::vector<Hit> disputed = {hit("by words", 1, 0.4), hit("by vectors", 0.3, 1)};

TEST(FusionShare, HalfAndHalfUntilSomethingIsLearned) {
  const FusionShare share;
  EXPECT_EQ(share.dense(), 0.5);
  EXPECT_EQ(share.outcomes(), 0u);
}

TEST(FusionShare, MovesTowardsTheSideThatWasRight) {
  FusionShare vectors, words;
  vectors.learn(disputed, id_of_name("by vectors"), true);
  words.learn(disputed, id_of_name("by words"), true);
  EXPECT_GT(vectors.dense(), 0.5);
  EXPECT_LT(words.dense(), 0.5);
}

TEST(FusionShare, AnIrrelevantAnswerSpeaksAgainstItsSideHalfAsMuch) {
  FusionShare accepted, rejected;
  accepted.learn(disputed, id_of_name("by words"), true);
  rejected.learn(disputed, id_of_name("by vectors"), false);
  EXPECT_LT(rejected.dense(), 0.5);
  EXPECT_NEAR(0.5 - rejected.dense(), (0.5 - accepted.dense()) / 2, 1e-4);
}

TEST(FusionShare, AClearOrderTeachesNothing) {
  FusionShare share;
  share.learn({hit("best", 1, 1), hit("other", 0.2, 0.7)}, id_of_name("best"), true);
  EXPECT_EQ(share.dense(), 0.5);
  EXPECT_EQ(share.outcomes(), 1u);
}

TEST(FusionShare, AnAnswerThatWasNotFoundTeachesNothing) {
  FusionShare share;
  share.learn(disputed, id_of_name("somewhere else"), true);
  EXPECT_EQ(share.outcomes(), 0u);
}

TEST(FusionShare, NoRunOfAnswersSwitchesASideOff) {
  FusionShare share;
  for (int i = 0; i < 10'000; ++i) share.learn({hit("a", 1, 0), hit("b", 0, 1)}, id_of_name("b"), true);
  EXPECT_LE(share.dense(), 0.7);
  EXPECT_GT(share.dense(), 0.5);
  for (int i = 0; i < 10'000; ++i) share.learn({hit("a", 1, 0), hit("b", 0, 1)}, id_of_name("a"), true);
  EXPECT_GE(share.dense(), 0.3 - 1e-4);
  EXPECT_LT(share.dense(), 0.5);
}

TEST(FusionShare, IsStoredAndAlteredBytesAreAnError) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  FusionShare share;
  share.learn(disputed, id_of_name("by vectors"), true);
  value_of(write_fusion_share(*txn, share));
  EXPECT_EQ(value_of(read_fusion_share(*txn)).dense(), share.dense());
  EXPECT_EQ(value_of(read_fusion_share(*txn)).outcomes(), 1u);
  std::string bytes(value_of(txn->get(adapted_table, "w")).value());
  bytes[4] = static_cast<char>(bytes[4] ^ 1);
  value_of(txn->put(adapted_table, "w", bytes));
  const auto altered = read_fusion_share(*txn);
  ASSERT_FALSE(altered);
  EXPECT_EQ(altered.error().code, ErrorCode::bad_data);
}

TEST(FusionShare, AnswersChangeHowTheStoreRanks) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  IndexWriter writer(*txn, built_in_embedder());
  const std::vector<Document> library = small_library();
  for (const Document& document : library) ASSERT_TRUE(writer.put(document));
  const std::string query = "read the lines of a text file";
  ASSERT_TRUE(writer.flush());
  const SearchResult before = value_of(search(*txn, AdaptedEmbedder(built_in_embedder(), *txn), query, {}, 10));
  ASSERT_GT(before.hits.size(), 1u);
  EXPECT_EQ(before.hits[0].dense_share, 0.5);
  for (const Document& document : library) {
    if (document.id == before.hits[1].id) value_of(writer.note_answer(document, query, true));
  }
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(value_of(read_fusion_share(*txn)).outcomes(), 1u);
  const SearchResult after = value_of(search(*txn, AdaptedEmbedder(built_in_embedder(), *txn), query, {}, 10));
  EXPECT_EQ(after.hits[0].dense_share, value_of(read_fusion_share(*txn)).dense());
  const SearchResult plain = value_of(search(*txn, query, {}, 10));
  EXPECT_EQ(plain.hits[0].dense_share, 0.5) << "without what was learned";
  for (std::size_t i = 0; i < plain.hits.size(); ++i) EXPECT_EQ(plain.hits[i].score, before.hits[i].score);
}

}  // namespace
}  // namespace autodev::index
