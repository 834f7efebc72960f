// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Windows and recommendations on real source: what is found again, what is advised, and what is not.
#include "mine/recommendation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mine/mining_library.h"
#include "mine/real_code.h"

namespace autodev::mine {
namespace {

using test::functions_of;
using test::tree_of;

/// Three functions of one kind, and one of another.
constexpr std::string_view closing = R"(
def read_users(path, limit):
    handle = open(path)
    rows = parse(handle.read())
    handle.close()
    log.info("rows", len(rows))
    return rows[:limit]

def read_orders(path, limit):
    source = open(path)
    orders = parse(source.read())
    source.close()
    log.info("orders", len(orders))
    return orders[:limit]

def read_items(path, most):
    stream = open(path)
    items = parse(stream.read())
    stream.close()
    log.info("items", len(items))
    return items[:most]

def is_weekend(day):
    if day.weekday() >= 5:
        return True
    return day in HOLIDAYS
)";

/// The run in the middle stands in two functions that share nothing else.
constexpr std::string_view embedded = R"(
def save(record, pool, sql):
    if record is None:
        raise ValueError("nothing to save")
    with record.lock:
        record.pending += 1
    connection = pool.acquire(timeout=5)
    cursor = connection.cursor()
    cursor.execute(sql, record.values())
    connection.commit()
    pool.release(connection)
    return record.key

def purge(names, pool, sql):
    total = 0
    for name in sorted(names, key=len, reverse=True):
        total += len(name)
        print("purging", name, total)
    connection = pool.acquire(timeout=5)
    cursor = connection.cursor()
    cursor.execute(sql, names.values())
    connection.commit()
    pool.release(connection)
    assert total > 0, "nothing purged"
)";

void fill(MiningLibrary& library, std::string_view source, std::string_view prefix) {
  std::size_t number = 0;
  for (const CodeUnit& unit : functions_of(source, "a.py"))
    library.add(unit, library.project(std::string(prefix) + std::to_string(number++)));
  library.settle();
}

TEST(Recommendation, AdvisesTheStatementsThatOthersHaveBesides) {
  MiningLibrary library;
  fill(library, closing, "p");
  const auto query = functions_of(R"(
def read_carts(path, limit):
    handle = open(path)
    carts = parse(handle.read())
    log.info("carts", len(carts))
    return carts[:limit]
)",
                                  "q.py")[0];
  const auto answers = recommend(library, tree_of(query), query.text, 3);
  ASSERT_FALSE(answers.empty());
  EXPECT_EQ(library.cluster(answers[0].cluster).size, 3u);
  EXPECT_GT(answers[0].similarity, 0.4);
  EXPECT_GT(answers[0].covered, answers[0].similarity);
  ASSERT_EQ(answers[0].missing.size(), 1u);
  EXPECT_NE(answers[0].missing[0].find(".close()"), std::string::npos) << answers[0].missing[0];
  EXPECT_NE(answers[0].pruned.find("open(path)"), std::string::npos);
  EXPECT_EQ(answers[0].pruned.find("close()"), std::string::npos);
}

TEST(Recommendation, CompleteCodeGetsNoAdvice) {
  MiningLibrary library;
  fill(library, closing, "p");
  const auto query = functions_of(closing, "q.py")[1];
  const auto answers = recommend(library, tree_of(query), query.text, 3);
  ASSERT_FALSE(answers.empty());
  EXPECT_GT(answers[0].covered, 0.8);
  EXPECT_TRUE(answers[0].missing.empty());
}

TEST(Recommendation, OtherCodeAndEmptyQueriesGetNoAnswer) {
  MiningLibrary library;
  fill(library, closing, "p");
  const auto other = functions_of(
      "def area(radius, scale):\n    value = 3.14159 * radius ** 2\n    value = value / scale\n    return round(value, "
      "2)\n",
      "q.py")[0];
  for (const auto& answer : recommend(library, tree_of(other), other.text, 3)) EXPECT_LT(answer.similarity, 0.3);
  EXPECT_TRUE(recommend(library, syntax::Nast{}, "", 3).empty());
  EXPECT_TRUE(recommend(library, tree_of(other), "", 3).empty()) << "ranges outside of the text";
  EXPECT_TRUE(recommend(MiningLibrary(), tree_of(other), other.text, 3).empty());
}

TEST(Recommendation, AnswersAreBoundedAndTheSameEveryTime) {
  MiningLibrary library;
  fill(library, closing, "p");
  const auto query = functions_of(closing, "q.py")[0];
  EXPECT_EQ(recommend(library, tree_of(query), query.text, 1).size(), 1u);
  const auto first = recommend(library, tree_of(query), query.text, 8),
             second = recommend(library, tree_of(query), query.text, 8);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].cluster, second[i].cluster);
}

