// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/static_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "base/hash.h"

namespace autodev::index {
namespace {

constexpr std::string_view magic = "ADEMBED1";
constexpr std::size_t head_bytes = 24, key_bytes = 5, gain_bytes = 4, row_bytes = StaticTable::dimension_count / 2, sum_bytes = 8;
constexpr std::uint32_t max_stems = 1'000'000;
constexpr int nibble_zero = 8, nibble_most = 7;

std::uint32_t u32_at(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + i])} << (8 * i);
  return value;
}
float f32_at(std::string_view bytes, std::size_t at) noexcept {
  const std::uint32_t bits = u32_at(bytes, at);
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
void put_u32(std::string& bytes, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
}
void put_f32(std::string& bytes, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  put_u32(bytes, bits);
}

/// The gains follow the keys, so there are eight bytes to read behind every key.
std::uint64_t key_at(std::string_view keys, std::size_t row) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, keys.data() + row * key_bytes, sizeof bytes);
  if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
  return bytes >> 24U;
}

std::string checksum(std::string_view bytes) {
  const std::uint64_t hash = base::hash64(bytes);
  std::string sum;
  put_u32(sum, static_cast<std::uint32_t>(hash));
  put_u32(sum, static_cast<std::uint32_t>(hash >> 32));
  return sum;
}

std::string packed(const std::vector<float>& vector, float most) {
  std::string row;
  for (std::size_t i = 0; i < StaticTable::dimension_count; i += 2) {
    const auto nibble = [&](float value) {
      const long step = most > 0 ? std::lround(value / most * nibble_most) : 0;
      return static_cast<std::uint8_t>(std::clamp<long>(step, -nibble_most, nibble_most) + nibble_zero);
    };
    row += static_cast<char>(nibble(vector[i]) | (nibble(vector[i + 1]) << 4));
  }
  return row;
}

float largest(const std::vector<float>& vector) {
  float most = 0;
  for (const float value : vector) most = std::max(most, std::abs(value));
  return most;
}

/// By what all gains are multiplied so that the largest fits; texts have unit length, so it changes nothing else.
float scale_of(const std::vector<TrainedStem>& stems) {
  float most = 0;
  for (const TrainedStem& stem : stems) most = std::max(most, std::abs(stem.weight) * largest(stem.vector) / static_cast<float>(nibble_most));
  return most > StaticTable::most_gain ? StaticTable::most_gain / most : 1.F;
}

}  // namespace

std::uint64_t StaticTable::key_of(std::string_view stem) noexcept { return base::hash64(stem) >> 24; }

Result<StaticTable> StaticTable::read_trusted(std::string_view bytes) {
  const auto broken = [](std::string_view what) { return fail(ErrorCode::bad_data, fmt::format("the embedder's table {}", what), "make it again: `auto-dev learn embed train`"); };
  if (bytes.size() < head_bytes + sum_bytes || !bytes.starts_with(magic)) return broken("is no such table");
  StaticTable table;
  table.stems_ = u32_at(bytes, 12);
  table.unknown_gain_ = f32_at(bytes, 16);
  const std::size_t n = table.stems_;
  if (u32_at(bytes, 8) != dimension_count || n == 0 || n > max_stems || u32_at(bytes, 20) != 0 || !(table.unknown_gain_ >= 0) || table.unknown_gain_ > 1e6F)
    return broken("has a head that is not understood");
  if (bytes.size() != head_bytes + n * (key_bytes + gain_bytes + row_bytes) + sum_bytes) return broken("has the wrong length");
  table.keys_ = bytes.substr(head_bytes, n * key_bytes);
  table.gains_ = bytes.substr(head_bytes + n * key_bytes, n * gain_bytes);
  table.values_ = bytes.substr(head_bytes + n * (key_bytes + gain_bytes), n * row_bytes);
  return table;
}

