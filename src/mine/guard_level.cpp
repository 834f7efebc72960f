// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/guard_level.h"

#include "mine/quality.h"

namespace autodev::mine {
namespace {

constexpr int max_atoms = 2;

GuardLevel by_bound(std::uint32_t confirmed, std::uint32_t bound) noexcept {
  if (confirmed >= block_confirmed && bound >= block_bound_permille) return GuardLevel::block;
  if (confirmed >= advise_confirmed && bound >= advise_bound_permille) return GuardLevel::advise;
  return GuardLevel::shadow;
}

}  // namespace

std::string_view to_string(GuardLevel level) noexcept {
  switch (level) {
    case GuardLevel::shadow: return "shadow";
    case GuardLevel::advise: return "advise";
    case GuardLevel::block: return "block";
  }
  return "shadow";
}

std::uint32_t bound_permille(const GuardCounts& counts) noexcept {
  return wilson_lower_permille(counts.confirmed, counts.confirmed + counts.false_alarms + counts.atoms + counts.wrong);
}

GuardLevel level_of(const GuardCounts& counts) noexcept { return by_bound(counts.confirmed, bound_permille(counts)); }

GuardLevel repeat_level(std::uint32_t failures, std::uint32_t later_passes, std::uint32_t wrong) noexcept {
  if (failures == 0) return GuardLevel::shadow;
  const std::uint32_t bound = wilson_lower_permille(failures, failures + later_passes + wrong);
  const GuardLevel level = by_bound(failures, bound);
  if (level == GuardLevel::shadow && later_passes == 0 && wrong == 0) return GuardLevel::advise;
  return level;
}

Refinement refine(std::uint64_t common, const std::vector<std::uint64_t>& alarms) {
  Refinement chosen{0, static_cast<std::uint32_t>(alarms.size())};
  for (int round = 0; round < max_atoms && chosen.remaining > 1; ++round) {
    std::uint32_t best = 1;
    std::uint64_t bit_of_best = 0;
    for (int i = 0; i < 64; ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((common & bit) == 0 || (chosen.required & bit) != 0) continue;
      std::uint32_t removed = 0;
      for (const std::uint64_t alarm : alarms)
        removed += (alarm & chosen.required) == chosen.required && (alarm & bit) == 0;
      if (removed > best) {
        best = removed;
        bit_of_best = bit;
      }
    }
    if (bit_of_best == 0) break;
    chosen.required |= bit_of_best;
    chosen.remaining -= best;
  }
  return chosen;
}

}  // namespace autodev::mine
