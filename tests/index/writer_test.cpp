// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writing: the state depends on what was put and erased, and on nothing else.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "index/document_table.h"
#include "index/index_format.h"
#include "index/postings.h"
#include "index/search_index.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

struct Change {
  bool erase = false;
  Document document;
};

/// Puts, replacements and erasures in a random but fixed order.
std::vector<Change> random_changes(std::uint32_t seed, int count) {
  std::mt19937 random(seed);
  const std::vector<Document> library = small_library();
  std::vector<Change> changes;
  for (int i = 0; i < count; ++i) {
    Change change{random() % 4 == 0, library[random() % library.size()]};
    if (random() % 2 == 0) change.document.description = library[random() % library.size()].description;
    changes.push_back(std::move(change));
  }
  return changes;
}

/// Applies the changes, flushing or committing after some of them as `interrupt` says (0 no, 1 flush, 2 commit).
template <typename Interrupt>
std::string digest_after(base::Kv& store, const std::vector<Change>& changes, Interrupt interrupt) {
  const Embedder* const embedder = &built_in_embedder();
  auto txn = value_of(store.begin_write());
  auto writer = std::make_unique<IndexWriter>(*txn, *embedder);
  for (const Change& change : changes) {
    const auto done = change.erase ? writer->erase(change.document.id) : writer->put(change.document);
    EXPECT_TRUE(done);
    const int what = interrupt();
    if (what >= 1) {
      EXPECT_TRUE(writer->flush());
    }
    if (what == 2) {
      EXPECT_TRUE(txn->commit());
      writer.reset();
      txn.reset();
      txn = value_of(store.begin_write());
      writer = std::make_unique<IndexWriter>(*txn, *embedder);
    }
  }
  EXPECT_TRUE(writer->flush());
  EXPECT_TRUE(txn->commit());
  writer.reset();
  txn.reset();
  return value_of(base::kv_digest(*value_of(store.begin_read())));
}

TEST(IndexWriter, FlushesAndTransactionsDoNotShowInTheState) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    const auto changes = random_changes(seed, 120);
    const auto once = base::open_memory_kv();
    const std::string expected = digest_after(*once, changes, [] { return 0; });
    for (std::uint32_t split = 1; split <= 3; ++split) {
      std::mt19937 random(seed * 31 + split);
      const auto pieces = base::open_memory_kv();
      EXPECT_EQ(digest_after(*pieces, changes, [&] { return static_cast<int>(random() % 3); }), expected);
    }
  }
}

TEST(IndexWriter, LmdbAndMemoryHoldTheSameState) {
  const test::TemporaryFolder folder;
  const auto changes = random_changes(99, 200);
  const auto memory = base::open_memory_kv();
  const auto lmdb = value_of(base::open_lmdb(folder.file("index"), {}));
  EXPECT_EQ(digest_after(*lmdb, changes, [] { return 0; }), digest_after(*memory, changes, [] { return 0; }));
}

class OpenIndex {
 public:
  OpenIndex() : store_(base::open_memory_kv()), txn_(value_of(store_->begin_write())) {}
  void put(const Document& document) {
    IndexWriter writer(*txn_, *embedder_);
    ASSERT_TRUE(writer.put(document));
    ASSERT_TRUE(writer.flush());
  }
  void erase(const PatternId& id) {
    IndexWriter writer(*txn_, *embedder_);
    ASSERT_TRUE(writer.erase(id));
    ASSERT_TRUE(writer.flush());
  }
  SearchResult find(std::string_view query) { return value_of(search(*txn_, query, {}, 100)); }
  std::uint64_t frequency(std::string_view stemmed) {
    return value_of(read_postings(*txn_, 0, {term_key(TermSort::word, stemmed)}))[0].documents();
  }
  std::string digest() { return value_of(base::kv_digest(*txn_)); }
  base::KvWrite& txn() { return *txn_; }

 private:
  const Embedder* embedder_ = &built_in_embedder();
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
};

bool has(const SearchResult& result, std::string_view name) {
  for (const Hit& hit : result.hits)
    if (hit.id == id_of_name(name)) return true;
  return false;
}

TEST(IndexWriter, ErasedDocumentsNeverComeBack) {
  OpenIndex index;
  for (const Document& document : small_library()) index.put(document);
  ASSERT_TRUE(has(index.find("shortest path in a graph"), "dijkstraShortestPath"));
  index.erase(id_of_name("dijkstraShortestPath"));
  const SearchResult found = index.find("dijkstra shortest path between nodes of a weighted graph");
  EXPECT_FALSE(has(found, "dijkstraShortestPath"));
  EXPECT_EQ(found.documents, 49u);
  EXPECT_EQ(index.frequency("dijkstra"), 0u);
  EXPECT_EQ(index.find("dijkstra").unknown_terms, std::vector<std::string>{"dijkstra"});
}

TEST(IndexWriter, EveryTraceOfAnErasedDocumentIsGoneFromThePostings) {
  OpenIndex index;
  for (const Document& document : small_library()) index.put(document);
  for (const Document& document : small_library()) index.erase(document.id);
  EXPECT_EQ(value_of(index.txn().get(posting_table, number_key(0)))->size(), 8192u);  // a directory of empty buckets
  EXPECT_EQ(value_of(index.txn().count(record_table)), 0u);
  EXPECT_TRUE(value_of(all_documents(index.txn())).empty());
  const auto ids = sealed_part(*value_of(index.txn().get(id_table, number_key(0))));
  EXPECT_EQ(ids.find_first_not_of('\0'), std::string_view::npos);
  const auto head = value_of(read_head(index.txn()));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->documents, 0u);
  EXPECT_EQ(head->total_length, 0u);
  EXPECT_TRUE(index.find("sort a list").hits.empty());
}

