// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading: a request as the comparison of meanings needs it: content words in order, which of them are negated, and which
// words stand on either side of "to", "from", "by" and their like.
//
// Words are those of the index (word_scan.h), with two changes: a number stays with the letters before it ("sha256",
// "base64"), and the 2 of "csv2json" is "to".
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::index {

struct ReadWord {
  std::string stem, text;
  std::size_t sentence = 0;  ///< counted from 0
  std::size_t phrase = 0;    ///< words with nothing but articles between them share one
  bool number = false;
  bool negated = false;
};

/// Two words with a link between them, in the order of the action: "b from a" is a to b.
struct Crossing {
  std::string from, to;  ///< stems
  std::string link;
  bool operator==(const Crossing&) const = default;
};

struct Reading {
  std::vector<ReadWord> content;                 ///< without stop words, in order
  std::set<std::string, std::less<>> stems;      ///< of the content
  std::set<std::string, std::less<>> negated;    ///< those with a negation before them
  std::vector<Crossing> crossings;
  std::size_t negations = 0;                     ///< and words that take something back
};

/// Reads the first 400 words.
[[nodiscard]] Reading read_wording(std::string_view text);

}  // namespace autodev::index
