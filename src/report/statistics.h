// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Statistics: the few that an honest table needs, each small enough to check by hand.
//
// Exact binomial intervals (Clopper & Pearson 1934) through the regularised incomplete beta function,
// a bootstrap that resamples whole clusters (tasks of one family are not independent), and two measures of
// calibration. Everything is a pure function; chance comes from the seed alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/prequential.h"

namespace autodev::report {

/// I_x(a, b) for a, b > 0 and x in [0, 1]. Continued fraction by Lentz's method; absolute error < 1e-12.
[[nodiscard]] double incomplete_beta(double a, double b, double x);

/// The x with I_x(a, b) = probability, by bisection; absolute error < 1e-12.
[[nodiscard]] double incomplete_beta_inverse(double a, double b, double probability);

/// A stated probability and what happened.
struct Forecast {
  double probability = 0;
  bool happened = false;
};

/// Expected calibration error over ten bins of equal mass. Forecasts of one probability stay in one bin, so a
/// constant forecast is compared with the base rate and nothing else. Absent without forecasts.
[[nodiscard]] std::optional<double> calibration_error(std::vector<Forecast> forecasts);

/// What calibration_error would be on average if every probability were exactly right: with few forecasts it is far from 0. The
/// mean of 500 draws of outcomes from the probabilities. Absent without forecasts.
[[nodiscard]] std::optional<double> calibration_error_by_chance(std::vector<Forecast> forecasts, std::uint64_t seed);

/// Mean squared error of the forecasts. Absent without forecasts.
[[nodiscard]] std::optional<double> brier_score(const std::vector<Forecast>& forecasts);

/// Area under the ROC curve (Hanley & McNeil 1982): the probability that a score puts one that happened above one that did not, ties
/// counted half. Absent without one of each. `scores` and `happened` are equally long. Cost: O(n log n).
[[nodiscard]] std::optional<double> area_under_curve(const std::vector<double>& scores, const std::vector<bool>& happened);

/// Successes and tasks of one cluster.
struct Cluster {
  std::uint64_t successes = 0, tasks = 0;
};

/// 95 % percentile interval of the pooled share, 2,000 resamples of whole clusters. Absent with fewer than two
/// clusters: one family says nothing about the next.
[[nodiscard]] std::optional<Interval> cluster_bootstrap(const std::vector<Cluster>& clusters, std::uint64_t seed);

}  // namespace autodev::report
