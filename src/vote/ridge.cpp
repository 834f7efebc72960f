// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vote/ridge.h"

#include <algorithm>
#include <cmath>

namespace autodev::vote {
namespace {

/// Place of (row, column), row >= column, in a packed lower triangle. It does not change when the matrix grows.
constexpr std::size_t at(std::size_t row, std::size_t column) { return row * (row + 1) / 2 + column; }

constexpr double smallest_variance = 1e-9;
/// A standardised value beyond this is an outlier; it must not decide alone.
constexpr double largest_deviation = 3;
constexpr double least_penalty = 5, most_penalty = 400;
constexpr int penalty_rounds = 3;

/// In place L of a = L L'; false when it is not positive definite.
bool cholesky(std::vector<double>& a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[at(i, j)];
      for (std::size_t k = 0; k < j; ++k) sum -= a[at(i, k)] * a[at(j, k)];
      if (i == j && !(sum > 0)) return false;
      a[at(i, j)] = i == j ? std::sqrt(sum) : sum / a[at(j, j)];
    }
  return true;
}

/// The inverse of L L', packed.
std::vector<double> inverse_of(const std::vector<double>& lower, std::size_t n) {
  std::vector<double> inverse_lower(lower.size());
  for (std::size_t j = 0; j < n; ++j) {
    inverse_lower[at(j, j)] = 1 / lower[at(j, j)];
    for (std::size_t i = j + 1; i < n; ++i) {
      double sum = 0;
      for (std::size_t k = j; k < i; ++k) sum -= lower[at(i, k)] * inverse_lower[at(k, j)];
      inverse_lower[at(i, j)] = sum / lower[at(i, i)];
    }
  }
  std::vector<double> inverse(lower.size());
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = i; k < n; ++k) sum += inverse_lower[at(k, i)] * inverse_lower[at(k, j)];
      inverse[at(i, j)] = sum;
    }
  return inverse;
}

/// Solves with a penalty that follows from the data: noise / mean square of the slopes, for the slopes that the data
/// determine (MacKay, Bayesian Interpolation, 1992). A fixed number of rounds from a fixed start: a function of the sums alone.
void fit(Ridge& ridge, const std::vector<double>& matrix, const std::vector<double>& target, double noise) {
  const std::size_t n = target.size();
  double penalty = ridge_penalty;
  std::vector<double> slope(n);
  for (int round = 0; round < penalty_rounds; ++round) {
    std::vector<double> lower = matrix;
    for (std::size_t i = 0; i < n; ++i) lower[at(i, i)] += penalty;
    if (!cholesky(lower, n)) return;
    const std::vector<double> inverse = inverse_of(lower, n);
    double squares = 0;
    double trace = 0;
    for (std::size_t i = 0; i < n; ++i) {
      slope[i] = 0;
      for (std::size_t j = 0; j < n; ++j) slope[i] += inverse[i >= j ? at(i, j) : at(j, i)] * target[j];
      squares += slope[i] * slope[i];
      trace += inverse[at(i, i)];
    }
    std::transform(slope.begin(), slope.end(), ridge.slope.begin(), [](double value) { return static_cast<float>(value); });
    std::transform(inverse.begin(), inverse.end(), ridge.inverse.begin(), [](double value) { return static_cast<float>(value); });
    const double determined = std::max(0.1, static_cast<double>(n) - penalty * trace);
    penalty = std::clamp(determined * noise / std::max(squares, 1e-9), least_penalty, most_penalty);
  }
}

}  // namespace

void assign_slots(std::vector<std::uint64_t>& slots, const Context& context) {
  const auto assign = [&slots](std::uint64_t name) {
    if (slots.size() < max_slots && std::find(slots.begin(), slots.end(), name) == slots.end()) slots.push_back(name);
  };
  for (const Measure& measure : context.measures) assign(measure.name);
  for (const Category& category : context.categories) assign(category.hash);
}

