// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows of guards: what the fold keeps about mistakes that may come back.
//
//   guard        guard id -> GuardRow              the edit pattern with its evidence
//   guard_atom   atom, guard id -> level u8        guards by the one atom they are looked up by
//   passed       fingerprint -> NAST bytes         code that passed under execution: what must not be flagged
//   passed_atom  atom, fingerprint -> 1
//   near         failure key -> NearRow            failed code, for code that is nearly the same
//   near_band    band, failure key -> 1
//   opinion      id -> OpinionRow                  feedback, whatever the id names
#pragma once

#include "knowledge/state_rows.h"
#include "mine/edit_pattern.h"
#include "mine/guard_level.h"
#include "mine/signature.h"

namespace autodev::knowledge {

namespace table {
inline constexpr base::Table guard = "guard";
inline constexpr base::Table guard_atom = "guard_atom";
inline constexpr base::Table passed = "passed";
inline constexpr base::Table passed_atom = "passed_atom";
inline constexpr base::Table near = "near";
inline constexpr base::Table near_band = "near_band";
inline constexpr base::Table opinion = "opinion";
}  // namespace table

/// Distinct examples kept by hash: 64/64 has a bound of 0.943, more would not change a level.
inline constexpr std::size_t max_guard_sources = 64;
/// False alarms kept with what was around them; those beyond are counted.
inline constexpr std::size_t max_alarm_masks = 64;

struct GuardRow {
  std::string pattern;                   ///< encode_edit
  std::uint64_t atom = 0;                ///< it is looked up by
  std::vector<std::uint64_t> sources;    ///< sorted: failed code that a verified fix changed in this way
  std::vector<std::uint64_t> edits;      ///< sorted: the same, each with which edit of its fix it was
  std::vector<std::uint64_t> around;     ///< surroundings at the first confirmed use
  std::uint64_t common = 0;              ///< bit i: around[i] was there at every confirmed use
  std::vector<std::uint64_t> alarms;     ///< the same bits at false alarms
  std::uint32_t alarms_beyond = 0;
  Digest example;                        ///< failure key of the first failed code
  std::string cause, origin;             ///< `origin`: of an import
  std::vector<EventId> events;           ///< newest first, at most 32
  Timestamp first{}, last{};
};

struct NearRow {
  Language language = Language::unknown;
  mine::Signature signature{};
  std::string before, after;  ///< NAST bytes; `after` empty: nothing replaced it yet
  std::string after_text;     ///< source of `after`
};

/// The pattern of an encoded GuardRow, without the rest.
[[nodiscard]] std::string_view guard_pattern(std::string_view bytes);
/// The signature of an encoded NearRow, without the rest.
[[nodiscard]] mine::Signature near_signature(std::string_view bytes);

struct OpinionRow {
  std::uint32_t helped = 0, irrelevant = 0, wrong = 0;
  bool disabled = false;
};

[[nodiscard]] std::string encode_row(const GuardRow& row);
[[nodiscard]] std::string encode_row(const NearRow& row);
[[nodiscard]] std::string encode_row(const OpinionRow& row);

/// Counts for the level, with the conditions chosen by refine().
struct GuardStanding {
  mine::GuardCounts counts;
  std::uint64_t required = 0;
  bool disabled = false;
  [[nodiscard]] mine::GuardLevel level() const noexcept {
    return disabled ? mine::GuardLevel::shadow : mine::level_of(counts);
  }
};
[[nodiscard]] GuardStanding standing_of(const GuardRow& row, const OpinionRow& opinion);

/// Bits of row.around that are in `around` (sorted).
[[nodiscard]] std::uint64_t mask_of(const GuardRow& row, const std::vector<std::uint64_t>& around);

/// Atom or band in big-endian order, then the id.
[[nodiscard]] std::string hashed_key(std::uint64_t hash, const Digest& id);
[[nodiscard]] std::string hashed_prefix(std::uint64_t hash);

}  // namespace autodev::knowledge
