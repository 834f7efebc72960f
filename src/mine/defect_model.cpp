// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Weights: block 0 is what any faulty line looks like, blocks 1..labels what a line with the label looks like, the rest
// what a program with the label looks like.
#include "mine/defect_model.h"

#include <algorithm>
#include <cmath>

namespace autodev::mine {
namespace {

/// Chosen on one half of the training problems, tried on the other: faster learning overfits a thousand programs.
constexpr int epochs = 12;
constexpr double rate = 0.02;

}  // namespace

DefectModel::Scores DefectModel::score(const FailedProgram& program) const {
  Scores scores;
  std::vector<double> whole(labels_);
  for (std::size_t c = 0; c < labels_; ++c)
    for (const std::uint32_t f : program.whole) whole[c] += static_cast<double>(weights_[(1 + labels_ + c) * feature_space + f]);
  double top = -1e300;
  for (std::size_t line = 0; line < program.lines.size(); ++line) {
    if (program.lines[line].empty()) continue;
    scores.rows.push_back(line);
    double common = 0;
    for (const std::uint32_t f : program.lines[line]) common += static_cast<double>(weights_[f]);
    for (std::size_t c = 0; c < labels_; ++c) {
      double sum = common + whole[c];
      const float* block = &weights_[(1 + c) * feature_space];
      for (const std::uint32_t f : program.lines[line]) sum += static_cast<double>(block[f]);
      scores.pairs.push_back(sum);
      top = std::max(top, sum);
    }
  }
  double total = 0;
  for (double& pair : scores.pairs) total += pair = std::exp(pair - top);
  for (double& pair : scores.pairs) pair /= total;
  return scores;
}

void DefectModel::push(std::size_t weight, double gradient) {
  squares_[weight] += static_cast<float>(gradient * gradient);
  weights_[weight] += static_cast<float>(rate * gradient / std::sqrt(static_cast<double>(squares_[weight])));
}

void DefectModel::step(const FailedProgram& program) {
  const Scores scores = score(program);
  if (scores.rows.empty()) return;
  // The target is spread over the faulty lines in proportion to what the model believes of them.
  double on_faulty = 0;
  const auto is_faulty = [&](std::size_t line) {
    return std::find(program.faulty.begin(), program.faulty.end(), line) != program.faulty.end();
  };
  for (std::size_t r = 0; r < scores.rows.size(); ++r)
    if (is_faulty(scores.rows[r])) on_faulty += scores.pairs[r * labels_ + program.label];
  std::vector<double> whole(labels_, 0.0);
  for (std::size_t r = 0; r < scores.rows.size(); ++r) {
    const std::size_t line = scores.rows[r];
    double common = 0;
    for (std::size_t c = 0; c < labels_; ++c) {
      const double believed = scores.pairs[r * labels_ + c];
      const double wanted = c == program.label && on_faulty > 0 && is_faulty(line) ? believed / on_faulty : 0.0;
      const double gradient = wanted - believed;
      common += gradient;
      whole[c] += gradient;
      if (std::abs(gradient) < 1e-4) continue;
      for (const std::uint32_t f : program.lines[line]) push((1 + c) * feature_space + f, gradient);
    }
    if (std::abs(common) >= 1e-4)
      for (const std::uint32_t f : program.lines[line]) push(f, common);
  }
  for (std::size_t c = 0; c < labels_; ++c)
    if (std::abs(whole[c]) >= 1e-4)
      for (const std::uint32_t f : program.whole) push((1 + labels_ + c) * feature_space + f, whole[c]);
}

void DefectModel::learn(const std::vector<FailedProgram>& programs, std::size_t labels) {
  labels_ = labels;
  weights_.assign((1 + 2 * labels) * feature_space, 0.0f);
  squares_.assign(weights_.size(), 1.0f);
  frequency_.assign(labels, 0.5);
  for (const FailedProgram& program : programs) frequency_[program.label] += 1;
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (const FailedProgram& program : programs)
      if (!program.faulty.empty()) step(program);
}

DefectGuess DefectModel::guess(const FailedProgram& program) const {
  const Scores scores = score(program);
  DefectGuess guess;
  guess.labels.assign(labels_, 0.0);
  std::vector<std::pair<double, std::size_t>> lines;
  for (std::size_t r = 0; r < scores.rows.size(); ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < labels_; ++c) {
      sum += scores.pairs[r * labels_ + c];
      guess.labels[c] += scores.pairs[r * labels_ + c];
    }
    lines.emplace_back(-sum, scores.rows[r]);
  }
  std::sort(lines.begin(), lines.end());
  for (const auto& [suspicion, line] : lines) guess.lines.push_back(line);
  return guess;
}

std::size_t DefectModel::choose(const DefectGuess& guess, double power) const {
  std::size_t best = 0;
  double top = -1;
  for (std::size_t c = 0; c < guess.labels.size(); ++c) {
    const double value = guess.labels[c] / std::pow(frequency_[c], power);
    if (value > top) {
      top = value;
      best = c;
    }
  }
  return best;
}

}  // namespace autodev::mine
