// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What counts besides words and vectors: what came of a pattern, whether its source is there, how it is built, and one entry for
// forms of one thing.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "autodev/learning_system.h"
#include "support/support.h"

namespace autodev {
namespace {

using test::TemporaryFolder;
using test::value_of;

constexpr const char* split_rows = R"(def split_rows(text, separator):
    """Split text into rows of stripped cells."""
    rows = []
    for line in text.splitlines():
        rows.append([cell.strip() for cell in line.split(separator)])
    return rows
)";
/// The same under other names: no word of it is a word of split_rows but for the methods it calls.
constexpr const char* renamed_split_rows = R"(def shout(things, mark):
    table = []
    for piece in things.splitlines():
        table.append([bit.strip() for bit in piece.split(mark)])
    return table
)";
constexpr const char* count_words = R"(def count_words(path):
    """Count how often each word occurs in a file."""
    counts = {}
    with open(path) as file:
        for word in file.read().split():
            counts[word] = counts.get(word, 0) + 1
    return counts
)";
constexpr const char* unlike_anything = R"(def handshake(peer, key, nonce):
    if not peer.open:
        raise ConnectionError(peer)
    peer.send(key ^ nonce)
    while peer.waiting():
        peer.poll()
    assert peer.recv() == nonce
)";

class Ranking : public testing::Test {
 protected:
  Ranking() { std::filesystem::create_directories(folder_.file(".git")); }

  std::unique_ptr<LearningSystem> open() {
    LearningOptions options;
    options.folder = folder_.file(".auto-dev");
    options.project = "ranked";
    options.parse_worker = folder_.file("no-such-worker");
    return value_of(LearningSystem::open(options));
  }

  void learn(LearningSystem& system, const std::string& path, const std::string& code, bool passed = true) {
    LearningEvent event;
    event.event_type = passed ? LearningEventType::test_passed : LearningEventType::test_failed;
    event.source = "test";
    event.specification.text = "task of " + path;
    event.implementation.files.push_back({path, std::nullopt, code});
    event.outcome.verdict = passed ? Verdict::passed : Verdict::failed;
    event.outcome.strength = EvidenceStrength::report;
    event.outcome.tests_passed = passed ? 1 : 0;
    value_of(system.learn(event));
    write(path, code);
  }

  void learn_readers(LearningSystem& system);

  void write(const std::string& path, const std::string& text) { std::ofstream(folder_.file(path)) << text; }

  SimilarPatterns find(LearningSystem& system, const std::string& words, const SearchConditions& conditions = {}) {
    Specification wanted;
    wanted.text = words;
    return value_of(system.knowledge().find_similar_patterns(wanted, conditions));
  }

  TemporaryFolder folder_;
};

SearchConditions like(const std::string& path, const std::string& code) {
  SearchConditions conditions;
  conditions.like = FileChange{path, std::nullopt, code};
  return conditions;
}

TEST_F(Ranking, TheTermsOfAScoreMakeTheScore) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  learn(*system, "words.py", count_words);
  const SimilarPatterns found = find(*system, "split text into rows");
  ASSERT_FALSE(found.hits.empty());
  for (const SimilarPattern& hit : found) {
    EXPECT_NEAR(hit.score, hit.text * hit.success_factor * hit.source_factor, 1e-12);
    EXPECT_NEAR(hit.text, hit.lexical_part + hit.dense_part, 1e-12);
    EXPECT_FALSE(hit.structure.has_value());
  }
}

TEST_F(Ranking, WhatPeopleRejectedCountsLessThanWhatHelped) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  const PatternId id = find(*system, "split text into rows").hits.at(0).pattern.id;
  const double before = find(*system, "split text into rows").hits.at(0).success_factor;
  value_of(system->knowledge().feedback(id, "helped"));
  const double helped = find(*system, "split text into rows").hits.at(0).success_factor;
  EXPECT_GT(helped, before);
  for (int i = 0; i < 4; ++i) value_of(system->knowledge().feedback(id, "irrelevant"));
  const SimilarPatterns found = find(*system, "split text into rows");
  if (!found.hits.empty()) {
    EXPECT_LT(found.hits.front().success_factor, before);
    EXPECT_GE(found.hits.front().success_factor, 0.9);
  }
}

