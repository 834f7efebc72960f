// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Record: one entry of the journal, and its payloads.
//
// A record is a fact that never changes: an event, a piece of feedback, the use of a pattern, a decision, the
// wish to forget. Payloads are zstd(CBOR(object)) with a "v" member, so that they can grow fields;
// an unknown newer version is an error, unknown members are kept out of the fold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "autodev/error.h"
#include "autodev/event.h"
#include "autodev/ids.h"

namespace autodev::knowledge {

/// Values are persisted: append, never renumber.
enum class RecordKind : std::uint8_t {
  event = 1,      ///< LearningEvent
  forget = 2,     ///< Forget
  feedback = 3,   ///< Feedback
  decision = 4,   ///< DecisionMade
  outcome = 5,    ///< DecisionOutcome
  import = 6,     ///< ImportedPattern
};

/// Position in canonical order: (time, replica, sequence).
struct RecordKey {
  Timestamp time{};
  ReplicaId replica;
  std::uint64_t sequence = 0;  ///< 1, 2, ... per replica
  auto operator<=>(const RecordKey&) const = default;
};

/// Where a record lies; with it a record is read back without a search.
struct RecordLocation {
  std::uint32_t segment = 0;
  std::uint64_t offset = 0;    ///< of its first byte
  std::uint64_t end = 0;       ///< behind its last byte
  std::uint64_t checksum = 0;  ///< as stored in the frame
  bool operator==(const RecordLocation&) const = default;
};

struct Record {
  RecordKey key;
  RecordKind kind = RecordKind::event;
  std::string payload;  ///< encoded, see encode_*
  RecordLocation location;
};

/// Forget events by id, by project, or everything recorded so far; or go back to a snapshot.
///
/// What is forgotten by id stays forgotten, also when the same event is recorded again. Forgetting by project and
/// everything covers the records before this one in canonical order. A restore drops the records before this one
/// that lie beyond a journal position; a later restore takes an earlier one back when that lies beyond its own
/// position, but no restore brings back what was forgotten by the other three.
struct Forget {
  std::vector<EventId> events;
  std::string project;      ///< non-empty: all events of this project
  bool everything = false;  ///< all records before this one in canonical order
  bool restore = false;     ///< all records before this one with a sequence above `keep` of their replica
  std::vector<std::pair<ReplicaId, std::uint64_t>> keep;  ///< sorted; absent replicas keep nothing
  std::string reason;

  bool operator==(const Forget&) const = default;
};

/// `disable` and `enable` switch a guard off and on: what a user said last counts.
enum class FeedbackVerdict : std::uint8_t { helped, irrelevant, wrong, disable, enable };
struct Feedback {
  PatternId pattern;
  FeedbackVerdict verdict = FeedbackVerdict::helped;
  std::string note;
  std::string query{};  ///< what was asked when the pattern was shown; empty: not known

  bool operator==(const Feedback&) const = default;
};

/// Lists by option are empty or as long as `options`.
struct DecisionMade {
  DecisionId id;
  std::string type, chosen;
  std::vector<std::string> options;
  double propensity = 1.0;             ///< probability with which `chosen` was chosen
  std::string context{};                 ///< JSON object, or empty
  std::string prefer{};                  ///< what the user said; empty: nothing
  std::vector<double> probabilities{};   ///< propensity of every option; empty when somebody else chose
  std::vector<double> costs{};           ///< -1: not known
  std::vector<double> qualities{};       ///< -1: not known
  std::vector<std::string> vetoes{};     ///< empty: allowed
  std::string project{};
  CycleId cycle{};                       ///< of an experiment: the cycle whose outcome is this decision's outcome

  bool operator==(const DecisionMade&) const = default;
};
struct DecisionOutcome {
  DecisionId id;
  bool success = false;
  double reward = 0;    ///< [0, 1]
  std::string option{};  ///< empty: the chosen one; else what another option would have given

  bool operator==(const DecisionOutcome&) const = default;
};

/// A pattern of another library: a display-only claim about one exemplar unit. Starts at zero local trust.
struct ImportedPattern {
  std::string origin;   ///< name of the export, shown to the user
  CodeUnit exemplar;
  std::string name, description;
  bool anti = false;    ///< it is an anti-pattern: `cause` tells why
  std::string cause;
  std::optional<CodeUnit> replacement{};  ///< of an anti-pattern: what passed in its place, over there

  bool operator==(const ImportedPattern&) const = default;
};

using Payload = std::variant<LearningEvent, Forget, Feedback, DecisionMade, DecisionOutcome, ImportedPattern>;

[[nodiscard]] RecordKind kind_of(const Payload& payload) noexcept;
/// Largest payload before compression; larger ones are refused by append.
inline constexpr std::size_t max_payload_bytes = std::size_t{64} << 20;
/// Lists and texts are clipped to the limits their types document; units whose text or tree is beyond them are left
/// out, and `implementation.files` is never written. Empty when it is larger than max_payload_bytes.
[[nodiscard]] std::string encode_payload(const Payload& payload);
/// `bad_data` for damaged bytes, `config` for a newer payload version.
[[nodiscard]] Result<Payload> decode_payload(RecordKind kind, std::string_view bytes);

/// The content id of an event: digest of its payload with an empty id.
[[nodiscard]] EventId event_id(const LearningEvent& event);
/// The cycle an event belongs to: digest of project and folded specification text.
[[nodiscard]] CycleId cycle_id(std::string_view project, std::string_view specification);

}  // namespace autodev::knowledge
