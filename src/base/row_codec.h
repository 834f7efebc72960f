// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Row codec: bytes of plain structs, little-endian, from one list of members per struct for both directions, so that writing
// and reading cannot differ.
//
//   namespace {
//   struct Put : base::RowWriter<Put> { using RowWriter::RowWriter; };
//   struct Take : base::RowReader<Take> { using RowReader::RowReader; };
//   AUTODEV_MEMBERS(Row) { wire(row.name, row.count, row.ids); }
//   }
//
// Integers and enumerations are varints, doubles their 8 bytes, lists a count and their items. A type of its own form gets two
// functions members_of(Put&, const T&) and members_of(Take&, T&) instead of the macro.
#pragma once

#include <array>
#include <bit>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autodev/event.h"
#include "base/wire.h"

namespace autodev::base {

template <typename Self>
class RowWriter {
 public:
  explicit RowWriter(std::string& out) : wire_(out) {}
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
  template <typename Row> requires requires(Self& put, const Row& row) { members_of(put, row); }
  void one(const Row& row) { members_of(static_cast<Self&>(*this), row); }

  WireWriter wire_;
};

/// Never throws and never reads outside of its bytes: ask good() at the end.
template <typename Self>
class RowReader {
 public:
  explicit RowReader(std::string_view in) : wire_(in) {}
  template <typename... Member>
  void operator()(Member&... members) { (one(members), ...); }
  /// All was there, and nothing more.
  [[nodiscard]] bool good() const noexcept { return ok_ && wire_.ok() && wire_.at_end(); }
  /// All that was asked for was there.
  [[nodiscard]] bool readable() const noexcept { return ok_ && wire_.ok(); }
  void refuse() noexcept { ok_ = false; }

 private:
  /// Longest list that is believed.
  static constexpr std::uint64_t max_items = 1u << 20;

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
    refuse();
    return 0;
  }
  template <typename T> void one(std::vector<T>& list) {
    std::uint64_t left = count();
    if (left * sizeof(T) <= reserved_bytes) list.reserve(static_cast<std::size_t>(left));
    for (; left > 0 && wire_.ok(); --left) one(list.emplace_back());
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
  template <typename Row> requires requires(Self& take, Row& row) { members_of(take, row); }
  void one(Row& row) { members_of(static_cast<Self&>(*this), row); }

  /// A damaged count must not ask for more memory than this at once.
  static constexpr std::uint64_t reserved_bytes = 1u << 20;

  WireReader wire_;
  bool ok_ = true;
};

}  // namespace autodev::base

// Writing sees the row as const, reading does not; otherwise both use the same list.
#define AUTODEV_MEMBERS(RowType) \
  template <typename Wire, typename Row> requires std::is_same_v<std::remove_const_t<Row>, RowType> \
  void members_of(Wire& wire, Row& row)
