// SPDX-License-Identifier: MIT OR Apache-2.0
#include "knowledge/exchange.h"

#include <filesystem>

#include "base/json.h"
#include "knowledge/replica.h"
#include "knowledge/unit_json.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using base::Json;
using test::event_with;
using test::python_function;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

CodeUnit function(int family, int variant) { return python_units(python_function(family, variant), "src/deep/module.py")[0]; }

struct World {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;

  explicit World(std::uint64_t seed = 1) : env(1'700'000'000'000, seed), store(value_of(KnowledgeStore::open(env, folder.path(), learn::study))) {}
  void work(int family, int variant, Verdict verdict = Verdict::passed, const std::string& project = "secret-shop") {
    value_of(store->append({Payload(event_with({function(family, variant)}, verdict, EvidenceStrength::report, 10 * family + variant, project))}));
    value_of(store->refresh());
  }
  std::string exported(bool anonymise = true) { return value_of(export_knowledge(env, *store, {"0.1.0", anonymise})); }
  ImportResult import(const std::string& document, bool dry_run = false) {
    const ImportResult result = value_of(import_knowledge(*store, document, "friends", dry_run));
    value_of(store->refresh());
    return result;
  }
};

std::unique_ptr<World> filled() {
  auto world = std::make_unique<World>();
  for (int family : {0, 1, 2, 3, 5}) world->work(family, 0);
  world->work(0, 1);
  world->work(5, 3, Verdict::failed);
  return world;
}

/// Ids and exemplars of an export, without what differs by design.
Json essence(const std::string& document) {
  Json result = Json::object();
  const Json json = value_of(base::parse_json(document, "export"));
  for (const char* key : {"patterns", "anti_patterns"})
    for (const Json& entry : json[key]) result[key][entry["id"].get<std::string>()] = {entry["exemplar"], entry["name"]};
  return result;
}

