// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the store says a pattern is worth: the grammar background is part of the folded state, gain and the decision to
// keep are measured against it, relatives are found from the leaders.
#include <gtest/gtest.h>

#include <algorithm>

#include "knowledge/background_rows.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "support/learned_code.h"
#include "support/support.h"

namespace autodev::knowledge {
namespace {

using test::event_with;
using test::python_function;
using test::python_units;
using test::SteppedEnv;
using test::TemporaryFolder;
using test::value_of;

struct Knowledge {
  TemporaryFolder folder;
  SteppedEnv env;
  std::unique_ptr<KnowledgeStore> store;
  int number = 0;

  Knowledge() {
    StoreOptions options;
    options.in_memory_state = true;
    store = value_of(KnowledgeStore::open(env, folder.path(), learn::study, options));
  }
  void work(const std::string& source, const std::string& project) {
    value_of(store->append(
        {event_with(python_units(source), Verdict::passed, EvidenceStrength::history, number++, project)}));
    value_of(store->refresh());
  }
  [[nodiscard]] Pattern pattern(const std::string& source) {
    return value_of(store->measured_pattern({python_units(source).at(0).alpha})).value();
  }
};

TEST(Kept, APatternIsKeptWhenItsProjectsMakeItsGainPositive) {
  Knowledge knowledge;
  knowledge.work(python_function(2, 0), "shop");
  EXPECT_LT(knowledge.pattern(python_function(2, 0)).gain.total, 0);
  EXPECT_EQ(knowledge.pattern(python_function(2, 0)).unkept.substr(0, 7), "seldom:");
  knowledge.work(python_function(2, 1), "bank");
  knowledge.work(python_function(2, 2), "blog");
  const Pattern pattern = knowledge.pattern(python_function(2, 0));
  EXPECT_EQ(pattern.evidence.projects, 3u);
  EXPECT_EQ(pattern.gain.occurrences, 3u);
  EXPECT_GT(pattern.gain.total, 0);
  EXPECT_EQ(pattern.unkept, "");
}

TEST(Kept, CopiesInOneProjectBuyNothing) {
  Knowledge knowledge;
  for (int i = 0; i < 9; ++i) knowledge.work(python_function(2, 0), "shop");
  const Pattern pattern = knowledge.pattern(python_function(2, 0));
  EXPECT_EQ(pattern.evidence.instances, 9u);
  EXPECT_EQ(pattern.gain.occurrences, 1u);
  EXPECT_LT(pattern.gain.total, 0);
}

TEST(Kept, ATrivialPatternStaysOutHoweverManyProjectsHaveIt) {
  Knowledge knowledge;
  const std::string getter = "def latest(self):\n    return self.connection.latest_cursor\n";
  for (const char* project : {"shop", "bank", "blog", "mail"}) knowledge.work(getter, project);
  EXPECT_EQ(knowledge.pattern(getter).unkept.substr(0, 8), "trivial:");
}

TEST(Kept, WhatIsUsualCostsTheLessTheMoreOfItIsKnown) {
  const std::string source =
      "def load(path):\n    rows = decode(fetch(path))\n    log.info(path)\n    return check(rows, path)\n";
  Knowledge knowledge;
  knowledge.work(source, "shop");
  const auto before = knowledge.pattern(source).gain.fragment;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i);
    knowledge.work("def use" + n + "(path):\n    for part in path:\n        if check(part, " + n +
                       "):\n            log.info(decode(fetch(part)))\n",
                   "bank");
  }
  EXPECT_LT(knowledge.pattern(source).gain.fragment, before);
}

TEST(Background, CopiesMakeNoCodeMoreUsual) {
  Knowledge once;
  Knowledge often;
  once.work(python_function(2, 0), "shop");
  for (int i = 0; i < 5; ++i) often.work(python_function(2, 0), "shop");
  EXPECT_EQ(once.pattern(python_function(2, 0)).gain.fragment, often.pattern(python_function(2, 0)).gain.fragment);
}

TEST(Background, DoesNotDependOnHowTheJournalIsCutIntoFolds) {
  Knowledge one_by_one;
  Knowledge at_once;
  std::vector<Payload> payloads;
  for (int i = 0; i < 12; ++i)
    payloads.emplace_back(
        event_with(python_units(python_function(i, i)), Verdict::passed, EvidenceStrength::history, i, "shop"));
  for (const Payload& payload : payloads) {
    value_of(one_by_one.store->append({payload}));
    value_of(one_by_one.store->refresh());
  }
  value_of(at_once.store->append(payloads));
  value_of(at_once.store->refresh());
  EXPECT_EQ(value_of(one_by_one.store->knowledge_digest()), value_of(at_once.store->knowledge_digest()));
}

TEST(Relatives, AMoreGeneralPatternAndItsMoreSpecialOnesKnowEachOther) {
  Knowledge knowledge;
  const std::string shared =
      "    with open(path) as stream:\n        rows = stream.read().strip().split(mark)\n    log.info(path, rows)\n";
  const std::string left = "def load(path, mark):\n" + shared + "    return check(rows)\n";
  knowledge.work(left, "shop");
  // Half of each relative is its own: too much to join, little enough to share a band now and then.
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    std::string own;
    for (int k = 0; k < 4 + i % 3; ++k)
      own += "    rows.part" + n + std::to_string(k) + " = store" + n + std::to_string(k) + "(mark, 'kind" + n + "')\n";
    knowledge.work("def load(path, mark):\n" + shared + own + "    return gamma" + n + "(rows)\n", "bank");
  }
  const PatternRelatives relatives = value_of(knowledge.store->relatives({python_units(left).at(0).alpha}));
  // The template has grown a hole where relatives have their own part, so it covers leaders that it could not take in.
  ASSERT_FALSE(relatives.more_specific.empty());
  for (const PatternId& id : relatives.more_specific) {
    const PatternRelatives back = value_of(knowledge.store->relatives(id));
    EXPECT_EQ(std::count(back.more_general.begin(), back.more_general.end(), PatternId{python_units(left).at(0).alpha}),
              1);
  }
}

TEST(Relatives, AnUnknownPatternHasNone) {
  Knowledge knowledge;
  knowledge.work(python_function(0, 0), "shop");
  const PatternRelatives relatives = value_of(knowledge.store->relatives({}));
  EXPECT_TRUE(relatives.parents.empty() && relatives.more_general.empty() && relatives.more_specific.empty());
}

TEST(PatternView, NamesHolesAndSaysWhatTheCodeDoes) {
  Knowledge knowledge;
  for (int i = 0; i < 3; ++i) knowledge.work(python_function(0, i), "shop");
  const Pattern pattern = knowledge.pattern(python_function(0, 0));
  EXPECT_NE(pattern.summary.find("Loads one order by key: Python function that calls"), std::string::npos)
      << pattern.summary;
  EXPECT_NE(pattern.summary.find("raises KeyError"), std::string::npos) << pattern.summary;
  ASSERT_FALSE(pattern.holes.empty());
  EXPECT_NE(pattern.implementation.find(pattern.holes[0].name), std::string::npos);
  EXPECT_EQ(pattern.examples.size(), 2u);
}

}  // namespace
}  // namespace autodev::knowledge
