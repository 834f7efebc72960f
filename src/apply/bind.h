// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bind: which parameter of an earlier solution plays the part of which parameter of the new task.
//
// A minimum-cost matching over names, types, optionality, place and usage role: what the earlier code does with its
// parameter against what was ever done with parameters like the new one (treatment.h). A parameter may stay alone: the
// earlier one's fragments are dropped, the new one's borrowed. How much staying alone costs is not known beforehand, so
// several prices give several plans (the renaming step of program splicing, Lu et al. 2018, as an assignment problem).
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "apply/signature_shape.h"

namespace autodev::apply {

/// What happens to the parameters.
struct ParameterPlan {
  std::vector<std::pair<std::string, std::string>> renamed;
  std::vector<std::string> dropped;
  std::vector<Parameter> added;
  bool stretched = false;  ///< some parameter stands in for one of another type

  bool operator==(const ParameterPlan&) const = default;
};

/// What staying alone costs, by the question a plan answers.
enum class Binding : std::uint8_t {
  any,        ///< everything that can be paired is paired
  same_type,  ///< only within a type; names do not bind across types
  same_name,  ///< only equal names
};

/// [0, 1]: how much the earlier code's use of `earlier` is like the use of parameters like `now`; 0 when nothing is
/// known.
using Role = std::function<double(const Parameter& earlier, const Parameter& now)>;

/// [0, 1]: cost of letting `earlier` at share `a` of its list play `now` at share `b` of its own; 0 for equal names and
/// types.
[[nodiscard]] double binding_cost(const Parameter& earlier, const Parameter& now, double a, double b, double role);

/// The plan of least cost. Variadic parameters take whatever comes and are left out. Cost: O(parameters^3), at most 64
/// of each side are looked at.
[[nodiscard]] ParameterPlan bind_parameters(const SignatureShape& from, const SignatureShape& to, Binding binding,
                                            const Role& role);

}  // namespace autodev::apply
