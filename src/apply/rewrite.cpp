// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Application of rules to code: find the words of a rule in a token, and write the new words in the style found there.
//
// Style = which separator stands where the task had which one, and how letter case differs from the task's. The task
// says "users_list", the code "users.list": "_" became ".", so "channels_setTopic" becomes "channels.setTopic".
#include "apply/rewrite.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "apply/code_tokens.h"
#include "apply/pieces.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_separator = 2;  // ", " and "::" still join one phrase; more is two

bool has_upper(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool all_upper(std::string_view word) {
  return has_upper(word) && std::none_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
std::string upper(std::string_view word) {
  std::string out(word);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}
std::string capitalised(std::string_view word) {
  std::string out = base::to_lower_ascii(word);
  if (!out.empty()) out[0] = upper(out.substr(0, 1))[0];
  return out;
}

enum class LetterCase { as_written, lower, upper, pascal, camel };

/// One place where a rule fires: pieces [first, first + rule.from.size()) of a token.
struct Place {
  const std::vector<Piece>& pieces;
  std::size_t first;
  const Rule& rule;

  [[nodiscard]] const Piece& at(std::size_t i) const { return pieces[first + i]; }
  [[nodiscard]] std::size_t size() const { return rule.from.size(); }
};

LetterCase letter_case(const Place& place) {
  bool same = true;
  bool no_upper = true;
  bool only_upper = true;
  bool humps = true;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const auto text = place.at(i).text;
    same = same && text == place.rule.from[i].text;
    no_upper = no_upper && !has_upper(text);
    only_upper = only_upper && (all_upper(text) || place.at(i).number);
    if (i > 0) humps = humps && (place.at(i).before.empty() && has_upper(text.substr(0, 1)));
  }
  if (same) return LetterCase::as_written;
  if (no_upper) return LetterCase::lower;
  if (only_upper && (place.size() > 1 || place.at(0).text.size() > 1)) return LetterCase::upper;
  return has_upper(place.at(0).text.substr(0, 1)) ? LetterCase::pascal : humps ? LetterCase::camel : LetterCase::lower;
}

/// Separator in the task -> separator at this place.
std::map<std::string, std::string> separator_map(const Place& place) {
  std::map<std::string, std::string> map;
  for (std::size_t i = 1; i < place.size(); ++i) map[place.rule.from[i].before] = std::string(place.at(i).before);
  return map;
}

/// Separator a single word's surroundings use: "users.list" -> ".".
std::optional<std::string> surrounding_separator(const Place& place) {
  for (std::size_t i = 1; i < place.pieces.size(); ++i)
    if (place.pieces[i].before.size() <= 1) return std::string(place.pieces[i].before);
  return std::nullopt;
}

/// Every word stands as in the task, separators included: then the new words stand as in theirs ("Founders' Day").
bool as_written(const Place& place) {
  for (std::size_t i = 0; i < place.size(); ++i)
    if (place.at(i).text != place.rule.from[i].text || (i > 0 && place.at(i).before != place.rule.from[i].before))
      return false;
  return place.size() > 1;
}

std::string separator_for(const RuleWord& word, const Place& place, const std::map<std::string, std::string>& known,
                          bool identifier) {
  if (!identifier && as_written(place)) return word.before;
  if (const auto found = known.find(word.before); found != known.end()) return found->second;
  if (word.before.empty() && has_upper(word.text.substr(0, 1))) return {};  // a hump stays a hump
  if (known.size() == 1) return known.begin()->second;
  if (const auto around = surrounding_separator(place)) return *around;
  if (identifier && word.before == " ") return "_";
  return word.before;
}

std::string in_case(const RuleWord& word, LetterCase letters, bool first) {
  switch (letters) {
    case LetterCase::as_written: return word.text;
    case LetterCase::lower: return word.lower;
    case LetterCase::upper: return upper(word.text);
    case LetterCase::pascal: return capitalised(word.text);
    case LetterCase::camel: return first ? word.lower : capitalised(word.text);
  }
  return word.text;
}

/// "14" written like "30.0" is "14.0".
std::string number_like(std::string_view occurrence, const RuleWord& word) {
  const bool had_fraction = occurrence.find('.') != std::string_view::npos;
  if (had_fraction && word.lower.find('.') == std::string::npos) return word.lower + ".0";
  return had_fraction ? word.text : word.lower;
}

std::string render(const Place& place, bool identifier) {
  const auto letters = letter_case(place);
  const auto known = separator_map(place);
  std::string out;
  for (std::size_t i = 0; i < place.rule.to.size(); ++i) {
    const RuleWord& word = place.rule.to[i];
    const auto separator = i > 0 ? separator_for(word, place, known, identifier) : std::string();
    out += separator;
    if (word.number && place.size() == 1 && place.at(0).number)
      out += number_like(place.at(0).text, word);
    else if (letters == LetterCase::lower && i > 0 && separator.empty() && word.before.empty() && has_upper(word.text.substr(0, 1)))
      out += word.text;  // humps inside a lower-case name: setTopic
    else
      out += in_case(word, letters, i == 0);
  }
  return out;
}

class Rewriter {
 public:
  Rewriter(std::string_view code, Language language, const std::vector<Rule>& rules, const RewriteScope& scope)
      : code_(code), rules_(rules), scope_(scope), fixed_(scope.fixed_names.begin(), scope.fixed_names.end()) {
    result_.uses.resize(rules.size());
    for (const auto& token : tokens_of(code, language)) rewrite_token(token);
    result_.code += code_.substr(done_);
  }

  Rewritten finish() { return std::move(result_); }

 private:
  void rewrite_token(const CodeToken& token) {
    if (token.start < scope_.skip_end && token.end > scope_.skip_start) return;
    const auto text = text_of(code_, token);
    switch (token.kind) {
      case CodeTokenKind::identifier:
        if (scope_.identifiers && !is_keyword(text)) replace(token.start, text, true);
        break;
      case CodeTokenKind::string: {
        const auto inner = string_contents(text);
        replace(token.start + static_cast<std::size_t>(inner.data() - text.data()), inner, false);
        break;
      }
      case CodeTokenKind::number: replace(token.start, text, false); break;
      case CodeTokenKind::comment:
        if (scope_.comments) replace(token.start, text, false);
        return;
      case CodeTokenKind::punctuation: return;
    }
    if (token.kind == CodeTokenKind::identifier) last_word_ = base::to_lower_ascii(text);
  }

  void replace(std::size_t offset, std::string_view text, bool identifier) {
    const auto pieces = pieces_of(text);
    const auto uses = result_.uses;
    std::size_t copied = 0;
    std::string out;
    for (std::size_t i = 0; i < pieces.size();) {
      const auto rule = matching(pieces, i, identifier);
      if (!rule) {
        ++i;
        continue;
      }
      const Place place{pieces, i, rules_[*rule]};
      const auto start = static_cast<std::size_t>(pieces[i].text.data() - text.data());
      const auto& last = place.at(place.size() - 1).text;
      out += text.substr(copied, start - copied);
      out += render(place, identifier);
      copied = static_cast<std::size_t>(last.data() - text.data()) + last.size();
      ++result_.uses[*rule];
      i += place.size();
    }
    if (copied == 0) return;
    out += text.substr(copied);
    if (identifier && fixed_.contains(text) && !fixed_.contains(out)) {  // what exists may only become what exists
      result_.uses = uses;
      return;
    }
    result_.code += code_.substr(done_, offset - done_);
    result_.code += out;
    done_ = offset + text.size();
  }

  [[nodiscard]] std::optional<std::size_t> matching(const std::vector<Piece>& pieces, std::size_t i, bool identifier) const {
    for (std::size_t r = 0; r < rules_.size(); ++r) {
      const Rule& rule = rules_[r];
      if (!matches(rule, pieces, i, identifier)) continue;
      if (!rule.ambiguous) return r;
      const auto& in_front = i > 0 ? pieces[i - 1].lower : last_word_;
      if (!rule.after.empty() && rule.after == in_front) return r;
    }
    return std::nullopt;
  }

  static bool matches(const Rule& rule, const std::vector<Piece>& pieces, std::size_t i, bool identifier) {
    if (rule.from.empty() || i + rule.from.size() > pieces.size()) return false;
    if (rule.whole && (i != 0 || rule.from.size() != pieces.size())) return false;
    bool only_numbers = true;
    for (std::size_t k = 0; k < rule.from.size(); ++k) {
      const Piece& piece = pieces[i + k];
      if (piece.lower != rule.from[k].lower) return false;
      if (k > 0 && piece.before.size() > max_separator) return false;
      only_numbers = only_numbers && piece.number;
    }
    if (identifier && only_numbers) return false;  // the 1 of x1 is no quantity
    const bool whole_text = !identifier && pieces.size() == 1;  // "-w": a letter alone means itself
    return rule.whole || rule.from.size() > 1 || only_numbers || rule.from[0].lower.size() > 1 || whole_text;
  }

  std::string_view code_;
  const std::vector<Rule>& rules_;
  const RewriteScope& scope_;
  std::set<std::string, std::less<>> fixed_;
  std::string last_word_;
  std::size_t done_ = 0;
  Rewritten result_;
};

}  // namespace

Rewritten rewrite(std::string_view code, Language language, const std::vector<Rule>& rules, const RewriteScope& scope) {
  return Rewriter(code, language, rules, scope).finish();
}

}  // namespace autodev::apply
