// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Vectors of an external embedder beside the folded ones: progress, interruption, change of the model, damage. The embedder is a
// real BERT model, tests/data/tiny_bert, behind a meter.
#include "knowledge/embed_waiting.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"
#include "index/external_vectors.h"
#include "index/folder_embedder.h"
#include "index/search_index.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/state_rows.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::event_with;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

const std::string tiny = std::string(AUTODEV_SOURCE_DIR) + "/tests/data/tiny_bert";

/// Counts what the real model is asked for, and can be away.
class Meter final : public index::ExternalEmbedder {
 public:
  explicit Meter(const std::string& folder) : model_(value_of(index::make_folder_embedder(base::real_env(), folder))) {}
  [[nodiscard]] std::string_view name() const noexcept override { return served ? "endpoint/1 here" : model_->name(); }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return model_->dimensions(); }
  [[nodiscard]] Result<index::Vector> embed(std::string_view text) const override {
    auto vector = model_->embed(text);
    if (turned && vector) std::reverse(vector->begin(), vector->end());
    return vector;
  }
  [[nodiscard]] Result<std::vector<index::Vector>> embed_all(const std::vector<std::string>& given) const override {
    if (batches++ >= batches_until_away) return fail(ErrorCode::unavailable, "the model went away");
    texts += given.size();
    if (meanwhile) meanwhile();
    auto vectors = model_->embed_all(given);
    if (turned && vectors)
      for (index::Vector& vector : *vectors) std::reverse(vector.begin(), vector.end());
    return vectors;
  }
  mutable std::size_t batches = 0, texts = 0;
  std::size_t batches_until_away = 1000;
  bool served = false;  ///< named as an endpoint is: by its address
  bool turned = false;  ///< turned: another model under the same name
  std::function<void()> meanwhile;

 private:
  std::unique_ptr<index::ExternalEmbedder> model_;
};

/// Functions that have little in common, so that each is a pattern of its own.
std::string function(std::size_t number) {
  static const char* const nouns[] = {"invoice", "graph", "socket", "matrix", "folder", "token", "image"};
  static const char* const verbs[] = {"parse", "send", "rotate", "merge", "count", "encrypt"};
  static const char* const steps[] = {"    for x in a:\n        b.append(x * 2)\n", "    while b and b[-1] > 3:\n        b.pop()\n",
                                      "    with open(a) as f:\n        b = f.read().split()\n", "    try:\n        b = int(a)\n    except ValueError:\n        b = None\n",
                                      "    if not a:\n        raise KeyError(a)\n", "    b = {k: v for k, v in zip(a, b)}\n", "    assert len(a) == len(b)\n",
                                      "    lock.acquire(timeout=a.limit)\n", "    b.sort(key=lambda row: row[0])\n", "    return [x for y in a for x in y]\n",
                                      "    yield a[::-1]\n", "    del a[b]\n", "    b = a.get('key') or a.get('name', 0)\n"};
  std::string text = std::string("def ") + verbs[number % 6] + "_" + nouns[number % 7] + "(a, b):\n";
  for (std::uint64_t i = 0; i < 7; ++i) text += steps[base::mix64(number, i) % std::size(steps)];
  return text + "    return b\n";
}

class EmbedWaiting : public testing::Test {
 protected:
  void SetUp() override {
    const auto store = open(nullptr);
    for (std::size_t i = 0; i < 60; ++i) {
      env_.clock_ms += 5;
      value_of(store->append({event_with(python_units(function(i)), Verdict::passed, EvidenceStrength::report, static_cast<int>(i))}));
    }
    value_of(store->refresh());
  }
  std::unique_ptr<KnowledgeStore> open(std::shared_ptr<Meter> meter) {
    StoreOptions options;
    options.learner = std::string(learn::learner_version);
    options.adapt = false;  // answers are compared with the built-in vectors alone
    options.embedder = std::move(meter);
    options.on_embedded = [this](std::uint64_t done, std::uint64_t total) { progress_.emplace_back(done, total); };
    return value_of(KnowledgeStore::open(env_, folder_.path(), learn::study, std::move(options)));
  }
  /// The derived state itself, while no store has it open.
  std::unique_ptr<base::Kv> state() { return value_of(base::open_lmdb(folder_.file("embeddings"), {})); }
  void alter_all(base::Table table, std::size_t at) {
    const auto kv = state();
    const auto txn = value_of(kv->begin_write());
    std::vector<std::pair<std::string, std::string>> rows;
    value_of(txn->scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
      rows.emplace_back(key, value);
      return true;
    }));
    ASSERT_FALSE(rows.empty());
    for (auto& [key, value] : rows) {
      for (std::size_t i = at; i < value.size(); i += 97) value[i] = static_cast<char>(value[i] ^ 0x21);
      value_of(txn->put(table, key, value));
    }
    value_of(txn->commit());
  }

  static constexpr const char* query = "parse the invoice";
  SteppedEnv env_;
  TemporaryFolder folder_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> progress_;
};

