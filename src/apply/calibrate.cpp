// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Newton's method for the weights and for the intercepts, and the small linear algebra it needs (14 x 14, Cholesky).
#include "apply/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace autodev::apply {
namespace {

constexpr std::size_t max_outcomes = 2'000;  // the latest; bounds memory and the time of a refit
constexpr int newton_steps = 6;              // from the last optimum three are enough
constexpr double stream_deviation = 1.0;     // how far streams differ in log odds (spread over the development streams)
/// Share of right candidates that equal the final code neither in text nor in ingredients: 10 to 20 % on development
/// streams of recurring work (calibration_bench prints it). Higher values forgive more; what is applied is always judged
/// for real.
constexpr double written_differently = 0.2;
constexpr double step_limit = 2.0;  // damping: no Newton step moves a weight further

using Matrix = std::array<FeatureVector, feature_count>;

double sigmoid(double z) {
  return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z));
}

/// Lower Cholesky factor of a positive definite matrix.
Matrix cholesky(const Matrix& a) {
  Matrix l{};
  for (std::size_t i = 0; i < feature_count; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      l[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / l[j][j];
    }
  return l;
}

FeatureVector solve(const Matrix& l, FeatureVector b) {
  for (std::size_t i = 0; i < feature_count; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= l[i][k] * b[k];
    b[i] /= l[i][i];
  }
  for (std::size_t i = feature_count; i-- > 0;) {
    for (std::size_t k = i + 1; k < feature_count; ++k) b[i] -= l[k][i] * b[k];
    b[i] /= l[i][i];
  }
  return b;
}

Matrix inverse(const Matrix& l) {
  Matrix out{};
  for (std::size_t c = 0; c < feature_count; ++c) {
    FeatureVector unit{};
    unit[c] = 1;
    const auto column = solve(l, unit);
    for (std::size_t r = 0; r < feature_count; ++r) out[r][c] = column[r];
  }
  return out;
}

double saturating(double value, double half) {
  return value / (value + half);
}

}  // namespace

FeatureVector vector_of(const CandidateFeatures& f) {
  const double tested = f.tests_passed ? 1 : 0;
  return {1,
          tested,
          tested * std::clamp(f.test_strength, 0.0, 1.0),
          std::clamp(f.spec_residue, 0.0, 1.0),
          (1 - tested) * std::clamp(f.spec_residue, 0.0, 1.0),
          std::clamp(f.name_residue, 0.0, 1.0),
          saturating(static_cast<double>(std::max<std::size_t>(f.sources, 1) - 1), 1),
          std::clamp(f.rivals, 0.0, 1.0),
          saturating(static_cast<double>(f.missing), 1),
          saturating(f.splices, 1),
          std::clamp(f.shape, 0.0, 1.0),
          std::clamp(f.strange, 0.0, 1.0),
          std::clamp(f.unused, 0.0, 1.0),
          saturating(f.size, 40)};
}

const std::array<const char*, feature_count>& feature_names() noexcept {
  static constexpr std::array<const char*, feature_count> names{"base",
                                                                "visible tests",
                                                                "strength of the tests",
                                                                "unexplained words",
                                                                "unexplained words without tests",
                                                                "unexplained name",
                                                                "agreement",
                                                                "rival codes",
                                                                "missing anchors",
                                                                "spliced pieces",
                                                                "signature shape",
                                                                "strange treatment",
                                                                "unused parameters",
                                                                "size"};
  return names;
}

Calibration::Calibration() {
  refit();
}

double Calibration::score(const FeatureVector& x) const {
  double z = 0;
  for (std::size_t i = 0; i < feature_count; ++i) z += weights_[i] * x[i];
  return z;
}

double Calibration::variance(const FeatureVector& x) const {
  double v = 0;
  for (std::size_t i = 0; i < feature_count; ++i)
    for (std::size_t j = 0; j < feature_count; ++j) v += x[i] * covariance_[i][j] * x[j];
  return v;
}

Calibration::Offset Calibration::offset(const std::string& stream) const {
  const auto found = offsets_.find(stream);
  return found == offsets_.end() ? Offset{0, stream_deviation * stream_deviation} : found->second;
}

