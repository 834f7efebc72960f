// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One function per row type lists its members in order; the same list writes and reads, so the two cannot differ.
#include "knowledge/state_rows.h"

#include <bit>
#include <type_traits>

#include "base/wire.h"
#include "knowledge/unit_codec.h"

namespace autodev::knowledge {
namespace {

/// Longest list in a row that is believed while decoding.
constexpr std::uint64_t max_items = 1u << 20;

class Put {
 public:
  explicit Put(std::string& out) : wire_(out) {}
  template <typename... Member>
  void operator()(const Member&... members) { (one(members), ...); }

 private:
  template <typename T> requires std::is_integral_v<T> || std::is_enum_v<T>
  void one(const T& value) { wire_.varint(static_cast<std::uint64_t>(value)); }
  void one(double value) { wire_.u64(std::bit_cast<std::uint64_t>(value)); }
  void one(float value) { wire_.f32(value); }
  void one(const std::string& value) { wire_.bytes(value); }
  void one(const Digest& value) { wire_.digest(value); }
  template <typename Tag> void one(const Id<Tag>& value) { wire_.digest(value.digest); }
  void one(const Timestamp& value) { wire_.u64(static_cast<std::uint64_t>(value.time_since_epoch().count())); }
  void one(const Milliseconds& value) { wire_.u64(static_cast<std::uint64_t>(value.count())); }
  template <typename T> void one(const std::optional<T>& value) {
    wire_.u8(value.has_value() ? 1 : 0);
    if (value) one(*value);
  }
  template <typename T> void one(const std::vector<T>& list) {
    wire_.varint(list.size());
    for (const T& item : list) one(item);
  }
  template <typename T, std::size_t n> void one(const std::array<T, n>& list) {
    for (const T& item : list) one(item);
  }
  template <typename A, typename B> void one(const std::pair<A, B>& pair) { (*this)(pair.first, pair.second); }
  template <typename K, typename V> void one(const std::map<K, V>& map) {
    wire_.varint(map.size());
    for (const auto& [key, value] : map) (*this)(key, value);
  }
  void one(const CodeUnit& unit) { wire_.bytes(encode_unit(unit)); }
  template <typename Row> requires requires(Put& put, const Row& row) { members_of(put, row); }
  void one(const Row& row) { members_of(*this, row); }

  base::WireWriter wire_;
};

class Take {
 public:
  explicit Take(std::string_view in) : wire_(in) {}
  template <typename... Member>
  void operator()(Member&... members) { (one(members), ...); }
  [[nodiscard]] bool good() const noexcept { return ok_ && wire_.ok() && wire_.at_end(); }

 private:
  template <typename T> requires std::is_integral_v<T> || std::is_enum_v<T>
  void one(T& value) { value = static_cast<T>(wire_.varint()); }
  void one(double& value) { value = std::bit_cast<double>(wire_.u64()); }
  void one(float& value) { value = std::bit_cast<float>(wire_.u32()); }
  void one(std::string& value) { value = wire_.bytes(); }
  void one(Digest& value) { value = wire_.digest(); }
  template <typename Tag> void one(Id<Tag>& value) { value.digest = wire_.digest(); }
  void one(Timestamp& value) { value = Timestamp(Milliseconds(static_cast<std::int64_t>(wire_.u64()))); }
  void one(Milliseconds& value) { value = Milliseconds(static_cast<std::int64_t>(wire_.u64())); }
  template <typename T> void one(std::optional<T>& value) {
    if (wire_.u8() != 0) one(value.emplace());
  }
  std::uint64_t count() {
    const std::uint64_t items = wire_.varint();
    if (items <= max_items && items <= wire_.remaining()) return items;
    ok_ = false;
    return 0;
  }
  template <typename T> void one(std::vector<T>& list) {
    for (std::uint64_t left = count(); left > 0 && wire_.ok(); --left) one(list.emplace_back());
  }
  template <typename T, std::size_t n> void one(std::array<T, n>& list) {
    for (T& item : list) one(item);
  }
  template <typename A, typename B> void one(std::pair<A, B>& pair) { (*this)(pair.first, pair.second); }
  template <typename K, typename V> void one(std::map<K, V>& map) {
    for (std::uint64_t left = count(); left > 0 && wire_.ok(); --left) {
      K key{};
      V value{};
      (*this)(key, value);
      map.emplace(std::move(key), std::move(value));
    }
  }
  void one(CodeUnit& unit) {
    auto decoded = decode_unit(wire_.bytes());
    if (decoded) unit = std::move(*decoded);
    else ok_ = false;
  }
  template <typename Row> requires requires(Take& take, Row& row) { members_of(take, row); }
  void one(Row& row) { members_of(*this, row); }

  base::WireReader wire_;
  bool ok_ = true;
};

// Writing sees the row as const, reading does not; otherwise both use the same list.
#define AUTODEV_MEMBERS(RowType) \
  template <typename Wire, typename Row> requires std::is_same_v<std::remove_const_t<Row>, RowType> \
  void members_of(Wire& wire, Row& row)

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
       row.best_relative_runtime);
}
AUTODEV_MEMBERS(PatternRow) {
  wire(row.origin, row.name, row.base_name, row.description, row.language, row.kind, row.evidence, row.projects,
       row.imports, row.words, row.members, row.events, row.specification, row.learned_at, row.last_seen);
}
AUTODEV_MEMBERS(BlockRow) {
  wire(row.evidence, row.places, row.projects, row.events, row.distinct_events, row.first, row.last);
}
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

#undef AUTODEV_MEMBERS

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
