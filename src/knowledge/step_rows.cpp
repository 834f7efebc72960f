// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See step_rows.h.
#include "knowledge/step_rows.h"

#include "base/hash.h"

namespace autodev::knowledge {
namespace {

constexpr unsigned cell_bits = 14, row_bits = 6;
constexpr std::uint8_t total_row = 1u << row_bits;

std::string row_key(Language language, std::uint8_t row) { return {static_cast<char>(language), static_cast<char>(row)}; }

struct Cell {
  std::uint8_t row = 0;
  std::uint16_t key = 0;
};

Cell cell_of(std::string_view step) {
  const auto cell = static_cast<std::uint32_t>(base::hash64(step) >> (64 - cell_bits));
  return {static_cast<std::uint8_t>(cell >> (cell_bits - row_bits)), static_cast<std::uint16_t>(cell & ((1u << (cell_bits - row_bits)) - 1))};
}

std::uint32_t counted_in(const std::map<std::uint16_t, std::uint32_t>& counts, std::uint16_t key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

void raise(std::map<std::uint16_t, std::uint32_t>& counts, std::uint16_t key) {
  std::uint32_t& count = counts[key];
  if (count < UINT32_MAX) ++count;
}

}  // namespace

Result<StepReader::Row*> StepReader::row(const base::KvRead& state, const std::string& key) {
  if (const auto known = rows_.find(key); known != rows_.end()) return &known->second;
  Row loaded;
  AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::step, key));
  if (bytes) {
    AUTODEV_TRY_ASSIGN(const mine::BackgroundRow counts, mine::decode_background_row(*bytes));
    loaded.counts = {counts.begin(), counts.end()};
  }
  return &rows_.emplace(key, std::move(loaded)).first->second;
}

Result<StepReader::Count> StepReader::of(const base::KvRead& state, Language language, std::string_view step) {
  const Cell cell = cell_of(step);
  AUTODEV_TRY_ASSIGN(const Row* steps, row(state, row_key(language, cell.row)));
  AUTODEV_TRY_ASSIGN(const Row* total, row(state, row_key(language, total_row)));
  return Count{counted_in(steps->counts, cell.key), counted_in(total->counts, 0)};
}

Result<void> StepCounts::count(const base::KvRead& state, Language language, const std::vector<std::string>& steps) {
  AUTODEV_TRY_ASSIGN(Row * total, row(state, row_key(language, total_row)));
  for (const std::string& step : steps) {
    const Cell cell = cell_of(step);
    AUTODEV_TRY_ASSIGN(Row * own, row(state, row_key(language, cell.row)));
    raise(own->counts, cell.key);
    raise(total->counts, 0);
    own->changed = total->changed = true;
  }
  return {};
}

Result<void> StepCounts::flush(base::KvWrite& state) {
  for (auto& [key, row] : rows_) {
    if (!row.changed) continue;
    AUTODEV_TRY(state.put(table::step, key, mine::encode_background_row({row.counts.begin(), row.counts.end()})));
    row.changed = false;
  }
  return {};
}

}  // namespace autodev::knowledge
