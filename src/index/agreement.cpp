// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The comparison, rule by rule. Each rule looks at what is left of the two texts when common words are taken away.
#include "index/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "index/opposites.h"
#include "index/reading.h"

namespace autodev::index {
namespace {

using Words = std::vector<const ReadWord*>;

/// Two texts with their common words taken away.
struct Remainder {
  Words left, right;  ///< distinct words that only the request, only the text has
};

/// A text, read.
struct ReadWording {
  Reading said;  ///< name and description
  Reading description, code;
};

ReadWording read_all(const Wording& wording) {
  return {read_wording(wording.name + "\n" + wording.description), read_wording(wording.description), read_wording(wording.code)};
}

bool has_synonym(const Reading& reading, const ReadWord& word) {
  return std::any_of(reading.content.begin(), reading.content.end(),
                     [&](const ReadWord& other) { return are_synonyms(word.stem, other.stem); });
}

Words only_in(const Reading& reading, const Reading& other) {
  Words rest;
  std::set<std::string_view> seen;
  for (const ReadWord& word : reading.content)
    if (seen.insert(word.stem).second && !other.stems.contains(word.stem)) rest.push_back(&word);
  return rest;
}

Disagreement made(Difference kind, const ReadWord& wanted, const ReadWord& found) { return {kind, wanted.text, found.text}; }

/// A unit, format or product of the request where the text has another one of its class.
std::optional<Disagreement> other_member(const Remainder& rest, const Reading& said, const Reading& code) {
  for (const ReadWord* wanted : rest.left) {
    const ClassMember mine = class_member(wanted->stem);
    if (mine.of == 0 || code.stems.contains(wanted->stem)) continue;
    const auto same_thing = [&](const ReadWord& word) { return class_member(word.stem).thing == mine.thing; };
    if (std::any_of(said.content.begin(), said.content.end(), same_thing)) continue;
    for (const ReadWord* found : rest.right)
      if (class_member(found->stem).of == mine.of)
        return made(mine.unit ? Difference::unit : Difference::name, *wanted, *found);
  }
  return std::nullopt;
}

/// Only where the texts are about the same: at least half as many words in common as the text lacks.
std::optional<Disagreement> opposite(const Remainder& rest, const Reading& request, const Reading& said) {
  const std::size_t shared = request.stems.size() - rest.left.size();
  if (2 * shared < rest.left.size()) return std::nullopt;
  for (const ReadWord* wanted : rest.left) {
    const auto against = [&](const ReadWord& word) { return are_opposites(word.stem, wanted->stem); };
    const bool both_ends = std::any_of(request.content.begin(), request.content.end(), against);
    const bool said_otherwise = both_ends || has_synonym(said, *wanted);
    for (const ReadWord* found : rest.right) {
      if (is_turned(wanted->stem, found->stem)) return made(Difference::opposite, *wanted, *found);
      if (!said_otherwise && are_opposites(wanted->stem, found->stem) && !has_synonym(request, *found))
        return made(Difference::opposite, *wanted, *found);
    }
  }
  return std::nullopt;
}

std::optional<Disagreement> other_number(const Remainder& rest, const Reading& code) {
  for (const ReadWord* wanted : rest.left) {
    if (!wanted->number || code.stems.contains(wanted->stem)) continue;
    for (const ReadWord* found : rest.right)
      if (found->number) return made(Difference::number, *wanted, *found);
  }
  return std::nullopt;
}

/// A word that one text negates and the other has only plain. Long texts negate a lot: only where little else differs.
std::optional<Disagreement> negation(const Reading& request, const Reading& said, const Remainder& rest) {
  constexpr std::size_t little = 2;
  if (rest.left.size() > little || rest.right.size() > little) return std::nullopt;
  const auto lone = [](const Reading& one, const Reading& other) -> const ReadWord* {
    for (const ReadWord& word : one.content)
      if (word.negated && other.stems.contains(word.stem) && !other.negated.contains(word.stem)) return &word;
    return nullptr;
  };
  if (const ReadWord* word = lone(request, said)) return Disagreement{Difference::negation, "not " + word->text, word->text};
  if (const ReadWord* word = lone(said, request)) return Disagreement{Difference::negation, word->text, "not " + word->text};
  if (rest.left.empty() && rest.right.empty() && request.negations != said.negations)
    return Disagreement{Difference::negation, fmt::format("{} negations", request.negations),
                        fmt::format("{} negations", said.negations)};
  return std::nullopt;
}

/// "a to b" against "b to a": both words changed sides.
std::optional<Disagreement> direction(const Reading& request, const Reading& said) {
  for (const Crossing& mine : request.crossings) {
    if (std::find(said.crossings.begin(), said.crossings.end(), mine) != said.crossings.end()) continue;
    const Crossing turned{mine.to, mine.from, mine.link};
    if (std::find(said.crossings.begin(), said.crossings.end(), turned) != said.crossings.end())
      return Disagreement{Difference::direction, fmt::format("{} {} {}", mine.from, mine.link, mine.to),
                          fmt::format("{} {} {}", mine.to, mine.link, mine.from)};
  }
  return std::nullopt;
}

/// The sentences of a reading, as ranges of its content.
std::vector<std::span<const ReadWord>> sentences_of(const Reading& reading) {
  std::vector<std::span<const ReadWord>> sentences;
  const std::span<const ReadWord> all(reading.content);
  for (std::size_t first = 0, i = 1; i <= all.size(); ++i) {
    if (i < all.size() && all[i].sentence == all[first].sentence) continue;
    sentences.push_back(all.subspan(first, i - first));
    first = i;
  }
  return sentences;
}

bool says(const ReadWord& one, const ReadWord& other) {
  const ClassMember mine = class_member(one.stem);
  return are_synonyms(one.stem, other.stem) || (mine.of != 0 && mine.thing == class_member(other.stem).thing);
}

bool all_in(std::span<const ReadWord> words, std::span<const ReadWord> sentence) {
  return std::all_of(words.begin(), words.end(), [&](const ReadWord& word) {
    return std::any_of(sentence.begin(), sentence.end(), [&](const ReadWord& other) { return says(word, other); });
  });
}

/// Two sentences that are equal but for a word or two in one place mean what they say there. Who asks for the same in his own
/// words differs in more than one place; a single exchanged word is exchanged on purpose.
/// `said` and `code` are all that the other side has: a word that stands elsewhere in it is not missing.
std::optional<Disagreement> exchanged_in(std::span<const ReadWord> one, std::span<const ReadWord> other, const Reading& said,
                                         const Reading& code) {
  const std::size_t shorter = std::min(one.size(), other.size());
  std::size_t before = 0, after = 0;
  while (before < shorter && says(one[before], other[before])) ++before;
  while (after < shorter - before && says(one[one.size() - 1 - after], other[other.size() - 1 - after])) ++after;
  const auto mine = one.subspan(before, one.size() - before - after), theirs = other.subspan(before, other.size() - before - after);
  constexpr std::size_t a_word_or_two = 2;
  if (mine.empty() || theirs.empty() || mine.size() > a_word_or_two || theirs.size() > a_word_or_two) return std::nullopt;
  const bool one_word = mine.size() == 1 && theirs.size() == 1;
  if (before + after < (one_word ? 1u : 3u)) return std::nullopt;
  if (!one_word && (all_in(mine, other) || all_in(theirs, one))) return std::nullopt;  // the same words in another order
  const auto elsewhere = [&](const ReadWord& word) { return said.stems.contains(word.stem) || code.stems.contains(word.stem); };
  if (!are_opposites(mine.front().stem, theirs.front().stem) && std::all_of(mine.begin(), mine.end(), elsewhere)) return std::nullopt;
  return made(Difference::word, mine.front(), theirs.front());
}

std::optional<Disagreement> exchanged_word(const Reading& request, const ReadWording& text) {
  for (const auto& one : sentences_of(request))
    for (const auto& other : sentences_of(text.description))
      if (auto found = exchanged_in(one, other, text.said, text.code)) return found;
  return std::nullopt;
}

Remainder remainder(const Reading& request, const Reading& said) {
  return {only_in(request, said), only_in(said, request)};
}

std::optional<Disagreement> compare(const Reading& request, const ReadWording& text) {
  const Reading &said = text.said, &code = text.code;
  if (request.content.empty() || said.content.empty()) return std::nullopt;
  const Remainder rest = remainder(request, said);
  if (auto found = other_member(rest, said, code)) return found;
  if (auto found = opposite(rest, request, said)) return found;
  if (auto found = other_number(rest, code)) return found;
  if (auto found = negation(request, said, rest)) return found;
  if (auto found = direction(request, said)) return found;
  return exchanged_word(request, text);
}

}  // namespace

std::string_view to_string(Difference difference) noexcept {
  switch (difference) {
    case Difference::opposite: return "opposite";
    case Difference::negation: return "negation";
    case Difference::direction: return "direction";
    case Difference::unit: return "unit";
    case Difference::name: return "name";
    case Difference::number: return "number";
    case Difference::word: return "word";
  }
  return "word";
}

std::string Disagreement::sentence() const { return fmt::format("'{}' where the request says '{}'", found, wanted); }

std::optional<Disagreement> disagreement(std::string_view request, const Wording& wording) {
  return compare(read_wording(request), read_all(wording));
}

bool same_request(std::string_view one, std::string_view other) {
  const Reading a = read_wording(one), b = read_wording(other);
  if (a.content.empty() || b.content.empty() || compare(a, {b, b, {}}) || compare(b, {a, a, {}})) return false;
  const Remainder rest = remainder(a, b);
  return std::all_of(rest.left.begin(), rest.left.end(), [&](const ReadWord* word) { return has_synonym(b, *word); }) &&
         std::all_of(rest.right.begin(), rest.right.end(), [&](const ReadWord* word) { return has_synonym(a, *word); });
}

Result<std::vector<LeftOut>> leave_out_disagreeing(SearchResult& found, std::string_view request, const WordingOf& wording_of) {
  const Reading asked = read_wording(request);
  std::vector<LeftOut> left_out;
  std::vector<Hit> kept;
  for (Hit& hit : found.hits) {
    AUTODEV_TRY_ASSIGN(const auto wording, wording_of(hit.id));
    auto because = wording ? compare(asked, read_all(*wording)) : std::nullopt;
    if (because)
      left_out.push_back({std::move(hit), std::move(*because)});
    else
      kept.push_back(std::move(hit));
  }
  found.hits = std::move(kept);
  return left_out;
}

Confidence judge_remaining(const SearchResult& remaining, const std::vector<LeftOut>& left_out, std::string_view query) {
  constexpr double own_coverage = 0.5;  // half of the request; a choice, fitted to nothing
  if (left_out.empty()) return judge(remaining, query);
  if (remaining.hits.empty()) return {0, false, "the nearest patterns mean something else"};
  Confidence confidence = judge(remaining, query);
  double explained = 0, coverage = 0;
  for (const LeftOut& one : left_out) explained = std::max(explained, one.hit.score);
  for (const Hit& hit : remaining.hits) coverage = std::max(coverage, hit.coverage);
  if (confidence.fits && coverage < own_coverage && explained > remaining.hits.front().score) {
    confidence.fits = false;
    confidence.reason = fmt::format("the nearest pattern means something else, and no other has more than {:.0f} % of the request by weight", 100 * coverage);
  }
  return confidence;
}

}  // namespace autodev::index