TEST(IndexWriter, AReplacedDocumentLosesItsOldWordsAndKeepsItsPlace) {
  OpenIndex index;
  Document document;
  document.id = id_of_name("changing");
  document.description = "Rotate the zebra.";
  index.put(document);
  document.description = "Paint the walrus.";
  index.put(document);
  EXPECT_EQ(index.find("walrus").hits.size(), 1u);
  EXPECT_EQ(index.find("zebra").unknown_terms, std::vector<std::string>{"zebra"});
  EXPECT_EQ(index.frequency("zebra"), 0u);
  EXPECT_EQ(value_of(read_head(index.txn()))->documents, 1u);
  EXPECT_EQ(value_of(read_head(index.txn()))->next_number, 1u);
}

TEST(IndexWriter, ReplacingAndReplacingBackIsAsIfNothingHappened) {
  OpenIndex index;
  for (const Document& document : small_library()) index.put(document);
  const std::string before = index.digest();
  Document changed = small_library()[7];
  changed.description = "Something else entirely.";
  changed.language = Language::ruby;
  index.put(changed);
  EXPECT_NE(index.digest(), before);
  index.put(small_library()[7]);
  EXPECT_EQ(index.digest(), before);
}

TEST(IndexWriter, PuttingAnEqualDocumentChangesNothing) {
  OpenIndex index;
  index.put(small_library()[0]);
  const std::string before = index.digest();
  index.put(small_library()[0]);
  EXPECT_EQ(index.digest(), before);
}

TEST(IndexWriter, ErasingTheUnknownIsFine) {
  OpenIndex index;
  index.erase(id_of_name("nobody"));
  index.put(small_library()[0]);
  const std::string before = index.digest();
  index.erase(id_of_name("nobody"));
  EXPECT_EQ(index.digest(), before);
}

TEST(IndexWriter, AnErasedDocumentMayComeBackUnderANewNumber) {
  OpenIndex index;
  index.put(small_library()[0]);
  index.erase(small_library()[0].id);
  index.put(small_library()[0]);
  EXPECT_TRUE(has(index.find("delete a directory"), "remove_directory"));
  EXPECT_EQ(value_of(read_head(index.txn()))->next_number, 2u);
}

/// A space of its own, three numbers wide; refuses texts that ask for it.
class OtherEmbedder final : public Embedder {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "other/1"; }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return 3; }
  [[nodiscard]] Result<Vector> embed(std::string_view text) const override {
    if (text.find("refuse") != std::string_view::npos) return fail(ErrorCode::unavailable, "the model is away");
    return Vector{1, 0, 0};
  }
};

TEST(IndexWriter, VectorsOfDifferentSpacesNeverMix) {
  OpenIndex index;
  index.put(small_library()[0]);
  const OtherEmbedder other;
  const auto found = search(index.txn(), other, "remove", {}, 10);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::config);
  EXPECT_NE(found.error().message.find("static-code/1"), std::string::npos);
  EXPECT_NE(found.error().message.find("other/1"), std::string::npos);
  EXPECT_FALSE(found.error().hint.empty());
  IndexWriter writer(index.txn(), other);
  EXPECT_EQ(writer.put(small_library()[1]).error().code, ErrorCode::config);
}

TEST(IndexWriter, AFailedEmbeddingLeavesTheDocumentOut) {
  const auto store = base::open_memory_kv();
  const auto txn = value_of(store->begin_write());
  const OtherEmbedder other;
  IndexWriter writer(*txn, other);
  ASSERT_TRUE(writer.put(small_library()[0]));
  Document refused = small_library()[1];
  refused.description = "refuse";
  EXPECT_EQ(writer.put(refused).error().code, ErrorCode::unavailable);
  ASSERT_TRUE(writer.flush());
  const SearchResult found = value_of(search(*txn, other, "remove json", {}, 10));
  ASSERT_EQ(found.hits.size(), 1u);
  EXPECT_EQ(found.hits[0].id, small_library()[0].id);
}

TEST(IndexWriter, ManyBlocksOfDocumentsAreSearchedAsOne) {
  OpenIndex index;
  const Embedder* const embedder = &built_in_embedder();
  IndexWriter writer(index.txn(), *embedder);
  for (std::uint32_t i = 0; i < 2 * block_documents + 100; ++i) {
    Document document;
    document.id = id_of_name(std::to_string(i));
    document.description = "common filler";
    if (i % block_documents == 50) document.description = "common needle";
    ASSERT_TRUE(writer.put(document));
  }
  ASSERT_TRUE(writer.flush());
  const SearchResult found = index.find("needle");
  std::set<PatternId> ids;
  for (std::size_t i = 0; i < 3; ++i) ids.insert(found.hits.at(i).id);
  EXPECT_EQ(ids, (std::set<PatternId>{id_of_name("50"), id_of_name("4146"), id_of_name("8242")}));
  EXPECT_EQ(index.frequency("common"), 2u * block_documents + 100);
}

}  // namespace
}  // namespace autodev::index
