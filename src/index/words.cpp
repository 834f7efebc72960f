// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Terms of a text: scan, drop stop words, spell out, stem, and add the complete identifier where there is one.
#include "index/words.h"

#include "index/word_scan.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_terms = 4096;  // the header's promise; bounds the work on hostile text

}  // namespace

std::vector<Term> terms_of(std::string_view text) {
  std::vector<Term> terms;
  WordScanner scanner(text);
  while (terms.size() < max_terms && scanner.next()) {
    for (std::size_t i = 0; i < scanner.size() && terms.size() < max_terms; ++i) {
      const std::string_view word = scanner.word(i);
      if (!is_stop_word(word)) terms.push_back({stem(spelled_out(word)), false});
    }
    if (scanner.size() > 1 && terms.size() < max_terms) terms.push_back({std::string(scanner.joined()), true});
  }
  return terms;
}

}  // namespace autodev::index
