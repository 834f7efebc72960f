// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guard view: guards as people and checks see them.
//
// A check reads only what concerns a unit: the failure with its fingerprint, failures near it, and the guards that are
// listed under one of its atoms with a level that speaks. Cost: O(atoms of the unit) look-ups, whatever is known.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "autodev/event.h"
#include "autodev/ids.h"
#include "base/kv.h"
#include "mine/edit_pattern.h"
#include "mine/guard_level.h"

namespace autodev::knowledge {

/// One learned guard with its evidence.
struct Guard {
  PatternId id;
  mine::EditPattern pattern;
  mine::GuardLevel level = mine::GuardLevel::shadow;
  mine::GuardCounts counts;
  std::uint32_t bound_permille = 0;
  bool disabled = false;
  std::uint32_t helped = 0, irrelevant = 0;
  PatternId example;  ///< the failure it was first learned from
  std::string cause, origin;
  std::vector<std::uint64_t> sources;  ///< sorted: prefix64 of the ids of failures whose fixes made this edit, at most 64
  std::vector<std::uint64_t> conditions;  ///< surroundings that it requires (mine/edit_match.h), sorted
  std::vector<std::uint64_t> edits;    ///< sorted: single edits of fixes that this describes; rungs of one edit share them
  std::vector<EventId> events;
  Timestamp first{}, last{};
};

/// Failed code as the guard against its own repetition (tier 0).
struct RepeatGuard {
  PatternId id;  ///< of the failure
  Language language = Language::unknown;
  std::string name, cause;
  mine::GuardLevel level = mine::GuardLevel::shadow;
  bool disabled = false, has_fix = false;
  std::uint32_t failures = 0, later_passes = 0;  ///< executed; passes with tests
  std::uint32_t helped = 0, irrelevant = 0, wrong = 0;
};

enum class FindingKind : std::uint8_t {
  repeated,  ///< tier 0: exactly this code failed
  near,      ///< nearly this code failed, and what fixed it is not there
  mistake,   ///< a learned edit pattern: looks like before a fix, not like after it
};
[[nodiscard]] std::string_view to_string(FindingKind kind) noexcept;

/// One place that a guard speaks about.
struct Finding {
  FindingKind kind = FindingKind::repeated;
  PatternId id;                     ///< guard, or failure for `repeated` and `near`
  mine::GuardLevel level = mine::GuardLevel::shadow;
  std::uint32_t start = 0, end = 0; ///< bytes in the unit's text
  double similarity = 1;            ///< of `near`
  PatternId example;                ///< the past failure
  std::string example_name, example_path, cause;
  std::uint32_t example_line = 0;
  std::string flaw;                 ///< of `mistake`: the flaw it is about (mine/flaw.h); empty for patterns of code
  std::string before, after;        ///< what it looks like, and what fixed it (templates for `mistake`)
  std::optional<std::string> fix;   ///< the unit's text as it should be, where a verified fix says so
  std::uint32_t confirmed = 0, doubts = 0;
  std::vector<EventId> events;
};

struct GuardCheckOptions {
  bool shadow = false;  ///< also what would stay silent
};

/// What is to be said about each function or method, sorted by place; about other units: nothing. What the units share
/// (atoms, guards) is read once.
[[nodiscard]] Result<std::vector<std::vector<Finding>>> check_units(const base::KvRead& state, std::span<const CodeUnit> units,
                                                                    const GuardCheckOptions& options);

[[nodiscard]] Result<std::optional<Guard>> view_guard(const base::KvRead& state, PatternId id);
/// What passed in place of failed code, as a unit with its tree; absent where nothing did under execution.
[[nodiscard]] Result<std::optional<CodeUnit>> view_replacement(const base::KvRead& state, PatternId failure);
/// In order of id.
Result<void> for_each_guard(const base::KvRead& state, const std::function<bool(const Guard&)>& visit);
[[nodiscard]] Result<std::optional<RepeatGuard>> view_repeat_guard(const base::KvRead& state, PatternId id);
/// In order of id.
Result<void> for_each_repeat_guard(const base::KvRead& state, const std::function<bool(const RepeatGuard&)>& visit);
/// Ids of guards that start with these hexadecimal digits.
[[nodiscard]] Result<std::vector<PatternId>> guards_starting_with(const base::KvRead& state, std::string_view hex,
                                                                  std::size_t limit);

}  // namespace autodev::knowledge
