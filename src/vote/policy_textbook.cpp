// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The policies of the textbooks, as plain as they are defined there.
#include <algorithm>
#include <cmath>
#include <map>

#include "vote/policy.h"
#include "vote/ridge.h"

namespace autodev::vote {
namespace {

struct Arm {
  double pulls = 0, reward = 0;
  [[nodiscard]] double mean() const { return pulls > 0 ? reward / pulls : 0; }
};

std::size_t best_of(const std::vector<double>& values, Dice& dice) {
  const double most = *std::max_element(values.begin(), values.end());
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] >= most) best.push_back(i);
  return best[dice.below(best.size())];
}

Stance certain(std::vector<double> values, Dice& dice) {
  Stance stance;
  stance.option = best_of(values, dice);
  stance.probabilities.assign(values.size(), 0);
  stance.probabilities[stance.option] = 1;
  stance.values = std::move(values);
  return stance;
}

/// Arms by type and option.
class ArmPolicy : public Policy {
 public:
  Result<void> update(const Question& question, std::size_t option, double reward, double) override {
    Arm& one = arm(question, option);
    ++one.pulls;
    one.reward += reward;
    ++rounds_;
    return {};
  }

 protected:
  Arm& arm(const Question& question, std::size_t option) { return arms_[question.type + '\0' + question.options[option]]; }
  double rounds_ = 0;

 private:
  std::map<std::string, Arm> arms_;
};

class EpsilonGreedy final : public ArmPolicy {
 public:
  explicit EpsilonGreedy(double epsilon) : epsilon_(epsilon) {}
  [[nodiscard]] std::string name() const override { return "epsilon_greedy"; }
  [[nodiscard]] Result<Stance> choose(const Question& question, Dice& dice) override {
    std::vector<double> means;
    for (std::size_t i = 0; i < question.options.size(); ++i) means.push_back(arm(question, i).mean());
    Stance stance = certain(means, dice);
    for (double& p : stance.probabilities) p = (1 - epsilon_) * p + epsilon_ / static_cast<double>(means.size());
    if (dice.uniform() < epsilon_) stance.option = dice.below(means.size());
    return stance;
  }

 private:
  double epsilon_;
};

class Ucb1 final : public ArmPolicy {
 public:
  [[nodiscard]] std::string name() const override { return "ucb1"; }
  [[nodiscard]] Result<Stance> choose(const Question& question, Dice& dice) override {
    std::vector<double> bounds;
    for (std::size_t i = 0; i < question.options.size(); ++i) {
      const Arm& one = arm(question, i);
      bounds.push_back(one.pulls > 0 ? one.mean() + std::sqrt(2 * std::log(std::max(1.0, rounds_)) / one.pulls) : 1e9);
    }
    return certain(std::move(bounds), dice);
  }
};

class Thompson final : public ArmPolicy {
 public:
  [[nodiscard]] std::string name() const override { return "thompson"; }
  [[nodiscard]] Result<Stance> choose(const Question& question, Dice& dice) override {
    const std::size_t n = question.options.size();
    std::vector<double> draws(n);
    for (std::size_t i = 0; i < n; ++i) draws[i] = draw(arm(question, i), dice);
    Stance stance = certain(draws, dice);
    // The probabilities of choosing, by repetition: needed only to judge the policy on logged data.
    constexpr int repetitions = 32;
    std::fill(stance.probabilities.begin(), stance.probabilities.end(), 0.0);
    std::vector<double> others(n);
    for (int k = 0; k < repetitions; ++k) {
      for (std::size_t i = 0; i < n; ++i) others[i] = draw(arm(question, i), dice);
      stance.probabilities[best_of(others, dice)] += 1.0 / repetitions;
    }
    return stance;
  }

 private:
  /// Gamma by Marsaglia & Tsang 2000; shape >= 1.
  static double gamma(double shape, Dice& dice) {
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
      const double radius = std::sqrt(-2 * std::log(1 - dice.uniform()));
      const double normal = radius * std::cos(6.283185307179586 * dice.uniform());
      const double v = std::pow(1 + c * normal, 3);
      if (v > 0 && std::log(1 - dice.uniform()) < normal * normal / 2 + d - d * v + d * std::log(v)) return d * v;
    }
  }
  static double draw(const Arm& arm, Dice& dice) {
    const double a = gamma(1 + arm.reward, dice);
    const double b = gamma(1 + arm.pulls - arm.reward, dice);
    return a / (a + b);
  }
};

class LinUcb final : public Policy {
 public:
  explicit LinUcb(double alpha) : alpha_(alpha) {}
  [[nodiscard]] std::string name() const override { return "linucb"; }

  [[nodiscard]] Result<Stance> choose(const Question& question, Dice& dice) override {
    auto& slots = slots_[question.type];
    assign_slots(slots, question.context);
    x_ = vector_of(slots, question.context);
    x_.resize(max_slots + 1, 0.0);
    std::vector<double> bounds;
    for (std::size_t i = 0; i < question.options.size(); ++i) {
      const Model& model = models_[question.type + '\0' + question.options[i]];
      const std::vector<double> ax = times(model.inverse, x_);
      double mean = 0, variance = 0;
      for (std::size_t k = 0; k < x_.size(); ++k) {
        mean += ax[k] * model.rewards[k];
        variance += ax[k] * x_[k];
      }
      bounds.push_back(mean + alpha_ * std::sqrt(std::max(0.0, variance)));
    }
    return certain(std::move(bounds), dice);
  }

  Result<void> update(const Question& question, std::size_t option, double reward, double) override {
    Model& model = models_[question.type + '\0' + question.options[option]];
    const std::vector<double> ax = times(model.inverse, x_);
    double scale = 1;
    for (std::size_t k = 0; k < x_.size(); ++k) scale += ax[k] * x_[k];
    // Sherman-Morrison: the inverse after adding x x'.
    for (std::size_t i = 0; i < x_.size(); ++i)
      for (std::size_t j = 0; j < x_.size(); ++j) model.inverse[i * x_.size() + j] -= ax[i] * ax[j] / scale;
    for (std::size_t k = 0; k < x_.size(); ++k) model.rewards[k] += reward * x_[k];
    return {};
  }

 private:
  static constexpr std::size_t width = max_slots + 1;
  struct Model {
    std::vector<double> inverse = std::vector<double>(width * width, 0.0);
    std::vector<double> rewards = std::vector<double>(width, 0.0);
    Model() {
      for (std::size_t i = 0; i < width; ++i) inverse[i * width + i] = 1;
    }
  };
  static std::vector<double> times(const std::vector<double>& matrix, const std::vector<double>& x) {
    std::vector<double> result(x.size(), 0.0);
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = 0; j < x.size(); ++j) result[i] += matrix[i * x.size() + j] * x[j];
    return result;
  }

  double alpha_;
  std::map<std::string, std::vector<std::uint64_t>> slots_;
  std::map<std::string, Model> models_;
  std::vector<double> x_;
};

}  // namespace

std::uint64_t Dice::next() noexcept {
  std::uint64_t x = (state_ += 0x9e3779b97f4a7c15ULL);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::unique_ptr<Policy> make_epsilon_greedy(double epsilon) { return std::make_unique<EpsilonGreedy>(epsilon); }
std::unique_ptr<Policy> make_ucb1() { return std::make_unique<Ucb1>(); }
std::unique_ptr<Policy> make_linucb(double alpha) { return std::make_unique<LinUcb>(alpha); }
std::unique_ptr<Policy> make_thompson() { return std::make_unique<Thompson>(); }

}  // namespace autodev::vote
