// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit groups: one line per edit, however many rungs it was written at.
//
// A fix is learned at up to fifteen rungs, most of which say the same in wider or narrower words. A rung stands behind
// another one when that one covers every edit that it covers: then the loudest, surest and, of equally sure ones, most
// general rung speaks for it.
#pragma once

#include <cstddef>
#include <vector>

#include "knowledge/guard_view.h"

namespace autodev::app {

struct EditGroup {
  std::size_t lead = 0;             ///< index of the rung that is shown
  std::vector<std::size_t> behind;  ///< indices of the others, in the order of the leads
};

/// Is `a` shown before `b`? By level, bound, fixes; then least context, most holes; then id.
[[nodiscard]] bool speaks_before(const knowledge::Guard& a, const knowledge::Guard& b);

/// Groups in the order of their leads. Each guard is in one group; those of different languages never share one.
/// Cost: O(n log n + n x groups that share an edit).
[[nodiscard]] std::vector<EditGroup> group_edits(const std::vector<knowledge::Guard>& guards);

}  // namespace autodev::app
