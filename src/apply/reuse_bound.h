// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reuse bound: how sure an answer has to be before it is applied, so that the share of wrong ones stays below epsilon.
//
// "p >= 1 - epsilon" bounds what is expected, not what happens: of two answers with p = 0.8 one or both are wrong in a
// third of all streams, and then the share is a half or more and not a fifth. So a loose bound has to be earned. While
// one more mistake would break it, an answer is a bet on the whole stream and needs p >= 0.95; only when enough was
// applied that a mistake can be afforded (wrong + 1 <= epsilon (applied + 1)) does 1 - epsilon suffice. Hence no answer
// that only the looser bound admits can break it, however wrong its probability is. The idea is that of alpha investing
// (Foster & Stine, JRSS B 2008): risk is paid from what was earned.
#pragma once

#include <algorithm>
#include <cstddef>

namespace autodev::apply {

class ReuseBound {
 public:
  /// Risk of an answer that may break the bound: bounds are to hold in 95 of 100 streams.
  static constexpr double bet = 0.05;

  /// `epsilon` in (0, 1): bound on the share of wrong ones among what is applied. With `earned` false, where each
  /// answer is a decision of its own, 1 - epsilon always suffices.
  explicit ReuseBound(double epsilon, bool earned = true) : epsilon_(epsilon), earned_(earned) {}

  /// One more mistake would leave the share at or below epsilon.
  [[nodiscard]] bool affordable() const noexcept {
    return !earned_ || static_cast<double>(wrong_ + 1) <= epsilon_ * static_cast<double>(applied_ + 1);
  }
  /// Probability of being right from which an answer is applied now.
  [[nodiscard]] double needed() const noexcept { return 1 - (affordable() ? epsilon_ : std::min(epsilon_, bet)); }
  /// Tells what became of an applied answer.
  void count(bool right) noexcept {
    ++applied_;
    wrong_ += right ? 0u : 1u;
  }

 private:
  double epsilon_;
  bool earned_;
  std::size_t applied_ = 0, wrong_ = 0;
};

}  // namespace autodev::apply
