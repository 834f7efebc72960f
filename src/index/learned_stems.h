// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Learned stems: what this store has learned of the words people use, as rows of the table "adapt".
//
//   5 bytes, StaticTable::key_of() of a stem, big-endian -> u32 pairs, u32 stamp, then nothing (seen, nothing learned yet) or
//                                                          256 signed bytes: the change of the stem's vector in 1/128; check
//   "h"  -> u64 pairs learned from, u32 stems, check
//   "r"  -> the last 64 patterns: u32 next place, then 16 bytes id and 256 signed bytes (1/256) each; check
//
// The change is added to the built-in vector of a stem of a *query*; vectors of documents never change. Everything is kept in integers
// after every single step, so the rows are a function of the sequence of steps alone, not of transactions or processors.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/error.h"
#include "autodev/ids.h"
#include "base/kv.h"

namespace autodev::index {

inline constexpr base::Table adapted_table = "adapt";
inline constexpr std::size_t learned_dimensions = 256;
/// Steps of a stored change to one unit of a stem's vector, whose length is about 12.
inline constexpr float change_steps = 128;
/// Steps of a stored pattern's vector, which has length 1.
inline constexpr float pattern_steps = 256;
inline constexpr std::size_t recent_patterns = 64;

using SignedBytes = std::array<std::int8_t, learned_dimensions>;

struct LearnedRow {
  std::uint32_t pairs = 0;  ///< texts with this stem that were learned from
  std::uint32_t stamp = 0;  ///< number of the last of them
  std::optional<SignedBytes> change;
};

struct LearnedHead {
  std::uint64_t pairs = 0;
  std::uint32_t stems = 0;
};

struct RecentPattern {
  PatternId id;
  SignedBytes values{};
};

struct RecentPatterns {
  std::uint32_t next = 0;           ///< where the next one goes
  std::vector<RecentPattern> list;  ///< at most `recent_patterns`
};

[[nodiscard]] std::string learned_key(std::uint64_t stem);
/// Absent: nothing was learned. Errors: `bad_data` for altered bytes.
[[nodiscard]] Result<std::optional<LearnedRow>> read_learned(const base::KvRead& state, std::uint64_t stem);
/// Pairs and stamp of the row of a stem, unchecked; absent for other keys.
[[nodiscard]] std::optional<std::pair<std::uint32_t, std::uint32_t>> learned_counters(std::string_view key, std::string_view value);
[[nodiscard]] Result<LearnedHead> read_learned_head(const base::KvRead& state);
[[nodiscard]] Result<RecentPatterns> read_recent(const base::KvRead& state);
Result<void> write_learned(base::KvWrite& state, std::uint64_t stem, const LearnedRow& row);
Result<void> write_learned_head(base::KvWrite& state, const LearnedHead& head);
Result<void> write_recent(base::KvWrite& state, const RecentPatterns& recent);

/// sum[i] += times x change i
void add_change(const SignedBytes& change, float times, std::span<float> sum) noexcept;

}  // namespace autodev::index
