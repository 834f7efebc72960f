// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/edit_groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace autodev::app {
namespace {

using knowledge::Guard;

/// How much of the surroundings a rung needs: the changed run, its slice, then wider and wider syntax.
int context_of(const Guard& guard) {
  const std::uint8_t width = guard.pattern.width;
  if (width == 0) return 0;
  return width == mine::slice_width ? 1 : 1 + width;
}

bool covers(const Guard& lead, const Guard& guard) {
  return lead.pattern.language == guard.pattern.language && !guard.edits.empty() &&
         std::includes(lead.edits.begin(), lead.edits.end(), guard.edits.begin(), guard.edits.end());
}

}  // namespace

bool speaks_before(const Guard& a, const Guard& b) {
  const auto rank = [](const Guard& guard) {
    return std::tuple(guard.level, guard.bound_permille, guard.counts.confirmed, -context_of(guard),
                      guard.pattern.abstraction);
  };
  return rank(a) != rank(b) ? rank(a) > rank(b) : a.id < b.id;
}

std::vector<EditGroup> group_edits(const std::vector<Guard>& guards) {
  std::vector<std::size_t> order(guards.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return speaks_before(guards[a], guards[b]); });
  std::vector<EditGroup> groups;
  std::map<std::uint64_t, std::vector<std::size_t>> by_edit;  // edit -> groups whose lead covers it
  for (const std::size_t index : order) {
    const Guard& guard = guards[index];
    EditGroup* home = nullptr;
    if (!guard.edits.empty())
      for (const std::size_t group : by_edit[guard.edits.front()])
        if (home == nullptr && covers(guards[groups[group].lead], guard)) home = &groups[group];
    if (home != nullptr) {
      home->behind.push_back(index);
      continue;
    }
    for (const std::uint64_t edit : guard.edits) by_edit[edit].push_back(groups.size());
    groups.push_back({index, {}});
  }
  return groups;
}

}  // namespace autodev::app
