// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/calibrate.h"

#include <fmt/format.h>

#include <algorithm>

namespace autodev::apply {
namespace {

constexpr double prior_right = 0.5;   // Jeffreys' half ...
constexpr double prior_wrong = 1.0;   // ... and a full wrong one: an empty cell says 1/3, never "apply"
constexpr double stream_weight = 6;   // pseudo-observations a stream inherits from the others

/// Right edges of the residue bins; chosen on the development streams so that each bin is visited.
const char* residue_bin(double residue) {
  if (residue <= 0.001) return "0";
  if (residue <= 0.15) return "<=15%";
  if (residue <= 0.40) return "<=40%";
  return ">40%";
}

}  // namespace

std::string cell_of(const CandidateFeatures& f) {
  return fmt::format("{} spec{} name{} {} {} {}", f.tests_passed ? "tested" : "untested", residue_bin(f.spec_residue),
                     f.name_residue <= 0.001 ? "=0" : ">0", f.sources > 1 ? "agreed" : "single",
                     f.same_stream ? "near" : "far", f.stretched ? "stretched" : "fitting");
}

double Calibration::probability(const CandidateFeatures& features, const std::string& stream) const {
  const auto cell = cell_of(features);
  const auto lookup = [](const std::map<std::string, Count>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? Count{} : found->second;
  };
  const Count all = lookup(all_, cell);
  const Count here = lookup(by_stream_, stream + '\n' + cell);
  const double everywhere = (all.right + prior_right) / (all.right + all.wrong + prior_right + prior_wrong);
  return (here.right + stream_weight * everywhere) / (here.right + here.wrong + stream_weight);
}

void Calibration::reveal(const CandidateFeatures& features, const std::string& stream, bool right) {
  const auto cell = cell_of(features);
  for (Count* count : {&all_[cell], &by_stream_[stream + '\n' + cell]}) ++(right ? count->right : count->wrong);
}

}  // namespace autodev::apply
