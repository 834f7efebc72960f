// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Text to reading: plain words first, then content, negations and crossings.
#include "index/reading.h"

#include <algorithm>
#include <array>

#include "index/opposites.h"
#include "index/word_scan.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_read = 400;
constexpr std::size_t reach = 3;  // content words on either side of a link that belong to it

/// Says which side of the link acts on which: "to" runs forward, "from" backward.
constexpr auto forward_links = std::to_array<std::string_view>({"into", "onto", "to"});
constexpr auto backward_links = std::to_array<std::string_view>({"from"});
// Sides matter, but neither is a direction of the other.
constexpr auto ordered_links = std::to_array<std::string_view>({"after", "against", "before", "by", "over", "under", "below", "above"});

// Verbs whose particle makes the meaning: "turn on", "check out".
constexpr auto phrasal = std::to_array<std::string_view>({"break", "check", "clock", "fade", "fold",  "lock", "log",  "opt",  "plug", "pop", "power",
                                                   "roll",  "round", "scale", "shift", "sign", "step", "switch", "turn", "zoom"});
constexpr auto particles = std::to_array<std::string_view>({"down", "in", "off", "on", "out", "up"});
// Words of every request: what kind of thing is asked for, not what it does.
constexpr auto frame_words = std::to_array<std::string_view>({"code", "function", "given", "implement", "method", "program", "python", "return", "returns",
                                                       "whether"});

template <std::size_t N>
bool in(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool all_digits(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  WordScanner scanner(text);
  while (words.size() < max_read && scanner.next()) {
    for (std::size_t i = 0; i < scanner.size(); ++i) {
      const std::string_view word = scanner.word(i);
      const bool joins = i > 0 && all_digits(word) && !all_digits(scanner.word(i - 1));
      if (joins && word == "2" && i + 1 < scanner.size())
        words.emplace_back("to");
      else if (joins)
        words.back() += word;
      else
        words.emplace_back(word);
    }
  }
  return words;
}

bool is_content(const std::vector<std::string>& words, std::size_t i) {
  const std::string& word = words[i];
  if (is_negation(word) || in(frame_words, word)) return false;
  if (in(particles, word)) return (i > 0 && in(phrasal, words[i - 1])) || !is_stop_word(word);
  return !is_stop_word(word) && !in(ordered_links, word);
}

void add_crossings(const std::vector<std::string>& words, const std::vector<std::size_t>& content_of, std::size_t at, Reading& reading) {
  const std::string& link = words[at];
  const bool forward = in(forward_links, link), backward = in(backward_links, link);
  if (!forward && !backward && !in(ordered_links, link)) return;
  // content_of[i] = number of content words before word i
  const std::size_t middle = content_of[at];
  for (std::size_t i = middle; i-- > 0 && middle - i <= reach;) {
    for (std::size_t j = middle; j < reading.content.size() && j < middle + reach; ++j) {
      const std::string &one = reading.content[i].stem, &other = reading.content[j].stem;
      if (one == other) continue;
      if (backward)
        reading.crossings.push_back({other, one, "to"});
      else
        reading.crossings.push_back({one, other, forward ? "to" : link});
    }
  }
}

}  // namespace

Reading read_wording(std::string_view text) {
  const std::vector<std::string> words = plain_words(text);
  Reading reading;
  std::vector<std::size_t> content_before(words.size());
  bool negate = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    content_before[i] = reading.content.size();
    if (is_negation(words[i])) {
      negate = true;
      ++reading.negations;
    }
    if (!is_content(words, i)) continue;
    ReadWord word{stem(spelled_out(words[i])), words[i], all_digits(words[i]), negate};
    negate = false;
    reading.stems.insert(word.stem);
    if (word.negated) reading.negated.insert(word.stem);
    reading.content.push_back(std::move(word));
  }
  for (std::size_t i = 0; i < words.size(); ++i) add_crossings(words, content_before, i, reading);
  return reading;
}

}  // namespace autodev::index
