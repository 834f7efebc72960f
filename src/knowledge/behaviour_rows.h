// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Rows of behaviour: how objects of one type are used, and the patterns that were mined from it.
//
// A group is one type of object in one language. It has counters for its rules and a bounded list of distinct traces, each with the
// files it stands in. Patterns are made of the traces when enough new ones came, so what an update costs does not grow with the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "autodev/pattern.h"
#include "base/kv.h"
#include "knowledge/state_rows.h"
#include "mine/usage_rules.h"

namespace autodev::knowledge {

namespace table {
inline constexpr base::Table usage = "usage";          ///< group key -> UsageRow; group key + trace hash -> TraceRow
inline constexpr base::Table behaviour = "behaviour";  ///< pattern id -> BehaviourRow
}  // namespace table

/// Ids of behavioural patterns in the table "order".
inline constexpr char behaviour_order = 'b';

struct UsageRow {
  Language language = Language::unknown;
  std::string type;
  mine::UsageCounters counters;
  std::uint32_t traces = 0;  ///< distinct ones that are kept
  std::uint32_t places = 0;  ///< (trace, file) pairs, at most 8 of one trace
  std::uint32_t mined = 0;   ///< `places` when patterns were made last
  std::vector<PatternId> patterns;
};

/// An event and its own time, by which lists of them are sorted.
struct TimedEvent {
  Timestamp when{};
  EventId id;
};

/// A unit that does what a trace says, to be shown: without tree, at most 4 KiB of text.
struct TraceExample {
  std::string project;
  CodeUnit unit;
};

struct TraceRow {
  std::vector<std::string> steps;
  std::vector<std::uint64_t> places;   ///< hashes of (project, path): see note_file
  std::vector<std::string> projects;   ///< sorted, the first 8
  std::vector<TimedEvent> events;      ///< newest first, at most 4
  std::uint32_t units = 0, verified = 0, tested = 0, history = 0;
  std::vector<TraceExample> examples;  ///< the first two from different functions
  Timestamp first{}, last{};
};

struct BehaviourRow {
  std::string group;  ///< key of its UsageRow
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  std::string type;
  std::vector<std::string> steps;
  std::vector<std::uint64_t> places;  ///< hashes of (project, path): see note_file
  PatternEvidence evidence;
  std::vector<std::string> projects, frameworks;
  std::vector<std::string> example_projects;  ///< of the instances that are shown
  std::vector<TimedEvent> events;     ///< newest first, at most 32
  Timestamp learned_at{}, last_seen{};
};

[[nodiscard]] std::string encode_row(const UsageRow& row);
[[nodiscard]] std::string encode_row(const TraceRow& row);
[[nodiscard]] std::string encode_row(const BehaviourRow& row);

/// Files are counted by the smallest 64 hashes: exactly up to 63 files, beyond with a standard error of 13 % from how dense these
/// hashes are (Bar-Yossef et al., RANDOM 2002). The list is sorted and does not depend on the order of arrival. True: the list changed.
bool note_file(std::vector<std::uint64_t>& places, std::uint64_t place);
[[nodiscard]] std::uint32_t files_of(const std::vector<std::uint64_t>& places) noexcept;

[[nodiscard]] std::string usage_key(Language language, std::string_view type);
[[nodiscard]] std::string trace_key(std::string_view group, const std::vector<std::string>& steps);
/// From language, type and steps alone, so that two libraries name the same behaviour equally.
[[nodiscard]] PatternId behaviour_id(Language language, std::string_view type, const std::vector<std::string>& steps);

}  // namespace autodev::knowledge
