// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Searching a small library as a user of the index sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "index/search_index.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

class SmallLibraryTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = base::open_memory_kv();
    const auto txn = value_of(store_->begin_write());
    const Embedder* const embedder = &built_in_embedder();
    IndexWriter writer(*txn, *embedder);
    for (const Document& document : small_library()) ASSERT_TRUE(writer.put(document));
    ASSERT_TRUE(writer.flush());
    ASSERT_TRUE(txn->commit());
    view_ = value_of(store_->begin_read());
  }
  SearchResult find(std::string_view query, const Filter& filter = {}, std::size_t limit = 10) {
    return value_of(search(*view_, query, filter, limit));
  }
  /// Name of the best hit; "-" without hits.
  std::string best(std::string_view query, const Filter& filter = {}) {
    const SearchResult found = find(query, filter);
    return found.hits.empty() ? "-" : name_of(found.hits.front().id);
  }
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvRead> view_;
};

const std::map<std::string, std::string>& requests() {
  static const std::map<std::string, std::string> known = {
      {"delete a folder recursively", "remove_directory"},
      {"load json from disk", "read_json_file"},
      {"save rows as csv", "write_csv_rows"},
      {"retry failing calls", "retry_with_backoff"},
      {"flatten a list of lists", "flatten_nested_list"},
      {"split a list into chunks of equal size", "chunk_sequence"},
      {"how to download a web page", "download_page"},
      {"shrink an image", "resize_image"},
      {"binary search in a sorted vector", "binarySearch"},
      {"multiplying matrices", "matrixMultiply"},
      {"shortest path in a graph", "dijkstraShortestPath"},
      {"strip blanks from a string", "trimWhitespace"},
      {"least recently used cache lookup", "lruCacheGet"},
      {"debounced callback", "debounce"},
      {"react hook for local storage", "useLocalStorage"},
      {"is this a valid email", "validateEmailAddress"},
      {"read lines of a text file", "ReadLines"},
      {"rate limiting with a token bucket", "RateLimiter"},
      {"select user from database", "QueryUserByName"},
      {"parsing toml configuration", "parse_config"},
      {"edit distance of two words", "levenshtein_distance"},
      {"prime number test", "is_prime"},
      {"subscribe listeners to events", "EventBus"},
      {"convert celsius", "celsiusToFahrenheit"},
      {"checksum of a buffer", "crc32"},
  };
  return known;
}

TEST(Search, FindsNothingInAnEmptyLibraryAndReportsNoError) {
  const auto store = base::open_memory_kv();
  const auto view = value_of(store->begin_read());
  const SearchResult found = value_of(search(*view, "remove a directory", {}, 10));
  EXPECT_TRUE(found.hits.empty());
  EXPECT_EQ(found.documents, 0u);
  EXPECT_EQ(found.unknown_terms, (std::vector<std::string>{"remove", "directory"}));
}

TEST_F(SmallLibraryTest, ParaphrasesFindTheirFunction) {
  for (const auto& [request, name] : requests()) EXPECT_EQ(best(request), name) << request;
}

TEST_F(SmallLibraryTest, DifferentRequestsHaveDifferentAnswers) {
  std::set<std::string> answers;
  for (const auto& [request, name] : requests()) answers.insert(best(request));
  EXPECT_EQ(answers.size(), requests().size());
}

// With the requests dealt out to the wrong functions, nothing of the quality may remain.
TEST_F(SmallLibraryTest, TheQueryMatters) {
  std::vector<std::string> asked, wanted;
  for (const auto& [request, name] : requests()) {
    asked.push_back(request);
    wanted.push_back(name);
  }
  std::rotate(wanted.begin(), wanted.begin() + 1, wanted.end());
  std::size_t right = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) right += best(asked[i]) == wanted[i] ? 1 : 0;
  EXPECT_EQ(right, 0u);
}

TEST_F(SmallLibraryTest, IdentifiersAreFoundInAnyStyleOfSpelling) {
  for (const std::string query : {"readJsonFile", "read_json_file", "READ_JSON_FILE", "ReadJSONFile"})
    EXPECT_EQ(best(query), "read_json_file") << query;
  EXPECT_EQ(best("WorkerPool"), "WorkerPool");
  EXPECT_EQ(best("crc32"), "crc32");
}

TEST_F(SmallLibraryTest, StopWordsAloneFindNothing) {
  const SearchResult found = find("how do I use the");
  EXPECT_TRUE(found.hits.empty());
  EXPECT_EQ(found.terms, 0u);
  EXPECT_TRUE(find("").hits.empty());
  EXPECT_TRUE(find("?!").hits.empty());
}

TEST_F(SmallLibraryTest, UnknownWordsAreReportedAsWritten) {
  EXPECT_EQ(find("Knead the sourdough and sort an array").unknown_terms,
            (std::vector<std::string>{"knead", "sourdough"}));
}

