// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The ranking by words, against adding up everything; and altered bytes.
#include "index/lexical.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "index/posting_buckets.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

/// Documents of words that are as unevenly frequent as in real text, over several blocks.
class LexicalTest : public testing::Test {
 protected:
  static constexpr std::uint32_t count = 9000;

  void SetUp() override {
    store_ = base::open_memory_kv();
    txn_ = value_of(store_->begin_write());
    const Embedder& embedder = built_in_embedder();
    IndexWriter writer(*txn_, embedder);
    for (std::uint32_t i = 0; i < count; ++i) {
      Document document;
      document.id = id_of_name(std::to_string(i));
      document.code = words(static_cast<int>(3 + random_() % 20));
      if (i % 3 == 0) document.name = words(2);
      ASSERT_TRUE(writer.put(document));
    }
    for (std::uint32_t i = 5; i < count; i += 50) ASSERT_TRUE(writer.erase(id_of_name(std::to_string(i))));
    ASSERT_TRUE(writer.flush());
    head_ = *value_of(read_head(*txn_));
  }

  std::string words(int number) {
    std::string text;
    for (int i = 0; i < number; ++i) {
      const double uniform = static_cast<double>(random_()) / 4294967296.0;
      auto rank = static_cast<std::uint32_t>(std::pow(600.0, uniform));
      for (text += " w"; rank > 0; rank /= 5) text.push_back("bdgkz"[rank % 5]);
    }
    return text;
  }

  /// Every document's score, the best first.
  std::vector<ScoredDocument> everything(const LexicalScores& scores, const Bitmap* allowed, std::size_t wanted) {
    std::vector<ScoredDocument> all;
    for (std::uint32_t i = 0; i < count; ++i)
      if (const double score = scores.score(i); score > 0 && (allowed == nullptr || allowed->test(i)))
        all.push_back({i, score});
    std::sort(all.begin(), all.end(), better);
    all.resize(std::min(wanted, all.size()));
    return all;
  }

  void alter(base::Table table, const std::string& key, std::size_t at) {
    std::string value(*value_of(txn_->get(table, key)));
    value.at(at) = static_cast<char>(value.at(at) ^ 16);
    ASSERT_TRUE(txn_->put(table, key, value));
  }

  std::mt19937 random_{3};
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
  Head head_;
};

TEST_F(LexicalTest, TheBestAreExactlyThoseOfAddingUpEverything) {
  Bitmap some(count);
  for (std::uint32_t i = 0; i < count; i += 9) some.set(i);
  for (int trial = 0; trial < 60; ++trial) {
    const Query query = value_of(read_query(*txn_, head_, words(1 + trial % 12)));
    const LexicalScores scores = value_of(LexicalScores::compute(*txn_, head_, query));
    for (const std::size_t wanted : {1u, 10u, 200u, 20'000u}) {
      for (const Bitmap* allowed : {static_cast<const Bitmap*>(nullptr), static_cast<const Bitmap*>(&some)}) {
        const auto expected = everything(scores, allowed, wanted);
        const auto found = scores.best(allowed, wanted);
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
          EXPECT_EQ(found[i].document, expected[i].document);
          EXPECT_EQ(found[i].score, expected[i].score);
        }
      }
    }
  }
}

TEST_F(LexicalTest, SharesAddUpToTheScore) {
  const Query query = value_of(read_query(*txn_, head_, words(6)));
  const LexicalScores scores = value_of(LexicalScores::compute(*txn_, head_, query));
  for (const ScoredDocument& found : scores.best(nullptr, 20)) {
    double sum = 0;
    for (const QueryTerm& term : query.terms) sum += scores.share(term, found.document);
    EXPECT_NEAR(sum, found.score, 1e-4 * found.score);
  }
}

TEST_F(LexicalTest, AlteredPostingsAndLengthsAreAnErrorAndNeverAnAnswer) {
  const auto ask = [&] { return search(*txn_, "wbd wgk", {}, 10); };
  ASSERT_FALSE(value_of(ask()).hits.empty());
  const std::string key = number_key(1);
  const std::string_view block = *value_of(txn_->get(posting_table, key));
  const std::uint32_t bucket = bucket_of_term(term_key(TermSort::word, "wbd"));
  const BucketPlace place = place_of_bucket(block.data(), bucket);
  const std::size_t first = directory_bytes + place.start, last = directory_bytes + place.end - 1;
  for (const std::size_t at :
       {std::size_t{4} * bucket, directory_bytes / 2 + std::size_t{4} * bucket, first, (first + last) / 2, last}) {
    alter(posting_table, key, at);
    EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
    alter(posting_table, key, at);
    ASSERT_TRUE(ask());
  }
  alter(length_table, number_key(1), 100);
  EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
  alter(length_table, number_key(1), 100);
  ASSERT_TRUE(txn_->erase(length_table, number_key(2)));
  EXPECT_EQ(ask().error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace autodev::index
