// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Idioms: fragments of blocks that do not recur as a whole. Each block that belongs to no pattern is cut in a few fixed
// ways (mine/idiom.h), and each cut is counted by its digest. A fragment with enough support whose merge gain is
// positive becomes a pattern of its own; from then on it explains the blocks it fits, and what it explains is not
// counted for more general ones.
//
// The memory for counting is bounded: a fragment has one of 2^18 slots. Two fragments that want the same slot compete:
// one that was met in a single place gives way at once, others after having been in the way four times per place.
#include <algorithm>

#include "base/wire.h"
#include "knowledge/fold.h"
#include "knowledge/pattern_text.h"
#include "knowledge/unit_codec.h"
#include "mine/idiom.h"
#include "mine/template.h"

namespace autodev::knowledge {
namespace {

constexpr unsigned slot_bits = 18;
constexpr std::uint32_t patience = 4;
constexpr std::size_t max_idiom_members = 64;  // as of other patterns

std::string slot_key(const Digest& digest) {
  const std::string_view bytes = key_of(digest);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i])); };
  const std::uint32_t slot = (byte(0) << 16 | byte(1) << 8 | byte(2)) >> (24 - slot_bits);
  std::string key = "s";
  for (const int shift : {16, 8, 0}) key.push_back(static_cast<char>(slot >> shift));
  return key;
}

/// Counts one more block of this kind; how many there were with it.
Result<std::uint64_t> count_in_pool(FoldState& fold, const syntax::Nast& tree) {
  const std::string key = {'n', static_cast<char>(tree.language), static_cast<char>(tree.nodes[0].kind)};
  AUTODEV_TRY_ASSIGN(const auto stored, fold.kv.get(table::fragment, key));
  std::uint64_t blocks = 1;
  if (stored) blocks += base::WireReader(*stored).varint();
  std::string bytes;
  base::WireWriter(bytes).varint(blocks);
  AUTODEV_TRY(fold.kv.put(table::fragment, key, bytes));
  return blocks;
}

/// The row in which the fragment is counted; absent when its slot is somebody else's.
Result<std::optional<FragmentRow>> claim_slot(FoldState& fold, const std::string& key,
                                              const mine::IdiomFragment& fragment) {
  AUTODEV_TRY_ASSIGN(auto stored, load<FragmentRow>(fold.kv, table::fragment, key));
  if (stored && stored->digest == fragment.digest) return stored;
  if (stored && stored->history.places.size() > 1 && ++stored->in_the_way <= patience * stored->history.places.size()) {
    AUTODEV_TRY(store(fold, table::fragment, key, *stored));
    return std::nullopt;
  }
  FragmentRow fresh;
  fresh.digest = fragment.digest;
  return std::optional(std::move(fresh));
}

/// Adds this occurrence to what was counted.
void note_occurrence(BlockRow& row, const EventContext& context, const UnitWorked& worked, std::uint64_t place) {
  const bool new_event = row.events.empty() || row.events.front() != context.event.id;
  const bool new_place = std::find(row.places.begin(), row.places.end(), place) == row.places.end();
  if (new_place && row.places.size() < mine::idiom_places) row.places.push_back(place);
  if (new_event) {
    ++row.distinct_events;
    note_pass(row.evidence, worked);
    note_event(row.events, context.event.id);
    note_name(row.projects, context.event.project);
  }
  const Timestamp time = context.event.timestamp;
  row.first = row.last == Timestamp{} ? time : std::min(row.first, time);
  row.last = std::max(row.last, time);
}

/// Blocks with the fragment that were met before there was a pattern, oldest event first: what stood in the holes.
Result<void> add_earlier_fillers(FoldState& fold, PatternId id, PatternRow& row, const mine::IdiomFragment& fragment,
                                 const CodeUnit& unit, const BlockRow& history, mine::Template& shape) {
  // The newest event is this block's own.
  for (auto event_id = history.events.rbegin(); event_id + 1 < history.events.rend(); ++event_id) {
    AUTODEV_TRY_ASSIGN(const LearningEvent* event, fold.earlier.find(fold.kv, *event_id));
    if (event == nullptr) continue;
    for (const CodeUnit* block : units_in(*event, history.places, unit.language, UnitKind::block)) {
      const auto tree = checked_tree(*block);
      if (!tree) continue;
      const auto cuts = mine::idiom_fragments(*tree);
      const bool has = std::any_of(cuts.begin(), cuts.end(), [&](const mine::IdiomFragment& cut) { return cut.digest == fragment.digest; });
      if (!has) continue;
      shape = mine::anti_unify(shape, *tree, block->text).result;
      AUTODEV_TRY(save_second_example(fold, id, row, event->project, *block));
    }
  }
  return {};
}

