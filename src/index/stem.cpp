// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Stem: the suffix stripping of M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.
//
// A word is read as [C](VC)^m[V]; the number m, the *measure* of what would remain, decides whether a suffix may go.
// Five steps: plurals and participles, y -> i, double suffixes, plain suffixes, a final e and l. Added to the paper:
// the i made of a y goes too when the measure of the rest is above 1, so that verify meets verification. Words of one
// or two letters and words with anything but a-z are left as they are.
#include <algorithm>
#include <array>
#include <cstdint>

#include "index/words.h"

namespace autodev::index {
namespace {

struct Rule {
  std::string_view suffix, replacement;
};

/// Step 2: double suffixes, applied when the measure of the rest is above 0. Longer ones first where they overlap.
constexpr Rule double_suffixes[] = {
    {"ational", "ate"}, {"ization", "ize"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"},
    {"tional", "tion"}, {"biliti", "ble"},  {"entli", "ent"},   {"ousli", "ous"},   {"ation", "ate"},
    {"alism", "al"},    {"aliti", "al"},    {"iviti", "ive"},   {"enci", "ence"},   {"anci", "ance"},
    {"izer", "ize"},    {"abli", "able"},   {"alli", "al"},     {"ator", "ate"},    {"logi", "log"},
    {"eli", "e"},
};
/// Step 3, under the same condition.
constexpr Rule plain_suffixes[] = {
    {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ness", ""}, {"ful", ""},
};
/// Step 4: removed when the measure of the rest is above 1. "ion" also needs an s or t before it.
constexpr std::string_view last_suffixes[] = {
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism",
    "ate",   "iti",  "ous",  "ive",  "ize",  "al",   "er",  "ic",  "ou",
};

/// The letters that the suffixes of a table end in, as a bit set: most words are done with after one look.
template <std::size_t N, typename Entry, typename SuffixOf>
constexpr std::uint32_t last_letters(const Entry (&table)[N], SuffixOf suffix_of) {
  std::uint32_t letters = 0;
  for (const Entry& entry : table) letters |= 1u << (suffix_of(entry).back() - 'a');
  return letters;
}
constexpr auto suffix_of_rule = [](const Rule& rule) { return rule.suffix; };
constexpr std::uint32_t double_letters = last_letters(double_suffixes, suffix_of_rule);
constexpr std::uint32_t plain_letters = last_letters(plain_suffixes, suffix_of_rule);
constexpr std::uint32_t last_suffix_letters =
    last_letters(last_suffixes, [](std::string_view suffix) { return suffix; });

constexpr std::size_t max_letters = 64;  // the scanner's longest word

class Stemmer {
 public:
  explicit Stemmer(std::string_view word) : size_(word.size()) { std::copy(word.begin(), word.end(), word_.begin()); }

  std::string run() && {
    plurals();
    participles();
    if (ends("y") && has_vowel(size_ - 1)) word_[size_ - 1] = 'i';
    if (ends_in(double_letters)) replace_first(double_suffixes);
    if (ends_in(plain_letters)) replace_first(plain_suffixes);
    if (ends_in(last_suffix_letters)) last_suffix();
    final_letters();
    return {word_.data(), size_};
  }

 private:
  /// From the last letter backwards: nearly every question is answered by the first comparison.
  [[nodiscard]] bool ends(std::string_view suffix) const noexcept {
    if (suffix.size() > size_) return false;
    for (std::size_t i = 1; i <= suffix.size(); ++i)
      if (word_[size_ - i] != suffix[suffix.size() - i]) return false;
    return true;
  }
  [[nodiscard]] bool ends_in(std::uint32_t letters) const noexcept {
    return ((letters >> (word_[size_ - 1] - 'a')) & 1) != 0;
  }
  [[nodiscard]] bool consonant(std::size_t i) const noexcept {
    switch (word_[i]) {
      case 'a':
      case 'e':
      case 'i':
      case 'o':
      case 'u':
        return false;
      case 'y':
        return i == 0 || !consonant(i - 1);
      default:
        return true;
    }
  }
  /// m of the first `length` letters: how often a vowel is followed by a consonant.
  [[nodiscard]] int measure(std::size_t length) const noexcept {
    int count = 0;
    bool after_vowel = false;
    for (std::size_t i = 0; i < length; ++i) {
      const bool vowel = !consonant(i);
      if (after_vowel && !vowel) ++count;
      after_vowel = vowel;
    }
    return count;
  }
  [[nodiscard]] bool has_vowel(std::size_t length) const noexcept {
    for (std::size_t i = 0; i < length; ++i)
      if (!consonant(i)) return true;
    return false;
  }
  [[nodiscard]] bool doubled_consonant() const noexcept {
    const std::size_t n = size_;
    return n >= 2 && word_[n - 1] == word_[n - 2] && consonant(n - 1);
  }
  /// Consonant, vowel, consonant other than w, x, y at the end: "hop", where an e was probably lost.
  [[nodiscard]] bool short_end(std::size_t length) const noexcept {
    if (length < 3 || !consonant(length - 1) || consonant(length - 2) || !consonant(length - 3)) return false;
    const char last = word_[length - 1];
    return last != 'w' && last != 'x' && last != 'y';
  }
  void cut(std::size_t letters) { size_ -= letters; }
  void add(char letter) { word_[size_++] = letter; }

  void plurals() {
    if (ends("sses") || ends("ies"))
      cut(2);
    else if (ends("s") && !ends("ss") && !ends("us"))
      cut(1);
  }

  void participles() {
    if (ends("eed")) {
      if (measure(size_ - 3) > 0) cut(1);
      return;
    }
    const std::size_t suffix = ends("ed") ? 2 : ends("ing") ? 3 : 0;
    if (suffix == 0 || !has_vowel(size_ - suffix)) return;
    cut(suffix);
    if (ends("at") || ends("bl") || ends("iz"))
      add('e');
    else if (doubled_consonant() && !ends("l") && !ends("s") && !ends("z"))
      cut(1);
    else if (measure(size_) == 1 && short_end(size_))
      add('e');
  }

  template <std::size_t N>
  void replace_first(const Rule (&rules)[N]) {
    for (const Rule& rule : rules) {
      if (!ends(rule.suffix)) continue;
      const std::size_t rest = size_ - rule.suffix.size();
      if (measure(rest) > 0) {
        size_ = rest;
        for (const char letter : rule.replacement) add(letter);
      }
      return;
    }
  }

  void last_suffix() {
    for (const std::string_view suffix : last_suffixes) {
      if (!ends(suffix)) continue;
      const std::size_t rest = size_ - suffix.size();
      const bool allowed = suffix != "ion" || (rest > 0 && (word_[rest - 1] == 's' || word_[rest - 1] == 't'));
      if (allowed && measure(rest) > 1) size_ = rest;
      return;
    }
  }

  void final_letters() {
    if (ends("e")) {
      const std::size_t rest = size_ - 1;
      const int m = measure(rest);
      if (m > 1 || (m == 1 && !short_end(rest))) cut(1);
    }
    if (ends("ll") && measure(size_) > 1) cut(1);
    if (ends("i") && measure(size_ - 1) > 1) cut(1);
  }

  // No suffix is replaced by a longer one, and an e only follows a removed suffix: never longer than it came.
  std::array<char, max_letters> word_;
  std::size_t size_;
};

}  // namespace

std::string stem(std::string_view word) {
  if (word.size() <= 2 || word.size() > max_letters) return std::string(word);
  for (const char c : word)
    if (c < 'a' || c > 'z') return std::string(word);
  return Stemmer(word).run();
}

}  // namespace autodev::index
