// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bytes of the rows: little-endian, one list of members per row for both directions.
#include "vote/rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "base/hash.h"
#include "base/wire.h"

namespace autodev::vote {
namespace {

class Put {
 public:
  explicit Put(std::string& out) : out_(out), wire_(out) {}
  template <typename... Member>
  void operator()(const Member&... members) { (one(members), ...); }

 private:
  template <typename T> requires std::is_integral_v<T>
  void one(const T& value) { wire_.varint(static_cast<std::uint64_t>(value)); }
  void one(double value) { wire_.u64(std::bit_cast<std::uint64_t>(value)); }
  void one(float value) { wire_.f32(value); }
  void one(const std::string& value) { wire_.bytes(value); }
  void one(const Digest& value) { wire_.digest(value); }
  template <typename T, std::size_t n> void one(const std::array<T, n>& list) {
    for (const T& item : list) one(item);
  }
  template <typename T> void one(const std::optional<T>& value) {
    wire_.u8(value ? 1 : 0);
    if (value) one(*value);
  }
  template <typename T> void one(const std::vector<T>& list) {
    wire_.varint(list.size());
    for (const T& item : list) one(item);
  }
  template <typename Row> requires requires(Put& put, const Row& row) { members_of(put, row); }
  void one(const Row& row) { members_of(*this, row); }

  std::string& out_;
  base::WireWriter wire_;
};

class Take {
 public:
  explicit Take(std::string_view in) : wire_(in) {}
  template <typename... Member>
  void operator()(Member&... members) { (one(members), ...); }
  [[nodiscard]] bool good() const noexcept { return ok_ && wire_.ok() && wire_.at_end(); }
  [[nodiscard]] bool readable() const noexcept { return ok_ && wire_.ok(); }

 private:
  template <typename T> requires std::is_integral_v<T>
  void one(T& value) { value = static_cast<T>(wire_.varint()); }
  void one(double& value) { value = std::bit_cast<double>(wire_.u64()); }
  void one(float& value) { value = std::bit_cast<float>(wire_.u32()); }
  void one(std::string& value) { value = wire_.bytes(); }
  void one(Digest& value) { value = wire_.digest(); }
  template <typename T, std::size_t n> void one(std::array<T, n>& list) {
    for (T& item : list) one(item);
  }
  template <typename T> void one(std::optional<T>& value) {
    if (wire_.u8() != 0) one(value.emplace());
  }
  template <typename T> void one(std::vector<T>& list) {
    const std::uint64_t items = wire_.varint();
    if (items > wire_.remaining()) {
      ok_ = false;
      return;
    }
    list.reserve(static_cast<std::size_t>(items));
    for (std::uint64_t left = items; left > 0 && wire_.ok(); --left) one(list.emplace_back());
  }
  template <typename Row> requires requires(Take& take, Row& row) { members_of(take, row); }
  void one(Row& row) { members_of(*this, row); }

  base::WireReader wire_;
  bool ok_ = true;
};

#define AUTODEV_MEMBERS(RowType) \
  template <typename Wire, typename Row> requires std::is_same_v<std::remove_const_t<Row>, RowType> \
  void members_of(Wire& wire, Row& row)

AUTODEV_MEMBERS(Tally) { wire(row.successes, row.failures, row.clock, row.epoch); }
AUTODEV_MEMBERS(Losses) { wire(row.decision, row.forecast, row.rounds); }
AUTODEV_MEMBERS(Watch) {
  wire(row.down, row.up, row.down_successes, row.down_failures, row.up_successes, row.up_failures);
}
AUTODEV_MEMBERS(ChangeSeen) {
  wire(row.option, row.better, row.before, row.after, row.after_outcomes, row.clock, row.decision);
}
AUTODEV_MEMBERS(TypeRow) {
  wire(row.decisions, row.clock, row.epoch, row.cases, row.all, row.losses, row.slots, row.change);
}
AUTODEV_MEMBERS(PlaceOption) { wire(row.option, row.all, row.ids); }
AUTODEV_MEMBERS(PlaceRow) { wire(row.losses, row.options); }
AUTODEV_MEMBERS(Case) { wire(row.sketch, row.option, row.reward, row.epoch, row.decision); }
AUTODEV_MEMBERS(CaseRow) { wire(row.cases); }
AUTODEV_MEMBERS(GlobalRow) { wire(row.all, row.losses); }

/// The part of an option that deciding needs.
template <typename Wire, typename Row>
void readable_members(Wire& wire, Row& row) {
  wire(row.name, row.chosen, row.successes, row.failures, row.last_chosen, row.all, row.recent, row.watch, row.ids,
       row.ridge.width, row.ridge.clock, row.ridge.mean, row.ridge.scale, row.ridge.slope, row.ridge.inverse);
}
AUTODEV_MEMBERS(OptionRow) {
  readable_members(wire, row);
  wire(row.ridge.products, row.ridge.rewards);
}

#undef AUTODEV_MEMBERS

}  // namespace

Tally as_of(const Tally& tally, std::uint64_t clock, std::uint32_t epoch, double kept) {
  Tally now = tally;
  if (clock > tally.clock) {
    const double fade = std::exp2(-static_cast<double>(clock - tally.clock) / half_life);
    now.successes *= fade;
    now.failures *= fade;
  }
  if (epoch != tally.epoch && now.total() > kept) {
    const double shrink = kept / now.total();
    now.successes *= shrink;
    now.failures *= shrink;
  }
  now.clock = clock;
  now.epoch = epoch;
  return now;
}

std::uint64_t option_hash(std::string_view option) noexcept { return base::hash64(option); }

std::string type_prefix(std::string_view type, char letter) {
  std::string key(type);
  key.push_back('\0');
  key.push_back(letter);
  return key;
}

std::string row_key(std::string_view type, char letter, std::uint64_t rest) {
  std::string key = type_prefix(type, letter);
  for (unsigned shift = 64; shift > 0; shift -= 8) key.push_back(static_cast<char>(rest >> (shift - 8)));
  return key;
}

void note_id(std::array<Digest, max_evidence>& ids, const Digest& id) noexcept {
  if (id.empty() || ids[0] == id) return;
  std::move_backward(ids.begin(), ids.end() - 1, ids.end());
  ids[0] = id;
}

template <typename Row>
std::string encode(const Row& row) {
  std::string bytes;
  Put put(bytes);
  members_of(put, row);
  return bytes;
}

template <typename Row>
Result<Row> decode(std::string_view bytes) {
  Take take(bytes);
  Row row{};
  members_of(take, row);
  if (!take.good()) return fail(ErrorCode::bad_data, "a row of the decisions' state is damaged");
  return row;
}

Result<OptionRow> decode_for_reading(std::string_view bytes) {
  Take take(bytes);
  OptionRow row;
  readable_members(take, row);
  if (!take.readable()) return fail(ErrorCode::bad_data, "a row of the decisions' state is damaged");
  return row;
}

#define AUTODEV_ROW(Row) \
  template std::string encode<Row>(const Row&); \
  template Result<Row> decode<Row>(std::string_view);
AUTODEV_ROW(TypeRow)
AUTODEV_ROW(OptionRow)
AUTODEV_ROW(PlaceRow)
AUTODEV_ROW(CaseRow)
AUTODEV_ROW(GlobalRow)
#undef AUTODEV_ROW

}  // namespace autodev::vote