TEST(Windows, ARunOfStatementsInsideOtherwiseDifferentFunctionsIsACluster) {
  MiningLibrary library;
  fill(library, embedded, "p");
  EXPECT_EQ(library.clusters(), 2u) << "as functions they are unlike";
  ASSERT_GT(library.window_clusters(), 0u);
  bool found = false;
  for (std::uint32_t c = 0; c < library.window_clusters(); ++c) {
    const auto cluster = library.window_cluster(c);
    const std::string text = render(library.template_of_window_cluster(c));
    found = found || (cluster.projects.size() == 2 && text.find("cursor = connection.cursor()") != std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST(Windows, FollowTheTextOfTheirUnitWhenACopyWithAnotherLayoutTakesItsPlace) {
  MiningLibrary library;
  fill(library, embedded, "p");
  const std::uint32_t before = library.window_clusters();
  std::string airy(embedded);  // blank lines sort before indented ones
  for (std::size_t at = airy.find(":\n"); at != std::string::npos; at = airy.find(":\n", at + 3))
    airy.insert(at + 2, "\n\n");
  for (const CodeUnit& unit : functions_of(airy, "b.py"))
    EXPECT_EQ(library.add(unit, library.project("q")), Added::copy);
  EXPECT_NE(library.unit(0).text, functions_of(embedded, "a.py")[0].text);
  ASSERT_EQ(library.window_clusters(), before);
  for (std::uint32_t c = 0; c < before; ++c) {
    const Template shape = library.template_of_window_cluster(c);
    for (const auto& node : shape.tree.nodes) ASSERT_LE(node.end, shape.text.size());
    for (const std::uint32_t member : library.window_cluster(c).members) {
      const LibraryWindow& row = library.window(member);
      const ItemTree cut = cut_window(library.tree_of(row.unit), library.text_of(row.unit), row.first, row.end);
      EXPECT_TRUE(match(shape, cut.tree, cut.text));
    }
  }
}

TEST(Windows, OfOneFunctionAloneAreNoCluster) {
  MiningLibrary library;
  library.add(functions_of(embedded, "a.py")[0], library.project("p"));
  EXPECT_GT(library.windows(), 0u);
  EXPECT_EQ(library.window_clusters(), 0u);
}

TEST(Windows, AreCutAsTreesOfTheirOwn) {
  const auto unit = functions_of(embedded, "a.py")[0];
  const auto tree = tree_of(unit);
  const auto windows = windows_of(tree, placed_features(tree));
  ASSERT_FALSE(windows.empty());
  for (const Window& window : windows) {
    EXPECT_GE(window.statements, min_window_statements);
    EXPECT_LE(window.statements, max_window_statements);
    const ItemTree cut = cut_window(tree, unit.text, window.first, window.end);
    ASSERT_EQ(cut.tree.nodes[0].size, cut.tree.nodes.size());
    EXPECT_EQ(cut.tree.nodes[0].end, cut.text.size());
    EXPECT_EQ(syntax::decode_nast(syntax::encode_nast(cut.tree)).value(), cut.tree);
    EXPECT_NE(unit.text.find(cut.text), std::string::npos);
  }
}

TEST(Windows, OfHugeOrEmptyTreesAreNone) {
  EXPECT_TRUE(windows_of(syntax::Nast{}, placed_features(syntax::Nast{})).empty());
  std::string source = "def f(x):\n";
  for (int i = 0; i < 1'000; ++i) source += "    x.call(" + std::to_string(i) + ", x)\n";
  const auto tree = tree_of(functions_of(source, "a.py")[0]);
  EXPECT_GT(tree.nodes.size(), max_windowed_nodes);
  EXPECT_TRUE(windows_of(tree, placed_features(tree)).empty());
}

TEST(FeatureWeights, WhatIsRareTellsMore) {
  FeatureWeights weights;
  EXPECT_EQ(weights.weight_of(1), 0);
  const std::uint64_t common = std::uint64_t{1} << 50, rare = std::uint64_t{2} << 50, unseen = std::uint64_t{3} << 50;
  for (int i = 0; i < 1'000; ++i) weights.add({common});
  weights.add({rare});
  EXPECT_LT(weights.weight_of(common), 0.2);
  EXPECT_NEAR(weights.weight_of(rare), 8.97, 0.2);
  EXPECT_NEAR(weights.weight_of(unseen), 9.97, 0.2);
}

}  // namespace
}  // namespace autodev::mine
