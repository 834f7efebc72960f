// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Blocks: every function has several, most of them never recur. A block is only counted by its alpha digest until it
// has stood in enough different places; then it is folded like any other unit, with what was counted and with the code of
// the places where it was met before, read again from the journal.
#include <algorithm>

#include "knowledge/fold.h"
#include "mine/idiom.h"
#include "mine/template.h"

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

Result<void> add_earlier_blocks(FoldState& fold, PatternId id, PatternRow& row, const CodeUnit& unit, const BlockRow& history) {
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::shape, key_of(id)));
  AUTODEV_TRY_ASSIGN(mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
  std::set<Digest> forms{failure_key(unit)};
  for (auto event_id = history.events.rbegin(); event_id != history.events.rend(); ++event_id) {
    AUTODEV_TRY_ASSIGN(const LearningEvent* event, fold.earlier.find(fold.kv, *event_id));
    if (event == nullptr) continue;
    for (const CodeUnit* block : units_in(*event, history.places, unit.language, UnitKind::block)) {
      if (block->alpha != unit.alpha) continue;
      AUTODEV_TRY(save_second_example(fold, id, row, event->project, *block));
      const auto tree = checked_tree(*block);
      if (tree && forms.insert(failure_key(*block)).second) shape = mine::anti_unify(shape, *tree, block->text).result;
      break;
    }
  }
  return fold.kv.put(table::shape, key_of(id), mine::encode_template(shape));
}

}  // namespace autodev::knowledge
