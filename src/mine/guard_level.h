// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guard level: how loudly a learned guard may speak, from executed evidence alone.
//
//   trials = confirmed + false alarms + feedback "wrong" + atoms added to avoid known false alarms
//   bound  = Wilson 95 % lower bound of confirmed / trials        (k/k gives k / (k + 3.84))
//
//   shadow   everything else: counted, never shown unless asked for
//   advise   at least 4 confirmed and bound >= 0.5      (4/4 -> 0.51)
//   block    at least 16 confirmed and bound >= 0.8     (16/16 -> 0.806)
//
// So one example never speaks, let alone blocks. The exact copy of code that failed (tier 0) is another kind of
// evidence: it is the example. It advises from the first executed failure on, as long as the same code never passed
// and nobody called it wrong, and blocks by the same bound as everything else. More passes or "wrong" never raise
// a level, more confirmations never lower one (property tests).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace autodev::mine {

/// Values are persisted: append, never renumber.
enum class GuardLevel : std::uint8_t { shadow, advise, block };
[[nodiscard]] std::string_view to_string(GuardLevel level) noexcept;

inline constexpr std::uint32_t advise_confirmed = 4, advise_bound_permille = 500;
inline constexpr std::uint32_t block_confirmed = 16, block_bound_permille = 800;

struct GuardCounts {
  std::uint32_t confirmed = 0;     ///< distinct failed code that a verified fix changed in this way
  std::uint32_t false_alarms = 0;  ///< distinct code that passed although the guard fires on it
  std::uint32_t atoms = 0;         ///< conditions chosen with hindsight: each costs one virtual false alarm
  std::uint32_t wrong = 0;         ///< feedback
};

[[nodiscard]] std::uint32_t bound_permille(const GuardCounts& counts) noexcept;
[[nodiscard]] GuardLevel level_of(const GuardCounts& counts) noexcept;

/// Tier 0: the same code again. `failures`: executed.
[[nodiscard]] GuardLevel repeat_level(std::uint32_t failures, std::uint32_t later_passes, std::uint32_t wrong) noexcept;

/// Conditions that set confirmed uses apart from false alarms. `common`: bit i is set when the i-th surrounding was there
/// at every confirmed use. `alarms`: the same bits, as they were at each false alarm.
struct Refinement {
  std::uint64_t required = 0;   ///< bits to require, at most two
  std::uint32_t remaining = 0;  ///< false alarms that have them all
};
/// Greedy cover (RhoSynth's refinement by counter-examples): the bit that the most remaining alarms lack, the lowest
/// of equals, while it removes more than the one virtual alarm that it costs.
[[nodiscard]] Refinement refine(std::uint64_t common, const std::vector<std::uint64_t>& alarms);

}  // namespace autodev::mine
