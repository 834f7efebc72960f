// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The probability of a candidate: what raises it, what lowers it, and what it may never do.
#include "apply/calibrate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "apply/reuse_bound.h"

namespace autodev::apply {
namespace {

CandidateFeatures good() {
  CandidateFeatures features;
  features.tests_passed = true;
  features.test_strength = 0.8;
  features.spec_residue = features.name_residue = 0;
  features.sources = 3;
  features.shape = 1;
  features.size = 60;
  return features;
}

CandidateFeatures doubtful() {
  auto features = good();
  features.test_strength = 0.1;
  features.spec_residue = 0.5;
  features.sources = 1;
  features.rivals = 0.6;
  features.strange = 0.9;
  return features;
}

TEST(Calibration, WithoutEvidenceADoubtfulCandidateIsNotApplied) {
  const Calibration calibration;
  EXPECT_LT(calibration.probability(doubtful(), "s"), 0.9);
  auto untested = good();
  untested.tests_passed = false;
  untested.test_strength = 0;
  untested.spec_residue = 0.3;
  EXPECT_LT(calibration.probability(untested, "s"), 0.8);
}

TEST(Calibration, LearnsAStreamWhereLikeCandidatesAreRight) {
  Calibration calibration;
  const double before = calibration.probability(doubtful(), "s");
  for (int i = 0; i < 60; ++i) calibration.reveal(doubtful(), "s", Revealed::right);
  EXPECT_GT(calibration.probability(doubtful(), "s"), before);
  EXPECT_GT(calibration.probability(doubtful(), "s"), 0.95);
}

TEST(Calibration, OneStreamSaysLessAboutAnotherThanAboutItself) {
  Calibration calibration;
  for (int i = 0; i < 30; ++i) calibration.reveal(doubtful(), "good", Revealed::right);
  EXPECT_LT(calibration.probability(doubtful(), "new"), calibration.probability(doubtful(), "good"));
}

TEST(Calibration, MoreFailuresNeverRaiseTheProbability) {
  Calibration calibration;
  for (int i = 0; i < 30; ++i) calibration.reveal(good(), "s", Revealed::right);
  double last = calibration.probability(good(), "s");
  for (int i = 0; i < 10; ++i) {
    calibration.reveal(good(), "s", Revealed::wrong);
    const double now = calibration.probability(good(), "s");
    EXPECT_LT(now, last);
    last = now;
  }
}

TEST(Calibration, AfterManyFailuresNothingAlikeIsApplied) {
  Calibration calibration;
  for (int i = 0; i < 12; ++i) calibration.reveal(good(), "poisoned", Revealed::wrong);
  EXPECT_LT(calibration.probability(good(), "poisoned"), 0.5);
}

TEST(Calibration, AnotherSolutionCountsLessThanAFailure) {
  Calibration differently;
  Calibration failing;
  const double before = differently.probability(good(), "s");
  for (int i = 0; i < 5; ++i) {
    differently.reveal(good(), "s", Revealed::different);
    failing.reveal(good(), "s", Revealed::wrong);
  }
  EXPECT_LT(differently.probability(good(), "s"), before);
  EXPECT_LT(failing.probability(good(), "s"), differently.probability(good(), "s"));
}

TEST(Calibration, MissingAnchorsLowerTheProbability) {
  const Calibration calibration;
  auto lacking = good();
  lacking.missing = 1;
  EXPECT_LT(calibration.probability(lacking, "s"), calibration.probability(good(), "s"));
}

TEST(Calibration, WorseEvidenceNeverScoresHigher) {
  Calibration calibration;
  for (int i = 0; i < 40; ++i)
    calibration.reveal(i % 3 == 0 ? doubtful() : good(), "s", i % 5 != 0 ? Revealed::right : Revealed::wrong);
  // doubtful candidates that happened to be right must not turn a sign round
  for (int i = 0; i < 40; ++i) calibration.reveal(doubtful(), "s", Revealed::right);
  for (int i = 0; i < 20; ++i) calibration.reveal(good(), "s", Revealed::wrong);
  const auto base = calibration.explain(good(), "s", 20);
  EXPECT_EQ(base.find("unexplained words +0.1"), std::string::npos) << base;
  auto worse = good();
  worse.unused = 1;
  EXPECT_NE(calibration.explain(worse, "s", 20).find("unused parameters -"), std::string::npos);
}

TEST(Calibration, ProbabilitiesStayProbabilities) {
  Calibration calibration;
  CandidateFeatures wild;
  wild.spec_residue = 1e9;
  wild.name_residue = -5;
  wild.sources = 0;
  wild.size = 1e12;
  for (int i = 0; i < 5; ++i) {
    const double p = calibration.probability(wild, "s");
    EXPECT_GE(p, 0);
    EXPECT_LE(p, 1);
    calibration.reveal(wild, "s", i % 2 == 0 ? Revealed::right : Revealed::wrong);
  }
}

TEST(Calibration, NamesTheTermsBehindAProbability) {
  const Calibration calibration;
  const auto text = calibration.explain(good(), "s", 3);
  EXPECT_EQ(std::count(text.begin(), text.end(), ','), 2) << text;
  EXPECT_NE(text.find("visible tests +"), std::string::npos) << text;
}

TEST(ReuseBound, TakesTheUsualBoundAsItIs) {
  ReuseBound bound(0.02);
  EXPECT_DOUBLE_EQ(bound.needed(), 0.98);
  for (int i = 0; i < 100; ++i) bound.count(i > 0);
  EXPECT_DOUBLE_EQ(bound.needed(), 0.98);
}

TEST(ReuseBound, ALooserOneIsUsedOnlyWhenAMistakeCanBeAfforded) {
  ReuseBound bound(0.2);
  for (int applied = 0; applied < 4; ++applied) {
    EXPECT_DOUBLE_EQ(bound.needed(), 0.95) << "one wrong of " << applied + 1 << " would be more than a fifth";
    bound.count(true);
  }
  EXPECT_DOUBLE_EQ(bound.needed(), 0.8);
  bound.count(false);  // one wrong of five
  EXPECT_DOUBLE_EQ(bound.needed(), 0.95);
  for (int right = 0; right < 4; ++right) bound.count(true);
  EXPECT_DOUBLE_EQ(bound.needed(), 0.8) << "two wrong of ten are a fifth";
}

TEST(ReuseBound, WhateverIsWrongAmongTheLessSureAnswersTheBoundHolds) {
  for (const double epsilon : {0.1, 0.2, 0.3}) {
    ReuseBound bound(epsilon);
    double applied = 0, wrong = 0;
    for (int task = 0; task < 2'000; ++task) {
      const bool sure = task % 3 == 0;  // sure answers are right, all others wrong, and said to be just good enough
      const double p = sure ? 0.99 : 1 - epsilon;
      if (p < bound.needed()) continue;
      bound.count(sure);
      ++applied;
      wrong += !sure;
      ASSERT_LE(wrong, epsilon * applied) << "after task " << task;
    }
    EXPECT_GT(wrong, 0) << "the bound is used, or this shows nothing";
  }
}

TEST(ReuseBound, OfASingleAnswerIsItsOwnRisk) {
  const ReuseBound bound(0.5, false);
  EXPECT_DOUBLE_EQ(bound.needed(), 0.5);
}

}  // namespace
}  // namespace autodev::apply
