// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Saying that nothing fits.
#include <gtest/gtest.h>

#include "index/agreement.h"
#include "index/foreign_queries.h"
#include "index/search_index.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

class ConfidenceTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = base::open_memory_kv();
    txn_ = value_of(store_->begin_write());
    const Embedder* const embedder = &built_in_embedder();
    IndexWriter writer(*txn_, *embedder);
    for (const Document& document : small_library()) ASSERT_TRUE(writer.put(document));
    ASSERT_TRUE(writer.flush());
  }
  Confidence ask(std::string_view query) { return judge(value_of(search(*txn_, query, {}, 10)), query); }
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
};

TEST_F(ConfidenceTest, ForeignRequestsAreRefused) {
  int refused = 0, total = 0;
  for (const char* query : foreign_queries) {
    ++total;
    const Confidence confidence = ask(query);
    if (!confidence.fits) ++refused;
    EXPECT_FALSE(confidence.reason.empty());
  }
  ASSERT_EQ(total, 100);
  EXPECT_GE(refused, 97);
}

TEST_F(ConfidenceTest, RequestsTheLibraryAnswersAreKept) {
  for (const char* query : {"delete a folder recursively", "load json from disk", "binary search in a sorted vector",
                            "multiplying matrices", "least recently used cache", "react hook for local storage",
                            "rate limiting with a token bucket", "parse toml config", "edit distance",
                            "subscribe listeners to events", "celsius to fahrenheit"})
    EXPECT_TRUE(ask(query).fits) << query << ": " << ask(query).reason;
}

TEST_F(ConfidenceTest, ALongSpecificationIsNotRefusedForItsLength) {
  const Confidence confidence = ask(
      "Implement a rate limiter for the public interface of our service. It shall use the token bucket algorithm: "
      "tokens are refilled at a constant speed, every operation takes one token, and when the bucket is empty the "
      "operation is not allowed until a second has passed. Customers complained about bursts, so please keep it fair.");
  EXPECT_TRUE(confidence.fits) << confidence.reason;
}

TEST(Confidence, TheOnlyFunctionOfALanguageIsNotTheAnswerToEverything) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  Document login, lines;
  login.id = id_of_name("login");
  login.language = Language::python;
  login.name = "login";
  login.description = "Log the user in with a password.";
  lines.id = id_of_name("readLines");
  lines.language = Language::javascript;
  lines.name = "readLines";
  lines.description = "Reads a file and splits its lines.";
  lines.code = "function readLines(path) { console.log(path); }";
  IndexWriter writer(*txn, built_in_embedder());
  for (const Document& document : {login, lines}) ASSERT_TRUE(writer.put(document));
  ASSERT_TRUE(writer.flush());
  const auto ask = [&](Language language) {
    Filter filter;
    filter.language = language;
    return judge(value_of(search(*txn, "log in a user", filter, 10)), "log in a user").fits;
  };
  EXPECT_TRUE(ask(Language::python));
  EXPECT_FALSE(ask(Language::javascript));
}

TEST_F(ConfidenceTest, TheReasonNamesTheUnknownWords) {
  const Confidence confidence = ask("knead the sourdough");
  EXPECT_FALSE(confidence.fits);
  EXPECT_EQ(confidence.value, 0.0);
  EXPECT_EQ(confidence.reason, "none of 'knead', 'sourdough' occurs in any pattern");
}

TEST_F(ConfidenceTest, TheReasonNamesTheWordsThatFit) {
  const Confidence confidence = ask("matrix multiplication");
  EXPECT_TRUE(confidence.fits);
  EXPECT_NE(confidence.reason.find("'matrix'"), std::string::npos) << confidence.reason;
  EXPECT_NE(confidence.reason.find("'multiplication'"), std::string::npos) << confidence.reason;
}

TEST_F(ConfidenceTest, EmptyRequestsAndEmptyLibrariesHaveReasonsOfTheirOwn) {
  EXPECT_EQ(ask("").reason, "the request is empty");
  EXPECT_EQ(ask("how to do it").reason, "the request has no words to search for");
  const auto empty = base::open_memory_kv();
  const auto view = value_of(empty->begin_read());
  EXPECT_EQ(judge(value_of(search(*view, "sort a list", {}, 10)), "sort a list").reason,
            "there are no patterns to search in");
}

TEST_F(ConfidenceTest, WhatWasLeftOutIsNotSaidToHaveNoWord) {
  SearchResult found = value_of(search(*txn_, "delete a folder recursively", {}, 10));
  std::vector<LeftOut> left_out;
  for (Hit& hit : found.hits) left_out.push_back({std::move(hit), {}});
  found.hits.clear();
  const Confidence confidence = judge_remaining(found, left_out, "delete a folder recursively");
  EXPECT_FALSE(confidence.fits);
  EXPECT_EQ(confidence.reason, "the nearest patterns mean something else");
}

TEST_F(ConfidenceTest, WhatRemainsBehindALeftOutHitHasToCoverHalfOfTheRequest) {
  constexpr std::string_view query = "celsius to fahrenheit";
  SearchResult found = value_of(search(*txn_, query, {}, 10));
  ASSERT_TRUE(judge(found, query).fits);
  LeftOut nearer{found.hits.front(), {}}, farther = nearer;
  nearer.hit.score = 1.1;
  farther.hit.score = 0;
  EXPECT_TRUE(judge_remaining(found, {nearer}, query).fits) << "covers all of the request";
  // A cosine that makes the little coverage fit.
  for (Hit& hit : found.hits) {
    hit.coverage = 0.49;
    hit.dense = 0.95;
  }
  ASSERT_TRUE(judge(found, query).fits);
  EXPECT_TRUE(judge_remaining(found, {}, query).fits);
  EXPECT_TRUE(judge_remaining(found, {farther}, query).fits) << "nothing nearer was left out";
  const Confidence confidence = judge_remaining(found, {nearer}, query);
  EXPECT_FALSE(confidence.fits);
  EXPECT_EQ(confidence.reason, "the nearest pattern means something else, and no other has more than 49 % of the request by weight");
}

TEST_F(ConfidenceTest, MoreMatchingWordsNeverLowerTheValue) {
  EXPECT_LE(ask("sourdough zebra path").value, ask("sourdough shortest path").value);
  EXPECT_LE(ask("sourdough shortest path").value, ask("graph shortest path").value);
}

}  // namespace
}  // namespace autodev::index
