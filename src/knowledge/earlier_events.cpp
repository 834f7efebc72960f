// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See earlier_events.h.
#include "knowledge/earlier_events.h"

#include <algorithm>

#include "knowledge/fold.h"

namespace autodev::knowledge {
namespace {

/// Units of the events that are kept, some 3 KB each. In a history of 18 events of 280 units, whose idioms come from all of
/// them, each is decoded once instead of eight times.
constexpr std::size_t kept_units = 8192;

}  // namespace

Result<const LearningEvent*> EarlierEvents::find(const base::KvRead& state, EventId id) {
  const auto known = std::find_if(recent_.begin(), recent_.end(), [&](const LearningEvent& event) { return event.id == id; });
  if (known != recent_.end()) {
    recent_.splice(recent_.begin(), recent_, known);
    return &recent_.front();
  }
  AUTODEV_TRY_ASSIGN(const auto row, load<EventRow>(state, table::event, key_of(id)));
  if (!row || !read_) return nullptr;
  AUTODEV_TRY_ASSIGN(auto event, read_(*row));
  if (!event) return nullptr;
  event->id = id;
  recent_.push_front(std::move(*event));
  std::size_t units = 0;
  for (auto kept = recent_.begin(); kept != recent_.end(); ++kept) {
    units += kept->implementation.units.size();
    if (units <= kept_units || kept == recent_.begin()) continue;
    recent_.erase(kept, recent_.end());
    break;
  }
  return &recent_.front();
}

std::vector<const CodeUnit*> units_in(const LearningEvent& event, const std::vector<std::uint64_t>& places, Language language,
                                      UnitKind kind) {
  std::vector<const CodeUnit*> found;
  for (const UnitChange& change : event.implementation.units) {
    if (!change.after || change.after->language != language || change.after->kind != kind) continue;
    const bool stands = std::find(places.begin(), places.end(), place_of(event, *change.after)) != places.end();
    if (stands) found.push_back(&*change.after);
  }
  return found;
}

}  // namespace autodev::knowledge
