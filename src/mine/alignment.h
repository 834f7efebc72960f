// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Alignment: which sibling of one list corresponds to which sibling of another.
//
// A weighted longest common subsequence (Needleman & Wunsch 1970): pairs earn their score, a sibling left
// over costs one, but next to an existing sequence hole leftovers of the right side are free, so that
// folding in another instance reuses the gaps that are there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace autodev::mine {

/// Scores of n x m possible pairs; 0 = may not be paired.
class PairScores {
 public:
  PairScores(std::size_t rows, std::size_t columns) : columns_(columns), scores_(rows * columns, 0) {}
  [[nodiscard]] std::int32_t at(std::size_t row, std::size_t column) const { return scores_[row * columns_ + column]; }
  void set(std::size_t row, std::size_t column, std::int32_t score) { scores_[row * columns_ + column] = score; }

 private:
  std::size_t columns_;
  std::vector<std::int32_t> scores_;
};

struct AlignedPair {
  std::size_t left = 0, right = 0;
  bool operator==(const AlignedPair&) const = default;
};

/// The best order-preserving pairing, ascending. `left_gap[i]`: left sibling i is a sequence hole.
/// Of equally good pairings the earliest siblings are paired. Cost: O(n m).
[[nodiscard]] std::vector<AlignedPair> align(const PairScores& scores, const std::vector<bool>& left_gap,
                                             std::size_t right_count);

}  // namespace autodev::mine
