// SPDX-License-Identifier: MIT OR Apache-2.0
//
// From two texts to rules: alignment by longest common subsequence over words, then one rule for each stretch that was
// replaced, and one for each word pair in stretches of equal length.
#include <algorithm>
#include <map>

#include "apply/pieces.h"
#include "apply/rewrite.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_words = 400;        // bounds the alignment table at 160,000 cells
constexpr std::size_t max_phrase = 6;         // longer replaced stretches are paraphrases, not substitutions

using Words = std::vector<Piece>;

Words clipped(std::string_view text) {
  Words words = pieces_of(text);
  if (words.size() > max_words) words.resize(max_words);
  return words;
}

/// Pairs of equal words, in order.
std::vector<std::pair<std::size_t, std::size_t>> align(const Words& a, const Words& b) {
  std::vector<std::vector<std::uint16_t>> table(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      table[i][j] = a[i].lower == b[j].lower ? static_cast<std::uint16_t>(table[i + 1][j + 1] + 1)
                                             : std::max(table[i + 1][j], table[i][j + 1]);
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].lower == b[j].lower)
      pairs.emplace_back(i++, j++);
    else if (table[i + 1][j] >= table[i][j + 1])
      ++i;
    else
      ++j;
  }
  return pairs;
}

std::vector<RuleWord> rule_words(const Words& words, std::size_t start, std::size_t end) {
  std::vector<RuleWord> out;
  for (std::size_t i = start; i < end; ++i)
    out.push_back({std::string(words[i].text), words[i].lower, i == start ? std::string() : std::string(words[i].before),
                   words[i].number});
  return out;
}

std::vector<std::string> meaning(const Words& words, std::size_t start, std::size_t end) {
  std::vector<std::string> out;
  for (std::size_t i = start; i < end; ++i)
    if (!is_filler_word(words[i].lower)) out.push_back(words[i].lower);
  return out;
}

bool all_fillers(const std::vector<RuleWord>& words) {
  return std::all_of(words.begin(), words.end(), [](const RuleWord& w) { return is_filler_word(w.lower); });
}

class Builder {
 public:
  Builder(const Words& a, const Words& b) : a_(a), b_(b) {}

  void gap(std::size_t a_start, std::size_t a_end, std::size_t b_start, std::size_t b_end) {
    if (a_start == a_end && b_start == b_end) return;
    Gap gap{meaning(a_, a_start, a_end), meaning(b_, b_start, b_end)};
    if (gap.removed.empty() && gap.added.empty()) return;
    difference_.gaps.push_back(std::move(gap));
    const std::size_t old_count = a_end - a_start;
    const std::size_t new_count = b_end - b_start;
    if (old_count == 0 || new_count == 0) return;
    if (old_count <= max_phrase && new_count <= max_phrase) add(a_start, a_end, b_start, b_end);
    if (old_count < max_phrase && new_count < max_phrase && a_end < a_.size() && b_end < b_.size() &&
        a_[a_end].before != b_[b_end].before)  // "Sailors' Day" -> "Harbour Day"
      add(a_start, a_end + 1, b_start, b_end + 1);
    if (old_count == new_count && old_count > 1)
      for (std::size_t i = 0; i < old_count; ++i)
        if (a_[a_start + i].number == b_[b_start + i].number) add(a_start + i, a_start + i + 1, b_start + i, b_start + i + 1);
    if (old_count == new_count) return;
    pair_units(a_start, a_end, b_start, b_end);
    pair_numbers(a_start, a_end, b_start, b_end);
  }

  void common(std::size_t a_index) {
    if (!is_filler_word(a_[a_index].lower)) ++difference_.common_words;
  }

  TextDifference finish() {
    auto& rules = difference_.rules;
    add_inflections();
    for (auto& rule : rules)
      rule.ambiguous = std::any_of(rules.begin(), rules.end(), [&](const Rule& other) {
        return same_words(other.from, rule.from) && !same_words(other.to, rule.to);
      });
    std::stable_sort(rules.begin(), rules.end(), [](const Rule& x, const Rule& y) { return x.from.size() > y.from.size(); });
    return std::move(difference_);
  }

