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
constexpr auto ordered_links = std::to_array<std::string_view>({"above", "after", "against", "before", "below", "by", "over", "under"});
// Of these, the links that say nothing by themselves.
constexpr auto mere_links = std::to_array<std::string_view>({"against", "by"});

// Verbs whose particle makes the meaning: "turn on", "check out".
constexpr auto phrasal = std::to_array<std::string_view>({"break", "check", "clock", "fade", "fold",  "lock", "log",  "opt",  "plug", "pop", "power",
                                                   "roll",  "round", "scale", "shift", "sign", "step", "switch", "turn", "zoom"});
constexpr auto particles = std::to_array<std::string_view>({"down", "in", "off", "on", "out", "up"});
// Said once more they mean the opposite: "revert the revert".
constexpr auto taking_back = std::to_array<std::string_view>({"revert", "reverts", "undo"});
// Words of every request: what kind of thing is asked for, not what it does.
constexpr auto frame_words = std::to_array<std::string_view>({"code", "function", "given", "implement", "method", "program", "python", "return", "returns",
                                                       "whether"});

template <std::size_t N>
bool in(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "14", and "14.0.1", whose parts mean nothing by themselves.
bool is_number(std::string_view word) {
  return !word.empty() && word.front() != '.' && std::all_of(word.begin(), word.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

/// Does a sentence or a line end in what stands between two words?
bool ends_sentence(std::string_view between) {
  return between.find_first_of("\n.;:") != std::string_view::npos;
}

/// Lower-case words in order; an empty one where a sentence ends.
std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  WordScanner scanner(text);
  std::size_t last_end = 0;
  while (words.size() < max_read && scanner.next()) {
    const auto start = static_cast<std::size_t>(scanner.source().data() - text.data());
    const bool continues = !words.empty() && is_number(words.back()) && text.substr(last_end, start - last_end) == "." && is_number(scanner.word(0));
    if (!continues && ends_sentence(text.substr(last_end, start - last_end)) && !words.empty()) words.emplace_back();
    last_end = start + scanner.source().size();
    for (std::size_t i = 0; i < scanner.size(); ++i) {
      const std::string_view word = scanner.word(i);
      if (i == 0 && continues) {
        words.back() += "." + std::string(word);
        continue;
      }
      const bool joins = i > 0 && is_number(word) && !is_number(scanner.word(i - 1));
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
  if (word == "any" || word == "even" || word == "more") return true;  // stop words, but half of a pair of opposites
  if (word.empty() || is_negation(word) || in(frame_words, word)) return false;
  if (in(particles, word)) return (i > 0 && in(phrasal, words[i - 1])) || !is_stop_word(word);
  return !is_stop_word(word) && !in(mere_links, word);
}

bool is_article(std::string_view word) { return word == "a" || word == "an" || word == "the" || word == "its" || word == "another"; }

/// The verb of a particle: "turn off", "turn the account off". With words between, the particle has to end its phrase ("switch
/// branches on the server" switches nothing on). Null for every other word.
const std::string* verb_switching(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t farthest = 4;  // an article and two words between
  if (words[i] != "on" && words[i] != "off") return nullptr;
  for (std::size_t back = 1; back <= std::min(farthest, i); ++back) {
    const std::string& verb = words[i - back];
    if (verb.empty()) return nullptr;
    const std::string stemmed = stem(verb);
    if (stemmed != "turn" && stemmed != "switch") continue;
    const bool ends = i + 1 == words.size() || words[i + 1].empty() || (is_stop_word(words[i + 1]) && !is_article(words[i + 1]));
    return back == 1 || ends ? &verb : nullptr;
  }
  return nullptr;
}

/// A link and what stands before it.
struct Link {
  std::string word;
  std::size_t middle;  ///< content words before it
  std::size_t phrase;  ///< the one it ends
};

void add_crossings(const Link& link, Reading& reading) {
  const bool forward = in(forward_links, link.word), backward = in(backward_links, link.word);
  const std::vector<ReadWord>& content = reading.content;
  for (std::size_t i = link.middle; i-- > 0 && link.middle - i <= reach && content[i].phrase == link.phrase;) {
    for (std::size_t j = link.middle; j < content.size() && j < link.middle + reach && content[j].phrase == link.phrase + 1; ++j) {
      const std::string &one = content[i].stem, &other = content[j].stem;
      if (one == other) continue;
      if (backward)
        reading.crossings.push_back({other, one, "to"});
      else
        reading.crossings.push_back({one, other, forward ? "to" : link.word});
    }
  }
}

/// The stem, with abbreviations spelled out in the plural too ("dicts").
std::string stem_of(std::string_view word) {
  const std::string_view full = spelled_out(word);
  if (full == word && word.size() > 3 && word.back() == 's') {
    const std::string_view singular = word.substr(0, word.size() - 1);
    if (spelled_out(singular) != singular) return stem(spelled_out(singular));
  }
  return stem(full);
}

bool is_link(std::string_view word) {
  return in(forward_links, word) || in(backward_links, word) || in(ordered_links, word);
}

}  // namespace

Reading read_wording(std::string_view text) {
  const std::vector<std::string> words = plain_words(text);
  Reading reading;
  std::vector<Link> links;
  std::size_t sentence = 0, phrase = 0;
  bool negate = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& plain = words[i];
    if (plain.empty()) ++sentence;
    if (plain.empty() || is_negation(plain)) negate = !plain.empty();
    if (is_negation(plain) || in(taking_back, plain)) ++reading.negations;
    if (is_link(plain)) links.push_back({plain, reading.content.size(), phrase});
    const std::string* const verb = verb_switching(words, i);
    if (verb == nullptr && !is_content(words, i)) {
      if (!is_article(plain)) ++phrase;
      continue;
    }
    if (is_link(plain)) ++phrase;
    ReadWord word{stem_of(plain), plain, sentence, phrase, is_number(plain), negate};
    if (verb != nullptr) {
      word.stem = stem_of(plain == "on" ? "enable" : "disable");
      word.text = *verb + " " + plain;
    }
    negate = false;
    reading.stems.insert(word.stem);
    if (word.negated) reading.negated.insert(word.stem);
    reading.content.push_back(std::move(word));
  }
  for (const Link& link : links) add_crossings(link, reading);
  return reading;
}

}  // namespace autodev::index
