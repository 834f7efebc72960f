// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guards: edit patterns with what speaks for and against them.
//
// Confirmed by distinct failed code that a verified fix changed in the same way; doubted by distinct code that passed
// although the guard fires on it. Both are sets, so the counts do not depend on the order of events. A new guard is
// tried on the known passing code that has its atom, new passing code is tried on all guards.
#include <algorithm>
#include <map>
#include <memory>

#include "base/hash.h"
#include "base/text.h"
#include "base/wire.h"
#include "knowledge/fold.h"
#include "knowledge/guard_rows.h"
#include "mine/edit_match.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_cause = 500;
/// Passing units a new guard is tried on; and once more, before it speaks for the first time: most guards never do.
constexpr std::size_t max_tried = 256, max_tried_to_speak = 16'384;
/// An atom with as many guards is crowded; the count goes no further.
constexpr std::size_t crowded = 64;

Result<std::vector<Digest>> ids_under(const base::KvRead& state, base::Table where, std::uint64_t hash, std::size_t limit) {
  std::vector<Digest> ids;
  AUTODEV_TRY(state.scan(where, hashed_prefix(hash), {}, [&](std::string_view key, std::string_view) {
    ids.push_back(base::WireReader(key.substr(8)).digest());
    return ids.size() < limit;
  }));
  return ids;
}

/// The required atom with the fewest guards; the lowest of equals.
Result<std::uint64_t> rarest_atom(const base::KvRead& state, const mine::EditPattern& pattern) {
  std::uint64_t best = 0;
  std::size_t fewest = SIZE_MAX;
  for (const std::uint64_t atom : mine::required_atoms(pattern)) {
    AUTODEV_TRY_ASSIGN(const auto used, ids_under(state, table::guard_atom, atom, crowded));
    if (used.size() >= fewest) continue;
    fewest = used.size();
    best = atom;
  }
  return best;
}

Result<OpinionRow> opinion_of(const base::KvRead& state, const Digest& id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<OpinionRow>(state, table::opinion, key_of(id)));
  return row.value_or(OpinionRow{});
}

/// Writes the row, and the level beside the atom, where a check reads it without the row.
Result<void> save_guard(FoldState& fold, const Digest& id, const GuardRow& row) {
  AUTODEV_TRY(store(fold, table::guard, key_of(id), row));
  AUTODEV_TRY_ASSIGN(const OpinionRow opinion, opinion_of(fold.kv, id));
  const auto level = static_cast<char>(standing_of(row, opinion).level());
  return fold.kv.put(table::guard_atom, hashed_key(row.atom, id), std::string_view(&level, 1));
}

void note_alarm(GuardRow& row, const mine::EditMatch& match, const mine::UnitShape& shape) {
  if (row.alarms.size() >= max_alarm_masks) {
    ++row.alarms_beyond;
    return;
  }
  const std::uint64_t mask = mask_of(row, mine::surroundings(match, shape));
  row.alarms.insert(std::upper_bound(row.alarms.begin(), row.alarms.end(), mask), mask);
}

/// Units decoded for the guards of one event.
using KnownShapes = std::map<Digest, std::pair<std::unique_ptr<syntax::Nast>, std::unique_ptr<mine::UnitShape>>>;

Result<const mine::UnitShape*> passed_shape(const base::KvRead& state, const Digest& id, KnownShapes& shapes) {
  if (const auto known = shapes.find(id); known != shapes.end()) return known->second.second.get();
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::passed, key_of(id)));
  auto& [tree, shape] = shapes[id];
  if (auto decoded = syntax::decode_nast(bytes.value_or(std::string_view()))) {
    tree = std::make_unique<syntax::Nast>(std::move(*decoded));
    if (!tree->nodes.empty()) shape = std::make_unique<mine::UnitShape>(*tree);
  }
  return shape.get();
}