double Calibration::probability(const FeatureVector& x, const std::string& stream) const {
  const auto here = offset(stream);
  const double spread = variance(x) + here.variance;
  return sigmoid((score(x) + here.mean) / std::sqrt(1 + std::numbers::pi * spread / 8));
}

std::string Calibration::explain(const CandidateFeatures& features, const std::string& stream,
                                 std::size_t limit) const {
  const auto x = vector_of(features);
  std::vector<std::pair<double, std::string>> terms;
  for (std::size_t i = 0; i < feature_count; ++i)
    terms.emplace_back(weights_[i] * x[i], fmt::format("{} {:+.1f}", feature_names()[i], weights_[i] * x[i]));
  terms.emplace_back(offset(stream).mean, fmt::format("this stream {:+.1f}", offset(stream).mean));
  std::stable_sort(terms.begin(), terms.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.first) > std::abs(b.first); });
  std::string text;
  for (std::size_t i = 0; i < std::min(limit, terms.size()); ++i) text += (i > 0 ? ", " : "") + terms[i].second;
  return text;
}

void Calibration::reveal(const FeatureVector& x, const std::string& stream, Revealed revealed) {
  Outcome outcome{x, revealed == Revealed::right ? 1.0 : 0.0};
  if (revealed == Revealed::different) {
    const double p = probability(x, stream);
    outcome.right = p * written_differently / (p * written_differently + 1 - p);
  }
  if (outcomes_.size() >= max_outcomes) outcomes_.erase(outcomes_.begin());
  outcomes_.push_back(outcome);
  auto& here = by_stream_[stream];
  if (here.size() >= max_outcomes) here.erase(here.begin());
  here.push_back(outcome);
  refit();
  refit_offset(stream);
}

void Calibration::refit() {
  const auto& prior = shipped_prior();
  if (outcomes_.empty())
    for (std::size_t i = 0; i < feature_count; ++i) weights_[i] = prior[i].mean;
  Matrix hessian{};
  const auto build = [&](FeatureVector& gradient) {
    hessian = {};
    for (std::size_t i = 0; i < feature_count; ++i) {
      const double precision = 1 / (prior[i].deviation * prior[i].deviation);
      hessian[i][i] = precision;
      gradient[i] = -(weights_[i] - prior[i].mean) * precision;
    }
    for (const auto& outcome : outcomes_) {
      const double p = sigmoid(score(outcome.x));
      const double error = outcome.right - p;
      for (std::size_t i = 0; i < feature_count; ++i) {
        gradient[i] += error * outcome.x[i];
        for (std::size_t j = 0; j <= i; ++j) hessian[i][j] += p * (1 - p) * outcome.x[i] * outcome.x[j];
      }
    }
  };
  FeatureVector gradient{};
  for (int step = 0; step < (outcomes_.empty() ? 0 : newton_steps); ++step) {
    build(gradient);
    const auto move = solve(cholesky(hessian), gradient);
    for (std::size_t i = 0; i < feature_count; ++i) {
      weights_[i] += std::clamp(move[i], -step_limit, step_limit);
      if (prior[i].sign > 0) weights_[i] = std::max(weights_[i], 0.0);
      if (prior[i].sign < 0) weights_[i] = std::min(weights_[i], 0.0);
    }
  }
  build(gradient);
  covariance_ = inverse(cholesky(hessian));
  for (std::size_t i = 0; i < feature_count; ++i)
    for (std::size_t j = i + 1; j < feature_count; ++j) covariance_[i][j] = covariance_[j][i];
}

/// One-dimensional Newton for the stream's intercept, the weights held.
void Calibration::refit_offset(const std::string& stream) {
  Offset here;
  double precision = 0;
  for (int step = 0; step < newton_steps; ++step) {
    double gradient = -here.mean / (stream_deviation * stream_deviation);
    precision = 1 / (stream_deviation * stream_deviation);
    for (const auto& outcome : by_stream_[stream]) {
      const double p = sigmoid(score(outcome.x) + here.mean);
      gradient += outcome.right - p;
      precision += p * (1 - p);
    }
    here.mean += std::clamp(gradient / precision, -step_limit, step_limit);
  }
  here.variance = 1 / precision;
  offsets_[stream] = here;
}

}  // namespace autodev::apply
