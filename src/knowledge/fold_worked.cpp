// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Units that worked. Code that is known (same alpha digest) only counts; other code joins the most similar pattern
// it fits, by the leader rule of mine/leader.h, or leads a new one. Leaders are found through the bands of their
// signatures, so the cost does not grow with the library.
#include <algorithm>

#include "base/text.h"
#include "knowledge/fold_behaviour.h"
#include "knowledge/guard_rows.h"
#include "knowledge/leaders.h"
#include "knowledge/pattern_text.h"
#include "knowledge/unit_codec.h"
#include "mine/idiom.h"
#include "mine/leader.h"
#include "mine/naming.h"
#include "mine/quality.h"
#include "mine/placed_features.h"
#include "mine/template.h"
#include "mine/thresholds.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_members = 64;  // members and places; nothing has a use for more
constexpr std::size_t max_modules = 64;  // 16 are shown
/// Generalisations tried per unit: the most similar leader fits nearly always, each further try costs 10 to 30 µs.
constexpr std::size_t max_tries = 8;

/// What joining changed.
struct Joined {
  PatternId id;
  mine::Template shape;
};

Result<std::optional<Joined>> try_joining(const base::KvRead& kv, const CodeUnit& unit, const syntax::Nast& tree,
                                          const mine::Signature& signature) {
  AUTODEV_TRY_ASSIGN(const auto near, neighbours(kv, signature, unit.language));
  std::vector<mine::LeaderView> views;
  for (const Neighbour& neighbour : near) views.push_back({neighbour.id, &neighbour.signature});
  auto order = mine::leader_order(views, signature);
  if (order.size() > max_tries) order.resize(max_tries);
  for (const std::size_t index : order) {
    AUTODEV_TRY_ASSIGN(const auto bytes, kv.get(table::shape, key_of(near[index].id)));
    if (!bytes) continue;
    AUTODEV_TRY_ASSIGN(const mine::Template leader, mine::decode_template(*bytes));
    auto made = mine::try_join(leader, near[index].signature, tree, unit.text, signature);
    if (made) return Joined{near[index].id, std::move(made->result)};
  }
  return std::nullopt;
}

/// Inserts a place into the sorted list of the first 64.
void note_place(PatternRow& row, std::uint64_t place) {
  const auto found = std::lower_bound(row.places.begin(), row.places.end(), place);
  if (row.places.size() >= max_members || (found != row.places.end() && *found == place)) return;
  row.places.insert(found, place);
  row.evidence.places = static_cast<std::uint32_t>(row.places.size());
}

/// The same code with other literals: they become holes of the template.
Result<void> open_literals(FoldState& fold, PatternId id, PatternRow& row, const EventContext& context, const CodeUnit& unit) {
  const auto tree = checked_tree(unit);
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::shape, key_of(id)));
  if (!tree || !bytes) return {};
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(*bytes));
  const mine::Generalisation wider = mine::anti_unify(shape, *tree, unit.text);
  AUTODEV_TRY(fold.kv.put(table::shape, key_of(id), mine::encode_template(wider.result)));
  return save_second_example(fold, id, row, context.event.project, unit);
}

/// What is said of a unit that is stored: by its event, and by its own documentation when it leads a new pattern.
std::vector<index::Said> said_of(const EventContext& context, const PatternRow& row, const CodeUnit& unit, bool leads) {
  std::vector<index::Said> said;
  if (leads && !base::trim(unit.doc).empty()) said.push_back({row.description});
  if (context.said && unit.kind != UnitKind::block) said.push_back(*context.said);
  return said;
}

