// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Numerics of statistics.h. The continued fraction is DLMF 8.17.22 evaluated with the modified Lentz method
// (Thompson & Barnett 1986); the symmetry I_x(a, b) = 1 - I_{1-x}(b, a) keeps it in the half where it converges fast.
#include "report/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace autodev::report {
namespace {

constexpr int bins = 10;
constexpr int resamples = 2'000;

/// Keeps the Lentz recurrence away from division by zero.
double away_from_zero(double value) {
  constexpr double tiny = 1e-300;
  return std::fabs(value) < tiny ? tiny : value;
}

/// The continued fraction of I_x(a, b), for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr int max_terms = 10'000;
  constexpr double precision = 1e-15;
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= max_terms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    const double change = d * c;
    fraction *= change;
    if (std::fabs(change - 1) < precision) break;
  }
  return fraction;
}

/// SplitMix64 (Steele, Lea & Flood 2014): enough for resampling and equal on every platform.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// Uniform in [0, bound); the bias is below bound / 2^64.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  /// Uniform in [0, 1).
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace

double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double incomplete_beta_inverse(double a, double b, double probability) {
  double low = 0;
  double high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (incomplete_beta(a, b, middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval clopper_pearson(std::uint64_t k, std::uint64_t n) {
  if (n == 0 || k > n) return {};
  const auto successes = static_cast<double>(k);
  const auto failures = static_cast<double>(n - k);
  Interval interval;
  interval.lower = k == 0 ? 0 : incomplete_beta_inverse(successes, failures + 1, 0.025);
  interval.upper = k == n ? 1 : incomplete_beta_inverse(successes + 1, failures, 0.975);
  return interval;
}

std::optional<double> calibration_error(std::vector<Forecast> forecasts) {
  if (forecasts.empty()) return std::nullopt;
  std::stable_sort(forecasts.begin(), forecasts.end(),
                   [](const Forecast& a, const Forecast& b) { return a.probability < b.probability; });
  const std::size_t total = forecasts.size();
  double error = 0;
  std::size_t start = 0;
  for (int bin = 0; bin < bins && start < total; ++bin) {
    std::size_t end = (static_cast<std::size_t>(bin) + 1) * total / bins;
    if (end <= start) continue;
    while (end < total && forecasts[end].probability <= forecasts[end - 1].probability) ++end;
    double stated = 0;
    double happened = 0;
    for (std::size_t i = start; i < end; ++i) {
      stated += forecasts[i].probability;
      happened += forecasts[i].happened ? 1 : 0;
    }
    error += std::fabs(stated - happened) / static_cast<double>(total);
    start = end;
  }
  return error;
}

std::optional<double> calibration_error_by_chance(std::vector<Forecast> forecasts, std::uint64_t seed) {
  if (forecasts.empty()) return std::nullopt;
  constexpr int draws = 500;
  Random random(seed);
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) {
    for (auto& forecast : forecasts) forecast.happened = random.share() < forecast.probability;
    sum += *calibration_error(forecasts);
  }
  return sum / draws;
}

std::optional<double> brier_score(const std::vector<Forecast>& forecasts) {
  if (forecasts.empty()) return std::nullopt;
  double sum = 0;
  for (const auto& forecast : forecasts) {
    const double difference = forecast.probability - (forecast.happened ? 1 : 0);
    sum += difference * difference;
  }
  return sum / static_cast<double>(forecasts.size());
}

std::optional<double> area_under_curve(const std::vector<double>& scores, const std::vector<bool>& happened) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double below = 0;  // that did not happen, among the smaller scores
  double won = 0;
  double positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double yes = 0;
    double no = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[i]]; ++end) (happened[order[end]] ? yes : no) += 1;
    won += yes * (below + no / 2);
    positives += yes;
    below += no;
    i = end;
  }
  if (positives == 0 || below == 0) return std::nullopt;
  return won / (positives * below);
}

std::optional<Interval> cluster_bootstrap(const std::vector<Cluster>& clusters, std::uint64_t seed) {
  if (clusters.size() < 2) return std::nullopt;
  Random random(seed);
  std::vector<double> shares;
  shares.reserve(resamples);
  for (int sample = 0; sample < resamples; ++sample) {
    std::uint64_t successes = 0;
    std::uint64_t tasks = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
      const Cluster& drawn = clusters[random.below(clusters.size())];
      successes += drawn.successes;
      tasks += drawn.tasks;
    }
    shares.push_back(tasks == 0 ? 0 : static_cast<double>(successes) / static_cast<double>(tasks));
  }
  std::sort(shares.begin(), shares.end());
  constexpr auto tail = static_cast<std::size_t>(0.025 * resamples);
  return Interval{shares[tail], shares[resamples - 1 - tail]};
}

}  // namespace autodev::report
