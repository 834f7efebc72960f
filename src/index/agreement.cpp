// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The comparison, rule by rule. Each rule looks at what is left of the two texts when common words are taken away.
#include "index/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "index/opposites.h"
#include "index/reading.h"

namespace autodev::index {
namespace {

using Words = std::vector<const ReadWord*>;

/// Two texts with their common words taken away.
struct Remainder {
  Words left, right;      ///< distinct words that only the request, only the text has
  std::size_t shared = 0;  ///< distinct words in both, synonyms counted in
};

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

std::optional<Disagreement> opposite(const Remainder& rest, const Reading& request, const Reading& said) {
  for (const ReadWord* wanted : rest.left) {
    if (has_synonym(said, *wanted)) continue;
    for (const ReadWord* found : rest.right)
      if (are_opposites(wanted->stem, found->stem) && !has_synonym(request, *found))
        return made(Difference::opposite, *wanted, *found);
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

/// Two texts that are equal but for a word or two on either side mean what they say there. Who asks for the same in his own
/// words differs in more than one place; a single exchanged word is exchanged on purpose.
std::optional<Disagreement> exchanged_word(const Reading& request, const Reading& said, const Reading& code, const Remainder& rest) {
  Words left, right;
  for (const ReadWord* word : rest.left)
    if (!has_synonym(said, *word) && !code.stems.contains(word->stem)) left.push_back(word);
  for (const ReadWord* word : rest.right)
    if (!has_synonym(request, *word)) right.push_back(word);
  if (left.empty() || right.empty() || left.size() > 2 || right.size() > 2) return std::nullopt;
  const bool both_lead = left.front()->stem == request.content.front().stem && right.front()->stem == said.content.front().stem;
  const std::size_t needed = left.size() == 1 && right.size() == 1 ? (both_lead ? 1u : 2u) : 3u;
  if (rest.shared < needed) return std::nullopt;
  return made(Difference::word, *left.front(), *right.front());
}

Remainder remainder(const Reading& request, const Reading& said) {
  Remainder rest{only_in(request, said), only_in(said, request), 0};
  rest.shared = request.stems.size() - rest.left.size();
  return rest;
}

std::optional<Disagreement> compare(const Reading& request, const Reading& said, const Reading& code) {
  if (request.content.empty() || said.content.empty()) return std::nullopt;
  const Remainder rest = remainder(request, said);
  if (auto found = other_member(rest, said, code)) return found;
  if (auto found = opposite(rest, request, said)) return found;
  if (auto found = other_number(rest, code)) return found;
  if (auto found = negation(request, said, rest)) return found;
  if (auto found = direction(request, said)) return found;
  return exchanged_word(request, said, code, rest);
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

std::optional<Disagreement> disagreement(std::string_view request, std::string_view said, std::string_view code) {
  return compare(read_wording(request), read_wording(said), read_wording(code));
}

bool same_request(std::string_view one, std::string_view other) {
  const Reading a = read_wording(one), b = read_wording(other);
  if (a.content.empty() || b.content.empty() || compare(a, b, {}) || compare(b, a, {})) return false;
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
    auto because = wording ? compare(asked, read_wording(wording->said), read_wording(wording->code)) : std::nullopt;
    if (because)
      left_out.push_back({std::move(hit), std::move(*because)});
    else
      kept.push_back(std::move(hit));
  }
  found.hits = std::move(kept);
  return left_out;
}

}  // namespace autodev::index
