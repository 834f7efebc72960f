// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Edit slice: a fix with what it depends on, and nothing else of the function around it.
//
// Syntactic context says what happens to stand beside the changed code. A slice says what the changed code is tied to
// by one hop: where the names in it were set last and are used next (data), and the condition or loop that decides
// whether it runs (control). Everything between is cut away, so `x = d.get(k)` ... `x.strip()` is the same edit
// whatever stands between. A fix that only adds statements changes no code: then its slice hangs on the next use of a
// name that the added code asks about (or else on its definition), and the code is a mistake where nothing like the
// added code stands in between. (One step of a program slice, Weiser 1981; edits over dependence graphs: RhoSynth, Garg
// & Sengamedu, OOPSLA 2022.)
#pragma once

#include <vector>

#include "mine/edit_pattern.h"
#include "mine/rung_writer.h"

namespace autodev::mine {

/// What a slice is made of, as parts of the tree before; its nodes are a subset of that tree's.
struct EditSlice {
  struct Tie {
    SliceRole role = SliceRole::definition;
    std::uint32_t name = 0;  ///< a node in `core` with the name that ties them; 0: a condition
    CodePart part;
  };
  CodePart core;   ///< the changed expression or statements, or what an addition hangs on
  CodePart after;  ///< in the tree after: what stands in place of the core, or was added
  FixPlace place = FixPlace::instead;
  std::vector<Tie> ties;  ///< at most max_slice_fragments
};

/// An empty core: nothing could be told; no ties: the edit depends on nothing, or an addition hangs on its core alone.
/// Deterministic. Cost: O(nodes).
[[nodiscard]] EditSlice slice_of(const FixSide& before, const FixSide& after, const syntax::TreeEdit& edit);

/// The rungs of the slice, one for each abstraction; those beyond the bounds or saying too little are left out.
[[nodiscard]] std::vector<EditPattern> slice_rungs(const FixSide& before, const FixSide& after,
                                                   const syntax::TreeEdit& edit);

}  // namespace autodev::mine
