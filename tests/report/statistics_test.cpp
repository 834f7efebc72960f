// SPDX-License-Identifier: MIT OR Apache-2.0
#include "report/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace autodev::report {
namespace {

TEST(IncompleteBeta, AgreesWithClosedForms) {
  EXPECT_NEAR(incomplete_beta(1, 1, 0.37), 0.37, 1e-13);            // uniform
  EXPECT_NEAR(incomplete_beta(2, 1, 0.3), 0.09, 1e-13);             // x^2
  EXPECT_NEAR(incomplete_beta(1, 4, 0.2), 1 - 0.4096, 1e-13);       // 1 - (1 - x)^4
  EXPECT_NEAR(incomplete_beta(2, 3, 0.5), 11.0 / 16, 1e-13);        // P(Bin(4, 1/2) >= 2)
  EXPECT_NEAR(incomplete_beta(0.5, 0.5, 0.25), 1.0 / 3, 1e-12);     // arcsine law
  EXPECT_EQ(incomplete_beta(3, 2, 0), 0);
  EXPECT_EQ(incomplete_beta(3, 2, 1), 1);
}

TEST(IncompleteBeta, IsSymmetricAndMonotone) {
  double last = 0;
  for (int i = 1; i < 100; ++i) {
    const double x = i / 100.0;
    const double value = incomplete_beta(7, 21, x);
    EXPECT_GE(value, last);
    EXPECT_NEAR(value, 1 - incomplete_beta(21, 7, 1 - x), 1e-12);
    last = value;
  }
}

TEST(IncompleteBeta, IsInvertedByBisection) {
  for (const double probability : {0.001, 0.025, 0.5, 0.975, 0.999}) {
    const double x = incomplete_beta_inverse(3.5, 80, probability);
    EXPECT_NEAR(incomplete_beta(3.5, 80, x), probability, 1e-10);
  }
}

TEST(ClopperPearson, MatchesPublishedIntervals) {
  EXPECT_NEAR(clopper_pearson(0, 10).upper, 1 - std::pow(0.025, 0.1), 1e-12);  // 0.30850
  EXPECT_EQ(clopper_pearson(0, 10).lower, 0);
  EXPECT_NEAR(clopper_pearson(10, 10).lower, std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(clopper_pearson(10, 10).upper, 1);
  EXPECT_NEAR(clopper_pearson(5, 10).lower, 0.187086, 1e-6);
  EXPECT_NEAR(clopper_pearson(5, 10).upper, 0.812914, 1e-6);
  EXPECT_NEAR(clopper_pearson(1, 20).lower, 0.001265, 1e-6);
  EXPECT_NEAR(clopper_pearson(1, 20).upper, 0.248733, 1e-6);
}

TEST(ClopperPearson, KnowsNothingWithoutTrials) {
  EXPECT_EQ(clopper_pearson(0, 0).lower, 0);
  EXPECT_EQ(clopper_pearson(0, 0).upper, 1);
}

TEST(ClopperPearson, HandlesLargeCounts) {
  const auto interval = clopper_pearson(500'000, 1'000'000);
  EXPECT_NEAR(interval.lower, 0.5 - 1.96 * 0.0005, 1e-5);
  EXPECT_NEAR(interval.upper, 0.5 + 1.96 * 0.0005, 1e-5);
}

TEST(Calibration, OfAPerfectForecastIsZero) {
  std::vector<Forecast> forecasts;
  for (int i = 0; i < 50; ++i) forecasts.push_back({i % 2 == 0 ? 1.0 : 0.0, i % 2 == 0});
  EXPECT_DOUBLE_EQ(*calibration_error(forecasts), 0);
  EXPECT_DOUBLE_EQ(*brier_score(forecasts), 0);
}

TEST(Calibration, OfALieIsTheLie) {
  const std::vector<Forecast> forecasts(40, Forecast{1.0, false});
  EXPECT_DOUBLE_EQ(*calibration_error(forecasts), 1);
  EXPECT_DOUBLE_EQ(*brier_score(forecasts), 1);
}

TEST(Calibration, OfAConstantForecastIsItsDistanceFromTheBaseRate) {
  std::vector<Forecast> forecasts;  // ordered outcomes must not leak into the bins
  for (int i = 0; i < 100; ++i) forecasts.push_back({0.9, i < 60});
  EXPECT_NEAR(*calibration_error(forecasts), 0.3, 1e-12);
}

TEST(Calibration, WeighsBinsOfEqualMass) {
  std::vector<Forecast> forecasts;  // ten bins of two: nine exact, one off by one half
  for (int bin = 0; bin < 10; ++bin) {
    const double p = bin / 10.0;
    forecasts.push_back({p, false});
    forecasts.push_back({p, bin == 5});
  }
  // stated 2 p, happened 0 (1 in bin 5: stated 1.0, exact): sum of |2p - h| / 20
  const double expected = (0.0 + 0.2 + 0.4 + 0.6 + 0.8 + 0.0 + 1.2 + 1.4 + 1.6 + 1.8) / 20;
  EXPECT_NEAR(*calibration_error(forecasts), expected, 1e-12);
}

TEST(Calibration, IsAbsentWithoutForecasts) {
  EXPECT_FALSE(calibration_error({}).has_value());
  EXPECT_FALSE(brier_score({}).has_value());
}

TEST(ClusterBootstrap, IsAbsentForOneCluster) {
  EXPECT_FALSE(cluster_bootstrap({}, 1).has_value());
  EXPECT_FALSE(cluster_bootstrap({{5, 10}}, 1).has_value());
}

TEST(ClusterBootstrap, IsWideWhenClustersDisagreeAndNarrowWhenTheyAgree) {
  const std::vector<Cluster> disagree{{20, 20}, {0, 20}, {20, 20}, {0, 20}, {20, 20}, {0, 20}};
  const std::vector<Cluster> agree(6, Cluster{10, 20});
  const auto wide = *cluster_bootstrap(disagree, 7);
  const auto narrow = *cluster_bootstrap(agree, 7);
  EXPECT_LE(wide.lower, 0.17);  // one success cluster of six, or none
  EXPECT_GE(wide.upper, 0.83);
  EXPECT_DOUBLE_EQ(narrow.lower, 0.5);
  EXPECT_DOUBLE_EQ(narrow.upper, 0.5);
}

TEST(ClusterBootstrap, DependsOnTheSeedAlone) {
  const std::vector<Cluster> clusters{{3, 9}, {8, 10}, {1, 30}, {5, 7}};
  EXPECT_EQ(cluster_bootstrap(clusters, 3)->lower, cluster_bootstrap(clusters, 3)->lower);
  EXPECT_EQ(cluster_bootstrap(clusters, 3)->upper, cluster_bootstrap(clusters, 3)->upper);
}

TEST(AreaUnderCurve, IsTheShareOfPairsInTheRightOrder) {
  EXPECT_EQ(area_under_curve({1, 2, 3, 4}, {false, false, true, true}), 1.0);
  EXPECT_EQ(area_under_curve({4, 3, 2, 1}, {false, false, true, true}), 0.0);
  EXPECT_EQ(area_under_curve({1, 3, 2, 4}, {false, false, true, true}), 0.75);
  EXPECT_EQ(area_under_curve({5, 5, 5}, {false, true, true}), 0.5) << "a constant tells nothing";
  EXPECT_EQ(area_under_curve({1, 2}, {true, true}), std::nullopt);
  EXPECT_EQ(area_under_curve({}, {}), std::nullopt);
}

TEST(CalibrationErrorByChance, IsLargeForFewForecastsAndVanishesForMany) {
  EXPECT_FALSE(calibration_error_by_chance({}, 1).has_value());
  EXPECT_DOUBLE_EQ(*calibration_error_by_chance(std::vector<Forecast>(20, Forecast{1, false}), 1), 0);
  std::vector<Forecast> few, many;
  for (int i = 0; i < 2'000; ++i) {
    many.push_back({i / 2'000.0, false});
    if (i % 80 == 0) few.push_back({i / 2'000.0, false});
  }
  EXPECT_GT(*calibration_error_by_chance(few, 1), 0.1);
  EXPECT_LT(*calibration_error_by_chance(many, 1), 0.04);
  EXPECT_EQ(calibration_error_by_chance(few, 1), calibration_error_by_chance(few, 1));
}

}  // namespace
}  // namespace autodev::report
