// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading guards back, one by one.
#include "knowledge/guard_view.h"

#include <algorithm>

#include "base/wire.h"
#include "knowledge/guard_rows.h"

namespace autodev::knowledge {
namespace {

Result<std::optional<Guard>> guard_of(const base::KvRead& state, PatternId id, const GuardRow& row) {
  Guard guard;
  guard.id = id;
  AUTODEV_TRY_ASSIGN(guard.pattern, mine::decode_edit(row.pattern));
  AUTODEV_TRY_ASSIGN(const auto opinion, load<OpinionRow>(state, table::opinion, key_of(id)));
  const GuardStanding standing = standing_of(row, opinion.value_or(OpinionRow{}));
  guard.level = standing.level();
  guard.counts = standing.counts;
  guard.bound_permille = mine::bound_permille(standing.counts);
  guard.disabled = standing.disabled;
  if (opinion) {
    guard.helped = opinion->helped;
    guard.irrelevant = opinion->irrelevant;
  }
  guard.example = {row.example};
  guard.cause = row.cause;
  guard.origin = row.origin;
  guard.sources = row.sources;
  for (std::size_t i = 0; i < std::min<std::size_t>(row.around.size(), 64); ++i)
    if ((standing.required >> i & 1) != 0) guard.conditions.push_back(row.around[i]);
  guard.edits = row.edits;
  guard.events = row.events;
  guard.first = row.first;
  guard.last = row.last;
  return std::optional<Guard>(std::move(guard));
}

Result<RepeatGuard> repeat_guard_of(const base::KvRead& state, PatternId id, const FailedRow& row) {
  AUTODEV_TRY_ASSIGN(const auto said, load<OpinionRow>(state, table::opinion, key_of(id)));
  const OpinionRow opinion = said.value_or(OpinionRow{});
  return RepeatGuard{id, row.unit.language, row.name.empty() ? row.unit.name : row.name, row.cause,
                     mine::repeat_level(row.failures, row.later_passes, opinion.wrong), opinion.disabled, row.after.has_value(),
                     row.failures, row.later_passes, opinion.helped, opinion.irrelevant, opinion.wrong};
}

}  // namespace

std::string_view to_string(FindingKind kind) noexcept {
  switch (kind) {
    case FindingKind::repeated: return "repeated-failure";
    case FindingKind::near: return "near-repeated-failure";
    case FindingKind::mistake: return "known-mistake";
  }
  return "known-mistake";
}

Result<std::optional<Guard>> view_guard(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<GuardRow>(state, table::guard, key_of(id)));
  if (!row) return std::nullopt;
  return guard_of(state, id, *row);
}

Result<std::optional<CodeUnit>> view_replacement(const base::KvRead& state, PatternId failure) {
  AUTODEV_TRY_ASSIGN(const auto failed, load<FailedRow>(state, table::failed, key_of(failure)));
  AUTODEV_TRY_ASSIGN(const auto near, load<NearRow>(state, table::near, key_of(failure)));
  if (!failed || !near || near->after.empty()) return std::nullopt;
  const auto tree = syntax::decode_nast(near->after);
  if (!tree || tree->nodes.empty()) return std::nullopt;
  CodeUnit unit = failed->unit;
  unit.text = near->after_text;
  unit.tree = near->after;
  unit.nodes = static_cast<std::uint32_t>(tree->nodes.size());
  const auto breaks = std::count(unit.text.begin(), unit.text.end(), '\n');
  unit.last_line = unit.first_line + static_cast<std::uint32_t>(breaks);
  const syntax::TreeDigests digests = syntax::digest_tree(*tree);
  unit.exact = digests.exact;
  unit.alpha = digests.alpha;
  unit.fingerprint = digests.fingerprint;
  return std::optional<CodeUnit>(std::move(unit));
}

Result<void> for_each_guard(const base::KvRead& state, const std::function<bool(const Guard&)>& visit) {
  Result<void> outcome;
  AUTODEV_TRY(state.scan(table::guard, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto row = decode_row<GuardRow>(value);
    auto guard = row ? guard_of(state, {base::WireReader(key).digest()}, *row)
                     : Result<std::optional<Guard>>(tl::make_unexpected(row.error()));
    if (!guard) outcome = tl::make_unexpected(std::move(guard).error());
    return guard && visit(**guard);
  }));
  return outcome;
}

Result<std::optional<RepeatGuard>> view_repeat_guard(const base::KvRead& state, PatternId id) {
  AUTODEV_TRY_ASSIGN(const auto row, load<FailedRow>(state, table::failed, key_of(id)));
  if (!row) return std::nullopt;
  return repeat_guard_of(state, id, *row);
}

Result<void> for_each_repeat_guard(const base::KvRead& state, const std::function<bool(const RepeatGuard&)>& visit) {
  Result<void> outcome;
  AUTODEV_TRY(state.scan(table::failed, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto row = decode_row<FailedRow>(value);
    auto guard = row ? repeat_guard_of(state, {base::WireReader(key).digest()}, *row)
                     : Result<RepeatGuard>(tl::make_unexpected(row.error()));
    if (!guard) outcome = tl::make_unexpected(std::move(guard).error());
    return guard && visit(*guard);
  }));
  return outcome;
}

Result<std::vector<PatternId>> guards_starting_with(const base::KvRead& state, std::string_view hex, std::size_t limit) {
  std::vector<PatternId> found;
  const auto first = PatternId::parse(std::string(hex) + std::string(32 - std::min<std::size_t>(hex.size(), 32), '0'));
  if (!first) return found;
  AUTODEV_TRY(state.scan(table::guard, {}, key_of(*first), [&](std::string_view key, std::string_view) {
    const PatternId id{base::WireReader(key).digest()};
    if (!id.hex().starts_with(hex) || found.size() >= limit) return false;
    found.push_back(id);
    return true;
  }));
  return found;
}

}  // namespace autodev::knowledge
