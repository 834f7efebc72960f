// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Earlier events: what the fold reads again of the journal.
//
// Fragments and blocks are only counted until they have shown to recur, so when a pattern is made of them the code of its
// first occurrences is no longer at hand. It stands in the journal, in events that the counts name. Patterns are made
// seldom, and those of one time come from few events: the last ones that were read are kept.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "base/kv.h"

namespace autodev::knowledge {

struct EventRow;  // state_rows.h

class EarlierEvents {
 public:
  /// Reads the event of a row back from its segment; absent when it is not there any more.
  using Read = std::function<Result<std::optional<LearningEvent>>(const EventRow& row)>;
  explicit EarlierEvents(Read read) : read_(std::move(read)) {}

  /// Valid until the next call; nullptr when the event is not known or not there. Cost: decoding it, unless it is one of
  /// the last, which together have some thousand units.
  [[nodiscard]] Result<const LearningEvent*> find(const base::KvRead& state, EventId id);

 private:
  Read read_;
  std::list<LearningEvent> recent_;  ///< the one that was asked for last comes first
};

/// Units that worked in the event and stood in one of the places, in the event's order.
[[nodiscard]] std::vector<const CodeUnit*> units_in(const LearningEvent& event, const std::vector<std::uint64_t>& places,
                                                    Language language, UnitKind kind);

}  // namespace autodev::knowledge
