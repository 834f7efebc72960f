// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See lattice.h.
#include "mine/lattice.h"

#include "mine/leader.h"
#include "mine/quality.h"

namespace autodev::mine {

namespace {

/// Below a third of the template a parent has more holes than words. Leaders join at 55 % (thresholds.h), so parents
/// begin where joining ends.
constexpr std::uint64_t kept_parts = 3;

}  // namespace

std::vector<Parent> parents_of(const Template& pattern, const std::vector<Sibling>& siblings) {
  std::vector<Parent> parents;
  const std::uint64_t own = concrete_nodes(pattern);
  Parent current{pattern, {}};
  std::size_t steps = 0;
  for (std::size_t i = 0; i < siblings.size() && steps < max_lattice_steps && parents.size() < max_lattice_depth; ++i) {
    const Sibling& sibling = siblings[i];
    if (!comparable(current.shape.tree, sibling.tree)) continue;
    ++steps;
    Generalisation made = anti_unify(current.shape, sibling.tree, sibling.text);
    if (kept_parts * concrete_nodes(made.result) < own || is_trivial(made.result)) continue;
    const bool covered = concrete_nodes(made.result) == concrete_nodes(current.shape);
    current.shape = std::move(made.result);
    current.covers.push_back(i);
    if (covered && !parents.empty())
      parents.back() = current;
    else if (!covered)
      parents.push_back(current);
  }
  return parents;
}

}  // namespace autodev::mine
