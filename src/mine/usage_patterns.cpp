// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See usage_patterns.h.
#include "mine/usage_patterns.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "mine/background.h"
#include "mine/object_traces.h"
#include "syntax/nast.h"

namespace autodev::mine {

namespace {

constexpr std::size_t max_shown = 32;
/// An order of independent calls that is no accident: four in five.
constexpr std::uint32_t times_as_frequent = 4;

bool is_module(const std::string& type, const SequencePattern& pattern) {
  const bool made = pattern.events.front().starts_with("=") || pattern.events.front().starts_with("with ");
  return !made && !type.empty() && type.front() >= 'a' && type.front() <= 'z' && !type.ends_with(')');
}

struct TypeTraces {
  SequenceMiner miner{SequenceLimits{}};
  std::vector<std::size_t> units;  ///< by sequence
};

}  // namespace

bool is_telling_so_far(std::uint64_t count, std::uint64_t all, std::uint32_t spare) noexcept {
  if (count >= all) return false;
  constexpr std::uint32_t most_permille = 600;  // as telling_share_permille of keep.cpp
  const std::uint32_t most = log2_thousandths(all);
  const std::uint32_t wanted = std::min(log2_thousandths(telling_step_share), most * most_permille / 1000) + spare;
  return most - log2_thousandths(std::max<std::uint64_t>(count, 1)) > wanted;
}

std::vector<std::size_t> shown_patterns(const std::string& type, const std::vector<SequencePattern>& closed, const SequenceMiner& miner) {
  std::map<std::vector<std::string>, std::vector<std::size_t>> orders;
  for (std::size_t i = 0; i < closed.size(); ++i) {
    auto steps = closed[i].events;
    std::sort(steps.begin(), steps.end());
    orders[std::move(steps)].push_back(i);  // most frequent first, as `closed` is
  }
  std::vector<std::size_t> kept;
  for (const auto& [steps, same] : orders) {
    const std::uint32_t support = closed[same[0]].support;
    // An order that is not frequent may still have occurred as often as just does not suffice.
    const std::uint32_t next = same.size() > 1 ? closed[same[1]].support : SequenceLimits{}.min_support - 1;
    if (!is_module(type, closed[same[0]]) || next * times_as_frequent <= support) kept.push_back(same[0]);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<SequencePattern> candidates;
  for (const std::size_t i : kept) candidates.push_back(closed[i]);
  std::vector<std::size_t> shown;
  for (const std::size_t chosen : cover(candidates, miner))
    if (shown.size() < max_shown) shown.push_back(kept[chosen]);
  return shown;
}

std::vector<UsagePattern> extract_usage(const std::vector<CodeUnit>& units) {
  std::map<std::pair<Language, std::string>, TypeTraces> types;
  for (std::size_t unit = 0; unit < units.size(); ++unit) {
    if (units[unit].kind != UnitKind::function && units[unit].kind != UnitKind::method) continue;
    const auto tree = syntax::decode_nast(units[unit].tree);
    if (!tree) continue;
    for (const ObjectTrace& trace : object_traces(event_graph(*tree))) {
      if (!trace.tells()) continue;
      TypeTraces& type = types[{units[unit].language, trace.type}];
      type.miner.add(step_names(trace), base::hash64(units[unit].path));
      type.units.push_back(unit);
    }
  }
  std::vector<UsagePattern> found;
  for (const auto& [key, type] : types) {
    const auto closed = type.miner.closed();
    for (const std::size_t number : shown_patterns(key.second, closed, type.miner)) {
      UsagePattern pattern{key.first, key.second, closed[number].events, closed[number].sources, {}};
      for (const std::uint32_t sequence : closed[number].postings) pattern.members.push_back(type.units[sequence]);
      std::sort(pattern.members.begin(), pattern.members.end());
      pattern.members.erase(std::unique(pattern.members.begin(), pattern.members.end()), pattern.members.end());
      found.push_back(std::move(pattern));
    }
  }
  return found;
}

}  // namespace autodev::mine
