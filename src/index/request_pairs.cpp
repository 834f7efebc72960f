// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reading the lists and filling the holes.
#include "index/request_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "index/opposites.h"
#include "index/words.h"

namespace autodev::index {
namespace {

using WordPair = std::pair<std::string, std::string>;

Result<WordPair> pair_of(std::string_view line, std::string_view what) {
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return fail(ErrorCode::bad_data, fmt::format("{}: no '|' in \"{}\"", what, line));
  return WordPair(base::trim(line.substr(0, bar)), base::trim(line.substr(bar + 1)));
}

/// Lines by section.
Result<std::map<std::string, std::vector<std::string>>> sections_of(std::string_view text, std::string_view what) {
  std::map<std::string, std::vector<std::string>> sections;
  std::vector<std::string>* current = nullptr;
  for (const std::string& line : read_lines(text)) {
    if (line.front() == '[' && line.back() == ']')
      current = &sections[line.substr(1, line.size() - 2)];
    else if (current != nullptr)
      current->push_back(line);
    else
      return fail(ErrorCode::bad_data, fmt::format("{}: \"{}\" is in no section", what, line));
  }
  return sections;
}

/// The sentence with its holes filled in turn; the last filling serves all further holes.
std::string filled(std::string_view sentence, const std::vector<std::string>& fillings) {
  std::string text;
  std::size_t hole = 0;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (sentence.substr(i).starts_with("{}")) {
      text += fillings[std::min(hole++, fillings.size() - 1)];
      ++i;
    } else {
      text += sentence[i];
    }
  }
  return text;
}

bool known(const WordPair& pair) {
  const auto stem_of = [](std::string_view word) { return stem(spelled_out(word)); };
  const std::string one = stem_of(pair.first), other = stem_of(pair.second);
  const ClassMember mine = class_member(one), theirs = class_member(other);
  return are_opposites(one, other) || (mine.of != 0 && mine.of == theirs.of && mine.thing != theirs.thing);
}

void add_both_ways(std::vector<RequestPair>& pairs, const std::string& kind, const std::string& one, const std::string& other,
                   bool listed) {
  pairs.push_back({kind, one, other, listed});
  pairs.push_back({kind, other, one, listed});
}

}  // namespace

std::vector<std::string> read_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : base::split_lines(text)) {
    const std::string_view trimmed = base::trim(line);
    if (!trimmed.empty() && trimmed.front() != '#') lines.emplace_back(trimmed);
  }
  return lines;
}

Result<std::vector<RequestPair>> read_pairs(std::string_view text, std::string_view what) {
  std::vector<RequestPair> pairs;
  for (const std::string& line : read_lines(text)) {
    if (line.front() == '[') continue;
    AUTODEV_TRY_ASSIGN(const WordPair pair, pair_of(line, what));
    pairs.push_back({"", pair.first, pair.second, false});
  }
  return pairs;
}

Result<std::vector<RequestPair>> make_request_pairs(std::string_view words, std::string_view templates) {
  AUTODEV_TRY_ASSIGN(auto sentences, sections_of(templates, "templates"));
  AUTODEV_TRY_ASSIGN(const auto lists, sections_of(words, "words"));
  std::vector<RequestPair> pairs;
  for (const auto& [kind, lines] : lists) {
    for (const std::string& line : lines) {
      AUTODEV_TRY_ASSIGN(const WordPair pair, pair_of(line, "words"));
      for (const std::string& sentence : sentences[kind])
        add_both_ways(pairs, kind, filled(sentence, {pair.first}), filled(sentence, {pair.second}), known(pair));
    }
  }
  for (const std::string& line : sentences["direction-pairs"]) {
    AUTODEV_TRY_ASSIGN(const WordPair pair, pair_of(line, "templates"));
    for (const std::string& sentence : sentences["direction"])
      add_both_ways(pairs, "direction", filled(sentence, {pair.first, pair.second}), filled(sentence, {pair.second, pair.first}), true);
  }
  for (const std::string& line : sentences["negation"]) {
    AUTODEV_TRY_ASSIGN(const WordPair pair, pair_of(line, "templates"));
    add_both_ways(pairs, "negation", pair.first, pair.second, true);
  }
  for (const OppositePair& pair : opposite_pairs())
    for (const std::string& sentence : sentences["verb"])
      add_both_ways(pairs, "built-in", filled(sentence, {std::string(pair.one)}), filled(sentence, {std::string(pair.other)}), true);
  return pairs;
}

}  // namespace autodev::index
