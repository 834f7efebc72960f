// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Event JSON: the public form of LearningEvent ("auto-dev.event/1"), for `learn record` and for scripts.
//
// Every complaint names the JSON path ("$.outcome.exit_code: expected an integer, got string \"1\"") and all
// complaints are reported at once. Unknown members are errors, so that typing mistakes are not lost.
// Members that contradict each other are errors that name both. Field reference: docs/event-format.md.
#pragma once

#include <string>
#include <string_view>

#include "autodev/error.h"
#include "autodev/event.h"

namespace autodev::observe {

/// Value of the member `schema`.
inline constexpr std::string_view event_schema = "auto-dev.event/1";

/// Parses and validates one event. `files` members become FileChange; units are not extracted here.
/// A missing `timestamp` stays zero and a missing `project` empty: the recorder fills them.
[[nodiscard]] Result<LearningEvent> parse_event_json(std::string_view text, std::string_view what);
/// The same document back; parse(print(e)) == e up to units, for events whose text is UTF-8.
[[nodiscard]] std::string print_event_json(const LearningEvent& event);

}  // namespace autodev::observe