Result<StaticTable> StaticTable::read(std::string_view bytes) {
  AUTODEV_TRY_ASSIGN(StaticTable table, read_trusted(bytes));
  const std::string_view content = bytes.substr(0, bytes.size() - sum_bytes);
  if (checksum(content) != bytes.substr(content.size()))
    return fail(ErrorCode::bad_data, "the embedder's table was altered: its checksum is wrong", "make it again: `auto-dev learn embed train`");
  for (std::uint32_t row = 0; row < table.stems_; ++row)
    if (!(std::abs(table.gain(row)) <= most_gain * 1.001F) || (row > 0 && key_at(table.keys_, row) <= key_at(table.keys_, row - 1)))
      return fail(ErrorCode::bad_data, "the embedder's table is out of order, or a gain in it is too large", "make it again: `auto-dev learn embed train`");
  return table;
}

std::optional<std::uint32_t> StaticTable::find(std::uint64_t key) const noexcept {
  constexpr unsigned key_bits = 40;
  std::int64_t low = 0, high = stems_;  // rows [low, high) may have it
  std::int64_t guess = static_cast<std::int64_t>((key >> (key_bits - 32)) * stems_ >> 32U);
  for (int step = 0; low < high; ++step) {
    // After some steps of interpolation halving is safer: foreign tables need not be spread evenly.
    const std::int64_t middle = step < 8 ? std::clamp(guess, low, high - 1) : low + (high - low) / 2;
    const std::uint64_t found = key_at(keys_, static_cast<std::size_t>(middle));
    if (found == key) return static_cast<std::uint32_t>(middle);
    if (found < key)
      low = middle + 1;
    else
      high = middle;
    // Differences in 1/2^32 of the whole range times up to a million rows stay within 64 bits.
    const std::int64_t ahead = static_cast<std::int64_t>(key >> (key_bits - 32)) - static_cast<std::int64_t>(found >> (key_bits - 32));
    guess = middle + ahead * static_cast<std::int64_t>(stems_) / (std::int64_t{1} << 32U);
  }
  return std::nullopt;
}

void StaticTable::prefetch(std::uint64_t key) const noexcept { __builtin_prefetch(keys_.data() + ((key >> 8U) * stems_ >> 32U) * key_bytes); }

void StaticTable::prefetch_row(std::uint32_t row) const noexcept {
  __builtin_prefetch(gains_.data() + std::size_t{row} * gain_bytes);
  const char* const values = values_.data() + std::size_t{row} * row_bytes;
  __builtin_prefetch(values);
  __builtin_prefetch(values + row_bytes - 1);
}

float StaticTable::gain(std::uint32_t row) const noexcept { return f32_at(gains_, std::size_t{row} * gain_bytes); }

std::string_view StaticTable::nibbles(std::uint32_t row) const noexcept { return values_.substr(std::size_t{row} * row_bytes, row_bytes); }

Result<std::string> write_static_table(const std::vector<TrainedStem>& stems, float unknown_gain) {
  std::vector<std::pair<std::uint64_t, const TrainedStem*>> order;
  for (const TrainedStem& stem : stems) order.emplace_back(StaticTable::key_of(stem.text), &stem);
  std::sort(order.begin(), order.end());
  std::string bytes(magic), gains, rows;
  put_u32(bytes, StaticTable::dimension_count);
  put_u32(bytes, static_cast<std::uint32_t>(stems.size()));
  const float scale = scale_of(stems);
  put_f32(bytes, unknown_gain * scale);
  put_u32(bytes, 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& [key, stem] = order[i];
    if (i > 0 && order[i - 1].first == key)
      return fail(ErrorCode::bad_data, fmt::format("the stems {} and {} have the same key", order[i - 1].second->text, stem->text), "leave one of them out");
    for (std::size_t byte = key_bytes; byte-- > 0;) bytes += static_cast<char>(static_cast<std::uint8_t>(key >> (8 * byte)));
    const float most = largest(stem->vector);
    put_f32(gains, stem->weight * scale * most / static_cast<float>(nibble_most));
    rows += packed(stem->vector, most);
  }
  bytes += gains + rows;
  return bytes + checksum(bytes);
}

}  // namespace autodev::index
