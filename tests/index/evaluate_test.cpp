// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The measures against values worked out by hand, and the benchmark on the small library.
#include "index/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/json.h"
#include "index/retrieval_bench.h"
#include "index/small_library.h"
#include "index/plain_bm25.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::value_of;

TEST(RankingScores, AreOneForAPerfectRanking) {
  const RankingScores scores = score_ranking({"a", "b", "x"}, {{"a", 2}, {"b", 1}, {"c", 0}});
  EXPECT_DOUBLE_EQ(scores.ndcg10, 1);
  EXPECT_DOUBLE_EQ(scores.mrr10, 1);
  EXPECT_DOUBLE_EQ(scores.recall10, 1);
  EXPECT_DOUBLE_EQ(scores.recall100, 1);
}

TEST(RankingScores, FollowTheirDefinitions) {
  const RankingScores scores = score_ranking({"x", "b", "y", "a"}, {{"a", 2}, {"b", 1}});
  EXPECT_DOUBLE_EQ(scores.mrr10, 0.5);
  const double gain = 1 / std::log2(3) + 2 / std::log2(5), ideal = 2 + 1 / std::log2(3);
  EXPECT_DOUBLE_EQ(scores.ndcg10, gain / ideal);
}

TEST(RankingScores, EndAtTenAndAHundred) {
  std::vector<std::string> ranked(150, "x");
  ranked[10] = "a";
  ranked[99] = "b";
  ranked[100] = "c";
  const RankingScores scores = score_ranking(ranked, {{"a", 1}, {"b", 1}, {"c", 1}});
  EXPECT_DOUBLE_EQ(scores.ndcg10, 0);
  EXPECT_DOUBLE_EQ(scores.mrr10, 0);
  EXPECT_DOUBLE_EQ(scores.recall10, 0);
  EXPECT_DOUBLE_EQ(scores.recall100, 2.0 / 3);
}

TEST(RankingScores, AreZeroWithoutRelevantDocuments) {
  EXPECT_DOUBLE_EQ(score_ranking({"a"}, {{"a", 0}}).ndcg10, 0);
  EXPECT_DOUBLE_EQ(score_ranking({}, {{"a", 1}}).recall100, 0);
}

