// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Inputs made to break the index: sizes, bytes, damaged tables.
#include <gtest/gtest.h>

#include <random>

#include "index/index_format.h"
#include "index/search_index.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

std::string random_bytes(std::uint32_t seed, std::size_t count) {
  std::mt19937 random(seed);
  std::string bytes(count, '\0');
  for (char& c : bytes) c = static_cast<char>(static_cast<unsigned char>(random()));
  return bytes;
}

std::unique_ptr<base::KvWrite> filled(base::Kv& store, const std::vector<Document>& documents) {
  auto txn = value_of(store.begin_write());
  const Embedder* const embedder = &built_in_embedder();
  IndexWriter writer(*txn, *embedder);
  for (const Document& document : documents) EXPECT_TRUE(writer.put(document));
  EXPECT_TRUE(writer.flush());
  return txn;
}

TEST(HostileInput, QueriesOfAnyBytesAndSizeAreAnswered) {
  const auto store = base::open_memory_kv();
  const auto txn = filled(*store, small_library());
  std::string megabyte;
  while (megabyte.size() < (1u << 20)) megabyte += "sort the zebra_" + std::to_string(megabyte.size()) + " ";
  const std::vector<std::string> queries = {megabyte,
                                            std::string(1 << 20, 'a'),
                                            std::string(1 << 20, '_'),
                                            std::string(1 << 20, ' '),
                                            std::string("sort\0array", 10),
                                            "\xff\xfe\xc3\x28 sort",
                                            random_bytes(1, 1 << 20),
                                            std::string(100'000, '\xe2')};
  for (const std::string& query : queries) {
    const auto found = search(*txn, query, {}, 10);
    ASSERT_TRUE(found);
    EXPECT_LE(found->hits.size(), 10u);
    EXPECT_FALSE(judge(*found, query).reason.empty());
  }
  EXPECT_FALSE(value_of(search(*txn, std::string("sort\0array", 10), {}, 10)).hits.empty());
}

TEST(HostileInput, DocumentsOfAnyBytesAndSizeAreIndexed) {
  Document many_terms;
  many_terms.id = id_of_name("many terms");
  for (int i = 0; i < 10'000; ++i) many_terms.code += "term" + std::to_string(i * 7919) + " ";
  Document binary;
  binary.id = id_of_name("binary");
  binary.name = std::string("na\0me", 5);
  binary.code = random_bytes(3, 200'000);
  binary.frameworks = {"", "///", random_bytes(4, 1000)};
  Document empty;
  empty.id = id_of_name("empty");
  Document one_word;
  one_word.id = id_of_name("one word");
  one_word.code = std::string(256 << 10, 'w');
  const auto store = base::open_memory_kv();
  const auto txn = filled(*store, {many_terms, binary, empty, one_word});
  EXPECT_EQ(value_of(search(*txn, "term 7919", {}, 10)).hits.front().id, many_terms.id);
  EXPECT_EQ(value_of(search(*txn, std::string(64, 'w'), {}, 10)).hits.front().id, one_word.id);
  const Embedder* const embedder = &built_in_embedder();
  IndexWriter writer(*txn, *embedder);
  for (const Document& document : {many_terms, binary, empty, one_word}) ASSERT_TRUE(writer.erase(document.id));
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(value_of(txn->get(posting_table, number_key(0)))->size(), 8192u);  // a directory of empty buckets
}

TEST(HostileInput, DamagedTablesGiveErrorsOrFewerHitsButNeverCrash) {
  const auto intact = base::open_memory_kv();
  const auto source = filled(*intact, small_library());
  std::mt19937 random(5);
  for (const base::Table table : index_tables) {
    for (int trial = 0; trial < 30; ++trial) {
      const auto store = base::open_memory_kv();
      const auto txn = filled(*store, small_library());
      std::vector<std::pair<std::string, std::string>> rows;
      ASSERT_TRUE(txn->scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
        rows.emplace_back(key, value);
        return true;
      }));
      for (auto& [key, value] : rows) {
        if (trial % 3 == 0)
          value.resize(random() % (value.size() + 1));
        else if (trial % 3 == 1 && !value.empty())
          value[random() % value.size()] ^= static_cast<char>(1 + random() % 255);
        else
          value += random_bytes(static_cast<std::uint32_t>(random()), random() % 9);
        ASSERT_TRUE(txn->put(table, key, value));
      }
      const auto found = search(*txn, "sort a list of strings with python", {}, 10);
      if (!found) {
        EXPECT_FALSE(found.error().hint.empty());
      }
      const Embedder* const embedder = &built_in_embedder();
      IndexWriter writer(*txn, *embedder);
      Document changed = small_library()[3];
      changed.description = "changed";
      (void)writer.put(changed);
      (void)writer.erase(small_library()[4].id);
      (void)writer.flush();
    }
  }
}

TEST(HostileInput, AnIndexOfALaterFormatIsAClearError) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  ASSERT_TRUE(txn->put(head_table, "head", std::string("\x07index/9", 8)));
  const auto found = search(*txn, "sort", {}, 10);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::config);
  EXPECT_NE(found.error().message.find("index/9"), std::string::npos);
}

}  // namespace
}  // namespace autodev::index
