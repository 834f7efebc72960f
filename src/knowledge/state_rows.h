// SPDX-License-Identifier: MIT OR Apache-2.0
//
// State rows: what the fold keeps, table by table. Layout of the bytes: state_rows.cpp and docs/storage-format.md.
//
// Rows that change with every event (counters) are kept apart from those that are written once (source text,
// signatures) or seldom (templates), so that an update rewrites a few hundred bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/pattern.h"
#include "base/kv.h"
#include "knowledge/knowledge_store.h"

namespace autodev::knowledge {

/// Meaning of the fold and layout of its rows; another number means: fold again.
inline constexpr std::uint32_t fold_version = 10;

namespace table {
inline constexpr base::Table meta = "meta";            ///< "head", and "forget" + record key: not knowledge
inline constexpr base::Table event = "event";          ///< event id -> EventRow
inline constexpr base::Table order = "order";          ///< letter + canonical key -> id, for listing
inline constexpr base::Table unit = "unit";            ///< alpha digest -> UnitRow
inline constexpr base::Table pattern = "pattern";      ///< pattern id -> PatternRow
inline constexpr base::Table shape = "shape";          ///< pattern id -> template bytes
inline constexpr base::Table example = "example";      ///< pattern id + 0 or 1 -> code unit
inline constexpr base::Table signature = "signature";  ///< pattern id -> MinHash of the leading instance
inline constexpr base::Table band = "band";            ///< band key + pattern id -> 1
inline constexpr base::Table block = "block";          ///< alpha digest -> BlockRow
inline constexpr base::Table fragment = "fragment";    ///< 's' + slot -> FragmentRow; 'n' + language, kind -> blocks met
inline constexpr base::Table failed = "failed";        ///< alpha digest -> FailedRow
inline constexpr base::Table cycle = "cycle";          ///< cycle id -> CycleSummary
inline constexpr base::Table decision = "decision";    ///< decision id -> DecisionSummary
inline constexpr base::Table vote = "vote";            ///< rows of vote/rows.h
inline constexpr base::Table experiment = "experiment";  ///< cycle id -> decision that waits for its outcome
inline constexpr base::Table counter = "counter";      ///< name -> count
inline constexpr base::Table error = "error";          ///< digest of a signature -> KnownError
inline constexpr base::Table background = "background";  ///< language, row number -> counts of mine/background.h
inline constexpr base::Table open_error = "open_error";  ///< cycle id -> OpenErrors
}  // namespace table

/// Where the fold stands, and under which meanings it was made.
struct FoldHead {
  std::uint32_t version = fold_version;
  std::string learner, words, embedder;
  JournalPosition position;
  RecordKey last;             ///< the last record in canonical order
  std::uint64_t records = 0;  ///< folded, forgotten and undecodable ones included
};

struct EventRow {
  EventSummary summary;
  RecordLocation location;
};

/// A unit seen in working code and where it belongs.
struct UnitRow {
  PatternId pattern;
  std::uint32_t occurrences = 0;
  Digest fingerprint;  ///< of the first occurrence; others differ from it in literals
};

struct PatternRow {
  std::string origin;     ///< name of the export it was imported from; empty when first seen here
  std::string name;       ///< given by an import; else empty and made from `words`
  std::string base_name;  ///< of the leading instance
  std::string description;
  Language language = Language::unknown;
  UnitKind kind = UnitKind::function;
  PatternKind form = PatternKind::structural;    ///< structural, idiom or window
  std::vector<std::string> example_projects;     ///< of the instances that are shown
  PatternEvidence evidence;
  std::vector<std::string> projects;             ///< sorted, the first 256
  std::vector<std::uint64_t> places;             ///< hashes of (project, path, scope, name), sorted, the first 64
  std::map<std::string, std::uint32_t> imports;  ///< module -> instances, the first 64
  std::map<std::string, std::uint32_t> words;    ///< words of instances' names -> instances, the first 64
  std::vector<Digest> members;                   ///< alpha digests in order of joining, the first 64
  std::vector<EventId> events;                   ///< newest first, at most 32
  std::string specification;                     ///< distinct words of specifications, at most 2 KiB
  Timestamp learned_at{}, last_seen{};
};

/// A block that is not a pattern yet.
struct BlockRow {
  PatternEvidence evidence;
  std::vector<std::uint64_t> places;  ///< distinct (project, path, scope), at most the number that makes a pattern
  std::vector<std::string> projects;
  std::vector<EventId> events;  ///< newest first, at most 32
  std::uint32_t distinct_events = 0;
  Timestamp first{}, last{};
};

/// A fragment of blocks that is not an idiom yet, in its slot.
struct FragmentRow {
  Digest digest;
  BlockRow history;
  std::uint32_t in_the_way = 0;  ///< times another fragment wanted the slot
};

/// A unit whose windows may be met again: the pattern that it leads has its code, `history` where and how it worked.
struct WindowedUnit {
  PatternId leader;
  BlockRow history;
};

struct FailedRow {
  CodeUnit unit;
  std::optional<std::string> after;
  EvidenceStrength strength = EvidenceStrength::none;
  EvidenceStrength after_strength = EvidenceStrength::none;
  std::uint32_t failures = 0;  ///< executed
  std::uint32_t history_failures = 0;
  std::uint32_t later_passes = 0;
  std::string cause, origin, name;  ///< `origin`, `name`: of an import
  std::vector<EventId> events;      ///< newest first, at most 32
  Timestamp first{}, last{};
};

/// Errors of a cycle that its attempts have shown and no pass has ended yet.
struct OpenError {
  Digest error;
  EventId event;           ///< the last attempt that showed it
  std::string command, file, message;
  bool tests = false, ran = false;  ///< of that attempt: as in ErrorFixed
  std::string repair;      ///< what was changed when it was gone, waiting for a pass; empty: nothing yet
};
struct OpenErrors {
  std::vector<OpenError> list;  ///< at most 64
};

[[nodiscard]] std::string encode_row(const FoldHead& row);
[[nodiscard]] std::string encode_row(const EventRow& row);
[[nodiscard]] std::string encode_row(const UnitRow& row);
[[nodiscard]] std::string encode_row(const PatternRow& row);
[[nodiscard]] std::string encode_row(const BlockRow& row);
[[nodiscard]] std::string encode_row(const FragmentRow& row);
[[nodiscard]] std::string encode_row(const WindowedUnit& row);
[[nodiscard]] std::string encode_row(const FailedRow& row);
[[nodiscard]] std::string encode_row(const CycleSummary& row);
[[nodiscard]] std::string encode_row(const DecisionSummary& row);
[[nodiscard]] std::string encode_row(const KnownError& row);
[[nodiscard]] std::string encode_row(const OpenErrors& row);

/// `bad_data` for anything encode_row does not write: the derived state is damaged and is made again.
template <typename Row>
[[nodiscard]] Result<Row> decode_row(std::string_view bytes);

/// The row under `key`; absent when there is none.
template <typename Row>
[[nodiscard]] Result<std::optional<Row>> load(const base::KvRead& state, base::Table table, std::string_view key) {
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table, key));
  if (!bytes) return std::nullopt;
  AUTODEV_TRY_ASSIGN(auto row, decode_row<Row>(*bytes));
  return std::optional<Row>(std::move(row));
}

