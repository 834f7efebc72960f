// SPDX-License-Identifier: MIT OR Apache-2.0
//
// LetterRanges: where the words of each first letter begin in a sorted table of words.
//
// Every word of every text is looked up in two such tables, mostly in vain: a jump by the first letter and a
// comparison of lengths settle that without comparing text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace autodev::index {

/// Start of each letter's entries, a to z, and the end of the table. `word_of(entry)` gives the key; all keys start
/// with a small letter and are sorted.
template <std::size_t N, typename Entry, typename WordOf>
constexpr std::array<std::uint16_t, 27> letter_ranges(const Entry (&table)[N], WordOf word_of) {
  std::array<std::uint16_t, 27> starts{};
  std::size_t entry = 0;
  for (std::size_t letter = 0; letter < 26; ++letter) {
    while (entry < N && static_cast<std::size_t>(word_of(table[entry])[0] - 'a') < letter) ++entry;
    starts[letter] = static_cast<std::uint16_t>(entry);
  }
  starts[26] = static_cast<std::uint16_t>(N);
  return starts;
}

/// The entry whose key is `word`, or null.
template <std::size_t N, typename Entry, typename WordOf>
constexpr const Entry* find_by_letter(const Entry (&table)[N], const std::array<std::uint16_t, 27>& starts,
                                      std::string_view word, WordOf word_of) noexcept {
  if (word.empty() || word[0] < 'a' || word[0] > 'z') return nullptr;
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  for (std::size_t i = starts[letter]; i < starts[letter + 1]; ++i) {
    const std::string_view key = word_of(table[i]);
    if (key.size() == word.size() && key.back() == word.back() && key == word) return &table[i];
  }
  return nullptr;
}

}  // namespace autodev::index
