// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The counts and the chain of means of calibrate.h.
#include "apply/calibrate.h"

#include <fmt/format.h>

namespace autodev::apply {
namespace {

constexpr double prior_right = 0.5;  // Jeffreys' half ...
constexpr double prior_wrong = 1.0;  // ... and a full wrong one: an empty class says 1/3, never "apply"
constexpr double inherited = 6;      // pseudo-observations from the level above; a handful, so that six own ones weigh the same

/// Above this residue much of the intent is unexplained: such candidates form classes of their own.
constexpr double clear_residue = 0.40;

/// Right edges of the residue bins; chosen on the development streams so that each bin is visited.
const char* residue_bin(double residue) {
  if (residue <= 0.001) return "0";
  if (residue <= 0.15) return "<=15%";
  if (residue <= clear_residue) return "<=40%";
  return ">40%";
}

std::string stream_key(const std::string& stream, const std::string& name) { return stream + '\n' + name; }

double blend(std::uint32_t right, std::uint32_t wrong, double above) {
  return (right + inherited * above) / (right + wrong + inherited);
}

}  // namespace

std::string class_of(const CandidateFeatures& f) {
  return fmt::format("{} {} {} name{} {}", f.tests_passed ? "tested" : "untested", f.same_stream ? "near" : "far",
                     f.stretched ? "stretched" : "fitting", f.name_residue <= 0.001 ? "=0" : ">0",
                     f.spec_residue <= clear_residue ? "clear" : "vague");
}

std::string cell_of(const CandidateFeatures& f) {
  return fmt::format("{} spec{} {}", class_of(f), residue_bin(f.spec_residue), f.sources > 1 ? "agreed" : "single");
}

Calibration::Count Calibration::count(const std::string& key) const {
  const auto found = counts_.find(key);
  return found == counts_.end() ? Count{} : found->second;
}

double Calibration::probability(const CandidateFeatures& features, const std::string& stream) const {
  const auto name = class_of(features);
  const Count everywhere = count(name);
  const Count here = count(stream_key(stream, name));
  const Count cell = count(stream_key(stream, cell_of(features)));
  const double all = (everywhere.right + prior_right) / (everywhere.right + everywhere.wrong + prior_right + prior_wrong);
  return blend(cell.right, cell.wrong, blend(here.right, here.wrong, all));
}

void Calibration::reveal(const CandidateFeatures& features, const std::string& stream, bool right) {
  const auto name = class_of(features);
  for (const auto& key : {name, stream_key(stream, name), stream_key(stream, cell_of(features))}) {
    Count& counted = counts_[key];
    ++(right ? counted.right : counted.wrong);
  }
}

}  // namespace autodev::apply
