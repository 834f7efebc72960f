// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/bert_characters.h"

#include <algorithm>
#include <optional>

namespace autodev::index::bert {
namespace {

// Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
constexpr std::uint32_t syllable_first = 0xAC00, syllable_count = 11172;
constexpr std::uint32_t lead_first = 0x1100, vowel_first = 0x1161, tail_first = 0x11A7;
constexpr std::uint32_t vowels = 21, tails = 28;

std::optional<std::uint32_t> find_run(std::span<const CharacterRun> runs, std::uint32_t character) noexcept {
  auto run = std::upper_bound(runs.begin(), runs.end(), character,
                              [](std::uint32_t c, const CharacterRun& r) { return c < r.first; });
  if (run == runs.begin()) return std::nullopt;
  --run;
  const std::uint32_t distance = character - run->first;
  if (character <= run->last && distance % run->stride == 0) return run->target + run->slope * distance;
  return std::nullopt;
}

void append_syllable(std::uint32_t index, std::u32string& out) {
  out.push_back(static_cast<char32_t>(lead_first + index / (vowels * tails)));
  out.push_back(static_cast<char32_t>(vowel_first + index % (vowels * tails) / tails));
  if (index % tails != 0) out.push_back(static_cast<char32_t>(tail_first + index % tails));
}

}  // namespace

bool is_in(std::span<const CharacterRange> ranges, std::uint32_t character) noexcept {
  const auto next = std::upper_bound(ranges.begin(), ranges.end(), character,
                                     [](std::uint32_t c, const CharacterRange& range) { return c < range.first; });
  return next != ranges.begin() && character <= std::prev(next)->last;
}

void append_without_accents(std::uint32_t character, std::u32string& out) {
  if (character < 0x80) return out.push_back(static_cast<char32_t>(character));
  if (is_in(character_classes().accents, character)) return;
  if (character - syllable_first < syllable_count) return append_syllable(character - syllable_first, out);
  if (const auto bare = find_run(decompositions().bare, character)) return out.push_back(static_cast<char32_t>(*bare));
  const auto splits = decompositions().split;
  const auto split = std::lower_bound(splits.begin(), splits.end(), character,
                                      [](const CharacterSplit& s, std::uint32_t c) { return s.from < c; });
  if (split == splits.end() || split->from != character) return out.push_back(static_cast<char32_t>(character));
  for (const std::uint32_t part : {split->first, split->second, split->third})
    if (part != 0) out.push_back(static_cast<char32_t>(part));
}

void append_lower(std::uint32_t character, std::u32string& out) {
  if (character < 0x80)
    return out.push_back(static_cast<char32_t>(character >= 'A' && character <= 'Z' ? character + 32 : character));
  if (character == 0x130) {  // the only one that becomes two: i and a dot above
    out.append(U"i\u0307");
    return;
  }
  out.push_back(static_cast<char32_t>(find_run(character_classes().lower, character).value_or(character)));
}

}  // namespace autodev::index::bert
