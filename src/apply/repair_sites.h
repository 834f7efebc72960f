// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sites: the statements and conditions of a C or C++ program that can choose among variants while the program runs.
//
// A simple statement becomes a switch over the variant's number, a condition a statement expression with such a switch (mutant
// schemata: Untch, Offutt & Harrold, ISSTA 1993). Variants whose edits all lie within sites, and leave each site whole, share one copy of
// the program; that is five to ten times cheaper than a copy each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apply/repair_candidate.h"

namespace autodev::apply {

class RepairSites {
 public:
  explicit RepairSites(const RepairProgram& program);

  /// The edits lie within sites, so the variant can share a copy.
  [[nodiscard]] bool fits(const std::vector<RepairEdit>& edits) const;
  /// Bytes that the variant adds to the shared copy.
  [[nodiscard]] std::size_t cost(const std::vector<RepairEdit>& edits) const;
  /// Edits that turn the program into one that holds all `variants` (number, edits) and asks `autodev_m` which one it is.
  [[nodiscard]] std::vector<RepairEdit> shared(const std::vector<std::pair<std::size_t, const std::vector<RepairEdit>*>>& variants) const;

 private:
  struct Site {
    std::size_t start = 0, end = 0;
    bool condition = false, update = false;
  };
  [[nodiscard]] const Site* site_of(const RepairEdit& edit) const;
  [[nodiscard]] std::string varied(const Site& site, const std::vector<RepairEdit>& edits) const;
  [[nodiscard]] std::string chooser(const Site& site, const std::vector<std::pair<std::size_t, std::string>>& texts) const;

  const RepairProgram& program_;
  std::vector<Site> sites_;  ///< disjoint, in order
};

}  // namespace autodev::apply
