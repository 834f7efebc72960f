// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Stop words: English words that say nothing about what code does.
//
// Articles, pronouns, auxiliary verbs, prepositions, question words and the phrases people type around a
// request ("how do I ...", "please", "using"). Words that name operations or conditions in code stay
// searchable although they are frequent: not, all, each, between, before, after, first, last, only, same, until.
#include <algorithm>
#include <iterator>

#include "index/letter_ranges.h"
#include "index/words.h"

namespace autodev::index {
namespace {

constexpr std::string_view stop_words[] = {
    "a",       "about",  "also",    "am",        "an",        "and",     "another", "any",    "are",    "aren",
    "as",      "at",     "be",      "because",   "been",      "being",   "but",     "by",     "can",    "cannot",
    "could",   "couldn", "d",       "did",       "didn",      "do",      "does",    "doesn",  "doing",  "don",
    "either",  "etc",    "even",    "ever",      "every",     "for",     "from",    "had",    "has",    "hasn",
    "have",    "having", "he",      "her",       "here",      "hers",    "him",     "his",    "how",    "however",
    "i",       "if",     "in",      "into",      "is",        "isn",     "it",      "its",    "itself", "just",
    "let",     "lets",   "like",    "ll",        "m",         "make",    "makes",   "making", "many",   "may",
    "maybe",   "me",     "might",   "mine",      "more",      "most",    "much",    "must",   "my",     "myself",
    "need",    "needs",  "nor",     "now",       "of",        "on",      "or",      "our",    "ours",   "own",
    "please",  "quite",  "rather",  "re",        "really",    "s",       "shall",   "she",    "should", "shouldn",
    "so",      "some",   "somehow", "something", "such",      "t",       "than",    "that",   "the",    "their",
    "theirs",  "them",   "then",    "there",     "therefore", "these",   "they",    "this",   "those",  "though",
    "through", "thus",   "to",      "too",       "us",        "use",     "used",    "uses",   "using",  "ve",
    "very",    "via",    "want",    "wants",     "was",       "wasn",    "way",     "ways",   "we",     "were",
    "weren",   "what",   "when",    "whenever",  "where",     "whether", "which",   "while",  "who",    "whom",
    "whose",   "why",    "will",    "with",      "within",    "won",     "would",   "wouldn", "yes",    "yet",
    "you",     "your",   "yours",
};

constexpr std::string_view itself(std::string_view word) noexcept {
  return word;
}
constexpr auto starts = letter_ranges(stop_words, itself);
static_assert(std::is_sorted(std::begin(stop_words), std::end(stop_words)));

}  // namespace

bool is_stop_word(std::string_view word) noexcept {
  return find_by_letter(stop_words, starts, word, itself) != nullptr;
}

}  // namespace autodev::index