Result<void> fold_new(FoldState& fold, EventContext& context, const UnitWorked& worked,
                      const std::optional<BlockRow>& history) {
  const CodeUnit& unit = worked.unit;
  const auto tree = checked_tree(unit);
  if (!tree) return count(fold, "units without use");
  AUTODEV_TRY(fold_behaviour(fold, context, worked, *tree));
  // Blocks stand inside of functions and were counted with them.
  if (unit.kind != UnitKind::block) AUTODEV_TRY(fold.background.count(fold.kv, *tree));
  const mine::PlacedFeatures placed = mine::placed_features(*tree);
  const mine::Signature signature = mine::minhash(placed.features);
  AUTODEV_TRY_ASSIGN(auto joined, try_joining(fold.kv, unit, *tree, signature));
  const PatternId id = joined ? joined->id : PatternId{unit.alpha};
  PatternRow row;
  if (joined) {
    AUTODEV_TRY_ASSIGN(auto stored, load<PatternRow>(fold.kv, table::pattern, key_of(id)));
    if (!stored) return fail(ErrorCode::bad_data, "the derived state has a band without its pattern");
    row = std::move(*stored);
    AUTODEV_TRY(fold.kv.put(table::shape, key_of(id), mine::encode_template(joined->shape)));
    AUTODEV_TRY(save_second_example(fold, id, row, context.event.project, unit));
  } else {
    row.learned_at = history ? history->first : context.event.timestamp;
    row.last_seen = row.learned_at;
    row.example_projects = {context.event.project};
    AUTODEV_TRY(create_pattern(fold, unit, *tree, signature, row));
  }
  if (history) {
    add_history(row, *history);
    AUTODEV_TRY(add_earlier_blocks(fold, id, row, unit, *history));
    AUTODEV_TRY(fold.kv.erase(table::block, key_of(unit.alpha)));
    AUTODEV_TRY(drop_fragments(fold, unit));
  }
  AUTODEV_TRY(note_member(fold, id, row, unit, 1 + (history ? history->evidence.instances : 0)));
  AUTODEV_TRY(note_instance(fold, row, context, worked));
  AUTODEV_TRY(save_pattern(fold, id, row, is_time_to_index(row), said_of(context, row, unit, !joined)));
  return joined ? Result<void>{} : fold_windows(fold, context, worked, *tree, placed);
}

/// Only tested code can be active, so most templates are not even looked at.
Result<void> list_if_tested(FoldState& fold, PatternId id, const PatternEvidence& evidence) {
  if (evidence.tested_passes == 0) return {};
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::shape, key_of(id)));
  AUTODEV_TRY_ASSIGN(const mine::Template shape, mine::decode_template(bytes.value_or(std::string_view())));
  return list_by_status(fold, id, evidence, mine::score(shape, evidence));
}

/// A command that tests nothing passes whatever the code does: only a pass with tests speaks against a failure.
Result<void> note_later_pass(FoldState& fold, const UnitWorked& worked) {
  if (!worked.tested) return {};
  AUTODEV_TRY_ASSIGN(auto failed, load<FailedRow>(fold.kv, table::failed, key_of(failure_key(worked.unit))));
  if (!failed) return {};
  ++failed->later_passes;
  fold.changed_anti.insert({failure_key(worked.unit)});
  return store(fold, table::failed, key_of(failure_key(worked.unit)), *failed);
}

/// What was said of the id before it named a pattern: by another copy of the library, or with a clock that is ahead.
Result<void> take_early_feedback(FoldState& fold, PatternId id, PatternEvidence& evidence) {
  AUTODEV_TRY_ASSIGN(const auto opinion, load<OpinionRow>(fold.kv, table::opinion, key_of(id)));
  if (!opinion) return {};
  evidence.helped += opinion->helped;
  evidence.irrelevant += opinion->irrelevant;
  evidence.wrong += opinion->wrong;
  return {};
}

}  // namespace

std::optional<syntax::Nast> checked_tree(const CodeUnit& unit) {
  if (unit.language == Language::unknown || unit.tree.empty()) return std::nullopt;
  auto tree = syntax::decode_nast(unit.tree);
  if (!tree || tree->nodes.empty() || tree->language != unit.language || tree->nodes[0].end > unit.text.size())
    return std::nullopt;
  // Records of other replicas may state anything; the id of knowledge must be that of its content.
  if (syntax::digest_tree(*tree).alpha != unit.alpha) return std::nullopt;
  if (tree->nodes.size() < mine::trivial_nodes) return std::nullopt;
  return std::move(*tree);
}

