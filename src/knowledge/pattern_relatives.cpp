// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See pattern_relatives.h.
#include "knowledge/pattern_relatives.h"

#include <algorithm>

#include "knowledge/leaders.h"
#include "knowledge/pattern_view.h"
#include "knowledge/state_rows.h"
#include "mine/hole_type.h"
#include "mine/lattice.h"

namespace autodev::knowledge {
namespace {

constexpr std::size_t max_relatives = 64;  // compared; those beyond are less similar

struct Near {
  PatternId id;
  double similarity = 0;
};

/// Other leaders that share a band, nearest first.
Result<std::vector<Near>> nearest(const base::KvRead& state, PatternId id, Language language) {
  std::vector<Near> near;
  AUTODEV_TRY_ASSIGN(const auto own, leader_signature(state, id));
  if (!own) return near;
  AUTODEV_TRY_ASSIGN(const auto row, load<PatternRow>(state, table::pattern, key_of(id)));
  const bool window = row && row->form == PatternKind::window;
  AUTODEV_TRY_ASSIGN(const auto found, neighbours(state, *own, language, window ? LeaderLevel::window : LeaderLevel::unit));
  for (const Neighbour& neighbour : found)
    if (neighbour.id != id) near.push_back({neighbour.id, mine::estimated_jaccard(*own, neighbour.signature)});
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.similarity > b.similarity; });
  if (near.size() > max_relatives) near.resize(max_relatives);
  return near;
}

Result<std::optional<mine::Template>> shape_of(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::shape, key_of(id)));
  if (!bytes) return std::nullopt;
  AUTODEV_TRY_ASSIGN(auto shape, mine::decode_template(*bytes));
  return std::optional<mine::Template>(std::move(shape));
}

Result<std::optional<mine::Sibling>> sibling_of(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(auto unit, view_leading_unit(state, id));
  if (!unit) return std::nullopt;
  auto tree = syntax::decode_nast(unit->tree);
  if (!tree || tree->nodes.empty()) return std::nullopt;
  return mine::Sibling{std::move(*tree), std::move(unit->text)};
}

}  // namespace

Result<PatternRelatives> view_relatives(const base::KvRead& state, PatternId id) {
  PatternRelatives relatives;
  AUTODEV_TRY_ASSIGN(const auto shape, shape_of(state, id));
  AUTODEV_TRY_ASSIGN(const auto own, sibling_of(state, id));
  if (!shape || !own) return relatives;
  AUTODEV_TRY_ASSIGN(const auto near, nearest(state, id, shape->tree.language));
  std::vector<mine::Sibling> siblings;
  std::vector<PatternId> ids;
  for (const Near& one : near) {
    AUTODEV_TRY_ASSIGN(auto sibling, sibling_of(state, one.id));
    AUTODEV_TRY_ASSIGN(const auto other, shape_of(state, one.id));
    if (!sibling || !other) continue;
    if (mine::match(*other, own->tree, own->text)) relatives.more_general.push_back(one.id);
    if (mine::match(*shape, sibling->tree, sibling->text)) relatives.more_specific.push_back(one.id);
    siblings.push_back(std::move(*sibling));
    ids.push_back(one.id);
  }
  for (mine::Parent& parent : mine::parents_of(*shape, siblings)) {
    CommonParent& common = relatives.parents.emplace_back();
    common.implementation = mine::render(parent.shape, mine::hole_names(parent.shape));
    common.holes = mine::public_holes(parent.shape);
    for (const std::size_t covered : parent.covers) common.covers.push_back(ids[covered]);
  }
  return relatives;
}

}  // namespace autodev::knowledge
