// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Static table: one vector and one weight per stem, as learned by EmbedTrainer, four bits a value.
//
//   "ADEMBED1"  8 bytes
//   u32 dimensions, u32 stems, f32 gain of unknown stems, u32 reserved 0
//   stems x 5 bytes   key, big-endian, ascending: the upper 40 bits of XXH3-64 of the stem
//   stems x f32       gain: learned weight x the row's scale; a value is gain x (nibble - 8)
//   stems x 128 bytes two values a byte, the lower nibble first, 1 to 15
//   u64               XXH3-64 of everything before
//
// All little-endian. Keys are spread evenly, so a stem is found by interpolation in one or two steps, straight in the mapped file;
// nothing is built when a process starts. 40 bits: two of 31,000 stems share a key once in 2,000 tables, and the table's maker refuses that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"

namespace autodev::index {

class StaticTable {
 public:
  static constexpr std::uint32_t dimension_count = 256;
  /// Times 1 + ln 16 it is what StemSum can add. Larger ones are scaled down by write_static_table, all together.
  static constexpr float most_gain = 0.52F;

  /// `bytes` must outlive the table. Errors: `bad_data` for another format, a wrong length or a wrong checksum.
  [[nodiscard]] static Result<StaticTable> read(std::string_view bytes);
  /// The same without looking at the checksum: for bytes that are part of the program.
  [[nodiscard]] static Result<StaticTable> read_trusted(std::string_view bytes);

  [[nodiscard]] std::uint32_t stems() const noexcept { return stems_; }
  [[nodiscard]] float unknown_gain() const noexcept { return unknown_gain_; }
  /// Row of a stem by its key_of(); absent: unknown.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t key) const noexcept;
  /// Fetches ahead what find() will look at first, and what gain() and nibbles() of a row are: several at once cost hardly more than one.
  void prefetch(std::uint64_t key) const noexcept;
  void prefetch_row(std::uint32_t row) const noexcept;
  [[nodiscard]] float gain(std::uint32_t row) const noexcept;
  /// Its values, two a byte, 8 more than they are.
  [[nodiscard]] std::string_view nibbles(std::uint32_t row) const noexcept;

  [[nodiscard]] static std::uint64_t key_of(std::string_view stem) noexcept;

 private:
  std::string_view keys_, gains_, values_;
  std::uint32_t stems_ = 0;
  float unknown_gain_ = 0;
};

/// A stem with its weight and its unquantised vector.
struct TrainedStem {
  std::string text;
  float weight = 0;
  std::vector<float> vector;  ///< StaticTable::dimension_count values
};

/// As long as the weighted vectors of known stems are in the median (11.5); 0, 3, 12 and 24 were compared on validation packages.
inline constexpr double default_unknown_gain = 12;

/// The file's bytes. Errors: `bad_data` when two stems share a key.
[[nodiscard]] Result<std::string> write_static_table(const std::vector<TrainedStem>& stems, float unknown_gain);

/// The table that is part of the program.
[[nodiscard]] std::string_view built_in_table() noexcept;

}  // namespace autodev::index
