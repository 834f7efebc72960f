// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Window rows: where windows of statements were met, in bounded memory.
//
// A window has four band keys (mine/windows.h); two windows that share two of them are candidates for one pattern. A row
// for each key would cost more than the functions do, so a key has one of 2^19 slots of eight bytes, which names a unit
// and a range of its nodes. Slots lie in pages of 128. A page is loaded when a key first needs it and written once at the
// end of a transaction; of a page only the slots in use are stored, so a small library pays for what it has.
//
// Of two windows with the same key the first one stays: it leads what they have in common. Two different keys that want
// the same slot compete as fragments of idioms do: a window that was met once gives way at once, one that came again
// after having been in the way a few times.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "base/kv.h"
#include "mine/windows.h"

namespace autodev::knowledge {

namespace table {
/// 'n' -> units with windows; 'u' + number -> WindowedUnit; 'p' + page -> slots.
inline constexpr base::Table window = "window";
}  // namespace table

/// A window by the number of its unit (from 1) and its nodes.
struct WindowPlace {
  std::uint32_t unit = 0, first = 0, end = 0;
  bool operator==(const WindowPlace&) const = default;
};

/// Key of a WindowedUnit.
[[nodiscard]] std::string windowed_unit_key(std::uint32_t number);

class WindowSlots {
 public:
  /// The window that stands at two of the bands or more. Cost: four look-ups.
  [[nodiscard]] Result<std::optional<WindowPlace>> find(const base::KvRead& state, const mine::WindowBands& bands);
  /// Puts a window where its keys find nothing, or something that gives way.
  Result<void> put(const base::KvRead& state, const mine::WindowBands& bands, const WindowPlace& place);
  /// The window at these bands came again: it does not give way soon.
  Result<void> hold(const base::KvRead& state, const mine::WindowBands& bands, const WindowPlace& place);
  /// Writes the pages that have changed.
  Result<void> flush(base::KvWrite& state);

  static constexpr unsigned slot_bits = 19, page_bits = 7;
  static constexpr std::size_t page_slots = std::size_t{1} << page_bits;
  /// One slot: unit 32 bits, first node 11, nodes 8, what is left of the key 10, times it still holds 3; 0: empty.
  using Page = std::array<std::uint64_t, page_slots>;

 private:
  struct Loaded {
    Page slots{};
    bool changed = false;
  };
  struct Slot {
    Loaded* page = nullptr;
    std::uint64_t* value = nullptr;
    std::uint64_t tag = 0;
  };
  Result<Slot> slot_of(const base::KvRead& state, std::uint64_t band);

  std::vector<std::unique_ptr<Loaded>> pages_;  ///< by number; those that were needed
};

/// Bytes of a page: which slots are in use (16 bytes), and those.
[[nodiscard]] std::string encode_window_page(const WindowSlots::Page& page);
/// `bad_data` for anything encode_window_page does not write.
[[nodiscard]] Result<WindowSlots::Page> decode_window_page(std::string_view bytes);

}  // namespace autodev::knowledge
