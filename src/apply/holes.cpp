// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/holes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "apply/anchors.h"
#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_values = 12;
constexpr std::size_t max_holes = 40;
constexpr std::size_t max_fillers = 12;
constexpr std::size_t max_members = 60;
constexpr std::size_t max_test_values = 24;
constexpr std::size_t max_text = 60;  // longer texts of a test are data, not constants

constexpr double place_for_value = 0.2;   // what the earlier specification named takes a value of the new one
constexpr double place_value = 0.8;       // another unexplained literal does
constexpr double place_over_known = 3.0;  // a literal that the specification names does not
constexpr double per_rank = 0.3;          // values and literals correspond in order
constexpr double structural = 1.0;        // 0, 1 and 2 beside + and - count places, not quantities
constexpr double one_alone = 0.4;         // of equal tokens
constexpr double unused_parameter = 1.0, other_parameter = 2.5;
constexpr double mutation = 3.0, test_value = 4.0;
constexpr double member_base = 1.0;  // plus -log of the share of members that have it

bool is_number(const std::string& text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

std::string quoted_like(std::string_view token, const std::string& contents) {
  const auto open = token.find_first_of("\"'`");
  if (open == std::string_view::npos) return {};
  const char quote = token[open];
  if (contents.find(quote) != std::string::npos || contents.find('\\') != std::string::npos) return {};
  return std::string(token.substr(0, open + 1)) + contents + quote;
}

std::string one_more(const std::string& number, int step) {
  long value = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || value > 1'000'000'000) return {};
  return value + step < 0 ? std::string() : std::to_string(value + step);
}

/// Equal tokens with all their places.
struct Group {
  CodeTokenKind kind;
  std::vector<std::size_t> tokens;  ///< indices
};

class Finder {
 public:
  Finder(std::string_view code, Language language, std::size_t body, const FillerSources& sources)
      : code_(code), language_(language), body_(body), sources_(sources), tokens_(tokens_of(code, language)) {
    std::map<std::string_view, std::size_t> known;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto kind = tokens_[i].kind;
      if (tokens_[i].start < body || kind == CodeTokenKind::comment || kind == CodeTokenKind::punctuation) continue;
      if (kind == CodeTokenKind::identifier && is_keyword(text(i))) continue;
      const auto [found, fresh] = known.try_emplace(text(i), groups_.size());
      if (fresh) groups_.push_back({kind, {}});
      groups_[found->second].tokens.push_back(i);
    }
    said_numbers_ = numbers_of(sources.spec);
    earlier_numbers_ = numbers_of(sources.earlier);
  }

  std::vector<Hole> find() {
    std::vector<Hole> holes;
    const auto values = unplaced_values(sources_.spec, code_);
    const auto members = member_tokens();
    std::size_t rank = 0;
    for (const auto& group : groups_) {
      Hole hole{std::string(text(group.tokens[0])), {}};
      place_values(group, values, rank, hole);
      from_members(group, members, hole);
      if (group.kind == CodeTokenKind::identifier) from_parameters(group, hole);
      if (group.kind == CodeTokenKind::number) mutate(group, hole);
      from_tests(group, hole);
      finish(std::move(hole), holes);
    }
    compare(holes);
    return holes;
  }

 private:
  std::string_view text(std::size_t i) const { return text_of(code_, tokens_[i]); }

  static std::set<std::string> numbers_of(std::string_view text) {
    std::set<std::string> numbers;
    for (const auto& piece : pieces_of(text))
      if (piece.number) numbers.insert(piece.lower);
    return numbers;
  }

  std::vector<CodeToken> all_of(const Group& group) const {
    std::vector<CodeToken> places;
    for (const auto i : group.tokens) places.push_back(tokens_[i]);
    return places;
  }

  void offer(const Group& group, const std::string& filler, double price, const std::string& value, Hole& hole) const {
    if (filler.empty() || filler == hole.text) return;
    hole.fillers.push_back({filler, all_of(group), price, value});
    if (group.tokens.size() > 1 && group.tokens.size() <= 6)
      for (const auto i : group.tokens)
        hole.fillers.push_back({filler, {tokens_[i]}, price + one_alone + (beside_sum(i) ? structural : 0), value});
  }

  bool beside_sum(std::size_t i) const {
    const auto sum = [&](std::size_t k) { return k < tokens_.size() && (text(k) == "+" || text(k) == "-"); };
    const auto t = text(i);
    return (t == "0" || t == "1" || t == "2") && ((i > 0 && sum(i - 1)) || sum(i + 1));
  }

  void place_values(const Group& group, const std::vector<std::string>& values, std::size_t& rank, Hole& hole) const {
    const bool number = group.kind == CodeTokenKind::number;
    if (!number && group.kind != CodeTokenKind::string) return;
    const auto first = group.tokens[0];
    const auto contents = number ? std::string(text(first)) : std::string(string_contents(text(first)));
    const auto pieces = pieces_of(contents);
    const bool known = number ? (!pieces.empty() && said_numbers_.contains(pieces[0].lower))
                              : !contents.empty() && sources_.spec.find(contents) != std::string_view::npos;
    const bool varies = number ? !pieces.empty() && earlier_numbers_.contains(pieces[0].lower)
                               : contents.size() > 1 && sources_.earlier.find(contents) != std::string_view::npos;
    const double base = known ? place_over_known : varies ? place_for_value : place_value;
    std::size_t place = 0;
    for (const auto& value : values) {
      if (is_number(value) != number) continue;
      const double order = std::abs(static_cast<double>(place++) - static_cast<double>(rank));
      const double price =
          base + per_rank * std::min(order, 5.0) + (group.tokens.size() == 1 && beside_sum(first) ? structural : 0);
      offer(group, number ? value : quoted_like(text(first), value), price, value, hole);
    }
    if (!known) ++rank;
  }

  /// Tokens of members that have the same number of tokens and the same punctuation.
  std::vector<std::vector<std::string>> member_tokens() const {
    std::vector<std::vector<std::string>> all;
    if (sources_.members == nullptr) return all;
    for (const auto& member : *sources_.members) {
      if (all.size() == max_members) break;
      const auto theirs = tokens_of(member, language_);
      if (theirs.size() != tokens_.size()) continue;
      std::vector<std::string> texts;
      bool same = true;
      for (std::size_t i = 0; i < theirs.size() && same; ++i) {
        texts.emplace_back(text_of(member, theirs[i]));
        const bool sign = tokens_[i].kind == CodeTokenKind::punctuation || theirs[i].kind == CodeTokenKind::punctuation;
        same = !sign || texts.back() == text(i);
      }
      if (same) all.push_back(std::move(texts));
    }
    return all;
  }

  void from_members(const Group& group, const std::vector<std::vector<std::string>>& members, Hole& hole) const {
    std::map<std::string, std::size_t> histogram;
    for (const auto& member : members)
      if (const auto& there = member[group.tokens[0]]; there != hole.text && !is_keyword(there)) ++histogram[there];
    for (const auto& [filler, count] : histogram)
      offer(group, filler, member_base - std::log(static_cast<double>(count) / static_cast<double>(members.size())), "",
            hole);
  }

  void from_parameters(const Group& group, Hole& hole) const {
    if (sources_.parameters == nullptr) return;
    const auto is_parameter = [&](const Parameter& p) { return p.name == hole.text; };
    const auto own = std::find_if(sources_.parameters->begin(), sources_.parameters->end(), is_parameter);
    if (own == sources_.parameters->end()) return;
    for (const auto& p : *sources_.parameters) {
      const bool used =
          std::any_of(groups_.begin(), groups_.end(), [&](const Group& g) { return text(g.tokens[0]) == p.name; });
      if (p.type == own->type) offer(group, p.name, used ? other_parameter : unused_parameter, "", hole);
    }
  }

  void mutate(const Group& group, Hole& hole) const {
    for (const int step : {1, -1}) offer(group, one_more(hole.text, step), mutation, "", hole);
  }

  void from_tests(const Group& group, Hole& hole) const {
    std::set<std::string> seen;
    if (group.kind == CodeTokenKind::number) {
      for (const auto& piece : pieces_of(sources_.tests))
        if (piece.number && seen.size() < max_test_values && seen.insert(std::string(piece.text)).second)
          offer(group, std::string(piece.text), test_value + 0.02 * static_cast<double>(seen.size()), "", hole);
    } else if (group.kind == CodeTokenKind::string) {
      for (const auto& token : tokens_of(sources_.tests, language_))
        if (token.kind == CodeTokenKind::string && token.end - token.start <= max_text &&
            seen.size() < max_test_values && seen.insert(std::string(text_of(sources_.tests, token))).second)
          offer(group, std::string(text_of(sources_.tests, token)),
                test_value + 0.02 * static_cast<double>(seen.size()), "", hole);
    }
  }

  /// "<" and "<=", ">" and ">=".
  void compare(std::vector<Hole>& holes) const {
    for (std::size_t i = 1; i + 1 < tokens_.size() && holes.size() < max_holes; ++i) {
      if (tokens_[i].start < body_ || (text(i) != "<" && text(i) != ">")) continue;
      const bool inclusive = text(i + 1) == "=" && tokens_[i + 1].start == tokens_[i].end;
      CodeToken place = tokens_[i];
      if (inclusive) place.end = tokens_[i + 1].end;
      const std::string sign(text(i));
      holes.push_back({inclusive ? sign + "=" : sign, {{inclusive ? sign : sign + "=", {place}, mutation, ""}}});
    }
  }

  static void finish(Hole hole, std::vector<Hole>& holes) {
    if (hole.fillers.empty() || holes.size() >= max_holes) return;
    std::stable_sort(hole.fillers.begin(), hole.fillers.end(),
                     [](const auto& a, const auto& b) { return a.price < b.price; });
    if (hole.fillers.size() > max_fillers) hole.fillers.resize(max_fillers);
    holes.push_back(std::move(hole));
  }

  std::string_view code_;
  Language language_;
  std::size_t body_;
  const FillerSources& sources_;
  std::vector<CodeToken> tokens_;
  std::vector<Group> groups_;
  std::set<std::string> said_numbers_, earlier_numbers_;
};

}  // namespace

std::vector<std::string> unplaced_values(std::string_view spec, std::string_view code) {
  auto values = unmet_anchors(spec, code);
  if (values.size() > max_values) values.resize(max_values);
  return values;
}

std::vector<Hole> find_holes(std::string_view code, Language language, std::size_t body, const FillerSources& sources) {
  return Finder(code, language, body, sources).find();
}

}  // namespace autodev::apply
