// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Blocks: every function has several, most of them never recur. A block is only counted by its alpha digest until it
// has stood in enough different places; then it is folded like any other unit, with what was counted.
#include <algorithm>

#include "knowledge/fold.h"
#include "mine/idiom.h"

namespace autodev::knowledge {
Result<std::optional<BlockRow>> fold_block(FoldState& fold, const EventContext& context, const UnitWorked& worked) {
  const CodeUnit& unit = worked.unit;
  AUTODEV_TRY_ASSIGN(auto stored, load<BlockRow>(fold.kv, table::block, key_of(unit.alpha)));
  BlockRow row = stored ? std::move(*stored) : BlockRow{};
  const bool new_event = row.events.empty() || row.events.front() != context.event.id;
  const std::uint64_t place = place_of(context.event, unit);
  const bool new_place = std::find(row.places.begin(), row.places.end(), place) == row.places.end();
  if (!new_event && !new_place) return std::nullopt;

  const std::size_t places = row.places.size() + (new_place ? 1 : 0);
  const std::uint32_t events = row.distinct_events + (new_event ? 1 : 0);
  if (places >= mine::idiom_places && events >= mine::idiom_events) return row;

  if (new_place && row.places.size() < mine::idiom_places) row.places.push_back(place);
  if (new_event) {
    row.distinct_events = events;
    note_pass(row.evidence, worked);
    note_event(row.events, context.event.id);
  }
  note_name(row.projects, context.event.project);
  const Timestamp time = context.event.timestamp;
  row.first = stored ? std::min(row.first, time) : time;
  row.last = stored ? std::max(row.last, time) : time;
  AUTODEV_TRY(store(fold, table::block, key_of(unit.alpha), row));
  return std::nullopt;
}

}  // namespace autodev::knowledge
