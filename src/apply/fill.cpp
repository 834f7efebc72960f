// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/fill.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "apply/code_tokens.h"
#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_values = 24;  // of the specification and of the tests each
constexpr std::size_t max_jointly = 6;  // literals assigned in order; beyond, the order is chance

/// Equal literals of the code: one hole.
struct Hole {
  std::string text;
  bool number = false;
  std::vector<CodeToken> places;
};

void add_unique(std::vector<std::string>& values, std::string value) {
  if (values.size() < max_values && std::find(values.begin(), values.end(), value) == values.end())
    values.push_back(std::move(value));
}

/// Numbers of a text in order, as written.
std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> values;
  for (const auto& piece : pieces_of(text))
    if (piece.number) add_unique(values, std::string(piece.text));
  return values;
}

/// Quoted stretches of a text, with their quotes.
std::vector<std::string> strings_in(std::string_view text, Language language) {
  std::vector<std::string> values;
  for (const auto& token : tokens_of(text, language))
    if (token.kind == CodeTokenKind::string && token.end - token.start <= 60)
      add_unique(values, std::string(text_of(text, token)));
  return values;
}

std::string one_more(const std::string& number, int step) {
  long value = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) return {};
  return std::to_string(value + step);
}

class Filler {
 public:
  Filler(std::string_view code, Language language, std::size_t body, std::size_t limit)
      : code_(code), limit_(limit), tokens_(tokens_of(code, language)) {
    for (const auto& token : tokens_) {
      if (token.start < body) continue;
      const bool number = token.kind == CodeTokenKind::number;
      if (!number && token.kind != CodeTokenKind::string) continue;
      const std::string text(text_of(code, token));
      const auto known = std::find_if(holes_.begin(), holes_.end(), [&](const Hole& h) { return h.text == text; });
      if (known == holes_.end())
        holes_.push_back({text, number, {token}});
      else
        known->places.push_back(token);
    }
  }

  /// Every number the specification does not know gets the next number of the specification that the code does not
  /// know.
  void jointly(const std::vector<std::string>& spec_numbers) {
    std::vector<const Hole*> open;
    std::vector<std::string> unused;
    for (const auto& hole : holes_)
      if (hole.number && std::find(spec_numbers.begin(), spec_numbers.end(), hole.text) == spec_numbers.end())
        open.push_back(&hole);
    for (const auto& value : spec_numbers)
      if (std::none_of(holes_.begin(), holes_.end(), [&](const Hole& h) { return h.text == value; }))
        unused.push_back(value);
    if (open.size() < 2 || open.size() != unused.size() || open.size() > max_jointly) return;
    std::map<std::size_t, std::pair<CodeToken, std::string>> edits;
    for (std::size_t i = 0; i < open.size(); ++i)
      for (const auto& place : open[i]->places) edits[place.start] = {place, unused[i]};
    emit(edits);
  }

  void singly(const std::vector<std::string>& values, bool numbers) {
    for (const auto& hole : holes_)
      if (hole.number == numbers)
        for (const auto& value : values) replace(hole, value);
  }

  void mutate() {
    for (const auto& hole : holes_)
      if (hole.number)
        for (const int step : {1, -1})
          if (const auto value = one_more(hole.text, step); !value.empty()) replace(hole, value);
    for (std::size_t i = 1; i + 1 < tokens_.size(); ++i) {
      const auto text = text_of(code_, tokens_[i]);
      if (text != "<" && text != ">") continue;
      const bool inclusive = text_of(code_, tokens_[i + 1]) == "=" && tokens_[i + 1].start == tokens_[i].end;
      CodeToken place = tokens_[i];
      if (inclusive) place.end = tokens_[i + 1].end;
      emit({{place.start, {place, inclusive ? std::string(text) : std::string(text) + "="}}});
    }
  }

  std::vector<std::string> take() { return std::move(variants_); }

 private:
  void replace(const Hole& hole, const std::string& value) {
    if (value == hole.text) return;
    std::map<std::size_t, std::pair<CodeToken, std::string>> edits;
    for (const auto& place : hole.places) edits[place.start] = {place, value};
    emit(edits);
  }

  void emit(const std::map<std::size_t, std::pair<CodeToken, std::string>>& edits) {
    if (variants_.size() >= limit_) return;
    std::string out;
    std::size_t done = 0;
    for (const auto& [start, edit] : edits) {
      out += code_.substr(done, start - done);
      out += edit.second;
      done = edit.first.end;
    }
    out += code_.substr(done);
    if (std::find(variants_.begin(), variants_.end(), out) == variants_.end()) variants_.push_back(std::move(out));
  }

  std::string_view code_;
  std::size_t limit_;
  std::vector<CodeToken> tokens_;
  std::vector<Hole> holes_;
  std::vector<std::string> variants_;
};

}  // namespace

std::vector<std::string> fill_literals(std::string_view code, Language language, std::size_t body,
                                       std::string_view spec, std::string_view tests, std::size_t limit) {
  Filler filler(code, language, body, limit);
  const auto spec_numbers = numbers_in(spec);
  filler.jointly(spec_numbers);
  filler.singly(spec_numbers, true);
  filler.singly(strings_in(spec, language), false);
  filler.mutate();
  filler.singly(strings_in(tests, language), false);
  filler.singly(numbers_in(tests), true);
  return filler.take();
}

}  // namespace autodev::apply
