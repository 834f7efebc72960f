// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Event chain: the events behind something learned, as lines and as JSON, each with the rules by which it taught.
#pragma once

#include <vector>

#include "app/output.h"
#include "knowledge/knowledge_store.h"

namespace autodev::app {

/// Prints the events, newest first as given, and returns them; events that are not there any more are left out.
Result<base::Json> print_event_chain(Output& out, knowledge::KnowledgeStore& store, const std::vector<EventId>& ids);

}  // namespace autodev::app