TEST(PlainBm25, PrefersRareTokensAndIgnoresCase) {
  PlainBm25 index(PlainBm25::Tokens::whitespace);
  index.add("the common word");
  index.add("the Rare word");
  index.add("the common thing");
  EXPECT_EQ(index.best("THE rare", 10), (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_TRUE(index.best("absent", 10).empty());
}

std::string line(const base::Json& value) {
  return base::dump_json(value) + "\n";
}

TEST(RetrievalTask, BadLinesAreNamed) {
  const std::string corpus = line({{"id", "d"}, {"language", "python"}, {"code", "x"}, {"description", ""}});
  const std::string queries = line({{"id", "q"}, {"text", "t"}});
  ASSERT_TRUE(read_retrieval_task(corpus, queries, "q\td\t1\n"));
  const auto message = [&](std::string_view c, std::string_view q, std::string_view r) {
    const auto task = read_retrieval_task(c, q, r);
    return task ? std::string("read") : task.error().message;
  };
  EXPECT_NE(message(corpus + "{\n", queries, "").find("corpus line 2"), std::string::npos);
  EXPECT_NE(message(corpus + corpus, queries, "").find("twice"), std::string::npos);
  EXPECT_NE(message(corpus, "[]\n", "").find("queries line 1"), std::string::npos);
  EXPECT_NE(message(corpus, "{\"id\": \"q\"}", "").find("text"), std::string::npos);
  EXPECT_NE(message(corpus, queries, "q d 1").find("qrels line 1"), std::string::npos);
  EXPECT_NE(message(corpus, queries, "q\tz\t1").find("unknown document"), std::string::npos);
  EXPECT_NE(message(corpus, queries, "z\td\t1").find("unknown query"), std::string::npos);
  EXPECT_NE(message(corpus, queries, "q\td\thigh").find("not a grade"), std::string::npos);
}

TEST(RetrievalTask, DocumentsAreReadOffTheLayoutOfTheCode) {
  const Document python = document_of(
      {"1", "python", "@cached\ndef load_user(name):\n    \"\"\"Load a user.\n\n    More.\n    \"\"\"\n    pass", ""});
  EXPECT_EQ(python.language, Language::python);
  EXPECT_EQ(python.name, "load_user");
  EXPECT_EQ(python.signature, "def load_user(name):");
  EXPECT_EQ(python.description, "Load a user.\n");
  const Document cpp = document_of({"2", "c++", "// Adds two numbers.\nint add(int a, int b) { return a + b; }", ""});
  EXPECT_EQ(cpp.name, "add");
  EXPECT_EQ(cpp.description, "Adds two numbers.\n");
  const Document java = document_of({"3", "java", "/**\n * Opens it.\n * @param x what\n */\nvoid open(X x) {}", ""});
  EXPECT_EQ(java.name, "open");
  EXPECT_EQ(java.description, "Opens it.\n");
  EXPECT_EQ(document_of({"4", "go", "", "Given."}).description, "Given.");
  EXPECT_NE(document_of({"1", "", "x", ""}).id, document_of({"2", "", "x", ""}).id);
}

TEST(RetrievalBench, RanksTheArmsOnTheSmallLibrary) {
  std::string corpus, queries, judgements;
  for (const SmallFunction& function : small_functions) {
    const std::string name = function.name;
    corpus +=
        line({{"id", name}, {"language", to_string(function.language)}, {"code", function.code}, {"description", ""}});
    queries += line({{"id", "q-" + name}, {"text", function.description}});
    judgements += "q-" + name + "\t" + name + "\t1\n";
  }
  queries += line({{"id", "unjudged"}, {"text", "nobody looked"}});
  const auto task = value_of(read_retrieval_task(corpus, queries, judgements));
  const RetrievalReport report = value_of(run_retrieval_bench(task, built_in_embedder()));
  EXPECT_EQ(report.documents, 50u);
  EXPECT_EQ(report.queries, 50u);
  EXPECT_EQ(report.unjudged, 1u);
  EXPECT_GT(report.arms.at("fused").ndcg10, 0.75);
  EXPECT_GT(report.arms.at("lexical").ndcg10, report.arms.at("bm25_whitespace").ndcg10 + 0.2);
  const auto json = value_of(base::parse_json(report.json_line(), "report"));
  EXPECT_EQ(json["bench"], "retrieval");
  for (const char* measure : {"ndcg10", "mrr10", "recall10", "recall100"})
    for (const char* arm : {"fused", "lexical", "dense", "bm25_whitespace"}) {
      EXPECT_GE(json[measure][arm].get<double>(), 0.0);
      EXPECT_LE(json[measure][arm].get<double>(), 1.0);
    }
  EXPECT_EQ(json["ndcg10"]["fused"].get<double>(), report.arms.at("fused").ndcg10);
  EXPECT_NE(report.text().find("nDCG@10"), std::string::npos);
}

// The judgements dealt to other queries: a benchmark that still reports quality measures nothing.
TEST(RetrievalBench, FallsApartWhenTheJudgementsAreShuffled) {
  std::string corpus, queries, judgements;
  const std::size_t count = std::size(small_functions);
  for (std::size_t i = 0; i < count; ++i) {
    const SmallFunction& function = small_functions[i];
    corpus += line({{"id", function.name}, {"language", "c"}, {"code", function.code}, {"description", ""}});
    queries += line({{"id", std::to_string(i)}, {"text", function.description}});
    judgements += std::to_string(i) + "\t" + small_functions[(i + 17) % count].name + "\t1\n";
  }
  const RetrievalReport report =
      value_of(run_retrieval_bench(value_of(read_retrieval_task(corpus, queries, judgements)), built_in_embedder()));
  EXPECT_LT(report.arms.at("fused").mrr10, 0.1);
}

}  // namespace
}  // namespace autodev::index
