// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LearningEvent <-> CBOR. See record.h for what is left out and clipped.
#pragma once

#include "autodev/event.h"
#include "knowledge/cbor.h"

namespace autodev::knowledge {

/// Writes the members of an event into `map`, which already holds "v".
void write_event(CborMap& map, CborWriter& writer, const LearningEvent& event);
/// Reads one member named `key`; false when no event has such a member (nothing is read then).
bool read_event_member(CborReader& reader, std::string_view key, LearningEvent& event);

}  // namespace autodev::knowledge
