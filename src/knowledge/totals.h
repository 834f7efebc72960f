// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Totals: what is known, in numbers. The fold counts as it goes, so that the numbers cost nothing to read.
#pragma once

#include "base/kv.h"
#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

/// What the fold has counted under a name (state_rows.h); 0 when nothing.
[[nodiscard]] Result<std::uint64_t> counted(const base::KvRead& state, std::string_view counter);

[[nodiscard]] Result<Totals> view_totals(const base::KvRead& state);

}  // namespace autodev::knowledge