TEST_F(EmbedWaiting, TellsItsProgressOnceAndThenHasNothingToDo) {
  const auto meter = std::make_shared<Meter>(tiny);
  const auto store = open(meter);
  EXPECT_TRUE(value_of(store->refresh()).embedding_problem.empty());
  ASSERT_GE(progress_.size(), 2u) << "more patterns than one batch";
  EXPECT_EQ(progress_.back().first, progress_.back().second);
  EXPECT_EQ(progress_.back().first, meter->texts);
  EXPECT_LT(progress_[0].first, progress_[1].first);
  const auto found = value_of(store->search(query, {}, 5));
  EXPECT_TRUE(found.note.empty()) << found.note;
  EXPECT_FALSE(found.hits.empty());

  progress_.clear();
  value_of(store->refresh());
  EXPECT_TRUE(progress_.empty()) << "nobody waits, so nothing is shown";
  EXPECT_EQ(meter->batches, 2u);
}

TEST_F(EmbedWaiting, IsContinuedWhereItWasInterrupted) {
  const auto away = std::make_shared<Meter>(tiny);
  away->batches_until_away = 1;
  {
    const auto store = open(away);
    EXPECT_NE(value_of(store->refresh()).embedding_problem.find("went away"), std::string::npos);
    const auto found = value_of(store->search(query, {}, 5));
    EXPECT_NE(found.note.find("built-in"), std::string::npos) << "a half-filled space is not searched";
    EXPECT_FALSE(found.hits.empty());
  }
  const std::uint64_t total = progress_.back().second;
  EXPECT_EQ(away->texts, 32u);
  const auto back = std::make_shared<Meter>(tiny);
  const auto store = open(back);
  value_of(store->refresh());
  EXPECT_EQ(back->texts, total - away->texts) << "what was kept is not embedded again";
  EXPECT_TRUE(value_of(store->search(query, {}, 5)).note.empty());
}

TEST_F(EmbedWaiting, AnotherModelEmbedsAllAgainAndSpacesAreNeverMixed) {
  const auto first = std::make_shared<Meter>(tiny);
  value_of(open(first)->refresh());

  TemporaryFolder other;
  for (const char* name : {"config.json", "tokenizer.json", "model.safetensors"})
    value_of(base::real_env().write_file_atomically(other.file(name), value_of(base::real_env().read_file(tiny + "/" + name))));
  const auto second = std::make_shared<Meter>(other.path());  // reads 40 pieces instead of 24
  ASSERT_NE(second->name(), first->name());
  second->batches_until_away = 1;
  {
    const auto store = open(second);
    EXPECT_FALSE(value_of(store->refresh()).embedding_problem.empty());
    EXPECT_FALSE(value_of(store->search(query, {}, 5)).note.empty());
  }
  {
    const auto kv = state();
    const auto view = value_of(kv->begin_read());
    EXPECT_EQ(value_of(index::read_external_head(*view))->embedder, second->name());
    EXPECT_FALSE(index::search(*view, *first, query, {}, 5)) << "the space of the first one is gone";
    EXPECT_FALSE(index::search(*view, *second, query, {}, 5)) << "the space of the second one is not whole";
  }
  second->batches_until_away = 1000;
  const auto store = open(second);
  value_of(store->refresh());
  EXPECT_EQ(second->texts, first->texts);
  EXPECT_TRUE(value_of(store->search(query, {}, 5)).note.empty());
}

TEST_F(EmbedWaiting, ADocumentThatChangesMeanwhileWaitsAgain) {
  Meter meter(tiny);
  const auto kv = state();
  std::uint32_t changes = 0;
  meter.meanwhile = [&] {
    if (changes++ > 0) return;
    const auto txn = value_of(kv->begin_write());
    const index::WaitingDocument waiting = value_of(index::waiting_documents(*txn, 1)).at(0);
    index::IndexWriter writer(*txn, index::built_in_embedder());
    index::Document document;
    document.id = waiting.id;
    document.name = "something_else";
    value_of(writer.put(document));
    value_of(writer.flush());
    value_of(txn->commit());
  };
  std::uint64_t total = 0;
  const EmbedReport report = value_of(embed_waiting(*kv, meter, [&](std::uint64_t, std::uint64_t all) { total = all; }));
  EXPECT_TRUE(report.problem.empty());
  EXPECT_EQ(meter.texts, total + 1) << "the vector of its old text was not kept";
  const auto view = value_of(kv->begin_read());
  EXPECT_TRUE(value_of(index::waiting_documents(*view, 1)).empty());
}

