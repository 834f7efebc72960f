// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Layout: members in the order of the structs; lists with a varint count.
#include "knowledge/guard_rows.h"

#include <algorithm>
#include <bit>

#include "base/wire.h"

namespace autodev::knowledge {
namespace {

constexpr std::uint64_t max_list = 4096;

void put_hashes(base::WireWriter& wire, const std::vector<std::uint64_t>& list) {
  wire.varint(list.size());
  for (const std::uint64_t one : list) wire.u64(one);
}

std::vector<std::uint64_t> take_hashes(base::WireReader& wire) {
  std::vector<std::uint64_t> list;
  const std::uint64_t count = wire.varint();
  for (std::uint64_t i = 0; i < std::min(count, max_list) && wire.ok(); ++i) list.push_back(wire.u64());
  return list;
}

Timestamp take_time(base::WireReader& wire) { return Timestamp(Milliseconds(static_cast<std::int64_t>(wire.u64()))); }
std::uint64_t number_of(Timestamp time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }

template <typename Row>
Result<Row> finished(const base::WireReader& wire, Row row) {
  if (!wire.ok() || !wire.at_end()) return fail(ErrorCode::bad_data, "a row of the derived state is damaged");
  return row;
}

}  // namespace

std::string encode_row(const GuardRow& row) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.bytes(row.pattern);
  wire.u64(row.atom);
  put_hashes(wire, row.sources);
  put_hashes(wire, row.edits);
  put_hashes(wire, row.around);
  wire.u64(row.common);
  put_hashes(wire, row.alarms);
  wire.varint(row.alarms_beyond);
  wire.digest(row.example);
  for (const std::string* text : {&row.cause, &row.origin}) wire.bytes(*text);
  wire.varint(row.events.size());
  for (const EventId& event : row.events) wire.digest(event.digest);
  wire.u64(number_of(row.first));
  wire.u64(number_of(row.last));
  return bytes;
}

template <>
Result<GuardRow> decode_row<GuardRow>(std::string_view bytes) {
  base::WireReader wire(bytes);
  GuardRow row;
  row.pattern = wire.bytes();
  row.atom = wire.u64();
  row.sources = take_hashes(wire);
  row.edits = take_hashes(wire);
  row.around = take_hashes(wire);
  row.common = wire.u64();
  row.alarms = take_hashes(wire);
  row.alarms_beyond = static_cast<std::uint32_t>(wire.varint());
  row.example = wire.digest();
  for (std::string* text : {&row.cause, &row.origin}) *text = wire.bytes();
  const std::uint64_t events = wire.varint();
  for (std::uint64_t i = 0; i < std::min(events, max_list) && wire.ok(); ++i) row.events.push_back({wire.digest()});
  row.first = take_time(wire);
  row.last = take_time(wire);
  return finished(wire, std::move(row));
}

std::string_view guard_pattern(std::string_view bytes) { return base::WireReader(bytes).bytes(); }

std::string encode_row(const NearRow& row) {
  std::string bytes;
  base::WireWriter wire(bytes);
  wire.u8(static_cast<std::uint8_t>(row.language));
  for (const std::uint32_t bin : row.signature) wire.u32(bin);
  wire.bytes(row.before);
  wire.bytes(row.after);
  wire.bytes(row.after_text);
  return bytes;
}

template <>
Result<NearRow> decode_row<NearRow>(std::string_view bytes) {
  base::WireReader wire(bytes);
  NearRow row;
  row.language = static_cast<Language>(wire.u8());
  for (std::uint32_t& bin : row.signature) bin = wire.u32();
  row.before = wire.bytes();
  row.after = wire.bytes();
  row.after_text = wire.bytes();
  return finished(wire, std::move(row));
}

mine::Signature near_signature(std::string_view bytes) {
  base::WireReader wire(bytes);
  (void)wire.u8();
  mine::Signature signature{};
  for (std::uint32_t& bin : signature) bin = wire.u32();
  return signature;
}

std::string encode_row(const OpinionRow& row) {
  std::string bytes;
  base::WireWriter wire(bytes);
  for (const std::uint32_t count : {row.helped, row.irrelevant, row.wrong}) wire.varint(count);
  wire.u8(row.disabled ? 1 : 0);
  return bytes;
}

template <>
Result<OpinionRow> decode_row<OpinionRow>(std::string_view bytes) {
  base::WireReader wire(bytes);
  OpinionRow row;
  for (std::uint32_t* count : {&row.helped, &row.irrelevant, &row.wrong}) *count = static_cast<std::uint32_t>(wire.varint());
  row.disabled = wire.u8() != 0;
  return finished(wire, row);
}

GuardStanding standing_of(const GuardRow& row, const OpinionRow& opinion) {
  GuardStanding standing;
  const mine::Refinement chosen = mine::refine(row.common, row.alarms);
  standing.required = chosen.required;
  standing.counts.confirmed = static_cast<std::uint32_t>(row.sources.size());
  standing.counts.false_alarms = chosen.remaining + row.alarms_beyond;
  standing.counts.atoms = static_cast<std::uint32_t>(std::popcount(chosen.required));
  standing.counts.wrong = opinion.wrong;
  standing.disabled = opinion.disabled;
  return standing;
}

std::uint64_t mask_of(const GuardRow& row, const std::vector<std::uint64_t>& around) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(row.around.size(), 64); ++i)
    if (std::binary_search(around.begin(), around.end(), row.around[i])) mask |= std::uint64_t{1} << i;
  return mask;
}

std::string hashed_prefix(std::uint64_t hash) {
  std::string key;
  for (unsigned shift = 64; shift > 0; shift -= 8) key.push_back(static_cast<char>(hash >> (shift - 8)));
  return key;
}

std::string hashed_key(std::uint64_t hash, const Digest& id) { return hashed_prefix(hash) + std::string(key_of(id)); }

}  // namespace autodev::knowledge
