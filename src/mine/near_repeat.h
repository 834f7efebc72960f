// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Near repeat: is a unit nearly the code that failed, and still without what fixed it?
//
// Likeness alone says little: the fix is about as near to the failed code as any variant of it. What tells them apart is
// the few features that the fix removed and added. A unit repeats a failure when it is near to the failed code
// (Jaccard >= 0.8 of the structural features), holds what the fix removed, and lacks what the fix added.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace autodev::mine {

/// The similarity from which code is a near copy.
inline constexpr double near_similarity = 0.8;
/// Share of the removed features a repeat still holds, and of the added ones it may hold, in per cent. Chosen on one half
/// of real failed programs (docs/guards.md).
inline constexpr std::size_t removed_held_percent = 75, added_held_percent = 25;

/// Shared / all of two sorted lists of distinct features.
[[nodiscard]] double jaccard(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) noexcept;

/// The similarity when `unit` repeats `failed`; absent when it is not near, or not without the fix. All lists sorted and
/// distinct. Without a known `fixed` code nothing can be told apart: then the caller has to know that no passing
/// code is as near.
[[nodiscard]] std::optional<double> near_repeat(const std::vector<std::uint64_t>& unit,
                                                const std::vector<std::uint64_t>& failed,
                                                const std::vector<std::uint64_t>* fixed);

}  // namespace autodev::mine
