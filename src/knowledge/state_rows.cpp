// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One function per row type lists its members in order; the same list writes and reads, so the two cannot differ.
#include "knowledge/state_rows.h"

#include "base/row_codec.h"
#include "knowledge/unit_codec.h"

namespace autodev::knowledge {
namespace {

struct Put : base::RowWriter<Put> {
  using RowWriter::RowWriter;
};
struct Take : base::RowReader<Take> {
  using RowReader::RowReader;
};

void members_of(Put& put, const CodeUnit& unit) { put(encode_unit(unit)); }
void members_of(Take& take, CodeUnit& unit) {
  std::string bytes;
  take(bytes);
  auto decoded = decode_unit(bytes);
  if (decoded) unit = std::move(*decoded);
  else take.refuse();
}

AUTODEV_MEMBERS(ReplicaPosition) { wire(row.sequence, row.segment, row.offset, row.checksum, row.time_ms); }
AUTODEV_MEMBERS(RecordKey) { wire(row.time, row.replica, row.sequence); }
AUTODEV_MEMBERS(RecordLocation) { wire(row.segment, row.offset, row.end, row.checksum); }
AUTODEV_MEMBERS(FoldHead) { wire(row.version, row.learner, row.words, row.embedder, row.position, row.last, row.records); }
AUTODEV_MEMBERS(EventSummary) {
  wire(row.id, row.key, row.timestamp, row.type, row.source, row.project, row.revision, row.specification, row.verdict,
       row.strength, row.cycle, row.units, row.rules);
}
AUTODEV_MEMBERS(EventRow) { wire(row.summary, row.location); }
AUTODEV_MEMBERS(UnitRow) { wire(row.pattern, row.occurrences, row.fingerprint); }
AUTODEV_MEMBERS(PatternEvidence) {
  wire(row.instances, row.distinct_instances, row.projects, row.verified_passes, row.tested_passes, row.history_passes,
       row.failures, row.history_failures, row.applied, row.applied_passed, row.helped, row.irrelevant, row.wrong,
       row.best_relative_runtime, row.places);
}
AUTODEV_MEMBERS(PatternRow) {
  wire(row.origin, row.name, row.base_name, row.description, row.language, row.kind, row.form, row.example_projects, row.evidence, row.projects,
       row.places, row.imports, row.words, row.members, row.events, row.specification, row.learned_at, row.last_seen);
}
AUTODEV_MEMBERS(BlockRow) {
  wire(row.evidence, row.places, row.projects, row.events, row.distinct_events, row.first, row.last);
}
AUTODEV_MEMBERS(FragmentRow) { wire(row.digest, row.history, row.in_the_way); }
AUTODEV_MEMBERS(WindowedUnit) { wire(row.leader, row.history); }
AUTODEV_MEMBERS(FailedRow) {
  wire(row.unit, row.after, row.strength, row.after_strength, row.failures, row.history_failures, row.later_passes,
       row.cause, row.origin, row.name, row.events, row.first, row.last);
}
AUTODEV_MEMBERS(CycleSummary) {
  wire(row.id, row.project, row.specification, row.attempts, row.failures, row.succeeded, row.executed, row.reused,
       row.first, row.last, row.llm_calls, row.time, row.events);
}
AUTODEV_MEMBERS(vote::Spoken) { wire(row.estimate, row.confidence, row.blend); }
AUTODEV_MEMBERS(DecisionSummary) {
  wire(row.id, row.type, row.chosen, row.options, row.time, row.success, row.reward, row.propensity, row.context, row.prefer,
       row.project, row.costs, row.qualities, row.vetoes, row.spoken, row.weights, row.evidence, row.others);
}
AUTODEV_MEMBERS(ErrorRepair) { wire(row.diff, row.command, row.failed, row.passed, row.message, row.times, row.time); }
AUTODEV_MEMBERS(KnownError) {
  wire(row.id, row.signature, row.cause, row.rule, row.check, row.message, row.file, row.seen, row.repaired, row.repairs, row.events,
       row.first, row.last);
}
AUTODEV_MEMBERS(OpenError) { wire(row.error, row.event, row.command, row.file, row.message, row.tests, row.ran, row.repair); }
AUTODEV_MEMBERS(OpenErrors) { wire(row.list); }

template <typename Row>
std::string encode(const Row& row) {
  std::string bytes;
  Put put(bytes);
  members_of(put, row);
  return bytes;
}

std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (unsigned shift = 64; shift > 0; shift -= 8) bytes.push_back(static_cast<char>(value >> (shift - 8)));
  return bytes;
}

/// Times before 1970 sort before later ones too.
std::string time_key(Timestamp time) {
  return big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (std::uint64_t{1} << 63));
}

}  // namespace