TEST_F(EmbedWaiting, ConfidenceIsJudgedByTheBuiltInSpaceWhateverIsSearched) {
  const auto store = open(std::make_shared<Meter>(tiny));
  value_of(store->refresh());
  const auto external = value_of(store->search(query, {}, 40));
  ASSERT_TRUE(external.note.empty());
  const auto built_in = value_of(open(nullptr)->search(query, {}, 40));
  std::size_t compared = 0;
  for (const index::Hit& hit : external.hits)
    for (const index::Hit& other : built_in.hits)
      if (hit.id == other.id) {
        ++compared;
        EXPECT_NEAR(hit.dense, other.dense, 1e-9);
      }
  EXPECT_GT(compared, 3u);
}

TEST_F(EmbedWaiting, AlteredVectorsAreNoticedAndMadeAgain) {
  std::vector<PatternId> before;
  for (const index::Hit& hit : value_of(open(nullptr)->search(query, {}, 10)).hits) before.push_back(hit.id);
  ASSERT_FALSE(before.empty());
  for (const base::Table table : {"vec", "vbit"}) {
    alter_all(table, 20);
    {
      const auto kv = state();
      const auto view = value_of(kv->begin_read());
      EXPECT_EQ(index::search(*view, query, {}, 10).error().code, ErrorCode::bad_data) << table;
    }
    const auto store = open(nullptr);
    std::vector<PatternId> after;
    for (const index::Hit& hit : value_of(store->search(query, {}, 10)).hits) after.push_back(hit.id);
    EXPECT_EQ(after, before) << table;
  }
}

TEST_F(EmbedWaiting, AnotherModelUnderTheSameNameIsNoticedBySearching) {
  const auto first = std::make_shared<Meter>(tiny);
  first->served = true;
  value_of(open(first)->refresh());
  const std::size_t all = first->texts;
  const auto meter = std::make_shared<Meter>(tiny);
  meter->served = true;
  const auto store = open(meter);
  value_of(store->refresh());
  EXPECT_TRUE(value_of(store->search(query, {}, 5)).note.empty());
  EXPECT_EQ(meter->batches, 1u) << "query and probe are asked in one call";
  EXPECT_EQ(meter->texts, 2u);

  meter->turned = true;
  const auto found = value_of(store->search(query, {}, 5));
  EXPECT_TRUE(found.note.empty()) << found.note;
  EXPECT_FALSE(found.hits.empty());
  EXPECT_EQ(meter->texts, 4 + all) << "everything was embedded again";
  value_of(store->search(query, {}, 5));
  EXPECT_EQ(meter->texts, 6 + all) << "once";
}

TEST_F(EmbedWaiting, AlteredVectorsOfTheOtherSpaceAreDroppedAndMadeAgain) {
  value_of(open(std::make_shared<Meter>(tiny))->refresh());
  alter_all("evec", 20);
  const auto meter = std::make_shared<Meter>(tiny);
  const auto store = open(meter);
  value_of(store->refresh());
  EXPECT_EQ(meter->texts, 0u) << "not noticed before it is read";
  const auto found = value_of(store->search(query, {}, 5));
  EXPECT_FALSE(found.note.empty());
  EXPECT_FALSE(found.hits.empty());
  value_of(store->refresh());
  EXPECT_GT(meter->texts, 32u);
  EXPECT_TRUE(value_of(store->search(query, {}, 5)).note.empty());
}

TEST_F(EmbedWaiting, DamagedUnitsAndTemplatesAreFoldedAgain) {
  const PatternId id = value_of(open(nullptr)->search(query, {}, 1)).hits.at(0).id;
  const Pattern whole = value_of(open(nullptr)->pattern(id)).value();
  for (const base::Table table : {table::example, table::shape}) {
    alter_all(table, table == table::shape ? 2 : 0);  // behind the version
    {
      StoreOptions options;
      options.read_only = true;
      const auto store = value_of(KnowledgeStore::open(env_, folder_.path(), learn::study, std::move(options)));
      const auto damaged = store->pattern(id);
      ASSERT_FALSE(damaged) << table;
      EXPECT_EQ(damaged.error().code, ErrorCode::bad_data) << table;
      EXPECT_NE(damaged.error().hint.find("knowledge/embeddings"), std::string::npos) << damaged.error().hint;
    }
    const auto store = open(nullptr);
    const auto pattern = value_of(store->pattern(id));
    ASSERT_TRUE(pattern.has_value()) << table;
    EXPECT_EQ(pattern->implementation, whole.implementation) << table;
  }
}

}  // namespace
}  // namespace autodev::knowledge
