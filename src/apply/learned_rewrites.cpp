// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The alignment of two bodies by longest common subsequence over tokens, and the counts.
#include "apply/learned_rewrites.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/code_tokens.h"
#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_tokens = 400;      // of a body: bounds the table of the alignment
constexpr std::size_t max_word_changes = 2;  // more, and which of them asked for what is chance
constexpr std::size_t max_code_changes = 3;
constexpr std::size_t max_stretch = 4;    // tokens of one change
constexpr std::size_t max_known = 5'000;  // changes of words; bounds the memory
constexpr std::size_t max_offered = 4;

using Change = std::pair<std::string, std::string>;

/// The tokens of a code behind its header.
struct Body {
  Body(std::string_view source, Language language, std::size_t start) : code(source) {
    for (const auto& token : tokens_of(source, language))
      if (token.start >= start && token.kind != CodeTokenKind::comment && tokens.size() <= max_tokens)
        tokens.push_back(token);
  }
  [[nodiscard]] std::string_view at(std::size_t i) const { return text_of(code, tokens[i]); }
  /// Tokens [first, last) as they were written.
  [[nodiscard]] std::string text(std::size_t first, std::size_t last) const {
    return std::string(code.substr(tokens[first].start, tokens[last - 1].end - tokens[first].start));
  }

  std::string_view code;
  std::vector<CodeToken> tokens;
};

/// Lengths of the longest common subsequences of all pairs of ends.
std::vector<std::vector<std::uint16_t>> common_ends(const Body& a, const Body& b) {
  std::vector<std::vector<std::uint16_t>> table(a.tokens.size() + 1,
                                                std::vector<std::uint16_t>(b.tokens.size() + 1, 0));
  for (std::size_t i = a.tokens.size(); i-- > 0;)
    for (std::size_t j = b.tokens.size(); j-- > 0;)
      table[i][j] = a.at(i) == b.at(j) ? static_cast<std::uint16_t>(table[i + 1][j + 1] + 1)
                                       : std::max(table[i + 1][j], table[i][j + 1]);
  return table;
}

/// Stretches where `a` and `b` differ; nothing when there are too many or too long ones, or one that is only in one of
/// them.
std::vector<Change> changes_between(const Body& a, const Body& b) {
  const auto table = common_ends(a, b);
  std::set<Change> changes;
  std::size_t i = 0, j = 0, a_start = 0, b_start = 0;
  bool small = true;
  const auto close = [&] {
    const auto gone = i - a_start;
    const auto come = j - b_start;
    if (gone == 0 && come == 0) return;
    small = small && gone > 0 && come > 0 && gone <= max_stretch && come <= max_stretch;
    if (!small) return;
    Change change{a.text(a_start, i), b.text(b_start, j)};
    small = change.first.find('\n') == std::string::npos && change.second.find('\n') == std::string::npos;
    changes.insert(std::move(change));
  };
  while (small && (i < a.tokens.size() || j < b.tokens.size())) {
    if (i < a.tokens.size() && j < b.tokens.size() && a.at(i) == b.at(j)) {
      close();
      a_start = ++i;
      b_start = ++j;
    } else if (j == b.tokens.size() || (i < a.tokens.size() && table[i + 1][j] >= table[i][j + 1])) {
      ++i;
    } else {
      ++j;
    }
  }
  close();
  if (!small || changes.size() > max_code_changes) return {};
  return {changes.begin(), changes.end()};
}

/// The change of tokens is the change of words spelled out: rules by spelling do that already.
bool spelled(const Change& tokens, const std::string& removed, const std::string& added) {
  const auto has = [](const std::string& text, const std::string& word) {
    for (const auto& piece : pieces_of(text))
      if (piece.lower == word || base_form(piece.lower) == word) return true;
    return false;
  };
  return has(tokens.first, removed) || has(tokens.second, added);
}