TEST_F(Ranking, CodeThatIsGoneIsSaidAndCountsLess) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  EXPECT_EQ(find(*system, "split text into rows").hits.at(0).gone, "");
  EXPECT_EQ(find(*system, "split text into rows").hits.at(0).source_factor, 1.0);
  write("rows.py", "def split_rows_of_tables(): pass\n");  // a longer name is another name
  const SimilarPatterns renamed = find(*system, "split text into rows");
  EXPECT_EQ(renamed.hits.at(0).gone, "split_rows in rows.py");
  EXPECT_LT(renamed.hits.at(0).source_factor, 1.0);
  std::filesystem::remove(folder_.file("rows.py"));
  EXPECT_EQ(find(*system, "split text into rows").hits.at(0).gone, "rows.py");
}

TEST_F(Ranking, PathsThatLeaveTheProjectAreNotLookedAt) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  LearningEvent event;
  event.event_type = LearningEventType::test_passed;
  event.source = "test";
  event.specification.text = "count";
  event.implementation.files.push_back({"../../outside/words.py", std::nullopt, count_words});
  event.outcome.verdict = Verdict::passed;
  event.outcome.strength = EvidenceStrength::report;
  event.outcome.tests_passed = 1;
  if (!system->learn(event)) return;  // refused at the door is as good
  for (const SimilarPattern& hit : find(*system, "count how often each word occurs")) EXPECT_EQ(hit.gone, "") << hit.pattern.name;
}

TEST_F(Ranking, CodeFindsWhatIsBuiltLikeItUnderOtherNames) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  learn(*system, "words.py", count_words);
  const SimilarPatterns found = find(*system, "", like("query.py", renamed_split_rows));
  ASSERT_FALSE(found.hits.empty()) << found.reason;
  EXPECT_EQ(found.hits.front().pattern.name, "split_rows");
  ASSERT_TRUE(found.hits.front().structure.has_value());
  EXPECT_GE(*found.hits.front().structure, 0.7);
  EXPECT_NEAR(found.hits.front().score, (found.hits.front().text + *found.hits.front().structure) / 2 * found.hits.front().success_factor, 1e-12);
}

TEST_F(Ranking, CodeThatNothingIsLikeFindsNothing) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  const SimilarPatterns found = find(*system, "", like("query.py", unlike_anything));
  EXPECT_TRUE(found.hits.empty());
  EXPECT_NE(found.reason.find("structure"), std::string::npos) << found.reason;
}

TEST_F(Ranking, CodeWithoutAStatementIsAUsageError) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  for (const auto& [path, code] : {std::pair("query.py", "# nothing\n"), std::pair("query.py", ""), std::pair("query.txt", "text"), std::pair("query.py", "def (((\n")}) {
    const auto found = system->knowledge().find_similar_patterns({}, like(path, code));
    ASSERT_FALSE(found.has_value()) << path;
    EXPECT_EQ(found.error().code, ErrorCode::usage);
  }
}

TEST_F(Ranking, AMethodAndTheClassAroundItAreOneEntry) {
  auto system = open();
  learn(*system, "table.py", R"(class RowTable:
    """Rows of cells."""

    def split_rows(self, text, separator):
        """Split text into rows of stripped cells."""
        rows = []
        for line in text.splitlines():
            rows.append([cell.strip() for cell in line.split(separator)])
        return rows
)");
  const SimilarPatterns found = find(*system, "split text into rows of cells");
  ASSERT_EQ(found.hits.size(), 1U);
  ASSERT_EQ(found.hits.front().forms.size(), 1U);
  EXPECT_NE(found.hits.front().forms.front(), found.hits.front().pattern.id);
}

TEST_F(Ranking, TheSharesOfTheCosineAddUpToIt) {
  auto system = open();
  learn(*system, "rows.py", split_rows);
  SearchConditions conditions;
  conditions.explain = true;
  const SimilarPatterns found = find(*system, "split text into rows", conditions);
  ASSERT_FALSE(found.hits.empty());
  const SimilarPattern& hit = found.hits.front();
  ASSERT_FALSE(hit.vectors.empty());
  double sum = 0;
  for (const VectorShare& share : hit.vectors) sum += share.share;
  EXPECT_NEAR(sum, hit.dense, 0.02);  // vectors are kept in 8 bits
  EXPECT_TRUE(find(*system, "split text into rows").hits.front().vectors.empty());
}

/// Three readers of a kind: each closes what it opened.
constexpr const char* readers[] = {R"(def read_users(path, limit):
    handle = open(path)
    rows = parse(handle.read())
    handle.close()
    log.info("rows", len(rows))
    return rows[:limit]
)",
                                   R"(def read_orders(path, limit):
    source = open(path)
    orders = parse(source.read(), strict=True)
    source.close()
    log.info("orders", len(orders))
    return orders[:limit]
)",
                                   R"(def read_items(path, most):
    stream = open(path)
    items = parse(stream.read())
    stream.close()
    log.info("items", len(items))
    return sorted(items)[:most]
)"};
constexpr const char* without_close = R"(def read_carts(path, limit):
    handle = open(path)
    carts = parse(handle.read())
    log.info("carts", len(carts))
    return carts[:limit]
)";