Result<void> note_instance(FoldState& fold, PatternRow& row, const EventContext& context, const UnitWorked& worked) {
  if (row.evidence.instances == 0 && !row.origin.empty()) AUTODEV_TRY(count_pattern(fold, counter::confirmed, row.form));
  note_pass(row.evidence, worked);
  note_name(row.projects, context.event.project);
  row.evidence.projects = static_cast<std::uint32_t>(row.projects.size());
  note_place(row, place_of(context.event, worked.unit));
  note_event(row.events, context.event.id);
  count_name_words(row, worked.unit);
  for (const std::string& module : worked.unit.imports)
    if (row.imports.size() < max_modules || row.imports.contains(module)) ++row.imports[module];
  add_words(row.specification, context.words);
  row.last_seen = std::max(row.last_seen, context.event.timestamp);
  return {};
}

bool is_time_to_index(const PatternRow& row) noexcept {
  const std::uint32_t n = row.evidence.instances;
  return (n & (n - 1)) == 0;
}

Result<void> note_member(FoldState& fold, PatternId id, PatternRow& row, const CodeUnit& unit,
                         std::uint32_t occurrences) {
  ++row.evidence.distinct_instances;
  const bool listed = std::find(row.members.begin(), row.members.end(), unit.alpha) != row.members.end();
  if (!listed && row.members.size() < max_members) row.members.push_back(unit.alpha);
  AUTODEV_TRY_ASSIGN(const auto failed, load<FailedRow>(fold.kv, table::failed, key_of(failure_key(unit))));
  if (failed) {
    row.evidence.failures += failed->failures;
    row.evidence.history_failures += failed->history_failures;
  }
  return store(fold, table::unit, key_of(unit.alpha), UnitRow{id, occurrences, failure_key(unit)});
}

void add_history(PatternRow& row, const BlockRow& history) {
  PatternEvidence& evidence = row.evidence;
  evidence.instances += history.evidence.instances;
  evidence.verified_passes += history.evidence.verified_passes;
  evidence.tested_passes += history.evidence.tested_passes;
  evidence.history_passes += history.evidence.history_passes;
  for (const std::string& project : history.projects) note_name(row.projects, project);
  for (const std::uint64_t place : history.places) note_place(row, place);
  for (auto event = history.events.rbegin(); event != history.events.rend(); ++event) note_event(row.events, *event);
  row.last_seen = std::max(row.last_seen, history.last);
}

Result<void> note_known(FoldState& fold, const EventContext& context, const UnitWorked& worked, UnitRow unit) {
  AUTODEV_TRY_ASSIGN(auto row, load<PatternRow>(fold.kv, table::pattern, key_of(unit.pattern)));
  if (!row) return fail(ErrorCode::bad_data, "the derived state names a pattern that it does not have");
  // An imported exemplar becomes a member with its first local instance.
  if (unit.occurrences == 0) AUTODEV_TRY(note_member(fold, unit.pattern, *row, worked.unit, 0));
  if (unit.fingerprint != failure_key(worked.unit)) {
    AUTODEV_TRY(open_literals(fold, unit.pattern, *row, context, worked.unit));
  } else if (worked.unit.kind == UnitKind::block) {
    AUTODEV_TRY(save_second_example(fold, unit.pattern, *row, context.event.project, worked.unit));
  }
  ++unit.occurrences;
  AUTODEV_TRY(store(fold, table::unit, key_of(worked.unit.alpha), unit));
  AUTODEV_TRY(note_instance(fold, *row, context, worked));
  return save_pattern(fold, unit.pattern, *row, is_time_to_index(*row), said_of(context, *row, worked.unit, false));
}