/// Single words that replaced each other.
std::vector<Change> word_changes(const TextDifference& difference) {
  std::set<Change> changes;
  for (const auto& gap : difference.gaps)
    if (gap.removed.size() == 1 && gap.added.size() == 1) {
      const auto removed = base_form(gap.removed[0]);
      const auto added = base_form(gap.added[0]);
      if (removed != added) changes.emplace(removed, added);
    }
  return {changes.begin(), changes.end()};
}

}  // namespace

std::string LearnedRewrite::explain() const {
  return fmt::format("{} -> {}: {} -> {} (seen {} {})", removed, added, before, after, seen,
                     seen == 1 ? "time" : "times");
}

void LearnedRewrites::count(const Key& key, const std::vector<Change>& changes) {
  if (!counts_.contains(key) && counts_.size() >= max_known) return;
  auto& known = counts_[key];
  ++known.pairs;
  for (const auto& change : changes) ++known.tokens[change];
}

void LearnedRewrites::study(const VisibleTask& earlier, std::string_view earlier_code, std::size_t earlier_body,
                            const VisibleTask& now, std::string_view now_code, std::size_t now_body) {
  if (earlier.language != now.language) return;
  const auto difference = compare_texts(earlier.spec, now.spec);
  const auto words = word_changes(difference);
  if (words.empty() || difference.gaps.size() > max_word_changes) return;
  const Body a(earlier_code, earlier.language, earlier_body);
  const Body b(now_code, now.language, now_body);
  if (a.tokens.size() > max_tokens || b.tokens.size() > max_tokens) return;
  const auto changes = changes_between(a, b);
  for (const auto& [removed, added] : words) {
    std::vector<Change> forth, back;
    for (const auto& change : changes) {
      if (spelled(change, removed, added)) continue;
      forth.push_back(change);
      back.emplace_back(change.second, change.first);
    }
    count({now.language, removed, added}, forth);
    count({now.language, added, removed}, back);
  }
}

std::vector<LearnedRewrite> LearnedRewrites::for_difference(Language language, const TextDifference& difference) const {
  std::vector<LearnedRewrite> all;
  for (const auto& [removed, added] : word_changes(difference)) {
    const auto found = counts_.find({language, removed, added});
    if (found == counts_.end()) continue;
    for (const auto& [tokens, seen] : found->second.tokens)
      if (2 * seen > found->second.pairs)
        all.push_back({removed, added, tokens.first, tokens.second, seen, found->second.pairs - seen});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.seen > y.seen; });
  std::vector<LearnedRewrite> offered;
  for (auto& rewrite : all)
    if (offered.size() < max_offered &&
        std::none_of(offered.begin(), offered.end(), [&](const auto& o) { return o.before == rewrite.before; }))
      offered.push_back(std::move(rewrite));
  return offered;
}

LearnedApplied apply_learned(std::string_view code, Language language, std::size_t body,
                             const std::vector<LearnedRewrite>& rewrites) {
  std::vector<Body> wanted;
  for (const auto& rewrite : rewrites) wanted.emplace_back(rewrite.before, language, 0);
  const auto tokens = tokens_of(code, language);
  const auto matches = [&](const Body& what, std::size_t at) {
    if (what.tokens.empty() || at + what.tokens.size() > tokens.size()) return false;
    for (std::size_t k = 0; k < what.tokens.size(); ++k)
      if (text_of(code, tokens[at + k]) != what.at(k)) return false;
    return true;
  };
  LearnedApplied applied;
  std::set<std::size_t> used;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size();) {
    std::size_t which = 0;
    while (which < wanted.size() && (tokens[i].start < body || !matches(wanted[which], i))) ++which;
    if (which == wanted.size()) {
      ++i;
      continue;
    }
    applied.code += code.substr(copied, tokens[i].start - copied);
    applied.code += rewrites[which].after;
    i += wanted[which].tokens.size();
    copied = tokens[i - 1].end;
    used.insert(which);
  }
  applied.code += code.substr(copied);
  applied.used.assign(used.begin(), used.end());
  return applied;
}

}  // namespace autodev::apply
