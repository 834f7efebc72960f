// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Terms of a text: scan, drop stop words, spell out, stem, and add the complete identifier where there is one.
#include "index/words.h"

#include <algorithm>

#include "index/index_format.h"
#include "index/word_memo.h"
#include "index/word_scan.h"

namespace autodev::index {
namespace {

constexpr std::size_t usual_bytes = 4;   // of code a term
constexpr std::size_t max_terms = 4096;  // the header's promise; bounds the work on hostile text

/// @param known  what look_up of a memo gives
template <typename LookUp>
std::vector<Term> split(std::string_view text, const LookUp& known) {
  std::vector<Term> terms;
  terms.reserve(std::min(text.size() / usual_bytes + 4, max_terms));
  WordScanner scanner(text);
  while (terms.size() < max_terms && scanner.next()) {
    for (std::size_t i = 0; i < scanner.size() && terms.size() < max_terms; ++i) {
      const auto word = known(scanner.word(i));
      if (word.stop) continue;
      Term& term = terms.emplace_back();
      term.text = word.stem;
      term.key = word.key;
    }
    if (scanner.size() > 1 && terms.size() < max_terms) {
      Term& term = terms.emplace_back();
      term.text = scanner.joined();
      term.whole = true;
      term.key = term_key(TermSort::whole, scanner.joined());
    }
  }
  return terms;
}

}  // namespace

std::vector<Term> terms_of(std::string_view text) {
  struct Word {
    bool stop = false;
    std::string stem;
    std::uint64_t key = 0;
  };
  return split(text, [](std::string_view word) {
    if (is_stop_word(word)) return Word{true, {}, 0};
    std::string stemmed = stem(spelled_out(word));
    const std::uint64_t key = term_key(TermSort::word, stemmed);
    return Word{false, std::move(stemmed), key};
  });
}

std::vector<Term> terms_of(std::string_view text, WordMemo& memo) {
  return split(text, [&memo](std::string_view word) { return memo.look_up(word); });
}

}  // namespace autodev::index