Result<void> save_second_example(FoldState& fold, PatternId id, PatternRow& row, const std::string& project, CodeUnit unit) {
  const std::string key = std::string(key_of(id)) + '\1';
  AUTODEV_TRY_ASSIGN(const auto present, fold.kv.get(table::example, key));
  if (present) return {};
  unit.tree.clear();
  row.example_projects.resize(1);
  row.example_projects.push_back(project);
  return fold.kv.put(table::example, key, encode_unit(unit));
}

Result<void> create_pattern(FoldState& fold, const CodeUnit& unit, const syntax::Nast& tree,
                            const mine::Signature& signature, PatternRow& row) {
  const PatternId id{unit.alpha};
  AUTODEV_TRY(take_early_feedback(fold, id, row.evidence));
  row.example_projects.resize(1);
  row.language = unit.language;
  row.kind = unit.kind;
  if (unit.kind == UnitKind::block) row.form = mine::is_window(tree) ? PatternKind::window : PatternKind::idiom;
  row.base_name = base_name_of(unit, tree);
  if (row.description.empty() && unit.kind == UnitKind::block)
    row.description = row.form == PatternKind::window ? mine::window_sentence(tree) : mine::idiom_sentence(tree);
  if (row.description.empty()) row.description = description_of(unit, row.base_name);
  AUTODEV_TRY(fold.kv.put(table::shape, key_of(id), mine::encode_template(mine::template_of(tree, unit.text))));
  AUTODEV_TRY(fold.kv.put(table::example, std::string(key_of(id)) + '\0', encode_unit(unit)));
  AUTODEV_TRY(put_leader(fold.kv, id, signature, unit.language, row.form == PatternKind::window ? LeaderLevel::window : LeaderLevel::unit));
  AUTODEV_TRY(fold.kv.put(table::order, order_key(pattern_order, row.learned_at, id.digest), key_of(id)));
  return count_pattern(fold, counter::patterns, row.form);
}

Result<index::Document> stored_document(const FoldState& fold, PatternId id, const PatternRow& row) {
  AUTODEV_TRY_ASSIGN(const auto bytes, fold.kv.get(table::example, std::string(key_of(id)) + '\0'));
  if (!bytes) return fail(ErrorCode::bad_data, "the derived state has a pattern without an instance");
  AUTODEV_TRY_ASSIGN(const CodeUnit leader, decode_unit(*bytes));
  return document_of(id, row, leader);
}

Result<void> save_pattern(FoldState& fold, PatternId id, const PatternRow& row, bool index_again, const std::vector<index::Said>& said) {
  fold.changed.insert(id);
  AUTODEV_TRY(store(fold, table::pattern, key_of(id), row));
  AUTODEV_TRY(list_if_tested(fold, id, row.evidence));
  if (!index_again) return {};
  AUTODEV_TRY_ASSIGN(const index::Document document, stored_document(fold, id, row));
  return fold.index.put(document, said);
}

Result<void> fold_worked(FoldState& fold, EventContext& context, const UnitWorked& worked) {
  const CodeUnit& unit = worked.unit;
  if (unit.language == Language::unknown || unit.alpha.empty() || worked.strength == EvidenceStrength::none) return {};
  // A copy within one change is copied, not confirmed.
  const bool first = context.worked.insert(unit.alpha).second;
  if (first) AUTODEV_TRY(note_later_pass(fold, worked));
  if (first) AUTODEV_TRY(doubt_guards(fold, worked));
  AUTODEV_TRY_ASSIGN(const auto known, load<UnitRow>(fold.kv, table::unit, key_of(unit.alpha)));
  if (known) return first ? note_known(fold, context, worked, *known) : Result<void>{};
  if (unit.kind != UnitKind::block) return first ? fold_new(fold, context, worked, std::nullopt) : Result<void>{};
  AUTODEV_TRY_ASSIGN(const auto history, fold_block(fold, context, worked));
  return history ? fold_new(fold, context, worked, history) : fold_idioms(fold, context, worked);
}

}  // namespace autodev::knowledge
