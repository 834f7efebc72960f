// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Calibrate: how often candidates like this one turned out right, counted.
//
// A candidate falls into a cell by a few coarse features; each cell counts right and wrong outcomes that were revealed
// after scoring, over all streams and within each stream. The probability is a Beta mean that starts pessimistic, so
// nothing is accepted before a good dozen of like candidates were right, and one wrong outcome costs many right ones:
//
//   p_all    = (right + 0.5) / (right + wrong + 1.5)
//   p_stream = (right_here + w * p_all) / (right_here + wrong_here + w),   w = 6
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace autodev::apply {

struct CandidateFeatures {
  bool tests_passed = false;    ///< false: there were none
  double spec_residue = 1, name_residue = 1;
  std::size_t sources = 1;      ///< earlier tasks that lead to the same code
  bool same_stream = false;
  bool stretched = false;       ///< a parameter was treated like one of another type
  double text = 0;              ///< retrieval share
};

class Calibration {
 public:
  /// Probability that the candidate is right.
  [[nodiscard]] double probability(const CandidateFeatures& features, const std::string& stream) const;
  /// Tells the outcome of a candidate.
  void reveal(const CandidateFeatures& features, const std::string& stream, bool right);

 private:
  struct Count {
    std::uint32_t right = 0, wrong = 0;
  };
  std::map<std::string, Count> all_, by_stream_;
};

/// The cell's name, for explanations: "tested spec<=15% name=0 agreed near fitting".
[[nodiscard]] std::string cell_of(const CandidateFeatures& features);

}  // namespace autodev::apply
