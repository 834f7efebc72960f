// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/adapted_query.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "base/hash.h"
#include "index/query_learner.h"
#include "index/small_library.h"
#include "index/static_table.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

const Embedder& plain() { return built_in_embedder(); }
Vector plain_vector(std::string_view text) { return value_of(plain().embed(text)); }

using Rows = std::map<std::string, std::string>;
Rows rows_of(const base::KvRead& state) {
  Rows rows;
  EXPECT_TRUE(state.scan(adapted_table, {}, {}, [&](std::string_view key, std::string_view value) {
    rows.emplace(key, value);
    return true;
  }));
  return rows;
}

/// A store in which nothing but learning happens.
struct School {
  std::unique_ptr<base::Kv> store = base::open_memory_kv();
  std::unique_ptr<base::KvWrite> txn = value_of(store->begin_write());
  QueryLearner learner{*txn, plain()};

  void teach(const std::string& text, const std::string& meant, double share = 1) {
    EXPECT_TRUE(learner.learn({text, share}, id_of_name(meant), plain_vector(meant)));
  }
  void judge(const std::string& query, const std::string& answer, bool accepted) {
    EXPECT_TRUE(learner.judge(query, plain_vector(answer), accepted));
  }
  /// Cosine of a query with a text, as asked now.
  double near(const std::string& query, const std::string& text) {
    EXPECT_TRUE(learner.flush());
    return cosine(value_of(AdaptedEmbedder(plain(), *txn).embed(query)), plain_vector(text));
  }
  std::vector<LearnedStem> learned(const std::string& query) {
    EXPECT_TRUE(learner.flush());
    return value_of(AdaptedEmbedder(plain(), *txn).learned(query)).stems;
  }
};

/// A small history: what was said of functions that share some words.
void teach_history(School& school, int pairs, bool flush_after_each) {
  static const char* const nouns[] = {"invoice", "ledger", "voucher", "dunning", "accrual"};
  static const char* const verbs[] = {"post", "reverse", "settle", "close"};
  for (int i = 0; i < pairs; ++i) {
    const std::string noun = nouns[i % 5], verb = verbs[i % 4];
    school.teach(verb + " the " + noun + " of customer " + std::to_string(i % 7), "def " + verb + "_" + noun + "(book): return book.entries[" + std::to_string(i) + "]",
                 i % 3 == 0 ? 0.25 : 1.0);
    if (i % 11 == 5) school.judge(verb + " " + noun, "def unrelated_" + noun + "(): pass", i % 2 == 0);
    if (flush_after_each) {
      ASSERT_TRUE(school.learner.flush());
    }
  }
  ASSERT_TRUE(school.learner.flush());
}

TEST(AdaptedQuery, WithoutLearningTheVectorIsTheBuiltInOneToTheLastBit) {
  School school;
  teach_history(school, 40, false);
  const AdaptedEmbedder adapted(plain(), *school.txn);
  for (const char* const text : {"remove a directory", "sort strings", "the of and", "", "zzyzx quux"})
    EXPECT_EQ(value_of(adapted.embed(text)), plain_vector(text)) << text;
  EXPECT_NE(value_of(adapted.embed("settle the dunning")), plain_vector("settle the dunning"));
  EXPECT_EQ(adapted.name(), plain().name());
}

TEST(AdaptedQuery, TextsLeadTheirWordsToTheCodeThatWasMeant) {
  School school;
  const std::string code = "def run_month_end(books): books.freeze(); write_balance(books)";
  const double before = school.near("kaboodle", code);
  for (int i = 0; i < 20; ++i) school.teach("other matters " + std::to_string(i), "def other_" + std::to_string(i) + "(): return matter");
  for (int i = 0; i < 4; ++i) school.teach("kaboodle again", code);
  EXPECT_GT(school.near("kaboodle", code), before + 0.1);
  const auto learned = school.learned("a kaboodle of things");
  ASSERT_EQ(learned.size(), 1u);
  EXPECT_EQ(learned[0].pairs, 4u);
  EXPECT_GT(learned[0].strength, 0.05);
}

