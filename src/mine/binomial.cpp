// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bounds for shares of successes, without a mathematics library.
//
// Wilson (1927): p is inside the interval of k successes in n trials when (k/n - p)^2 <= z^2 p (1 - p) / n. With
// p = m / 1000 and z = 1.96 that is a comparison of integers, so the bound is found by bisection over m.
// Beta(1 + k, 1 + n - k): for whole numbers its distribution function is a binomial tail, summed outwards
// from the largest term with additions, multiplications and divisions only.
#include <algorithm>

#include "mine/quality.h"

namespace autodev::mine {

namespace {

/// Above it, counts are scaled down: the squares below stay within 64 bits.
constexpr std::uint64_t max_wilson_trials = 100'000;
constexpr std::uint64_t max_beta_trials = 4'096;
constexpr std::uint32_t beta_grid = 10'000;
constexpr double tail_probability = 0.025;

/// Is the lower bound of k of n at least m per mille? z^2 = 3.8416 = 2401 / 625.
bool lower_bound_reaches(std::uint64_t k, std::uint64_t n, std::uint64_t m) noexcept {
  if (1000 * k < m * n) return false;
  const std::uint64_t distance = 1000 * k - m * n;
  return 625 * distance * distance >= 2401 * m * (1000 - m) * n;
}

/// P(X >= k) for X ~ Binomial(n, p), 0 < p < 1.
double binomial_tail(std::uint32_t k, std::uint32_t n, double p) noexcept {
  const double odds = p / (1.0 - p);
  const auto mode = std::min(n, static_cast<std::uint32_t>(p * static_cast<double>(n + 1)));
  double total = 1.0;
  double tail = mode >= k ? 1.0 : 0.0;
  double term = 1.0;
  for (std::uint32_t x = mode; x < n && term > 0.0; ++x) {
    term *= static_cast<double>(n - x) / static_cast<double>(x + 1) * odds;
    total += term;
    if (x + 1 >= k) tail += term;
  }
  term = 1.0;
  for (std::uint32_t x = mode; x > 0 && term > 0.0; --x) {
    term *= static_cast<double>(x) / static_cast<double>(n - x + 1) / odds;
    total += term;
    if (x - 1 >= k) tail += term;
  }
  return tail / total;
}

/// Largest grid point where P(Beta(1 + k, 1 + n - k) <= point) is at most the tail probability.
std::uint32_t beta_lower(std::uint32_t k, std::uint32_t n) noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = beta_grid - 1;
  while (low < high) {
    const std::uint32_t middle = (low + high + 1) / 2;
    const double p = static_cast<double>(middle) / beta_grid;
    if (binomial_tail(k + 1, n + 1, p) <= tail_probability) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

}  // namespace

std::uint32_t wilson_lower_permille(std::uint32_t successes, std::uint32_t trials) noexcept {
  if (trials == 0) return 0;
  std::uint64_t n = trials;
  std::uint64_t k = std::min(successes, trials);
  if (n > max_wilson_trials) {
    k = k * max_wilson_trials / n;
    n = max_wilson_trials;
  }
  std::uint32_t low = 0;
  std::uint32_t high = 1000;
  while (low < high) {
    const std::uint32_t middle = (low + high + 1) / 2;
    if (lower_bound_reaches(k, n, middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

std::uint32_t wilson_upper_permille(std::uint32_t successes, std::uint32_t trials) noexcept {
  return 1000 - wilson_lower_permille(trials - std::min(successes, trials), trials);
}

SuccessShare beta_share(std::uint32_t successes, std::uint32_t failures) noexcept {
  std::uint64_t k = successes;
  std::uint64_t n = k + failures;
  SuccessShare share;
  share.mean = static_cast<double>(k + 1) / static_cast<double>(n + 2);
  if (n > max_beta_trials) {
    k = k * max_beta_trials / n;
    n = max_beta_trials;
  }
  const auto wins = static_cast<std::uint32_t>(k);
  const auto trials = static_cast<std::uint32_t>(n);
  share.lower = static_cast<double>(beta_lower(wins, trials)) / beta_grid;
  share.upper = 1.0 - static_cast<double>(beta_lower(trials - wins, trials)) / beta_grid;
  return share;
}

}  // namespace autodev::mine
