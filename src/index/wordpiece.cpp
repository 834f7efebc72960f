// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One pass over the text, from characters to words to pieces; it ends as soon as there are enough.
#include "index/wordpiece.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "index/bert_characters.h"

namespace autodev::index::bert {
namespace {

/// The next character of valid UTF-8.
char32_t next_character(std::string_view text, std::size_t& at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t character = lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i) character = character << 6 | (byte(at++) & 0x3F);
  return character;
}

void append_utf8(char32_t c, std::string& out) {
  const auto put = [&](char32_t value) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(value))); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool is_blank(char32_t c) noexcept {
  return c < 0x80 ? c == ' ' || (c >= 9 && c <= 13) : is_in(character_classes().blank, c);
}

bool is_punctuation(char32_t c) noexcept {
  if (c < 0x80) return c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
  return is_in(character_classes().punctuation, c);
}

/// Characters that `clean` takes away; tab and line ends are blanks.
bool is_dropped(char32_t c) noexcept {
  if (c < 0x80) return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  return is_in(character_classes().dropped, c);
}

}  // namespace

/// One text on its way to pieces.
class WordPiece::Run {
 public:
  Run(const WordPiece& of, std::size_t limit) : of_(of), limit_(limit) {}

  [[nodiscard]] bool full() const noexcept { return pieces.size() >= limit_; }

  void read(char32_t character) {
    const TokenizerRules& rules = of_.rules_;
    if (rules.clean && is_dropped(character)) return;
    const bool alone = rules.ideographs && character >= 0x3400 && is_in(character_classes().ideographs, character);
    if (alone) end_word();
    stripped_.clear();
    if (rules.strip_accents)
      append_without_accents(character, stripped_);
    else
      stripped_.push_back(character);
    lowered_.clear();
    for (const char32_t c : stripped_) {
      if (rules.lower)
        append_lower(c, lowered_);
      else
        lowered_.push_back(c);
    }
    for (const char32_t c : lowered_) take(c);
    if (alone) end_word();
  }

  void end_word() {
    if (characters_ > of_.rules_.max_word)
      pieces.push_back(of_.rules_.unknown);
    else if (characters_ > 0)
      cut_word();
    word_.clear();
    characters_ = 0;
  }

  std::vector<std::uint32_t> pieces;

 private:
  void take(char32_t c) {
    if (is_blank(c)) return end_word();
    const bool mark = is_punctuation(c);
    if (mark) end_word();
    if (++characters_ <= of_.rules_.max_word) append_utf8(c, word_);
    if (mark) end_word();
  }

  void cut_word() {
    const std::size_t before = pieces.size();
    for (std::size_t start = 0; start < word_.size();) {
      const auto [length, piece] = longest_piece(start);
      if (length == 0) {
        pieces.resize(before);
        pieces.push_back(of_.rules_.unknown);
        return;
      }
      pieces.push_back(piece);
      start += length;
    }
  }

  std::pair<std::size_t, std::uint32_t> longest_piece(std::size_t start) {
    key_ = start == 0 ? std::string() : of_.rules_.continuation;
    const std::size_t prefix = key_.size();
    key_.append(word_, start, of_.longest_);
    for (std::size_t length = key_.size() - prefix; length > 0; --length) {
      const bool boundary = start + length == word_.size() || (static_cast<std::uint8_t>(word_[start + length]) & 0xC0) != 0x80;
      if (!boundary) continue;
      const auto found = of_.rules_.vocabulary.find(std::string_view(key_).substr(0, prefix + length));
      if (found != of_.rules_.vocabulary.end()) return {length, found->second};
    }
    return {0, 0};
  }

  const WordPiece& of_;
  std::size_t limit_;
  std::string word_, key_;
  std::u32string stripped_, lowered_;
  std::size_t characters_ = 0;
};

WordPiece::WordPiece(TokenizerRules rules) : rules_(std::move(rules)) {
  for (const auto& [text, number] : rules_.vocabulary) {
    largest_ = std::max(largest_, number);
    longest_ = std::max(longest_, text.size());
  }
  for (const auto* list : {&rules_.before, &rules_.after})
    for (const std::uint32_t number : *list) largest_ = std::max(largest_, number);
  largest_ = std::max(largest_, rules_.unknown);
  for (const auto& [text, number] : rules_.special) {
    largest_ = std::max(largest_, number);
    if (!text.empty()) begins_special_[static_cast<std::uint8_t>(text[0])] = true;
  }
  std::stable_sort(rules_.special.begin(), rules_.special.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::vector<std::uint32_t> WordPiece::encode(std::string_view text, std::size_t max_tokens) const {
  const std::string repaired = base::repair_utf8(text);
  const std::size_t around = rules_.before.size() + rules_.after.size();
  Run run(*this, max_tokens > around ? max_tokens - around : 0);
  const std::string_view all = repaired;
  for (std::size_t at = 0; at < all.size() && !run.full();) {
    if (begins_special_[static_cast<std::uint8_t>(all[at])]) {
      const auto special = std::find_if(rules_.special.begin(), rules_.special.end(),
                                        [&](const auto& token) { return all.substr(at).starts_with(token.first); });
      if (special != rules_.special.end() && !special->first.empty()) {
        run.end_word();
        run.pieces.push_back(special->second);
        at += special->first.size();
        continue;
      }
    }
    run.read(next_character(all, at));
  }
  run.end_word();
  run.pieces.resize(std::min(run.pieces.size(), max_tokens > around ? max_tokens - around : 0));
  std::vector<std::uint32_t> numbers = rules_.before;
  numbers.insert(numbers.end(), run.pieces.begin(), run.pieces.end());
  numbers.insert(numbers.end(), rules_.after.begin(), rules_.after.end());
  return numbers;
}

}  // namespace autodev::index::bert
