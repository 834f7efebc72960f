// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See window_rows.h. A band key is a hash: its first bits are the slot, the next ten tell it from others in that slot. Two
// bands have to agree on the same window, so one pair in a million of unlike windows is compared in vain.
#include "knowledge/window_rows.h"

#include <algorithm>

#include "base/wire.h"

namespace autodev::knowledge {
namespace {

constexpr unsigned first_bits = 11, nodes_bits = 8, tag_bits = 10, hold_bits = 3;
static_assert(first_bits + nodes_bits + tag_bits + hold_bits == 32);
static_assert(mine::max_windowed_nodes < std::size_t{1} << first_bits &&
              mine::max_window_nodes < std::size_t{1} << nodes_bits);
constexpr unsigned tag_shift = hold_bits, nodes_shift = tag_shift + tag_bits, first_shift = nodes_shift + nodes_bits,
                   unit_shift = first_shift + first_bits;
constexpr std::uint64_t hold_mask = (std::uint64_t{1} << hold_bits) - 1;
/// As often as fragments of idioms that were met in two places, or nearly so.
constexpr std::uint64_t patience = hold_mask;

constexpr std::uint64_t field(std::uint64_t slot, unsigned shift, unsigned bits) noexcept {
  return slot >> shift & ((std::uint64_t{1} << bits) - 1);
}

WindowPlace place_in(std::uint64_t slot) noexcept {
  const auto first = static_cast<std::uint32_t>(field(slot, first_shift, first_bits));
  return {static_cast<std::uint32_t>(slot >> unit_shift), first,
          first + static_cast<std::uint32_t>(field(slot, nodes_shift, nodes_bits))};
}

std::uint64_t slot_for(const WindowPlace& place, std::uint64_t tag) noexcept {
  return std::uint64_t{place.unit} << unit_shift | std::uint64_t{place.first} << first_shift |
         std::uint64_t{place.end - place.first} << nodes_shift | tag << tag_shift;
}

std::uint64_t tag_in(std::uint64_t slot) noexcept { return field(slot, tag_shift, tag_bits); }

std::string page_key(std::uint16_t page) {
  return {'p', static_cast<char>(page >> 8), static_cast<char>(page & 0xFF)};
}

}  // namespace

std::string windowed_unit_key(std::uint32_t number) {
  std::string key = "u";
  for (const int shift : {24, 16, 8, 0}) key.push_back(static_cast<char>(number >> shift));
  return key;
}

std::string encode_window_page(const WindowSlots::Page& page) {
  std::string used(WindowSlots::page_slots / 8, '\0');
  std::string bytes;
  base::WireWriter writer(bytes);
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i] == 0) continue;
    used[i / 8] = static_cast<char>(static_cast<std::uint8_t>(used[i / 8]) | 1u << i % 8);
    writer.u64(page[i]);
  }
  return used + bytes;
}

Result<WindowSlots::Page> decode_window_page(std::string_view bytes) {
  constexpr std::size_t used_bytes = WindowSlots::page_slots / 8;
  WindowSlots::Page page{};
  const auto damaged = [] { return fail(ErrorCode::bad_data, "a page of windows of the derived state is damaged"); };
  if (bytes.size() <= used_bytes) return damaged();
  base::WireReader reader(bytes.substr(used_bytes));
  for (std::size_t i = 0; i < page.size(); ++i) {
    if ((static_cast<std::uint8_t>(bytes[i / 8]) >> i % 8 & 1u) == 0) continue;
    page[i] = reader.u64();
    const WindowPlace place = place_in(page[i]);
    if (place.unit == 0 || place.first == 0 || place.end == place.first) return damaged();
  }
  if (!reader.ok() || !reader.at_end()) return damaged();
  return page;
}

Result<WindowSlots::Slot> WindowSlots::slot_of(const base::KvRead& state, std::uint64_t band) {
  const auto slot = static_cast<std::uint32_t>(band >> (64 - slot_bits));
  const auto page = static_cast<std::uint16_t>(slot >> page_bits);
  if (pages_.empty()) pages_.resize(std::size_t{1} << (slot_bits - page_bits));
  std::unique_ptr<Loaded>& loaded = pages_[page];
  if (!loaded) {
    auto fresh = std::make_unique<Loaded>();
    AUTODEV_TRY_ASSIGN(const auto bytes, state.get(table::window, page_key(page)));
    if (bytes) {
      AUTODEV_TRY_ASSIGN(fresh->slots, decode_window_page(*bytes));
    }
    loaded = std::move(fresh);
  }
  return Slot{loaded.get(), &loaded->slots[slot % page_slots], field(band, 64 - slot_bits - tag_bits, tag_bits)};
}

Result<std::optional<WindowPlace>> WindowSlots::find(const base::KvRead& state, const mine::WindowBands& bands) {
  std::array<WindowPlace, mine::window_bands> met{};
  for (std::size_t band = 0; band < bands.size(); ++band) {
    AUTODEV_TRY_ASSIGN(const Slot slot, slot_of(state, bands[band]));
    if (*slot.value != 0 && tag_in(*slot.value) == slot.tag) met[band] = place_in(*slot.value);
  }
  for (const WindowPlace& place : met)
    if (place.unit != 0 &&
        static_cast<std::size_t>(std::count(met.begin(), met.end(), place)) >= mine::window_bands_shared)
      return place;
  return std::nullopt;
}

Result<void> WindowSlots::put(const base::KvRead& state, const mine::WindowBands& bands, const WindowPlace& place) {
  for (const std::uint64_t band : bands) {
    AUTODEV_TRY_ASSIGN(const Slot slot, slot_of(state, band));
    std::uint64_t& value = *slot.value;
    if (value != 0 && tag_in(value) == slot.tag) continue;
    if ((value & hold_mask) != 0) --value;
    else value = slot_for(place, slot.tag);
    slot.page->changed = true;
  }
  return {};
}

Result<void> WindowSlots::hold(const base::KvRead& state, const mine::WindowBands& bands, const WindowPlace& place) {
  for (const std::uint64_t band : bands) {
    AUTODEV_TRY_ASSIGN(const Slot slot, slot_of(state, band));
    if (*slot.value == 0 || tag_in(*slot.value) != slot.tag || place_in(*slot.value) != place) continue;
    *slot.value |= patience;
    slot.page->changed = true;
  }
  return {};
}

Result<void> WindowSlots::flush(base::KvWrite& state) {
  for (std::size_t number = 0; number < pages_.size(); ++number) {
    if (!pages_[number] || !pages_[number]->changed) continue;
    AUTODEV_TRY(state.put(table::window, page_key(static_cast<std::uint16_t>(number)), encode_window_page(pages_[number]->slots)));
    pages_[number]->changed = false;
  }
  return {};
}

}  // namespace autodev::knowledge
