// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Calibrate: how often candidates like this one turned out right, counted.
//
// A candidate falls into a cell by a few coarse features, and the cell into a class. Each counts right and wrong outcomes
// that were revealed after scoring. The probability is a chain of Beta means, from everything of the class to the class
// within this stream to the cell within this stream; each step trusts its own counts more as they grow. It starts
// pessimistic: nothing reaches 0.95 before some twenty like candidates were right, and one wrong outcome costs twenty more.
//
//   p_class  = (right + 0.5) / (right + wrong + 1.5)                      over all streams
//   p_stream = (right + 6 p_class) / (right + wrong + 6)                  the class, here
//   p        = (right + 6 p_stream) / (right + wrong + 6)                 the cell, here
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
  [[nodiscard]] Count count(const std::string& key) const;

  std::map<std::string, Count> counts_;  ///< by class, by stream and class, by stream and cell
};

/// "tested near fitting name=0 clear": what candidates must share to tell anything about each other.
[[nodiscard]] std::string class_of(const CandidateFeatures& features);

/// The cell's name, for explanations: the class with "spec<=15% agreed" added.
[[nodiscard]] std::string cell_of(const CandidateFeatures& features);

}  // namespace autodev::apply