/// Counts the false alarms anew.
Result<void> try_on_passed(FoldState& fold, const mine::EditPattern& pattern, GuardRow& row, KnownShapes& shapes, std::size_t limit) {
  row.alarms.clear();
  row.alarms_beyond = 0;
  AUTODEV_TRY_ASSIGN(const auto ids, ids_under(fold.kv, table::passed_atom, row.atom, limit));
  for (const Digest& id : ids) {
    AUTODEV_TRY_ASSIGN(const mine::UnitShape* shape, passed_shape(fold.kv, id, shapes));
    if (shape == nullptr) continue;
    if (const auto match = mine::find_mistake(pattern, *shape)) note_alarm(row, *match, *shape);
  }
  return {};
}

Result<GuardRow> new_guard(FoldState& fold, const mine::FixRung& rung, Timestamp when, KnownShapes& shapes) {
  GuardRow row;
  row.pattern = mine::encode_edit(rung.pattern);
  AUTODEV_TRY_ASSIGN(row.atom, rarest_atom(fold.kv, rung.pattern));
  row.around = rung.around;
  row.common = row.around.size() >= 64 ? UINT64_MAX : (std::uint64_t{1} << row.around.size()) - 1;
  row.first = row.last = when;
  AUTODEV_TRY(try_on_passed(fold, rung.pattern, row, shapes, max_tried));
  AUTODEV_TRY(count(fold, "guards"));
  if (rung.pattern.flaw.empty()) AUTODEV_TRY(count(fold, counter::edits));
  return row;
}

/// One edit of one fix: rungs that describe it share this.
std::uint64_t edit_key(std::uint64_t failure, const mine::FixRung& rung) { return base::mix64(failure, rung.edit); }

void insert_sorted(std::vector<std::uint64_t>& list, std::uint64_t one) {
  const auto place = std::lower_bound(list.begin(), list.end(), one);
  if (list.size() < max_guard_sources && (place == list.end() || *place != one)) list.insert(place, one);
}

/// True when this confirmation is the one that may let the guard speak.
bool confirm(GuardRow& row, const EventContext& context, const UnitFixed& fixed, const mine::FixRung& rung) {
  const std::size_t known = row.sources.size();
  const std::uint64_t source = failure_key(fixed.before).prefix64();
  insert_sorted(row.sources, source);
  insert_sorted(row.edits, edit_key(source, rung));
  row.common &= mask_of(row, rung.around);
  if (row.example.empty()) row.example = failure_key(fixed.before);
  row.last = std::max(row.last, context.event.timestamp);
  note_event(row.events, context.event.id);
  return known + 1 == mine::advise_confirmed && row.sources.size() == mine::advise_confirmed;
}

/// The failed run did not name this code when nothing had changed since the last commit: it stood there already. That it was
/// changed, alone, until the tests passed says the same. Of several changed functions nobody knows which one it was.
Result<void> note_unseen_failure(FoldState& fold, EventContext& context, const UnitFixed& fixed) {
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::failed, key_of(failure_key(fixed.before))));
  if (known) return {};
  const auto& units = context.event.implementation.units;
  const auto changed = std::count_if(units.begin(), units.end(), [](const UnitChange& change) {
    return change.before && change.after && (change.after->kind == UnitKind::function || change.after->kind == UnitKind::method) &&
           change.before->fingerprint != change.after->fingerprint;
  });
  if (changed != 1) return {};
  return fold_failed(fold, context, {fixed.before, fixed.after, fixed.strength, "it failed until it was changed"});
}

}  // namespace

Result<void> fold_fixed(FoldState& fold, EventContext& context, const UnitFixed& fixed) {
  if (!is_executed(fixed.strength) || !checked_tree(fixed.before) || !checked_tree(fixed.after)) return {};
  AUTODEV_TRY(note_unseen_failure(fold, context, fixed));
  AUTODEV_TRY(note_near_failure(fold, fixed.before, fixed.after));
  AUTODEV_TRY_ASSIGN(const auto failure, load<FailedRow>(fold.kv, table::failed, key_of(failure_key(fixed.before))));
  KnownShapes shapes;
  for (const mine::FixRung& rung : fixed.rungs) {
    AUTODEV_TRY_ASSIGN(auto row, load<GuardRow>(fold.kv, table::guard, key_of(rung.pattern.id)));
    if (!row) {
      AUTODEV_TRY_ASSIGN(row, new_guard(fold, rung, context.event.timestamp, shapes));
    }
    if (row->cause.empty() && failure) row->cause = base::clip_utf8(failure->cause, max_cause);
    if (confirm(*row, context, fixed, rung))
      AUTODEV_TRY(try_on_passed(fold, rung.pattern, *row, shapes, max_tried_to_speak));
    AUTODEV_TRY(save_guard(fold, rung.pattern.id, *row));
  }
  return {};
}