/// The fragment becomes a pattern that this block leads.
Result<void> create_idiom(FoldState& fold, const EventContext& context, const UnitWorked& worked,
                          const syntax::Nast& tree, const mine::IdiomFragment& fragment, const BlockRow& history) {
  const CodeUnit& unit = worked.unit;
  const PatternId id{fragment.digest};
  mine::Template shape = mine::idiom_template(tree, unit.text, fragment.cut);
  PatternRow row;
  row.language = unit.language;
  row.kind = unit.kind;
  row.form = PatternKind::idiom;
  row.example_projects = {context.event.project};
  row.base_name = mine::idiom_name(shape.tree);
  row.description = mine::idiom_sentence(shape.tree);
  row.evidence = history.evidence;
  row.evidence.distinct_instances = static_cast<std::uint32_t>(history.places.size());
  row.projects = history.projects;
  row.evidence.projects = static_cast<std::uint32_t>(row.projects.size());
  row.members = {fragment.digest};
  row.events = history.events;
  row.learned_at = history.first;
  row.last_seen = history.last;
  add_words(row.specification, context.words);
  AUTODEV_TRY(fold.kv.put(table::example, std::string(key_of(id)) + '\0', encode_unit(unit)));
  AUTODEV_TRY(add_earlier_fillers(fold, id, row, fragment, unit, history, shape));
  AUTODEV_TRY(fold.kv.put(table::shape, key_of(id), mine::encode_template(shape)));
  AUTODEV_TRY(fold.kv.put(table::order, order_key(pattern_order, row.learned_at, id.digest), key_of(id)));
  AUTODEV_TRY(store(fold, table::unit, key_of(fragment.digest), UnitRow{id, row.evidence.instances, fragment.digest}));
  AUTODEV_TRY(count_pattern(fold, counter::patterns, row.form));
  return save_pattern(fold, id, row, true);
}

/// One more block that a known idiom explains.
Result<void> note_in_idiom(FoldState& fold, const EventContext& context, const UnitWorked& worked,
                           const syntax::Nast& tree, UnitRow known) {
  AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold.kv, table::pattern, key_of(known.pattern)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names an idiom that it does not have");
  ++known.occurrences;
  AUTODEV_TRY(store(fold, table::unit, key_of(known.fingerprint), known));
  note_pass(row->evidence, worked);
  const bool listed = std::find(row->members.begin(), row->members.end(), worked.unit.alpha) != row->members.end();
  if (!listed && row->members.size() < max_idiom_members) {
    row->members.push_back(worked.unit.alpha);
    ++row->evidence.distinct_instances;
  }
  note_name(row->projects, context.event.project);
  row->evidence.projects = static_cast<std::uint32_t>(row->projects.size());
  note_event(row->events, context.event.id);
  add_words(row->specification, context.words);
  row->last_seen = std::max(row->last_seen, context.event.timestamp);
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::shape, key_of(known.pattern)));
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
  // Fillers are gathered while they still tell something new: the sets are capped at 64 anyway.
  if (row->evidence.instances <= 64)
    AUTODEV_TRY(fold.kv.put(table::shape, key_of(known.pattern),
                            mine::encode_template(mine::anti_unify(shape, tree, worked.unit.text).result)));
  AUTODEV_TRY(save_second_example(fold, known.pattern, *row, context.event.project, worked.unit));
  const std::uint32_t n = row->evidence.instances;
  return save_pattern(fold, known.pattern, *row, (n & (n - 1)) == 0);
}

}  // namespace

Result<void> drop_fragments(FoldState& fold, const CodeUnit& unit) {
  const auto tree = checked_tree(unit);
  if (!tree) return {};
  for (const mine::IdiomFragment& fragment : mine::idiom_fragments(*tree)) {
    const std::string key = slot_key(fragment.digest);
    AUTODEV_TRY_ASSIGN(const auto row, load<FragmentRow>(fold.kv, table::fragment, key));
    if (row && row->digest == fragment.digest) AUTODEV_TRY(fold.kv.erase(table::fragment, key));
  }
  return {};
}

Result<void> fold_idioms(FoldState& fold, EventContext& context, const UnitWorked& worked) {
  const auto tree = checked_tree(worked.unit);
  if (!tree) return {};
  const auto fragments = mine::idiom_fragments(*tree);
  if (fragments.empty()) return {};
  AUTODEV_TRY_ASSIGN(const std::uint64_t pool, count_in_pool(fold, *tree));
  const std::uint64_t place = place_of(context.event, worked.unit);
  for (const mine::IdiomFragment& fragment : fragments) {
    AUTODEV_TRY_ASSIGN(const auto known, load<UnitRow>(fold.kv, table::unit, key_of(fragment.digest)));
    if (known) {
      // A copy within one change is copied, not confirmed.
      const bool first = context.worked.insert(fragment.digest).second;
      return first ? note_in_idiom(fold, context, worked, *tree, *known) : Result<void>{};
    }
    const std::string key = slot_key(fragment.digest);
    AUTODEV_TRY_ASSIGN(auto row, claim_slot(fold, key, fragment));
    if (!row) continue;
    note_occurrence(row->history, context, worked, place);
    const BlockRow& history = row->history;
    const bool supported = history.places.size() >= mine::idiom_places && history.distinct_events >= mine::idiom_events;
    if (supported && mine::merge_gain(history.distinct_events, fragment.bits, pool) > 0) {
      AUTODEV_TRY(fold.kv.erase(table::fragment, key));
      context.worked.insert(fragment.digest);
      return create_idiom(fold, context, worked, *tree, fragment, history);
    }
    AUTODEV_TRY(store(fold, table::fragment, key, *row));
  }
  return {};
}

}  // namespace autodev::knowledge
