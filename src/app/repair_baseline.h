// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The baseline of the repair bench: the nearest training program by BM25, its changed lines applied where they stand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "apply/repair_ranking.h"

namespace autodev::app {

class RepairNeighbours {
 public:
  RepairNeighbours() = default;
  explicit RepairNeighbours(std::vector<apply::RepairExample> examples);
  /// The program after the nearest example's edit; empty when the lines it removed are not there.
  [[nodiscard]] std::string repaired(const std::string& source) const;

 private:
  struct Document {
    std::map<std::string, double> words;
    double length = 0;
  };
  std::vector<apply::RepairExample> examples_;
  std::vector<Document> documents_;
  std::map<std::string, double> frequency_;
  double mean_ = 1;
};

}  // namespace autodev::app
