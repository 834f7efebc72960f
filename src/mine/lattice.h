// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Lattice: what is more general than a template, step by step.
//
// A unit that does not fit a leader leads a pattern of its own; the two are siblings. What siblings share is their
// parent, made by anti-unification, nearest sibling first, as Getafix (Bader et al., OOPSLA 2019) merges the nearest
// pair of edits. The chain of parents of one template is computed when somebody asks: the store keeps leaders only, so
// adding a unit costs nothing, and parents are never out of date. At most 10 anti-unifications and 4 levels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mine/template.h"

namespace autodev::mine {

/// The leading instance of another pattern.
struct Sibling {
  syntax::Nast tree;
  std::string text;
};

/// A template that covers `pattern` and some of its siblings' leading instances.
struct Parent {
  Template shape;
  std::vector<std::size_t> covers;  ///< indices of siblings, in the order they were taken in
};

inline constexpr std::size_t max_lattice_depth = 4;
inline constexpr std::size_t max_lattice_steps = 10;

/// Parents of a template, the most special one first; each covers the one before it. `siblings`: nearest first, the
/// first 10 count. A step that keeps less than a third of the template is not taken.
[[nodiscard]] std::vector<Parent> parents_of(const Template& pattern, const std::vector<Sibling>& siblings);

}  // namespace autodev::mine