TEST(Base64, RoundTripsAndRefusesOtherForms) {
  for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xff\x00\x10"})
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_EQ(to_base64("Man is"), "TWFuIGlz");
  for (const char* bad : {"a", "====", "ab=c", "abc", "ab!=", "YR==", "YQ=a"}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Exchange, AnExportComesBackTheSameThroughAnEmptyStore) {
  const auto sender = filled();
  const std::string document = sender->exported();
  World receiver(2);
  const ImportResult result = receiver.import(document);
  EXPECT_EQ(result.added, 6u);
  EXPECT_EQ(result.rejected, 0u) << (result.problems.empty() ? "" : result.problems[0]);
  EXPECT_EQ(essence(receiver.exported()), essence(document));
}

TEST(Exchange, ImportedPatternsHaveNoLocalTrust) {
  World receiver(2);
  receiver.import(filled()->exported());
  value_of(receiver.store->for_each_pattern([](const Pattern& pattern) {
    EXPECT_EQ(pattern.evidence, PatternEvidence{});
    EXPECT_EQ(pattern.status, PatternStatus::probation);
    return true;
  }));
  const auto found = value_of(receiver.store->search("retry order", {}, 5));
  EXPECT_FALSE(found.hits.empty()) << "but they are found";
}

TEST(Exchange, ImportingTwiceIsImportingOnce) {
  const std::string document = filled()->exported();
  World receiver(2);
  receiver.import(document);
  const std::string digest = value_of(receiver.store->state_digest());
  const ImportResult again = receiver.import(document);
  EXPECT_EQ(again.added, 0u);
  EXPECT_EQ(again.known, 6u);
  EXPECT_EQ(value_of(receiver.store->state_digest()), digest);
}

TEST(Exchange, ADryRunOnlyCounts) {
  World receiver(2);
  const ImportResult result = receiver.import(filled()->exported(), true);
  EXPECT_EQ(result.added, 6u);
  EXPECT_FALSE(std::filesystem::exists(receiver.folder.file("journal")));
}

TEST(Exchange, WhatIsKnownLocallyIsNotChanged) {
  World receiver(2);
  receiver.work(0, 0);
  const Pattern before = value_of(receiver.store->pattern({function(0, 0).alpha})).value();
  const ImportResult result = receiver.import(filled()->exported());
  EXPECT_EQ(result.known, 1u);
  EXPECT_EQ(value_of(receiver.store->pattern(before.id)), before);
}

TEST(Exchange, AnonymisedExportsNameNoProjectAndNoFolder) {
  const auto sender = filled();
  const std::string anonymous = sender->exported();
  EXPECT_EQ(anonymous.find("secret-shop"), std::string::npos);
  EXPECT_EQ(anonymous.find("src/deep"), std::string::npos);
  EXPECT_NE(anonymous.find("module.py"), std::string::npos);
  EXPECT_EQ(anonymous.find("assertion failed"), std::string::npos);
  const std::string open = sender->exported(false);
  EXPECT_NE(open.find("secret-shop"), std::string::npos);
  EXPECT_NE(open.find("src/deep"), std::string::npos);
}

TEST(Exchange, EqualStatesGiveEqualBytes) { EXPECT_EQ(filled()->exported(), filled()->exported()); }

TEST(Exchange, DocumentsThatAreNoExportAreRefusedAsAWhole) {
  World receiver;
  const auto code = [&](const std::string& document) {
    const auto result = import_knowledge(*receiver.store, document, "x", false);
    return result ? std::optional<ErrorCode>() : result.error().code;
  };
  EXPECT_EQ(code(""), ErrorCode::bad_data);
  EXPECT_EQ(code("[]"), ErrorCode::bad_data);
  EXPECT_EQ(code("{}"), ErrorCode::bad_data);
  EXPECT_EQ(code(R"({"format": "auto-dev.pattern/1"})"), ErrorCode::bad_data);
  EXPECT_EQ(code(R"({"format": "auto-dev.knowledge/2", "patterns": {}})"), ErrorCode::config);
  EXPECT_EQ(code(R"({"format": "auto-dev.knowledge/1", "patterns": {}})"), ErrorCode::bad_data);
  EXPECT_EQ(code(std::string(100'000, '[')), ErrorCode::bad_data);
  EXPECT_EQ(code(R"({"format": "auto-dev.knowledge/1"})"), std::nullopt);
}

TEST(Exchange, EveryTamperedEntryIsRejectedWithItsPathAndTheRestIsTaken) {
  const Json good = value_of(base::parse_json(filled()->exported(), "export"));
  struct Tampering {
    const char* path;
    std::function<void(Json& entry)> change;
  };
  const std::vector<Tampering> tamperings = {
      {".id", [](Json& e) { e["id"] = "xyz"; }},
      {".id", [](Json& e) { e["id"] = std::string(32, 'a'); }},
      {".id", [](Json& e) { e["id"] = 7; }},
      {".name", [](Json& e) { e["name"] = Json::array(); }},
      {".description", [](Json& e) { e["description"] = std::string(3000, 'x'); }},
      {".exemplar", [](Json& e) { e.erase("exemplar"); }},
      {".exemplar", [](Json& e) { e["exemplar"] = "text"; }},
      {".exemplar.language", [](Json& e) { e["exemplar"]["language"] = "cobol"; }},
      {".exemplar.tree", [](Json& e) { e["exemplar"]["language"] = "ruby"; }},
      {".exemplar.kind", [](Json& e) { e["exemplar"]["kind"] = "thing"; }},
      {".exemplar.tree", [](Json& e) { e["exemplar"]["tree"] = "!!!!"; }},
      {".exemplar.tree", [](Json& e) { e["exemplar"]["tree"] = "AAAA"; }},
      {".exemplar.tree", [](Json& e) { e["exemplar"]["text"] = "import os; os.remove('/')"; }},
      {".exemplar.tree", [](Json& e) { e["exemplar"]["text"] = std::string(5000, 'x'); }},
      {".exemplar.first_line", [](Json& e) { e["exemplar"]["first_line"] = -1; }},
      {".exemplar.imports", [](Json& e) { e["exemplar"]["imports"] = std::vector<std::string>(33, "m"); }},
      {".exemplar.imports[0]", [](Json& e) { e["exemplar"]["imports"] = {1}; }},
  };
  for (const Tampering& tampering : tamperings) {
    Json bad = good;
    tampering.change(bad["patterns"][1]);
    World receiver(2);
    const ImportResult result = receiver.import(base::dump_json(bad));
    EXPECT_EQ(result.rejected, 1u) << tampering.path;
    EXPECT_EQ(result.added, 5u) << tampering.path;
    ASSERT_EQ(result.problems.size(), 1u) << tampering.path;
    EXPECT_EQ(result.problems[0].find("$.patterns[1]" + std::string(tampering.path) + ":"), 0u) << result.problems[0];
  }
}

TEST(Exchange, EscapeSequencesOfAnImportDoNotReachTheTerminal) {
  Json document = value_of(base::parse_json(filled()->exported(), "export"));
  document["patterns"][0]["name"] = "nice\x1b[2J name";
  World receiver(2);
  receiver.import(base::dump_json(document));
  bool found = false;
  value_of(receiver.store->for_each_pattern([&](const Pattern& pattern) {
    EXPECT_EQ(pattern.name.find('\x1b'), std::string::npos);
    found = found || pattern.name.find("nice") == 0;
    return true;
  }));
  EXPECT_TRUE(found);
}

TEST(Merge, TwoCopiesKnowTheSameAfterMergingBothWays) {
  World a(1), b(2);
  for (int family : {0, 1, 2}) a.work(family, 0);
  for (int family : {2, 3, 5}) b.work(family, 1);
  const MergeResult into_a = value_of(merge_journal(a.env, a.folder.path(), b.folder.path()));
  EXPECT_EQ(into_a.replicas, 1u);
  EXPECT_EQ(into_a.segments, 1u);
  EXPECT_EQ(into_a.records, 3u);
  EXPECT_TRUE(into_a.problems.empty());
  value_of(merge_journal(b.env, b.folder.path(), a.folder.file("journal")));
  value_of(a.store->refresh());
  value_of(b.store->refresh());
  EXPECT_EQ(value_of(a.store->state_digest()), value_of(b.store->state_digest()));
  EXPECT_TRUE(value_of(a.store->pattern({function(5, 1).alpha})));
  const MergeResult again = value_of(merge_journal(a.env, a.folder.path(), b.folder.path()));
  EXPECT_EQ(again.segments, 0u);
  EXPECT_EQ(again.records, 0u);
  b.work(1, 4);
  EXPECT_EQ(value_of(merge_journal(a.env, a.folder.path(), b.folder.path())).records, 1u) << "segments are continued";
}

TEST(Merge, ATornTailDoesNotTravel) {
  World a(1), b(2);
  a.work(0, 0);
  b.work(1, 0);
  b.work(2, 0);
  const std::string replica = value_of(find_replica(b.env, b.folder.file("journal")))->hex();
  const std::string segment = b.folder.file("journal/" + replica + "/00000001.log");
  const std::string bytes = test::file_bytes(segment);
  test::set_file_bytes(segment, bytes.substr(0, bytes.size() - 9));
  EXPECT_EQ(value_of(merge_journal(a.env, a.folder.path(), b.folder.path())).records, 1u);
  test::set_file_bytes(segment, bytes);
  EXPECT_EQ(value_of(merge_journal(a.env, a.folder.path(), b.folder.path())).records, 1u);
  EXPECT_EQ(test::file_bytes(a.folder.file("journal/" + replica + "/00000001.log")), bytes);
}

TEST(Merge, ContradictingSegmentsAreLeftOutAndReported) {
  World a(1), b(2);
  b.work(0, 0);
  value_of(merge_journal(a.env, a.folder.path(), b.folder.path()));
  const std::string replica = value_of(find_replica(b.env, b.folder.file("journal")))->hex();
  TemporaryFolder other;
  World twin(2);  // the same chance, hence the same replica id, but another history
  twin.work(1, 1);
  ASSERT_EQ(value_of(find_replica(twin.env, twin.folder.file("journal")))->hex(), replica);
  const MergeResult result = value_of(merge_journal(a.env, a.folder.path(), twin.folder.path()));
  EXPECT_EQ(result.segments, 0u);
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_NE(result.problems[0].find("differ"), std::string::npos);
}

TEST(Merge, AFolderWithoutAJournalIsNamed) {
  World a(1);
  TemporaryFolder empty;
  const auto result = merge_journal(a.env, a.folder.path(), empty.path());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::no_input);
  EXPECT_NE(result.error().message.find(empty.path()), std::string::npos);
}

}  // namespace
}  // namespace autodev::knowledge