void Ranking::learn_readers(LearningSystem& system) {
  for (std::size_t i = 0; i < std::size(readers); ++i) learn(system, "reader" + std::to_string(i) + ".py", readers[i]);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_F(Ranking, CodeIsToldWhatOthersOfItsKindHaveBesides) {
  auto system = open();
  learn_readers(*system);
  const SimilarPattern hit = find(*system, "", like("carts.py", without_close)).hits.at(0);
  ASSERT_GE(hit.pattern.evidence.instances, 3u);
  ASSERT_TRUE(hit.common.has_value());
  EXPECT_GT(*hit.common, 0.3);
  EXPECT_LT(*hit.common, 1);
  EXPECT_NE(hit.overlap.find("open(path)"), std::string::npos) << hit.overlap;
  EXPECT_EQ(hit.overlap.find("close"), std::string::npos) << "what the code lacks is not in common: " << hit.overlap;
  EXPECT_NE(joined(hit.missing).find(".close()"), std::string::npos) << joined(hit.missing);
}

TEST_F(Ranking, NothingIsAdvisedThatTheCodeHasOrThatOneInstanceAloneHas) {
  auto system = open();
  learn_readers(*system);
  learn(*system, "words.py", count_words);
  const std::string complete = std::string(without_close).replace(std::string(without_close).find("    log"), 0, "    handle.close()\n");
  const SimilarPattern hit = find(*system, "", like("carts.py", complete)).hits.at(0);
  EXPECT_EQ(joined(hit.missing).find("close"), std::string::npos) << joined(hit.missing);
  SearchConditions alone = like("words.py", count_words);
  const SimilarPattern single = find(*system, "", alone).hits.at(0);
  EXPECT_EQ(single.pattern.name, "count_words");
  EXPECT_NEAR(single.common.value_or(0), 1, 1e-9) << "the same code has everything in common";
  EXPECT_TRUE(single.missing.empty());
  EXPECT_FALSE(find(*system, "read users").hits.at(0).common.has_value()) << "without code there is nothing to compare";
}

TEST_F(Ranking, StatementsWithoutAFunctionAreEnough) {
  auto system = open();
  learn_readers(*system);
  const std::string statements = "handle = open(path)\ncarts = parse(handle.read())\nlog.info(\"carts\", len(carts))\nreturn carts[:limit]\n";
  const SimilarPattern hit = find(*system, "", like("snippet.py", statements)).hits.at(0);
  EXPECT_NE(joined(hit.missing).find(".close()"), std::string::npos) << joined(hit.missing);
  Specification wanted;
  EXPECT_FALSE(system->knowledge().find_similar_patterns(wanted, like("notes.txt", statements)).has_value()) << "no language, no statements";
}

TEST_F(Ranking, PatternsCanBeAskedForByTheirKind) {
  auto system = open();
  for (const char* file : {"a.py", "b.py", "c.py", "d.py"})
    learn(*system, file, std::string("def load_") + file[0] + "(path):\n    with open(path) as " + file[0] + file[0] + ":\n        return " + file[0] + "_parse(" +
                             file[0] + file[0] + ".read(), \"" + file + "\", " + std::string(1, file[0]) + ")\n");
  SearchConditions conditions;
  conditions.even_if_unlikely = true;
  for (const PatternKind kind : {PatternKind::structural, PatternKind::behavioural}) {
    conditions.pattern = kind;
    const SimilarPatterns found = find(*system, "load: open and read a path", conditions);
    ASSERT_FALSE(found.hits.empty()) << to_string(kind);
    for (const SimilarPattern& hit : found) EXPECT_EQ(hit.pattern.kind, kind);
  }
}

TEST_F(Ranking, WhatSaysLittleIsMarked) {
  auto system = open();
  learn(*system, "reader.py", "class Reader:\n    def get_size(self):\n        return self.size\n");
  learn(*system, "words.py", count_words);
  SearchConditions conditions;
  conditions.even_if_unlikely = true;
  std::size_t trivial = 0;
  for (const SimilarPattern& hit : find(*system, "get size or count words", conditions)) {
    const bool says_little = hit.pattern.unkept.starts_with("trivial");
    EXPECT_EQ(says_little, hit.pattern.name == "get_size") << hit.pattern.name << ": " << hit.pattern.unkept;
    trivial += says_little;
  }
  EXPECT_EQ(trivial, 1u);
}

}  // namespace
}  // namespace autodev