std::string encode_row(const FoldHead& row) { return encode(row); }
std::string encode_row(const EventRow& row) { return encode(row); }
std::string encode_row(const UnitRow& row) { return encode(row); }
std::string encode_row(const PatternRow& row) { return encode(row); }
std::string encode_row(const BlockRow& row) { return encode(row); }
std::string encode_row(const FragmentRow& row) { return encode(row); }
std::string encode_row(const WindowedUnit& row) { return encode(row); }
std::string encode_row(const FailedRow& row) { return encode(row); }
std::string encode_row(const CycleSummary& row) { return encode(row); }
std::string encode_row(const DecisionSummary& row) { return encode(row); }
std::string encode_row(const KnownError& row) { return encode(row); }
std::string encode_row(const OpenErrors& row) { return encode(row); }

template <typename Row>
Result<Row> decode_row(std::string_view bytes) {
  Take take(bytes);
  Row row{};
  members_of(take, row);
  if (!take.good()) return fail(ErrorCode::bad_data, "a row of the derived state is damaged");
  return row;
}

template Result<FoldHead> decode_row<FoldHead>(std::string_view);
template Result<EventRow> decode_row<EventRow>(std::string_view);
template Result<UnitRow> decode_row<UnitRow>(std::string_view);
template Result<PatternRow> decode_row<PatternRow>(std::string_view);
template Result<BlockRow> decode_row<BlockRow>(std::string_view);
template Result<FragmentRow> decode_row<FragmentRow>(std::string_view);
template Result<WindowedUnit> decode_row<WindowedUnit>(std::string_view);
template Result<FailedRow> decode_row<FailedRow>(std::string_view);
template Result<CycleSummary> decode_row<CycleSummary>(std::string_view);
template Result<DecisionSummary> decode_row<DecisionSummary>(std::string_view);
template Result<KnownError> decode_row<KnownError>(std::string_view);
template Result<OpenErrors> decode_row<OpenErrors>(std::string_view);

std::string_view key_of(const Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

std::string order_key(char letter, const RecordKey& key) {
  return letter + time_key(key.time) + std::string(key_of(key.replica)) + big_endian(key.sequence);
}

std::string order_key(char letter, Timestamp time, const Digest& id) {
  return letter + time_key(time) + std::string(key_of(id));
}

std::optional<RecordKey> decode_order_key(std::string_view key) {
  constexpr std::size_t size = 1 + 8 + 16 + 8;
  if (key.size() != size) return std::nullopt;
  const auto number = [key](std::size_t at) {
    std::uint64_t value = 0;
    for (const char c : key.substr(at, 8)) value = (value << 8) | static_cast<std::uint8_t>(c);
    return value;
  };
  const auto time = static_cast<std::int64_t>(number(1) ^ (std::uint64_t{1} << 63));
  return RecordKey{Timestamp(Milliseconds(time)), {base::WireReader(key.substr(9, 16)).digest()}, number(25)};
}

std::string counter_of(std::string_view counter, PatternKind kind) {
  return std::string(counter) + '/' + std::string(to_string(kind));
}

Result<void> for_each_in_order(const base::KvRead& state, char letter,
                               const std::function<Result<bool>(const Digest& id)>& visit) {
  Result<void> outcome;
  AUTODEV_TRY(state.scan(table::order, std::string_view(&letter, 1), {}, [&](std::string_view, std::string_view value) {
    const Digest id = base::WireReader(value).digest();
    auto go_on = visit(id);
    if (!go_on) outcome = tl::make_unexpected(std::move(go_on).error());
    return go_on && *go_on;
  }));
  return outcome;
}

}  // namespace autodev::knowledge
