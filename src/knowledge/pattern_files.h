// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pattern files: `patterns/<id>.json` and `anti_patterns/<id>.json`, derived from the state.
#pragma once

#include <set>
#include <string>

#include "autodev/ids.h"
#include "base/env.h"
#include "base/kv.h"

namespace autodev::knowledge {

/// Writes the files of these patterns and anti-patterns; removes those of ids that are gone. A file that has the right
/// bytes is left alone.
Result<void> write_pattern_files(base::Env& env, const std::string& folder, const base::KvRead& state,
                                 const std::set<PatternId>& ids);
/// The same for everything, and removes files of patterns that are no more.
Result<void> write_all_pattern_files(base::Env& env, const std::string& folder, const base::KvRead& state);

}  // namespace autodev::knowledge
