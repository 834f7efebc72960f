// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/near_repeat.h"

#include <algorithm>
#include <iterator>

namespace autodev::mine {
namespace {

using Features = std::vector<std::uint64_t>;

std::size_t shared(const Features& a, const Features& b) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) ++count;
    const bool left = a[i] <= b[j];
    const bool right = b[j] <= a[i];
    i += left;
    j += right;
  }
  return count;
}

Features without(const Features& a, const Features& b) {
  Features rest;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
  return rest;
}

}  // namespace

double jaccard(const Features& a, const Features& b) noexcept {
  if (a.empty() && b.empty()) return 1;
  const std::size_t common = shared(a, b);
  return static_cast<double>(common) / static_cast<double>(a.size() + b.size() - common);
}

std::optional<double> near_repeat(const Features& unit, const Features& failed, const Features* fixed) {
  const double similarity = jaccard(unit, failed);
  if (similarity < near_similarity) return std::nullopt;
  if (fixed == nullptr) return similarity;
  const Features removed = without(failed, *fixed);
  const Features added = without(*fixed, failed);
  if (removed.empty() && added.empty()) return std::nullopt;
  if (shared(unit, removed) * 100 < removed.size() * removed_held_percent) return std::nullopt;
  if (shared(unit, added) * 100 > added.size() * added_held_percent) return std::nullopt;
  return similarity;
}

}  // namespace autodev::mine