Result<void> import_guards(FoldState& fold, const CodeUnit& before, const CodeUnit& after, const std::string& origin) {
  const auto failed = checked_tree(before);
  const auto passed = checked_tree(after);
  if (!failed || !passed) return {};
  KnownShapes shapes;
  for (const mine::FixRung& rung : mine::fix_rungs(*failed, before.text, *passed, after.text)) {
    AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::guard, key_of(rung.pattern.id)));
    if (known) continue;
    AUTODEV_TRY_ASSIGN(GuardRow row, new_guard(fold, rung, Timestamp{}, shapes));
    row.origin = origin;
    row.example = failure_key(before);
    insert_sorted(row.edits, edit_key(row.example.prefix64(), rung));
    AUTODEV_TRY(save_guard(fold, rung.pattern.id, row));
  }
  return {};
}

Result<void> doubt_guards(FoldState& fold, const UnitWorked& worked) {
  const CodeUnit& unit = worked.unit;
  // A command that tests nothing passes whatever the code does.
  if (!worked.tested || (unit.kind != UnitKind::function && unit.kind != UnitKind::method)) return {};
  const Digest id = failure_key(unit);
  AUTODEV_TRY_ASSIGN(const auto known, fold.kv.get(table::passed, key_of(id)));
  if (known) return {};
  const auto tree = checked_tree(unit);
  if (!tree) return {};
  const mine::UnitShape shape(*tree);
  AUTODEV_TRY(fold.kv.put(table::passed, key_of(id), unit.tree));
  for (const std::uint64_t atom : shape.atoms) {
    AUTODEV_TRY(fold.kv.put(table::passed_atom, hashed_key(atom, id), "\1"));
    AUTODEV_TRY_ASSIGN(const auto guards, ids_under(fold.kv, table::guard_atom, atom, SIZE_MAX));
    for (const Digest& guard : guards) {
      AUTODEV_TRY_ASSIGN(auto row, load<GuardRow>(fold.kv, table::guard, key_of(guard)));
      if (!row) return fail(ErrorCode::bad_data, "the derived state lists a guard that it does not have");
      AUTODEV_TRY_ASSIGN(const mine::EditPattern pattern, mine::decode_edit(row->pattern, guard));
      const auto match = mine::find_mistake(pattern, shape);
      if (!match) continue;
      note_alarm(*row, *match, shape);
      AUTODEV_TRY(save_guard(fold, guard, *row));
    }
  }
  return {};
}

Result<bool> note_feedback(FoldState& fold, const Feedback& feedback) {
  const Digest& id = feedback.pattern.digest;
  AUTODEV_TRY_ASSIGN(OpinionRow opinion, opinion_of(fold.kv, id));
  switch (feedback.verdict) {
    case FeedbackVerdict::helped: ++opinion.helped; break;
    case FeedbackVerdict::irrelevant: ++opinion.irrelevant; break;
    case FeedbackVerdict::wrong: ++opinion.wrong; break;
    case FeedbackVerdict::disable: opinion.disabled = true; break;
    case FeedbackVerdict::enable: opinion.disabled = false; break;
  }
  AUTODEV_TRY(store(fold, table::opinion, key_of(id), opinion));
  AUTODEV_TRY_ASSIGN(const auto guard, load<GuardRow>(fold.kv, table::guard, key_of(id)));
  if (guard) AUTODEV_TRY(save_guard(fold, id, *guard));
  AUTODEV_TRY_ASSIGN(const auto failed, fold.kv.get(table::failed, key_of(id)));
  return guard || failed;
}

}  // namespace autodev::knowledge
