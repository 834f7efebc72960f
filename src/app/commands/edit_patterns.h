// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What `patterns list --kind edit`, `patterns show` and `patterns why` do with edit patterns.
#pragma once

#include <optional>

#include "app/command.h"
#include "app/store_location.h"
#include "autodev/ids.h"

namespace autodev::app::commands {

/// One line per edit, the best proven first; with `all` every rung, and those of flaws that fixes removed.
Result<int> list_edits(CommandContext& context, const OpenStore& opened, std::size_t limit, bool all);
/// The page of an edit pattern, or absent when the id is none.
Result<std::optional<int>> show_edit(CommandContext& context, const OpenStore& opened, PatternId id);
/// Why an edit pattern is believed, down to the events; absent when the id is none.
Result<std::optional<int>> explain_edit(CommandContext& context, const OpenStore& opened, PatternId id);

}  // namespace autodev::app::commands
