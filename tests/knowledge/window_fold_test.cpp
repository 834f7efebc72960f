// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Windows in the store: runs of statements that recur inside of functions which otherwise differ.
#include "base/hash.h"
#include "knowledge/exchange.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/window_rows.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/memory_env.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::event_with;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

const std::string fetching =
    "        response = session.get(url, timeout=5)\n"
    "        response.raise_for_status()\n"
    "        payload = response.json()\n"
    "        cache.store(url, payload)\n";

/// Three functions that have nothing in common but what stands in the middle.
std::string importer(const std::string& run) {
  return "def import_users(session, cache, urls):\n    for url in urls:\n" + run +
         "    users = sorted(cache.values(), key=lambda user: user.joined)\n    print('imported', len(users), 'users')\n"
         "    return [user for user in users if user.active and user.mail]\n";
}
std::string warmer(const std::string& run) {
  return "def warm(session, cache, url, log):\n    if cache.is_stale(url):\n" + run +
         "    else:\n        log.debug('fresh %s', url)\n        log.count('fresh')\n    while not log.drained():\n        log.flush(limit=64)\n"
         "    raise_if(log.errors() > 3, Overload)\n";
}
std::string mirror(const std::string& run) {
  return "def mirror(session, cache, url, target):\n    with target.lock(exclusive=True):\n" + run +
         "    digest = sha256(target.read_bytes()).hexdigest()\n    target.rename(target.parent / digest[:12])\n"
         "    return {'digest': digest, 'size': target.stat().st_size, 'name': target.name}\n";
}

std::vector<CodeUnit> functions_of(const std::string& source, const std::string& path) {
  auto units = python_units(source, path);
  std::erase_if(units, [](const CodeUnit& unit) { return unit.kind == UnitKind::block; });
  return units;
}

struct Library {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;
  int number = 0;

  Library() {
    StoreOptions options;
    options.in_memory_state = true;
    store = value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
  }
  void work(const std::vector<CodeUnit>& units, const std::string& project = "shop") {
    value_of(store->append({event_with(units, Verdict::passed, EvidenceStrength::report, number++, project)}));
    value_of(store->refresh());
  }
  void work(const std::string& source, const std::string& path, const std::string& project = "shop") {
    work(functions_of(source, path), project);
  }
  [[nodiscard]] std::vector<Pattern> windows() {
    std::vector<Pattern> all;
    value_of(store->for_each_pattern([&](const Pattern& pattern) {
      if (pattern.kind == PatternKind::window) all.push_back(pattern);
      return true;
    }));
    return all;
  }
};

TEST(WindowFold, ARunOfStatementsThatIsMetAgainInAnotherFunctionBecomesAPattern) {
  Library library;
  library.work(importer(fetching), "users.py");
  EXPECT_TRUE(library.windows().empty()) << "once is not enough";
  library.work(warmer(fetching), "warm.py", "bank");
  const auto windows = library.windows();
  ASSERT_EQ(windows.size(), 1u);
  const Pattern& window = windows[0];
  EXPECT_EQ(window.name, "window: get, raise_for_status, json");
  EXPECT_EQ(window.description, "Python window of 4 statements that calls get, raise_for_status, json and store.");
  EXPECT_NE(window.implementation.find("response.raise_for_status()"), std::string::npos) << window.implementation;
  EXPECT_NE(window.implementation.find("cache.store("), std::string::npos) << window.implementation;
  EXPECT_EQ(window.evidence.instances, 2u) << "the first occurrence counts";
  EXPECT_EQ(window.evidence.tested_passes, 2u);
  EXPECT_EQ(window.context.projects, (std::vector<std::string>{"bank", "shop"}));
  EXPECT_EQ(window.events.size(), 2u);
  EXPECT_EQ(window.status, PatternStatus::probation);
}

TEST(WindowFold, ShowsTwoInstancesWithTheirPlaces) {
  Library library;
  library.work(importer(fetching), "users.py");
  library.work(warmer(fetching), "warm.py", "bank");
  const auto windows = library.windows();
  ASSERT_EQ(windows.size(), 1u);
  const auto& examples = windows[0].examples;
  ASSERT_EQ(examples.size(), 2u);
  EXPECT_EQ(examples[0].path, "users.py");
  EXPECT_EQ(examples[0].scope, "import_users");
  EXPECT_EQ(examples[0].first_line, 3u);
  EXPECT_EQ(examples[0].last_line, 6u);
  EXPECT_TRUE(examples[0].text.starts_with("response = session.get(")) << examples[0].text;
  EXPECT_EQ(examples[1].path, "warm.py");
  EXPECT_EQ(windows[0].example_projects, (std::vector<std::string>{"shop", "bank"}));
}