TEST_F(SmallLibraryTest, HitsExplainTheirScores) {
  const SearchResult found = find("parse a toml configuration file");
  ASSERT_FALSE(found.hits.empty());
  EXPECT_EQ(found.documents, 50u);
  const Hit& hit = found.hits.front();
  EXPECT_EQ(name_of(hit.id), "parse_config");
  EXPECT_DOUBLE_EQ(hit.coverage, 1.0);
  ASSERT_FALSE(hit.terms.empty());
  double sum = 0;
  for (const TermShare& share : hit.terms) sum += share.share;
  EXPECT_NEAR(sum, hit.lexical, 1e-4);
  EXPECT_TRUE(std::is_sorted(hit.terms.begin(), hit.terms.end(),
                             [](const TermShare& a, const TermShare& b) { return a.share > b.share; }));
  for (std::size_t i = 1; i < found.hits.size(); ++i) EXPECT_LE(found.hits[i].score, found.hits[i - 1].score);
  for (const Hit& each : found.hits) {
    EXPECT_GE(each.score, 0.0);
    EXPECT_LE(each.score, 1.0 + 1e-9);
    EXPECT_LE(std::abs(each.dense), 1.0 + 1e-6);
  }
}

TEST_F(SmallLibraryTest, TheLimitIsKept) {
  EXPECT_EQ(find("sort a list of strings", {}, 3).hits.size(), 3u);
  EXPECT_TRUE(find("sort a list of strings", {}, 0).hits.empty());
  const SearchResult wide = find("sort a list of strings", {}, 1000), narrow = find("sort a list of strings", {}, 3);
  for (std::size_t i = 0; i < narrow.hits.size(); ++i) EXPECT_EQ(narrow.hits[i].id, wide.hits[i].id);
}

TEST_F(SmallLibraryTest, FiltersNeverLeak) {
  std::map<PatternId, Document> documents;
  for (const Document& document : small_library()) documents.emplace(document.id, document);
  const std::vector<Language> languages = {Language::python, Language::cpp, Language::go, Language::rust};
  for (const auto& [request, name] : requests()) {
    for (const Language language : languages) {
      Filter filter;
      filter.language = language;
      const SearchResult found = find(request, filter, 100);
      EXPECT_EQ(found.documents,
                static_cast<std::uint64_t>(std::count_if(documents.begin(), documents.end(), [&](const auto& entry) {
                  return entry.second.language == language;
                })));
      for (const Hit& hit : found.hits) EXPECT_EQ(documents.at(hit.id).language, language) << request;
    }
    Filter types;
    types.kind = UnitKind::type;
    for (const Hit& hit : find(request, types, 100).hits) EXPECT_EQ(documents.at(hit.id).kind, UnitKind::type);
  }
}

TEST_F(SmallLibraryTest, FrameworksAreFoundByFullNameAndFirstPart) {
  const auto names = [&](std::string framework) {
    Filter filter;
    filter.framework = std::move(framework);
    std::set<std::string> found;
    for (const Hit& hit : find("a function that returns a value of a request or a query", filter, 100).hits)
      found.insert(name_of(hit.id));
    return found;
  };
  EXPECT_EQ(names("net"), (std::set<std::string>{"HealthHandler"}));
  EXPECT_EQ(names("net/http"), (std::set<std::string>{"HealthHandler"}));
  EXPECT_EQ(names("REQUESTS"), (std::set<std::string>{"download_page"}));
  EXPECT_TRUE(names("http").empty());
  EXPECT_TRUE(names("no such module").empty());
}

TEST_F(SmallLibraryTest, ConditionsAreCombined) {
  Filter filter;
  filter.language = Language::java;
  filter.kind = UnitKind::type;
  EXPECT_EQ(find("stack with push and pop", filter).documents, 3u);
  EXPECT_EQ(best("stack with push and pop", filter), "LinkedStack");
  filter.language = Language::rust;
  EXPECT_EQ(find("stack with push and pop", filter).documents, 0u);
}

TEST_F(SmallLibraryTest, TheLanguagesNameTellsApartWhereLanguagesAreMixed) {
  EXPECT_EQ(best("read a file in go"), "ReadLines");
  EXPECT_EQ(best("javascript copy an object"), "deepClone");
}

TEST_F(SmallLibraryTest, TheSameQueryGivesTheSameAnswerTwice) {
  for (const auto& [request, name] : requests()) {
    const SearchResult first = find(request), second = find(request);
    ASSERT_EQ(first.hits.size(), second.hits.size());
    for (std::size_t i = 0; i < first.hits.size(); ++i) {
      EXPECT_EQ(first.hits[i].id, second.hits[i].id);
      EXPECT_EQ(first.hits[i].score, second.hits[i].score);
    }
  }
}

TEST(Search, EqualDocumentsAreOrderedById) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  const Embedder* const embedder = &built_in_embedder();
  IndexWriter writer(*txn, *embedder);
  for (const std::string name : {"c", "a", "d", "b", "e"}) {
    Document document;
    document.id = id_of_name(name);
    document.description = "Rotate a matrix.";
    ASSERT_TRUE(writer.put(document));
  }
  ASSERT_TRUE(writer.flush());
  for (const std::size_t limit : {2u, 5u}) {
    const SearchResult found = value_of(search(*txn, "rotate matrix", {}, limit));
    ASSERT_EQ(found.hits.size(), limit);
    std::vector<PatternId> ids;
    for (const char* name : {"a", "b", "c", "d", "e"}) ids.push_back(id_of_name(name));
    std::sort(ids.begin(), ids.end());
    for (std::size_t i = 0; i < limit; ++i) EXPECT_EQ(found.hits[i].id, ids[i]);
  }
}

}  // namespace
}  // namespace autodev::index