TEST(AdaptedQuery, AStemIsChangedFromItsSecondTextOn) {
  School school;
  for (int i = 0; i < 3; ++i) school.teach("warm up " + std::to_string(i), "def warm_" + std::to_string(i) + "(): pass");
  school.teach("gizmo", "def frobnicate(): pass");
  ASSERT_EQ(school.learned("gizmo").size(), 1u);
  EXPECT_EQ(school.learned("gizmo")[0].strength, 0);
  school.teach("gizmo", "def frobnicate(): pass");
  EXPECT_GT(school.learned("gizmo")[0].strength, 0);
}

TEST(AdaptedQuery, AcceptedAnswersComeNearerAndRejectedOnesGoAway) {
  School school;
  const std::string good = "def close_ledger(book): book.lock()", bad = "def close_window(window): window.destroy()";
  const double good_before = school.near("close the books", good), bad_before = school.near("close the books", bad);
  school.judge("close the books", good, true);
  EXPECT_GT(school.near("close the books", good), good_before + 0.02);
  const double bad_between = school.near("close the books", bad);
  school.judge("close the books", bad, false);
  EXPECT_LT(school.near("close the books", bad), bad_between - 0.02);
  EXPECT_LT(school.near("close the books", bad) - school.near("close the books", good), bad_before - good_before);
}

TEST(AdaptedQuery, TheRowsAreTheSameHoweverTheStepsAreCut) {
  School at_once, one_by_one;
  teach_history(at_once, 300, false);
  teach_history(one_by_one, 300, true);
  EXPECT_EQ(rows_of(*at_once.txn), rows_of(*one_by_one.txn));
  School again;  // in transactions of their own
  const auto store = base::open_memory_kv();
  for (int part = 0; part < 2; ++part) {
    const auto txn = value_of(store->begin_write());
    QueryLearner learner(*txn, plain());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(learner.learn({"cut here " + std::to_string(i), 1}, id_of_name("x" + std::to_string(i)), plain_vector("code " + std::to_string(i + 10 * part))));
    ASSERT_TRUE(learner.flush());
    ASSERT_TRUE(txn->commit());
  }
  for (int part = 0; part < 2; ++part)
    for (int i = 0; i < 10; ++i)
      ASSERT_TRUE(again.learner.learn({"cut here " + std::to_string(i), 1}, id_of_name("x" + std::to_string(i)), plain_vector("code " + std::to_string(i + 10 * part))));
  ASSERT_TRUE(again.learner.flush());
  EXPECT_EQ(rows_of(*value_of(store->begin_read())), rows_of(*again.txn));
}

TEST(AdaptedQuery, TheRowsAreTheSameOnEveryProcessor) {
  School school;
  teach_history(school, 300, false);
  std::string all;
  for (const auto& [key, value] : rows_of(*school.txn)) all += key + value;
  EXPECT_EQ(base::hash128(all).hex(), "32785c4cb9358467a9f7154f1569b718");
}

TEST(AdaptedQuery, WhateverIsTaughtChangesStayBoundedAndFinite) {
  School school;
  for (int i = 0; i < 5000; ++i) school.judge("dunning run", i % 2 == 0 ? "def a(): pass" : "def dunning_run(): send_letters()", true);
  for (int i = 0; i < 200; ++i) school.judge("dunning run", "def dunning_run(): send_letters()", false);
  for (const LearnedStem& stem : school.learned("dunning run")) EXPECT_LE(stem.strength, 0.31) << stem.stem;
  for (const float value : value_of(AdaptedEmbedder(plain(), *school.txn).embed("dunning run"))) EXPECT_TRUE(std::isfinite(value));
}