/// Keys.
[[nodiscard]] std::string_view key_of(const Digest& digest) noexcept;
template <typename Tag>
[[nodiscard]] std::string_view key_of(const Id<Tag>& id) noexcept {
  return key_of(id.digest);
}
/// Letter, time (order-preserving), replica, sequence.
[[nodiscard]] std::string order_key(char letter, const RecordKey& key);
/// Letter, time, id.
[[nodiscard]] std::string order_key(char letter, Timestamp time, const Digest& id);
/// The inverse of the first form, without the letter's meaning; absent for anything else.
[[nodiscard]] std::optional<RecordKey> decode_order_key(std::string_view key);
inline constexpr char event_order = 'e', pattern_order = 'p', failed_order = 'f',
                      decision_order = 'd';
/// Parts of these lists that metrics are made of, so that those cost what was executed and not what is known.
inline constexpr char attempt_order = 'a', executed_cycle_order = 'x', active_order = 'v', tested_order = 'w',
                      experiment_order = 't';
/// The one key whose value is the id of the newest event.
inline constexpr std::string_view latest_event_key = "l";

/// Names in the table "counter".
namespace counter {
inline constexpr std::string_view events = "events", cycles = "cycles", patterns = "patterns",
                                  imported = "patterns imported", confirmed = "imports confirmed",
                                  anti_patterns = "anti_patterns", attempts = "executed attempts",
                                  failed_attempts = "failed attempts", decided = "decisions with an outcome",
                                  edits = "edit patterns",
                                  decided_well = "decided well/";  ///< + window number, 8 hexadecimal digits
}  // namespace counter

/// What of a counter is of this kind: "patterns/window".
[[nodiscard]] std::string counter_of(std::string_view counter, PatternKind kind);

/// Visits the ids listed under a letter, in order; stops when `visit` says false.
Result<void> for_each_in_order(const base::KvRead& state, char letter,
                               const std::function<Result<bool>(const Digest& id)>& visit);

}  // namespace autodev::knowledge
