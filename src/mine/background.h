// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Background: how surprising a piece of code is to somebody who knows only the grammar and the usual words.
//
// A generalisation is worth keeping when it says something that the grammar would not have said anyway: `x = $1` is
// frequent, but every language has assignments. So fragments are measured in bits under a depth-1 probabilistic
// grammar over normalised trees, trained on the code that was learned:
//
//   kind of a child     given its parent's kind and the kind of the sibling before it, interpolated with the parent
//                       alone, with all contexts and with 1/64 (Kneser & Ney 1995: lower orders count contexts, not
//                       tokens; discount 3/4)
//   a word              given its class (callee, type name, operator, literal, ...), else spelled at 4 bits a byte
//   a local name        log2(1 + names met before): which one it is, never how it is spelled
//
// Words are counted in 16,384 cells of each class by hash, so a language takes a bounded number of bytes; words that
// share a cell look more ordinary than they are, never less. All arithmetic is on integers: the same code in any order
// gives the same counts, and the same counts the same bits on every machine.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autodev/error.h"
#include "syntax/nast.h"

namespace autodev::mine {

/// Counts that change together and are stored together: (key, count), by key.
using BackgroundRow = std::vector<std::pair<std::uint16_t, std::uint32_t>>;

/// Counts of one language. Starts empty; absent rows count as empty.
class Background {
 public:
  /// 64 rows of transitions by parent kind, 64 of word cells, word classes (tokens, types), contexts of a kind.
  static constexpr std::size_t row_count = 130;
  using RowSet = std::bitset<row_count>;

  /// The rows that counting or measuring this tree looks at. Cost: O(nodes).
  [[nodiscard]] static RowSet rows_of(const syntax::Nast& tree);

  [[nodiscard]] const BackgroundRow& row(std::size_t number) const { return rows_[number]; }
  void set_row(std::size_t number, BackgroundRow row) { rows_[number] = std::move(row); }

  /// Adds one tree without holes. Cost: O(nodes log row).
  void count(const syntax::Nast& tree);

  /// Surprise of the concrete nodes of a tree or template, in 1/1000 bit. What stands in a hole is not part of it.
  [[nodiscard]] std::uint64_t millibits(const syntax::Nast& tree) const;

  /// Surprise of the word of one node, in 1/1000 bit; 0 for nodes without one, local names and the unit's own name.
  [[nodiscard]] std::uint32_t word_millibits(const syntax::Nast& tree, std::uint32_t node) const;

  /// The most that a word of the node's class can surprise by: log2 of the words counted in it, in 1/1000 bit.
  [[nodiscard]] std::uint32_t class_millibits(const syntax::Nast& tree, std::uint32_t node) const;

  /// Probability of a child of kind `child` under `parent` behind `previous`, in units of 2^-30; all numbers below 64:
  /// kinds of nodes, and three beyond them for "first", "no more" and "unknown". Sums to 1 over `child`, but for
  /// rounding.
  [[nodiscard]] std::uint64_t transition(std::uint8_t parent, std::uint8_t previous, std::uint8_t child) const;

 private:
  std::array<BackgroundRow, row_count> rows_;
};

/// -1000 log2(p / 2^30), p in [1, 2^30]; rounded down. Exact arithmetic, no floating point.
[[nodiscard]] std::uint32_t surprise_millibits(std::uint64_t p) noexcept;
/// 1000 log2(n), n >= 1, rounded down.
[[nodiscard]] std::uint32_t log2_thousandths(std::uint64_t n) noexcept;

/// Bytes of a row: varints, keys as differences. Equal rows have equal bytes.
[[nodiscard]] std::string encode_background_row(const BackgroundRow& row);
/// `bad_data` for anything encode_background_row does not write; bounded work on hostile bytes.
[[nodiscard]] Result<BackgroundRow> decode_background_row(std::string_view bytes);

}  // namespace autodev::mine
