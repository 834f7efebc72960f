// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/learned_stems.h"

#include <algorithm>
#include <cstring>

#include "base/wire.h"
#include "index/index_format.h"

namespace autodev::index {
namespace {

constexpr std::string_view head_key = "h", recent_key = "r";
constexpr std::size_t counters_bytes = 8;
// What the checks of the two single rows are salted with: no document has these numbers.
constexpr std::uint32_t head_number = 0xFFFFFFF0, recent_number = 0xFFFFFFF1;

std::uint32_t number_of(std::uint64_t stem) noexcept { return static_cast<std::uint32_t>(stem); }

void append(std::string& bytes, const SignedBytes& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size());
}
void take(base::WireReader& reader, SignedBytes& values) {
  const std::string_view bytes = reader.take(values.size());
  if (bytes.size() == values.size()) std::memcpy(values.data(), bytes.data(), bytes.size());
}

/// The checked content of a row; absent when there is none.
Result<std::optional<std::string_view>> sealed(const base::KvRead& state, std::string_view key, std::uint32_t number) {
  AUTODEV_TRY_ASSIGN(const auto stored, state.get(adapted_table, key));
  if (!stored) return std::nullopt;
  if (!is_sealed(*stored, number)) return damaged("what was learned of stem", number);
  return std::optional<std::string_view>(sealed_part(*stored));
}

}  // namespace

std::string learned_key(std::uint64_t stem) { return term_prefix(stem); }

Result<std::optional<LearnedRow>> read_learned(const base::KvRead& state, std::uint64_t stem) {
  AUTODEV_TRY_ASSIGN(const auto bytes, sealed(state, learned_key(stem), number_of(stem)));
  if (!bytes) return std::nullopt;
  if (bytes->size() != counters_bytes && bytes->size() != counters_bytes + learned_dimensions)
    return damaged("what was learned of stem", stem);
  base::WireReader reader(*bytes);
  LearnedRow row;
  row.pairs = reader.u32();
  row.stamp = reader.u32();
  if (!reader.at_end()) take(reader, row.change.emplace());
  return std::optional<LearnedRow>(row);
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> learned_counters(std::string_view key, std::string_view value) {
  if (key.size() != 5) return std::nullopt;
  base::WireReader reader(value);
  const std::uint32_t pairs = reader.u32();
  const std::uint32_t stamp = reader.u32();
  return std::pair(pairs, stamp);
}

Result<LearnedHead> read_learned_head(const base::KvRead& state) {
  AUTODEV_TRY_ASSIGN(const auto bytes, sealed(state, head_key, head_number));
  if (!bytes) return LearnedHead{};
  base::WireReader reader(*bytes);
  LearnedHead head;
  head.pairs = reader.u64();
  head.stems = reader.u32();
  if (!reader.ok()) return damaged("the head of learned stems", 0);
  return head;
}

Result<RecentPatterns> read_recent(const base::KvRead& state) {
  AUTODEV_TRY_ASSIGN(const auto bytes, sealed(state, recent_key, recent_number));
  RecentPatterns recent;
  if (!bytes) return recent;
  base::WireReader reader(*bytes);
  recent.next = reader.u32();
  while (reader.ok() && !reader.at_end()) {
    RecentPattern& pattern = recent.list.emplace_back();
    pattern.id.digest = reader.digest();
    take(reader, pattern.values);
  }
  if (!reader.ok() || recent.list.size() > recent_patterns || recent.next >= recent_patterns) return damaged("the list of recent patterns", 0);
  return recent;
}

Result<void> write_learned(base::KvWrite& state, std::uint64_t stem, const LearnedRow& row) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.u32(row.pairs);
  writer.u32(row.stamp);
  if (row.change) append(bytes, *row.change);
  seal(bytes, number_of(stem));
  return state.put(adapted_table, learned_key(stem), bytes);
}

Result<void> write_learned_head(base::KvWrite& state, const LearnedHead& head) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.u64(head.pairs);
  writer.u32(head.stems);
  seal(bytes, head_number);
  return state.put(adapted_table, head_key, bytes);
}

Result<void> write_recent(base::KvWrite& state, const RecentPatterns& recent) {
  std::string bytes;
  base::WireWriter writer(bytes);
  writer.u32(recent.next);
  for (const RecentPattern& pattern : recent.list) {
    writer.digest(pattern.id.digest);
    append(bytes, pattern.values);
  }
  seal(bytes, recent_number);
  return state.put(adapted_table, recent_key, bytes);
}

void add_change(const SignedBytes& change, float times, std::span<float> sum) noexcept {
  const float factor = times / change_steps;
  for (std::size_t i = 0; i < std::min(sum.size(), change.size()); ++i) sum[i] += factor * static_cast<float>(change[i]);
}

}  // namespace autodev::index
