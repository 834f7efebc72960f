// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bytes of the rows: one list of members per row for both directions.
#include "vote/rows.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/row_codec.h"

namespace autodev::vote {
namespace {

struct Put : base::RowWriter<Put> {
  using RowWriter::RowWriter;
};
struct Take : base::RowReader<Take> {
  using RowReader::RowReader;
};

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