TEST(WindowFold, WhatDiffersBetweenItsInstancesIsAHole) {
  Library library;
  std::string other = fetching;
  other.replace(other.find("timeout=5"), 9, "timeout=30");
  library.work(importer(fetching), "users.py");
  library.work(warmer(other), "warm.py", "bank");
  library.work(mirror(fetching), "mirror.py", "blog");
  const auto windows = library.windows();
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].evidence.instances, 3u);
  ASSERT_FALSE(windows[0].holes.empty());
  std::vector<std::string> fillers;
  for (const auto& [text, times] : windows[0].holes.front().fillers) fillers.push_back(text);
  EXPECT_NE(std::find(fillers.begin(), fillers.end(), "5"), fillers.end()) << "the first instance is in the histogram";
  EXPECT_NE(std::find(fillers.begin(), fillers.end(), "30"), fillers.end());
}

TEST(WindowFold, CopiesWithinOneChangeAndVersionsOfOneFunctionAreNoSupport) {
  Library library;
  auto units = functions_of(importer(fetching), "users.py");
  for (const CodeUnit& unit : functions_of(warmer(fetching), "warm.py")) units.push_back(unit);
  library.work(units);
  EXPECT_TRUE(library.windows().empty()) << "one event is one source";
  Library versions;
  versions.work(importer(fetching), "users.py");
  std::string rewritten = mirror(fetching);
  rewritten.replace(rewritten.find("mirror("), 7, "import_users(");
  versions.work(rewritten, "users.py");
  EXPECT_TRUE(versions.windows().empty()) << "the same place again, however much of it is new";
}

TEST(WindowFold, AFunctionThatJoinsAPatternExplainsItsWindows) {
  Library library;
  library.work(importer(fetching), "users.py");
  std::string renamed = importer(fetching);
  renamed.replace(renamed.find("import_users"), 12, "import_staff");
  renamed.replace(renamed.find("user.active"), 11, "user.paid");
  library.work(renamed, "staff.py", "bank");
  EXPECT_TRUE(library.windows().empty());
}

TEST(WindowFold, AWindowInsideAnIdiomBuysNothing) {
  const auto block_of = [](const std::string& source, const std::string& path) {
    auto units = python_units(source, path);
    std::erase_if(units, [](const CodeUnit& unit) { return unit.kind != UnitKind::block; });
    return units;
  };
  Library library;
  for (const std::string path : {"a.py", "b.py", "c.py"}) library.work(block_of(importer(fetching), path));
  library.work(importer(fetching), "users.py", "bank");
  std::string looped = mirror("");
  looped.replace(looped.find("url, target"), 11, "urls, target");
  looped.replace(looped.find("    with target.lock(exclusive=True):\n"), 38, "    for url in urls:\n" + fetching);
  library.work(looped, "mirror.py", "blog");
  EXPECT_TRUE(library.windows().empty()) << "the loop around it is a pattern as a whole";
  library.work(warmer(fetching), "warm.py", "shop");
  EXPECT_EQ(library.windows().size(), 1u) << "elsewhere it is met again";
}

TEST(WindowFold, TrivialRunsMakeNoPattern) {
  const std::string storing = "        first = 1\n        second = 2\n        third = first\n        fourth = second\n";
  Library library;
  library.work(importer(storing), "users.py");
  library.work(warmer(storing), "warm.py", "bank");
  library.work(mirror(storing), "mirror.py", "blog");
  EXPECT_TRUE(library.windows().empty());
}

TEST(WindowFold, TheStateIsTheSameHoweverItIsFoldedAndInWhateverOrderItArrives) {
  std::vector<Payload> payloads;
  const std::vector<std::string> sources = {importer(fetching), warmer(fetching), mirror(fetching)};
  for (int i = 0; i < 3; ++i)
    payloads.push_back(event_with(functions_of(sources[static_cast<std::size_t>(i)], "f" + std::to_string(i) + ".py"), Verdict::passed,
                                  EvidenceStrength::report, i));
  Library one, other;
  for (const Payload& payload : payloads) {
    value_of(one.store->append({payload}));
    value_of(one.store->refresh());
  }
  value_of(other.store->append(payloads));
  value_of(other.store->refresh());
  EXPECT_EQ(one.windows().size(), 1u);
  EXPECT_EQ(one.windows(), other.windows());
  EXPECT_EQ(value_of(one.store->knowledge_digest()), value_of(other.store->knowledge_digest()));
}

TEST(WindowFold, ForgettingAnOccurrenceTakesThePatternAway) {
  Library library;
  library.work(importer(fetching), "users.py");
  const std::string before = value_of(library.store->knowledge_digest());
  library.work(warmer(fetching), "warm.py", "bank");
  ASSERT_EQ(library.windows().size(), 1u);
  Forget forget;
  forget.project = "bank";
  value_of(library.store->append({forget}));
  value_of(library.store->refresh());
  EXPECT_TRUE(library.windows().empty());
  EXPECT_EQ(value_of(library.store->knowledge_digest()), before);
}

