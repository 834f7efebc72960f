// SPDX-License-Identifier: MIT OR Apache-2.0
//
// EmbedTrainer: learns a vector and a weight for each stem from pairs of a description and the code that it describes.
//
// In a batch every description has its own code as the right answer and all other codes as wrong ones, and the other way round (InfoNCE,
// van den Oord, Li & Vinyals 2018, with in-batch negatives as in Karpukhin et al. 2020). A text is the sum of
// weight x (1 + ln n) x vector over its stems, of unit length; similarities are divided by a temperature. Vectors start at random,
// weights at the logarithm of the inverse document frequency; both are learned by Adam (Kingma & Ba 2015), rows that do not occur in a
// batch stay untouched. Deterministic for a build of the program: one thread, a seed, pairs in the order given.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "index/static_table.h"

namespace autodev::index {

/// Stems of both sides, with repetitions.
struct TrainingPair {
  std::vector<std::string> description, code;
  std::uint32_t package = 0;  ///< where it comes from: its neighbours are the hardest wrong answers
};

struct TrainOptions {
  std::uint32_t epochs = 4;
  std::uint32_t batch = 512;
  std::uint32_t chunk = 32;       ///< pairs of one package that stay together in a batch
  double temperature = 0.05;
  double learning_rate = 0.003;   ///< of vectors; falls linearly to a tenth
  double weight_rate = 0.01;      ///< of weights
  std::uint32_t min_documents = 4; ///< sides that a stem occurs in
  std::uint32_t max_stems = 32'000;
  std::uint64_t seed = 1;
  std::function<void(std::uint32_t epoch, std::size_t done, std::size_t total, double loss)> on_progress;
};

/// Empty when no stem is frequent enough. Cost: about 1.6 x pairs x batch x 512 floating-point operations an epoch.
[[nodiscard]] std::vector<TrainedStem> train_embedder(const std::vector<TrainingPair>& pairs, const TrainOptions& options);

}  // namespace autodev::index
