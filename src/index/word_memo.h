// SPDX-License-Identifier: MIT OR Apache-2.0
//
// WordMemo: what was found out about the words seen last: stop word or not, their stem and its key.
//
// Few words make up most of a text, and looking one up costs a tenth of spelling it out, stemming and hashing it. One place a hash,
// 256 KB, so it stays in the second-level cache; whatever came last stays. For one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace autodev::index {

class WordMemo {
 public:
  struct Known {
    bool stop = false;
    std::string_view stem;  ///< valid until the next look_up
    std::uint64_t key = 0;  ///< term_key of the stem as a word
  };

  WordMemo() : places_(place_count) {}
  [[nodiscard]] Known look_up(std::string_view word);

 private:
  static constexpr std::size_t place_count = 4096;
  static constexpr std::size_t max_bytes = 24;  // of 99.8 % of the words in code
  struct Place {
    std::uint64_t key = 0;
    std::uint8_t word_size = 0, stem_size = 0;
    bool stop = false;
    std::array<char, max_bytes> word{}, stem{};
  };

  std::vector<Place> places_;
  Place passing_;            ///< where words too long to be kept are worked out
  std::vector<char> long_stem_;
};

}  // namespace autodev::index
