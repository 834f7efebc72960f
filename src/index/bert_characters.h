// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What BERT's tokenizer makes of characters: which are dropped, which separate words, which are words of their own, what
// is left of a letter without its accents (canonical decomposition without nonspacing marks), and what is lower case.
//
// The tables are generated (bench/embedder/bert_characters.py) and sorted. A run is several characters, one or two apart,
// whose targets are one character (slope 0) or keep their distance (slope 1).
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace autodev::index::bert {

struct CharacterRange {
  std::uint32_t first, last;
};
struct CharacterRun {
  std::uint32_t first, last, target, stride, slope;
};
struct CharacterSplit {
  std::uint32_t from, first, second, third;  ///< 0 where there is no third part
};

struct CharacterClasses {
  std::span<const CharacterRange> dropped, blank, punctuation, ideographs, accents;
  std::span<const CharacterRun> lower;
};
[[nodiscard]] const CharacterClasses& character_classes() noexcept;

struct Decompositions {
  std::span<const CharacterRun> bare;
  std::span<const CharacterSplit> split;
};
[[nodiscard]] const Decompositions& decompositions() noexcept;

[[nodiscard]] bool is_in(std::span<const CharacterRange> ranges, std::uint32_t character) noexcept;
/// Appends what is left of a character without accents; nothing for an accent itself.
void append_without_accents(std::uint32_t character, std::u32string& out);
/// Appends the character in lower case.
void append_lower(std::uint32_t character, std::u32string& out);

}  // namespace autodev::index::bert
