// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Holes: the places of a candidate whose token could be another one, and what could stand there.
//
// Sources from cheap to dear, as prices (-log p): values that the specification names and the code lacks, a parameter
// that is never used, what the nearest members have in the same place (how often), other parameters, small mutations,
// and literals of the visible tests. Equal tokens change together; one of them alone costs more. The prices order the
// search, they were not tuned (Program splicing: Lu et al. 2018; cheap sources come first, likely ones within each).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apply/code_tokens.h"
#include "apply/signature_shape.h"

namespace autodev::apply {

/// One thing that could stand in a hole.
struct Filler {
  std::string text;
  std::vector<CodeToken> places;  ///< what it replaces: all equal tokens, or one of them
  double price = 0;
  std::string value;  ///< the value of the specification that it places; empty for other sources
};

/// Equal tokens of a code, or a comparison sign. Keeping them is free.
struct Hole {
  std::string text;
  std::vector<Filler> fillers;  ///< cheapest first
};

/// Where fillers come from.
struct FillerSources {
  std::string_view spec, tests;
  std::string_view earlier;  ///< the specification that the code was written for: values it names are what varies
  const std::vector<Parameter>* parameters = nullptr;  ///< of the required signature
  const std::vector<std::string>* members = nullptr;   ///< other candidates for the same task
};

/// Values that `spec` names and `code` lacks: numbers as written, quoted texts, names spelled like code; in order, at
/// most 12.
[[nodiscard]] std::vector<std::string> unplaced_values(std::string_view spec, std::string_view code);

/// Holes of `code` behind byte `body`, in order of their first place, at most 40, each with at most 12 fillers.
[[nodiscard]] std::vector<Hole> find_holes(std::string_view code, Language language, std::size_t body,
                                           const FillerSources& sources);

}  // namespace autodev::apply
