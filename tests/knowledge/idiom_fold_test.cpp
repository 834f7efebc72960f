// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Idioms in the store: fragments of blocks are counted until they have shown to recur, then they are patterns.
#include <algorithm>

#include "knowledge/knowledge_store.h"
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
  [[nodiscard]] std::vector<Pattern> idioms() {
    std::vector<Pattern> all;
    value_of(store->for_each_pattern([&](const Pattern& pattern) {
      if (pattern.kind == PatternKind::idiom) all.push_back(pattern);
      return true;
    }));
    return all;
  }
};

/// A function whose only block opens a file for writing; `body` is what is done with it.
std::vector<CodeUnit> writing(const std::string& name, const std::string& body) {
  auto units = python_units("def " + name + "(path, rows):\n    with open(path + '." + name +
                                "', 'w', encoding='utf-8') as out:\n" + body + "    return rows\n",
                            name + ".py");
  std::erase_if(units,
                [](const CodeUnit& unit) { return unit.kind != UnitKind::block || !unit.text.starts_with("with"); });
  return units;
}

const std::string printing = "        for row in rows:\n            print(row.text(), row.id, file=out)\n";
const std::string dumping = "        dump(rows, out, indent=2, sort_keys=True)\n        out.flush()\n";
const std::string joining = "        out.write(', '.join(rows))\n        out.write('end of file')\n";

TEST(IdiomFold, AFragmentThatRecursInOtherwiseDifferentBlocksBecomesAnIdiom) {
  Library library;
  ASSERT_EQ(writing("alpha", printing).size(), 1u);
  library.work(writing("alpha", printing));
  library.work(writing("beta", dumping));
  EXPECT_TRUE(library.idioms().empty()) << "two places are not enough";
  library.work(writing("gamma", joining));
  const auto idioms = library.idioms();
  ASSERT_EQ(idioms.size(), 1u);
  EXPECT_EQ(idioms[0].name, "with calling open");
  EXPECT_EQ(idioms[0].implementation, "with open($path, $2, encoding=$utf) as out:\n        $$$4");
  EXPECT_EQ(idioms[0].description, "Python statement that enters the context open; varies in 4 places.");
  EXPECT_EQ(idioms[0].evidence.instances, 3u) << "what was counted before is not lost";
  EXPECT_EQ(idioms[0].events.size(), 3u);
  EXPECT_EQ(idioms[0].status, PatternStatus::probation);
}

TEST(IdiomFold, LaterBlocksJoinItAndShowASecondInstance) {
  Library library;
  library.work(writing("alpha", printing));
  library.work(writing("beta", dumping));
  library.work(writing("gamma", joining));
  library.work(writing("delta", "        out.write(render(rows))\n        log.info(path)\n"), "bank");
  const auto idioms = library.idioms();
  ASSERT_EQ(idioms.size(), 1u);
  EXPECT_EQ(idioms[0].evidence.instances, 4u);
  EXPECT_EQ(idioms[0].evidence.projects, 2u);
  ASSERT_EQ(idioms[0].examples.size(), 2u);
  EXPECT_NE(idioms[0].examples[0].path, idioms[0].examples[1].path);
  ASSERT_FALSE(idioms[0].holes.empty());
  EXPECT_EQ(idioms[0].holes[0].distinct, 4u) << "what stood there before it was a pattern is in the histogram";
}

TEST(IdiomFold, TheOccurrencesThatMadeAPatternAreInItsHistogramAndAmongItsInstances) {
  Library library;
  library.work(writing("alpha", printing));
  library.work(writing("beta", dumping));
  library.work(writing("gamma", joining), "bank");
  const auto idioms = library.idioms();
  ASSERT_EQ(idioms.size(), 1u);
  ASSERT_FALSE(idioms[0].holes.empty());
  std::vector<std::string> fillers;
  for (const auto& [text, times] : idioms[0].holes[0].fillers) fillers.push_back(text);
  std::sort(fillers.begin(), fillers.end());
  EXPECT_EQ(fillers, (std::vector<std::string>{"path + '.alpha'", "path + '.beta'", "path + '.gamma'"}));
  ASSERT_EQ(idioms[0].examples.size(), 2u);
  EXPECT_EQ(idioms[0].examples[1].path, "alpha.py");
  EXPECT_EQ(idioms[0].example_projects, (std::vector<std::string>{"bank", "shop"}));
}

TEST(IdiomFold, ABlockThatWasMetWithOtherLiteralsBeforeItWasAPatternHasThemInAHole) {
  Library library;
  for (const std::string name : {"alpha", "beta", "gamma"}) {
    auto units = writing(name, printing);
    library.work(units);
  }
  const auto idioms = library.idioms();
  ASSERT_EQ(idioms.size(), 1u);
  ASSERT_FALSE(idioms[0].holes.empty()) << idioms[0].implementation;
  EXPECT_EQ(idioms[0].holes[0].distinct, 3u) << "'.alpha', '.beta' and '.gamma'";
}

TEST(IdiomFold, CopiesWithinOneChangeAreNoSupport) {
  Library library;
  auto units = writing("alpha", printing);
  for (const auto& more : {writing("beta", dumping), writing("gamma", joining)})
    units.insert(units.end(), more.begin(), more.end());
  library.work(units);
  EXPECT_TRUE(library.idioms().empty()) << "one event is one source";
}

TEST(IdiomFold, ABlockThatRecursAsAWholeIsThePatternAndNotItsFragments) {
  Library library;
  for (const std::string name : {"alpha", "beta", "gamma", "delta"}) library.work(writing(name, printing));
  const auto idioms = library.idioms();
  ASSERT_EQ(idioms.size(), 1u);
  EXPECT_EQ(idioms[0].implementation.find("$$$"), std::string::npos) << idioms[0].implementation;
}

TEST(IdiomFold, TheStateIsTheSameHoweverItIsFolded) {
  Library one, other;
  const std::vector<std::vector<CodeUnit>> work = {writing("alpha", printing), writing("beta", dumping),
                                                   writing("gamma", joining)};
  std::vector<Payload> payloads;
  for (int i = 0; i < 3; ++i)
    payloads.push_back(event_with(work[static_cast<std::size_t>(i)], Verdict::passed, EvidenceStrength::report, i));
  for (const Payload& payload : payloads) {
    value_of(one.store->append({payload}));
    value_of(one.store->refresh());
  }
  value_of(other.store->append(payloads));
  value_of(other.store->refresh());
  EXPECT_EQ(one.idioms(), other.idioms());
  EXPECT_EQ(one.idioms().size(), 1u);
}

}  // namespace
}  // namespace autodev::knowledge