std::vector<double> vector_of(const std::vector<std::uint64_t>& slots, const Context& context) {
  std::vector<double> x(slots.size() + 1, 0.0);
  x[0] = 1;
  const auto set = [&](std::uint64_t name, double value) {
    const auto found = std::find(slots.begin(), slots.end(), name);
    if (found != slots.end()) x[static_cast<std::size_t>(found - slots.begin()) + 1] = value;
  };
  for (const Measure& measure : context.measures) set(measure.name, measure.value);
  for (const Category& category : context.categories) set(category.hash, 1);
  return x;
}

void add(Ridge& ridge, const std::vector<double>& x, double reward, std::uint64_t clock) {
  if (x.size() > ridge.width) {
    ridge.width = static_cast<std::uint32_t>(x.size());
    ridge.products.resize(at(ridge.width, 0), 0.0);
    ridge.rewards.resize(ridge.width, 0.0);
  }
  if (clock > ridge.clock) {
    const double fade = std::exp2(-static_cast<double>(clock - ridge.clock) / half_life);
    for (double& value : ridge.products) value *= fade;
    for (double& value : ridge.rewards) value *= fade;
    ridge.clock = clock;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    ridge.rewards[i] += reward * x[i];
    for (std::size_t j = 0; j <= i; ++j) ridge.products[at(i, j)] += x[i] * x[j];
  }
}

void shrink(Ridge& ridge, double kept) {
  if (ridge.products.empty() || ridge.products[0] <= kept) return;
  const double factor = kept / ridge.products[0];
  for (double& value : ridge.products) value *= factor;
  for (double& value : ridge.rewards) value *= factor;
}

void solve(Ridge& ridge) {
  const std::size_t n = ridge.width > 0 ? ridge.width - 1 : 0;
  if (n == 0 || ridge.products[0] <= 0) return;
  const double weight = ridge.products[0];
  ridge.mean.assign(n, 0);
  ridge.scale.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const double mean = ridge.products[at(i + 1, 0)] / weight;
    const double variance = ridge.products[at(i + 1, i + 1)] / weight - mean * mean;
    ridge.mean[i] = static_cast<float>(mean);
    ridge.scale[i] = variance > smallest_variance ? static_cast<float>(1 / std::sqrt(variance)) : 0.0F;
  }
  std::vector<double> matrix(at(n, 0));
  std::vector<double> target(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double mean = ridge.products[at(i + 1, 0)] / weight;
    target[i] = (ridge.rewards[i + 1] - mean * ridge.rewards[0]) * static_cast<double>(ridge.scale[i]);
    for (std::size_t j = 0; j <= i; ++j) {
      const double other = ridge.products[at(j + 1, 0)] / weight;
      matrix[at(i, j)] = (ridge.products[at(i + 1, j + 1)] - weight * mean * other) * static_cast<double>(ridge.scale[i]) *
                         static_cast<double>(ridge.scale[j]);
    }
  }
  ridge.slope.assign(n, 0);
  ridge.inverse.assign(matrix.size(), 0);
  const double mean_reward = ridge.rewards[0] / weight;
  fit(ridge, matrix, target, std::max(0.02, mean_reward * (1 - mean_reward)));
}

Forecast forecast(const Ridge& ridge, const std::vector<double>& x) {
  const std::size_t n = ridge.slope.size();
  if (n == 0 || x.size() < n + 1) return {};
  std::vector<double> z(n);
  double offset = 0;
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = std::clamp((x[i + 1] - static_cast<double>(ridge.mean[i])) * static_cast<double>(ridge.scale[i]), -largest_deviation, largest_deviation);
    offset += static_cast<double>(ridge.slope[i]) * z[i];
  }
  double spread = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double row = 0.5 * static_cast<double>(ridge.inverse[at(i, i)]) * z[i];
    for (std::size_t j = 0; j < i; ++j) row += static_cast<double>(ridge.inverse[at(i, j)]) * z[j];
    spread += 2 * z[i] * row;
  }
  return {offset, 1 / std::max(1e-6, spread)};
}

}  // namespace autodev::vote