TEST(AdaptedQuery, AMillionStemsKeepAFewThousandRowsAndThoseThatMatter) {
  School school;
  for (int i = 0; i < 5; ++i) school.teach("voucher settled", "def settle_voucher(): pay()");
  for (int i = 0; i < 16'000; ++i) {
    std::string text;
    for (int j = 0; j < 63; ++j) text += "w" + base::hash128(std::to_string(i * 63 + j)).hex().substr(0, 9) + "q ";
    ASSERT_TRUE(school.learner.learn({text, 1}, id_of_name("x"), plain_vector("def x(): pass")));
  }
  ASSERT_TRUE(school.learner.flush());
  EXPECT_LE(value_of(school.txn->count(adapted_table)), max_learned_stems + 2u);
  EXPECT_EQ(value_of(read_learned_head(*school.txn)).stems + 2u, value_of(school.txn->count(adapted_table)));
  EXPECT_EQ(school.learned("voucher").size(), 1u);
}

TEST(AdaptedQuery, WhatSaysNothingTeachesNothing) {
  School school;
  school.teach("", "def x(): pass");
  school.teach("the of and to", "def x(): pass");
  school.teach("share of nobody", "def x(): pass", 0);
  school.teach("share below zero", "def x(): pass", -1);
  school.teach("share that is no number", "def x(): pass", std::numeric_limits<double>::quiet_NaN());
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 1e30F}) {
    ASSERT_TRUE(school.learner.learn({"gizmo gadget", 1}, id_of_name("x"), Vector(256, value)));
    ASSERT_TRUE(school.learner.judge("gizmo gadget", Vector(256, value), true));
  }
  ASSERT_TRUE(school.learner.learn({"gizmo gadget", 1}, id_of_name("x"), Vector(3, 0.1F)));
  ASSERT_TRUE(school.learner.flush());
  EXPECT_TRUE(rows_of(*school.txn).empty());
}

TEST(AdaptedQuery, AlteredRowsAreAnErrorAndNoAnswer) {
  School school;
  teach_history(school, 60, false);
  for (const auto& [key, value] : rows_of(*school.txn)) {
    std::string altered = value;
    altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
    ASSERT_TRUE(school.txn->put(adapted_table, key, altered));
  }
  const auto vector = AdaptedEmbedder(plain(), *school.txn).embed("settle the dunning");
  ASSERT_FALSE(vector);
  EXPECT_EQ(vector.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(vector.error().hint.empty());
  QueryLearner learner(*school.txn, plain());
  EXPECT_FALSE(learner.learn({"settle the dunning", 1}, id_of_name("x"), plain_vector("def x(): pass")));
}

TEST(AdaptedQuery, WhatIsSaidChangesNoDocument) {
  const auto silent = base::open_memory_kv(), told = base::open_memory_kv();
  const auto a = value_of(silent->begin_write()), b = value_of(told->begin_write());
  IndexWriter first(*a, plain()), second(*b, plain());
  for (const Document& document : small_library()) {
    ASSERT_TRUE(first.put(document));
    ASSERT_TRUE(second.put(document, {{"tidy up the attic"}}));
    ASSERT_TRUE(second.put(document, {{"an equal document says nothing new"}}));
  }
  ASSERT_TRUE(second.note_answer(small_library()[0], "tidy up", true));
  ASSERT_TRUE(first.flush());
  ASSERT_TRUE(second.flush());
  for (const base::Table table : index_tables) {
    if (table == adapted_table) continue;
    Rows one, other;
    for (auto& [state, rows] : {std::pair(a.get(), &one), {b.get(), &other}})
      ASSERT_TRUE(state->scan(table, {}, {}, [&rows = *rows](std::string_view key, std::string_view value) { return rows.emplace(key, value), true; }));
    EXPECT_EQ(one, other) << table;
  }
  EXPECT_TRUE(rows_of(*a).empty());
  EXPECT_TRUE(value_of(AdaptedEmbedder(plain(), *b).learned("equal document")).stems.empty());
  EXPECT_FALSE(value_of(AdaptedEmbedder(plain(), *b).learned("attic")).stems.empty());
}

}  // namespace
}  // namespace autodev::index
