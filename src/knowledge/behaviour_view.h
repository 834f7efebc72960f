// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Behavioural patterns as the rest of the program sees them: public patterns and search documents.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "autodev/pattern.h"
#include "base/kv.h"
#include "index/search_index.h"
#include "knowledge/behaviour_rows.h"
#include "mine/usage_rules.h"

namespace autodev::knowledge {

/// Absent when no behavioural pattern has the id.
[[nodiscard]] Result<std::optional<Pattern>> view_behaviour(const base::KvRead& state, PatternId id);
[[nodiscard]] Result<std::optional<index::Document>> behaviour_document(const base::KvRead& state, PatternId id);

/// Rules of one type with at least `min_support`; empty when the type is not known.
[[nodiscard]] Result<std::vector<mine::UsageRule>> rules_of_type(const base::KvRead& state, Language language, std::string_view type,
                                                                 std::uint32_t min_support);

/// From steps and evidence alone.
[[nodiscard]] QualityScore quality_of(const BehaviourRow& row);

}  // namespace autodev::knowledge