 private:
  static bool same_words(const std::vector<RuleWord>& x, const std::vector<RuleWord>& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                      [](const RuleWord& a, const RuleWord& b) { return a.lower == b.lower; });
  }

  void add(std::size_t a_start, std::size_t a_end, std::size_t b_start, std::size_t b_end) {
    Rule rule;
    rule.from = rule_words(a_, a_start, a_end);
    rule.to = rule_words(b_, b_start, b_end);
    if (all_fillers(rule.from) || same_words(rule.from, rule.to)) return;
    rule.after = a_start > 0 ? a_[a_start - 1].lower : std::string();
    rule.gap = static_cast<std::uint32_t>(difference_.gaps.size() - 1);
    difference_.rules.push_back(std::move(rule));
  }

  /// Starts of what white space separates: "trackingCode, weightGrams" are four words and two units.
  static std::vector<std::size_t> units(const Words& words, std::size_t start, std::size_t end) {
    std::vector<std::size_t> starts;
    for (std::size_t i = start; i < end; ++i)
      if (i == start || words[i].before.find_first_of(" \t\n") != std::string_view::npos) starts.push_back(i);
    starts.push_back(end);
    return starts;
  }

  /// In stretches of unequally many words the units correspond when there are equally many: names spelled like code.
  void pair_units(std::size_t a_start, std::size_t a_end, std::size_t b_start, std::size_t b_end) {
    const auto a = units(a_, a_start, a_end);
    const auto b = units(b_, b_start, b_end);
    if (a.size() != b.size() || a.size() < 3) return;
    for (std::size_t u = 0; u + 1 < a.size(); ++u)
      if (a[u + 1] - a[u] <= max_phrase && b[u + 1] - b[u] <= max_phrase) add(a[u], a[u + 1], b[u], b[u + 1]);
  }

  /// In stretches of unequal length the numbers still correspond, when there are equally many.
  void pair_numbers(std::size_t a_start, std::size_t a_end, std::size_t b_start, std::size_t b_end) {
    std::vector<std::size_t> old_numbers, new_numbers;
    for (std::size_t i = a_start; i < a_end; ++i)
      if (a_[i].number) old_numbers.push_back(i);
    for (std::size_t i = b_start; i < b_end; ++i)
      if (b_[i].number) new_numbers.push_back(i);
    if (old_numbers.size() != new_numbers.size()) return;
    for (std::size_t i = 0; i < old_numbers.size(); ++i)
      add(old_numbers[i], old_numbers[i] + 1, new_numbers[i], new_numbers[i] + 1);
  }

  /// "user -> channel" also says "users -> channels".
  void add_inflections() {
    std::vector<Rule> more;
    for (const auto& rule : difference_.rules) {
      if (rule.from.size() != 1 || rule.to.size() != 1 || rule.from[0].number || rule.to[0].number) continue;
      const auto old_base = base_form(rule.from[0].lower);
      const auto new_base = base_form(rule.to[0].lower);
      const bool plural = rule.from[0].lower != old_base;
      Rule other = rule;
      other.from[0].text = other.from[0].lower = plural ? old_base : old_base + "s";
      other.to[0].text = other.to[0].lower = plural ? new_base : new_base + "s";
      if (other.from[0].lower.size() >= 3) more.push_back(std::move(other));
    }
    difference_.rules.insert(difference_.rules.end(), more.begin(), more.end());
  }

  const Words& a_;
  const Words& b_;
  TextDifference difference_;
};

}  // namespace

TextDifference compare_texts(std::string_view earlier, std::string_view now) {
  const Words a = clipped(earlier);
  const Words b = clipped(now);
  Builder builder(a, b);
  std::size_t i = 0;
  std::size_t j = 0;
  for (const auto& [next_i, next_j] : align(a, b)) {
    builder.gap(i, next_i, j, next_j);
    builder.common(next_i);
    i = next_i + 1;
    j = next_j + 1;
  }
  builder.gap(i, a.size(), j, b.size());
  return builder.finish();
}

TextDifference compare_names(std::string_view earlier, std::string_view now) {
  TextDifference difference = compare_texts(earlier, now);
  if (earlier == now || earlier.empty() || now.empty()) return difference;
  const Words a = clipped(earlier);
  const Words b = clipped(now);
  if (a.empty() || b.empty()) return difference;
  Rule whole;
  whole.from = rule_words(a, 0, a.size());
  whole.to = rule_words(b, 0, b.size());
  difference.rules.insert(difference.rules.begin(), std::move(whole));
  return difference;
}

}  // namespace autodev::apply
