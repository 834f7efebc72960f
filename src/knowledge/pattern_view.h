// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Views: rows of the state -> public Pattern and AntiPattern. Quality, status and success rate are computed here,
// when reading, from the evidence; they are never stored.
#pragma once

#include <optional>

#include "autodev/pattern.h"
#include "base/kv.h"
#include "index/search_index.h"
#include "knowledge/background_rows.h"
#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

/// Absent when there is no such pattern. The embedding stays empty, examples come without trees.
[[nodiscard]] Result<std::optional<Pattern>> view_pattern(const base::KvRead& state, PatternId id);
/// The same with `gain` and `unkept`, which depend on the whole library; `background` is kept for the next one.
[[nodiscard]] Result<std::optional<Pattern>> view_measured_pattern(const base::KvRead& state, PatternId id,
                                                                   BackgroundReader& background);
[[nodiscard]] Result<std::optional<AntiPattern>> view_anti_pattern(const base::KvRead& state, PatternId id);
/// One of the instances kept for showing, with its tree: 0 the leading one, 1 a second one.
[[nodiscard]] Result<std::optional<CodeUnit>> stored_example(const base::KvRead& state, PatternId id, char number);
/// The leading instance of a pattern, or the unit of an anti-pattern, with its tree.
[[nodiscard]] Result<std::optional<CodeUnit>> view_leading_unit(const base::KvRead& state, PatternId id);
/// What the search index has of a pattern.
[[nodiscard]] Result<std::optional<index::Document>> view_document(const base::KvRead& state, PatternId id);

}  // namespace autodev::knowledge
