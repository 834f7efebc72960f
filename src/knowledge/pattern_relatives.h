// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Relatives: where a pattern stands between more general and more special ones. Computed when asked, from the leaders
// that share a band with its own (mine/lattice.h); nothing of it is stored.
#pragma once

#include <string>
#include <vector>

#include "autodev/pattern.h"
#include "base/kv.h"

namespace autodev::knowledge {

/// What a pattern and its siblings have in common.
struct CommonParent {
  std::string implementation;  ///< as Pattern::implementation
  std::vector<Hole> holes;
  std::vector<PatternId> covers;  ///< besides the pattern itself
};

struct PatternRelatives {
  std::vector<PatternId> more_general;   ///< stored patterns whose template covers this one's leading instance
  std::vector<PatternId> more_specific;  ///< stored patterns whose leading instance this template covers
  std::vector<CommonParent> parents;     ///< at most 4, the most special one first
};

/// Empty for an unknown pattern. Cost: some 20 look-ups, at most 64 matches and 10 anti-unifications; under 10 ms.
[[nodiscard]] Result<PatternRelatives> view_relatives(const base::KvRead& state, PatternId id);

}  // namespace autodev::knowledge
