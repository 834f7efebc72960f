// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Policy: anything that chooses and learns, for measurements: ours, its parts, and the textbook ones.
//
//   best fixed option      the best one in hindsight (made by the measurement)
//   majority               each of our voters has one vote, weights and confidence ignored
//   epsilon_greedy         best mean, another one with probability 0.1
//   ucb1                   Auer, Cesa-Bianchi, Fischer 2002
//   linucb                 Li, Chu, Langford, Schapire 2010, disjoint, on the same features as our regression
//   thompson               Beta-Bernoulli, Thompson 1933
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vote/decider.h"

namespace autodev::vote {

/// Chance that is the same everywhere (splitmix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() noexcept;
  /// [0, 1)
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  std::size_t below(std::size_t n) noexcept { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

 private:
  std::uint64_t state_;
};

struct Stance {
  std::size_t option = 0;
  std::vector<double> values;         ///< what is expected of each option, optimism included where the policy has it
  std::vector<double> probabilities;  ///< of choosing it
  std::vector<double> estimates;      ///< expected reward, for doubly robust estimates; empty when the policy has none
};

class Policy {
 public:
  virtual ~Policy() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  /// Chooses. Must be followed by `update` or `skip` for the same question.
  [[nodiscard]] virtual Result<Stance> choose(const Question& question, Dice& dice) = 0;
  /// `seen`: probability with which this outcome came to be seen. May be called for several options of one decision.
  virtual Result<void> update(const Question& question, std::size_t option, double reward, double seen) = 0;
};

[[nodiscard]] std::unique_ptr<Policy> make_ours(const Settings& settings, std::string name = "ours");
[[nodiscard]] std::unique_ptr<Policy> make_majority();
[[nodiscard]] std::unique_ptr<Policy> make_epsilon_greedy(double epsilon = 0.1);
[[nodiscard]] std::unique_ptr<Policy> make_ucb1();
[[nodiscard]] std::unique_ptr<Policy> make_linucb(double alpha = 0.5);
[[nodiscard]] std::unique_ptr<Policy> make_thompson();

}  // namespace autodev::vote
