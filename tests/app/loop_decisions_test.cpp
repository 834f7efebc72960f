// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The implement loop's choices: what the vote may change, and what it may never change.
#include "app/loop_decisions.h"

#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::app {
namespace {

using test::TemporaryFolder;
using test::value_of;

struct Loop {
  TemporaryFolder folder;
  std::unique_ptr<LearningSystem> system;
  LoopSettings settings;

  Loop() {
    LearningOptions options;
    options.folder = folder.file(".auto-dev");
    options.project = "loop";
    options.parse_worker = folder.file("no-such-worker");
    system = value_of(LearningSystem::open(options));
    settings = {"add a method", Language::python, 0.05, false, true};
  }
  /// Each implementation has choices of its own.
  LoopDecisions next() { return {system->decisions(), settings}; }
};

const std::vector<ModelTier> two = {{"small", 1}, {"large", 20}};

TEST(LoopDecisions, WithoutARecordTheLoopDoesWhatItIsWrittenToDo) {
  Loop loop;
  LoopDecisions decisions = loop.next();
  EXPECT_EQ(value_of(decisions.answer({"p = 0.3, 0.98 needed", "", 0.3, 1})), apply::Answer::draft);
  EXPECT_EQ(value_of(decisions.tier(two)), 0u);
  EXPECT_EQ(value_of(decisions.retry(two, 0, 1, "tests")), Retry::again);
  ASSERT_EQ(decisions.choices().size(), 3u);
  for (const LoopChoice& choice : decisions.choices()) EXPECT_FALSE(choice.id.empty());
}

TEST(LoopDecisions, NoRecordOfSuccessLiftsTheBoundOnWrongReuse) {
  Loop loop;
  for (int i = 0; i < 30; ++i) {
    LoopDecisions decisions = loop.next();
    ASSERT_EQ(value_of(decisions.answer({"", "", 0.99, 1})), apply::Answer::apply);
    value_of(decisions.answer_was(1));
  }
  loop.settings.explore = true;
  for (int i = 0; i < 50; ++i) EXPECT_NE(value_of(loop.next().answer({"p = 0.97, 0.98 needed", "", 0.97, 1})), apply::Answer::apply);
}

TEST(LoopDecisions, AModelIsNotAskedForTheSakeOfLearning) {
  Loop loop;
  loop.settings.explore = true;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(value_of(loop.next().answer({"", "", 0.99, 1})), apply::Answer::apply);
}

TEST(LoopDecisions, DraftsThatMisleadAreLeftOut) {
  Loop loop;
  for (int i = 0; i < 12; ++i) {
    LoopDecisions decisions = loop.next();
    const auto answer = value_of(decisions.answer({"not sure", "", 0.5, 1}));
    value_of(decisions.answer_was(answer == apply::Answer::draft ? 0 : 1));
  }
  EXPECT_EQ(value_of(loop.next().answer({"not sure", "", 0.5, 1})), apply::Answer::skip);
}

TEST(LoopDecisions, AModelThatFailsIsNoLongerAskedFirst) {
  Loop loop;
  for (int i = 0; i < 12; ++i) {
    LoopDecisions decisions = loop.next();
    value_of(decisions.tier_was(value_of(decisions.tier(two)) == 1 ? 1 : 0));
  }
  EXPECT_EQ(value_of(loop.next().tier(two)), 1u);
}

TEST(LoopDecisions, StopsWhereNoFurtherCallEverHelped) {
  Loop loop;
  Retry last = Retry::again;
  for (int i = 0; i < 60 && last != Retry::stop; ++i) {
    LoopDecisions decisions = loop.next();
    last = value_of(decisions.retry(two, 0, 1, "tests"));
    if (last != Retry::stop) value_of(decisions.retry_was(0));
  }
  EXPECT_EQ(last, Retry::stop);
}

TEST(LoopDecisions, NothingIsRecordedForWhoOptedOut) {
  Loop loop;
  loop.settings.record = false;
  LoopDecisions decisions = loop.next();
  value_of(decisions.answer({"not sure", "", 0.5, 1}));
  value_of(decisions.answer_was(1));
  ASSERT_EQ(decisions.choices().size(), 1u);
  EXPECT_TRUE(decisions.choices()[0].id.empty());
  EXPECT_TRUE(value_of(loop.system->decisions().votes("implement.answer")).empty());
}

}  // namespace
}  // namespace autodev::app