TEST(WindowFold, IsExportedImportedAndConfirmedAsAWindow) {
  Library library;
  library.work(importer(fetching), "users.py");
  library.work(warmer(fetching), "warm.py", "bank");
  const std::string document = value_of(export_knowledge(library.env, *library.store, {}));
  Library copy;
  value_of(import_knowledge(*copy.store, document, "friends", false));
  value_of(copy.store->refresh());
  ASSERT_EQ(copy.windows().size(), 1u);
  EXPECT_EQ(copy.windows()[0].evidence.instances, 0u) << "no local trust";
  EXPECT_EQ(value_of(copy.store->totals()).patterns.window, 0u) << "and not counted as learned";
}

TEST(WindowFold, IsFoundByItsWordsAndCounted) {
  Library library;
  library.work(importer(fetching), "users.py");
  library.work(warmer(fetching), "warm.py", "bank");
  const PatternId id = library.windows().at(0).id;
  EXPECT_EQ(value_of(library.store->totals()).patterns.window, 1u);
  EXPECT_EQ(value_of(library.store->totals()).patterns.structural, 2u);
  const auto found = value_of(library.store->search("raise_for_status json store response", {}, 10));
  EXPECT_TRUE(std::any_of(found.hits.begin(), found.hits.end(), [&](const auto& hit) { return hit.id == id; }));
  EXPECT_EQ(value_of(library.store->measured_pattern(id))->reach, PatternReach::local);
}

// --- the slots

mine::WindowBands bands_from(std::uint64_t seed) {
  mine::WindowBands bands{};
  for (std::size_t i = 0; i < bands.size(); ++i) bands[i] = base::mix64(base::mix64(0x736c6f74, seed), i);
  return bands;
}

TEST(WindowSlots, FindsAWindowByTwoOfItsBandsAndNotByOne) {
  const auto kv = base::open_memory_kv();
  const auto txn = value_of(kv->begin_write());
  WindowSlots slots;
  const WindowPlace place{7, 12, 40};
  value_of(slots.put(*txn, bands_from(1), place));
  mine::WindowBands two = bands_from(2);
  two[1] = bands_from(1)[1];
  EXPECT_FALSE(value_of(slots.find(*txn, two)));
  two[3] = bands_from(1)[3];
  EXPECT_EQ(value_of(slots.find(*txn, two)), place);
}

TEST(WindowSlots, ComeBackFromTheStateAsTheyWere) {
  const auto kv = base::open_memory_kv();
  const auto txn = value_of(kv->begin_write());
  WindowSlots slots;
  for (std::uint32_t i = 1; i <= 500; ++i) value_of(slots.put(*txn, bands_from(i), {i, i, i + 20}));
  value_of(slots.flush(*txn));
  WindowSlots again;
  for (std::uint32_t i = 1; i <= 500; ++i)
    EXPECT_EQ(value_of(again.find(*txn, bands_from(i))), (WindowPlace{i, i, i + 20})) << i;
}

TEST(WindowSlots, AWindowThatCameAgainOutlastsSeveralThatDidNot) {
  const auto kv = base::open_memory_kv();
  const auto txn = value_of(kv->begin_write());
  WindowSlots slots;
  const WindowPlace held{1, 2, 30}, single{2, 2, 30};
  value_of(slots.put(*txn, bands_from(1), held));
  value_of(slots.put(*txn, bands_from(2), single));
  value_of(slots.hold(*txn, bands_from(1), held));
  // The same slots, other keys.
  const auto rival = [](std::uint64_t seed, std::uint64_t salt) {
    mine::WindowBands bands = bands_from(seed);
    for (std::uint64_t& band : bands) band ^= salt << 36;
    return bands;
  };
  value_of(slots.put(*txn, rival(1, 1), {3, 5, 25}));
  value_of(slots.put(*txn, rival(2, 1), {3, 5, 25}));
  EXPECT_EQ(value_of(slots.find(*txn, bands_from(1))), held);
  EXPECT_FALSE(value_of(slots.find(*txn, bands_from(2))));
  for (std::uint64_t i = 2; i < 10; ++i) value_of(slots.put(*txn, rival(1, i), {3 + static_cast<std::uint32_t>(i), 5, 25}));
  EXPECT_FALSE(value_of(slots.find(*txn, bands_from(1)))) << "and gives way in the end";
}

TEST(WindowSlots, DamagedPagesAreRefused) {
  WindowSlots::Page page{};
  page[3] = std::uint64_t{9} << 32 | std::uint64_t{4} << 21 | std::uint64_t{30} << 13;
  const std::string bytes = encode_window_page(page);
  EXPECT_EQ(value_of(decode_window_page(bytes)), page);
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_window_page(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decode_window_page(bytes + "x"));
  EXPECT_FALSE(decode_window_page(std::string(16, '\0'))) << "an empty page is not stored";
  std::string no_unit = bytes;
  no_unit.replace(16, 8, std::string(8, '\0'));
  EXPECT_FALSE(decode_window_page(no_unit));
}

}  // namespace
}  // namespace autodev::knowledge
