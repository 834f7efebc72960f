// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/word_memo.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/hash.h"
#include "index/index_format.h"
#include "index/words.h"

namespace autodev::index {

namespace {

/// For choosing a place; nothing that is stored depends on it. Words of up to 24 bytes.
std::size_t place_of(std::string_view word) noexcept {
  std::uint64_t first = 0, last = 0;
  if (word.size() >= 8) {
    std::memcpy(&first, word.data(), 8);
    std::memcpy(&last, word.data() + word.size() - 8, 8);
    if (word.size() > 16) {
      std::uint64_t middle = 0;
      std::memcpy(&middle, word.data() + 8, 8);
      first ^= middle << 1U;
    }
  } else {
    for (const char c : word) first = (first << 8U) | static_cast<std::uint8_t>(c);
  }
  return base::mix64(first, last + word.size());
}

}  // namespace

WordMemo::Known WordMemo::look_up(std::string_view word) {
  const bool fits = word.size() <= max_bytes;
  Place& place = fits ? places_[place_of(word) % place_count] : passing_;
  if (fits && place.word_size == word.size() && std::equal(word.begin(), word.end(), place.word.begin()))
    return {place.stop, {place.stem.data(), place.stem_size}, place.key};
  if (is_stop_word(word)) {
    place.stop = true;
    place.stem_size = 0;
    place.key = 0;
  } else {
    const std::string stemmed = stem(spelled_out(word));
    place.stop = false;
    place.key = term_key(TermSort::word, stemmed);
    if (stemmed.size() > max_bytes || !fits) {
      long_stem_.assign(stemmed.begin(), stemmed.end());
      place.word_size = 0;  // not kept
      return {false, {long_stem_.data(), long_stem_.size()}, place.key};
    }
    place.stem_size = static_cast<std::uint8_t>(stemmed.size());
    std::copy(stemmed.begin(), stemmed.end(), place.stem.begin());
  }
  place.word_size = fits ? static_cast<std::uint8_t>(word.size()) : 0;
  if (fits) std::copy(word.begin(), word.end(), place.word.begin());
  return {place.stop, {place.stem.data(), place.stem_size}, place.key};
}

}  // namespace autodev::index
