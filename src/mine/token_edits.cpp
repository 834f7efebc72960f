// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/token_edits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/hash.h"

namespace autodev::mine {
namespace {

/// Spans and replacements above it are rewrites; 14 and 30 cover nine of ten edits of small methods.
constexpr std::size_t max_span = 14, max_new = 30;

struct Width {
  std::uint8_t left, right;
};
/// Widths of context around the span.
constexpr std::array<Width, 12> widths{{{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 1}, {1, 2}, {2, 2}, {3, 3}, {4, 4}, {6, 6}, {9, 9}, {14, 14}}};

/// Per width: log of the share of windows that were edited this way, and whether the width proposes it at all; then the
/// rest (see `finish`).
constexpr std::size_t per_width = 3, extra = 9;
/// Deletions also have shapes: how a span begins and ends and what it stands between, whatever is inside.
constexpr std::size_t shapes = 4, max_deleted = 60;
constexpr std::size_t slots = widths.size() + shapes;
/// n-grams of classes that a candidate adds and removes: more usual in fixed code than in failed code?
constexpr std::size_t shortest_gram = 1, gram_sizes = 5, grams_at = slots * per_width + extra;
constexpr std::size_t feature_count = grams_at + 2 * gram_sizes;
constexpr std::size_t max_candidates = 150;
constexpr int epochs = 12;

struct Edit {
  std::size_t start = 0, end = 0;
  TokenRow replacement;
};

std::optional<Edit> edit_between(const TokenRow& failed, const TokenRow& fixed) {
  std::size_t front = 0, back = 0;
  const std::size_t shorter = std::min(failed.size(), fixed.size());
  while (front < shorter && failed[front] == fixed[front]) ++front;
  while (back < shorter - front && failed[failed.size() - 1 - back] == fixed[fixed.size() - 1 - back]) ++back;
  if (front + back == failed.size() && front + back == fixed.size()) return std::nullopt;
  Edit edit{front, failed.size() - back, TokenRow(fixed.begin() + static_cast<std::ptrdiff_t>(front), fixed.end() - static_cast<std::ptrdiff_t>(back))};
  if (edit.end - edit.start > (edit.replacement.empty() ? max_deleted : max_span) || edit.replacement.size() > max_new) return std::nullopt;
  return edit;
}

/// Numbers placeholders by first appearance, per class and number.
class Renaming {
 public:
  std::uint32_t number(const EditToken& token) {
    for (std::size_t i = 0; i < seen_.size(); ++i)
      if (seen_[i] == token) return static_cast<std::uint32_t>(i + 1);
    seen_.push_back(token);
    return static_cast<std::uint32_t>(seen_.size());
  }
  [[nodiscard]] const std::vector<EditToken>& seen() const noexcept { return seen_; }

 private:
  std::vector<EditToken> seen_;
};

constexpr std::uint32_t fresh = 1u << 16;  ///< numbers from here on: the n-th new name of its class

std::uint32_t highest(const TokenRow& row, std::uint32_t kind) {
  std::uint32_t top = 0;
  for (const EditToken& token : row)
    if (token.number != 0 && token.text == kind) top = std::max(top, token.number);
  return top;
}

/// Span bounds in the row that stand for one window; `ok` when the context lies within the row. Ends of the row count as one token.
struct Bounds {
  std::ptrdiff_t start, end;
};

EditToken at(const TokenRow& row, std::ptrdiff_t i) {
  if (i < 0) return {UINT32_MAX, 0};
  if (i >= static_cast<std::ptrdiff_t>(row.size())) return {UINT32_MAX - 1, 0};
  return row[static_cast<std::size_t>(i)];
}

std::uint64_t window_key(const TokenRow& row, std::size_t start, std::size_t end, std::size_t width, Renaming& names) {
  std::uint64_t key = base::mix64(width + 1, end - start);
  const auto first = static_cast<std::ptrdiff_t>(start) - widths[width].left;
  const auto last = static_cast<std::ptrdiff_t>(end) + widths[width].right;
  for (std::ptrdiff_t i = first; i < last; ++i) {
    const EditToken token = at(row, i);
    key = base::mix64(key, base::mix64(token.text, token.number == 0 ? 0 : names.number(token)));
  }
  return key;
}

/// The replacement in the window's own numbering; absent when it names something from outside of the window.
std::optional<TokenRow> abstracted(const TokenRow& replacement, const TokenRow& row, const Renaming& names) {
  TokenRow made;
  for (EditToken token : replacement) {
    if (token.number != 0) {
      const auto& seen = names.seen();
      const auto found = std::find(seen.begin(), seen.end(), token);
      const std::uint32_t top = highest(row, token.text);
      if (found != seen.end()) token.number = static_cast<std::uint32_t>(found - seen.begin() + 1);
      else if (token.number > top) token.number = fresh + (token.number - top);
      else return std::nullopt;
    }
    made.push_back(token);
  }
  return made;
}

TokenRow applied(const TokenRow& row, std::size_t start, std::size_t end, const TokenRow& replacement, const Renaming& names) {
  TokenRow made(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(start));
  for (EditToken token : replacement) {
    if (token.number >= fresh) token.number = highest(row, token.text) + (token.number - fresh);
    else if (token.number != 0) token = names.seen()[token.number - 1];
    made.push_back(token);
  }
  made.insert(made.end(), row.begin() + static_cast<std::ptrdiff_t>(end), row.end());
  return made;
}

}  // namespace

namespace {

std::uint64_t shape_key(const TokenRow& row, std::size_t start, std::size_t end, std::size_t shape) {
  const auto kind = [&](std::ptrdiff_t i) { return at(row, i).text; };
  const auto first = static_cast<std::ptrdiff_t>(start);
  const auto last = static_cast<std::ptrdiff_t>(end) - 1;
  std::uint64_t key = base::mix64(0x7368ULL + shape, kind(first));
  key = base::mix64(key, kind(last));
  if (shape == 0) return base::mix64(key, std::min<std::size_t>(end - start, 20));
  key = base::mix64(base::mix64(key, kind(first - 1)), kind(last + 1));
  if (shape == 1) return key;
  key = base::mix64(base::mix64(key, first + 1 <= last ? kind(first + 1) : 0), first + 2 <= last ? kind(first + 2) : 0);
  if (shape == 2) return key;
  return base::mix64(base::mix64(key, kind(first - 2)), base::mix64(kind(last + 2), first + 3 <= last ? kind(first + 3) : 0));
}

/// n-grams of classes, each once.
std::set<std::uint64_t> grams_of(const TokenRow& row, std::size_t n) {
  std::set<std::uint64_t> grams;
  for (std::ptrdiff_t i = -1; i + static_cast<std::ptrdiff_t>(n) <= static_cast<std::ptrdiff_t>(row.size()) + 1; ++i) {
    std::uint64_t key = n;
    for (std::size_t k = 0; k < n; ++k) key = base::mix64(key, at(row, i + static_cast<std::ptrdiff_t>(k)).text);
    grams.insert(key);
  }
  return grams;
}

}  // namespace

template <typename Visit>
void TokenEdits::for_each_shape(const TokenRow& row, const Visit& visit) const {
  for (std::size_t start = 0; start < row.size(); ++start)
    for (std::size_t end = start + 1; end <= std::min(row.size(), start + max_deleted); ++end)
      for (std::size_t shape = 0; shape < shapes; ++shape) {
        const auto found = windows_.find(shape_key(row, start, end, shape));
        if (found == windows_.end()) {
          if (shape > 0) break;
          continue;
        }
        visit(found->first, found->second, start, end, widths.size() + shape, Renaming());
      }
}

void TokenEdits::remember_deletion(const TokenRow& failed, std::size_t start, std::size_t end) {
  for (std::size_t shape = 0; shape < shapes; ++shape) {
    Window& window = windows_[shape_key(failed, start, end, shape)];
    if (window.replacements.empty()) window.replacements.push_back({{}, 0});
    ++window.replacements.front().support;
  }
}

void TokenEdits::count_grams(const TokenRow& row, bool fixed) {
  for (std::size_t n = 0; n < gram_sizes; ++n)
    for (const std::uint64_t gram : grams_of(row, n + shortest_gram)) ++(fixed ? grams_[gram].second : grams_[gram].first);
}

void TokenEdits::add_gram_features(const TokenRow& failed, const TokenPair* own, std::vector<Candidate>& list) const {
  for (std::size_t n = 0; n < gram_sizes; ++n) {
    const auto before = grams_of(failed, n + shortest_gram);
    const auto own_fixed = own != nullptr ? grams_of(own->fixed, n + shortest_gram) : std::set<std::uint64_t>();
    const auto odds = [&](std::uint64_t gram) {
      const auto found = grams_.find(gram);
      double in_failed = found == grams_.end() ? 0 : found->second.first;
      double in_fixed = found == grams_.end() ? 0 : found->second.second;
      if (own != nullptr) {
        in_failed -= before.contains(gram);
        in_fixed -= own_fixed.contains(gram);
      }
      return std::log((in_fixed + 0.5) / (in_failed + 0.5));
    };
    for (Candidate& one : list) {
      const auto after = grams_of(one.row, n + shortest_gram);
      double added = 0, removed = 0;
      for (const std::uint64_t gram : after)
        if (!before.contains(gram)) added += odds(gram);
      for (const std::uint64_t gram : before)
        if (!after.contains(gram)) removed -= odds(gram);
      one.features[grams_at + 2 * n] = static_cast<float>(std::clamp(added, -8.0, 8.0));
      one.features[grams_at + 2 * n + 1] = static_cast<float>(std::clamp(removed, -8.0, 8.0));
    }
  }
}

template <typename Visit>
void TokenEdits::for_each_window(const TokenRow& row, const Visit& visit) const {
  for (std::size_t start = 0; start <= row.size(); ++start)
    for (std::size_t end = start; end <= std::min(row.size(), start + max_span); ++end)
      for (std::size_t width = end == start ? 3 : 0; width < widths.size(); ++width) {
        Renaming names;
        const auto found = windows_.find(window_key(row, start, end, width, names));
        if (found == windows_.end()) {
          // A wider context of the same sides cannot stand where a narrower one never was edited.
          if (width >= 3 && width != 4 && width != 5) break;
          continue;
        }
        visit(found->first, found->second, start, end, width, names);
      }
}

void TokenEdits::remember(const TokenPair& pair) {
  const auto edit = edit_between(pair.failed, pair.fixed);
  if (!edit) return;
  if (edit->replacement.empty()) remember_deletion(pair.failed, edit->start, edit->end);
  if (edit->end - edit->start > max_span) return;
  for (std::size_t width = edit->start == edit->end ? 3 : 0; width < widths.size(); ++width) {
    Renaming names;
    const std::uint64_t key = window_key(pair.failed, edit->start, edit->end, width, names);
    Window& window = windows_[key];  // kept also without a replacement: narrow contexts lead to wider ones
    const auto row = abstracted(edit->replacement, pair.failed, names);
    if (!row) continue;
    const auto known = std::find_if(window.replacements.begin(), window.replacements.end(),
                                    [&](const Replacement& one) { return one.row == *row; });
    if (known != window.replacements.end()) ++known->support;
    else window.replacements.push_back({*row, 1});
  }
}

void TokenEdits::count(const TokenRow& row, bool fixed) {
  std::set<std::uint64_t> here;
  for_each_window(row, [&](std::uint64_t key, const Window&, std::size_t, std::size_t, std::size_t, const Renaming&) { here.insert(key); });
  for_each_shape(row, [&](std::uint64_t key, const Window&, std::size_t, std::size_t, std::size_t, const Renaming&) { here.insert(key); });
  for (const std::uint64_t key : here) {
    Window& window = windows_[key];
    ++(fixed ? window.fixed : window.failed);
  }
}

std::vector<TokenEdits::Candidate> TokenEdits::candidates(const TokenRow& failed, const TokenPair* own) const {
  // A pair that was learned is judged without its own counts.
  const auto own_edit = own != nullptr ? edit_between(own->failed, own->fixed) : std::nullopt;
  std::map<TokenRow, std::vector<float>> found;
  const auto gather = [&](std::uint64_t, const Window& window, std::size_t start, std::size_t end, std::size_t width, const Renaming& names) {
    for (const Replacement& replacement : window.replacements) {
      TokenRow row = applied(failed, start, end, replacement.row, names);
      std::uint32_t support = replacement.support;
      if (own_edit && own_edit->start == start && own_edit->end == end && row == own->fixed) --support;
      if (support == 0 || row == failed) continue;
      const double seen = window.failed - (own != nullptr ? 1.0 : 0.0);
      const double share = (support - 0.5) / (seen + window.fixed + 1.0);
      const auto value = static_cast<float>(std::log(share) + 8.0);
      auto& features = found[std::move(row)];
      if (features.empty()) features.assign(feature_count + 2, 0.0f);
      float& best = features[width * per_width];
      if (features[width * per_width + 1] == 0 || value > best) best = value;
      features[width * per_width + 1] = 1;
      features[width * per_width + 2] = std::max(features[width * per_width + 2], static_cast<float>(std::log(support)));
      float& strongest = features[feature_count];
      strongest = std::max(strongest, value);
      const std::size_t base = slots * per_width;
      features[base] = std::max(features[base], value);
      features[base + 1] = static_cast<float>(end - start) / 10.0f;
      features[base + 2] = static_cast<float>(replacement.row.size()) / 10.0f;
      features[base + 3] = end == start ? 1.0f : 0.0f;
      features[base + 4] = replacement.row.empty() ? 1.0f : 0.0f;
      features[base + 5] = static_cast<float>(start) / static_cast<float>(failed.size() + 1);
      features[base + 6] += 0.1f;
      features[base + 7] = std::max(features[base + 7], static_cast<float>(width) / 10.0f);
      features[base + 8] = std::log(static_cast<float>(failed.size())) * features[base + 4];
    }
  };
  for_each_window(failed, gather);
  for_each_shape(failed, gather);
  std::vector<Candidate> list;
  for (auto& [row, features] : found) list.push_back({row, std::move(features)});
  std::stable_sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) { return a.features[feature_count] > b.features[feature_count]; });
  if (list.size() > max_candidates) list.resize(max_candidates);
  for (Candidate& one : list) one.features.resize(feature_count);
  add_gram_features(failed, own, list);
  return list;
}

double TokenEdits::score(const std::vector<float>& features) const {
  double sum = 0;
  for (std::size_t i = 0; i < feature_count; ++i) sum += weights_[i] * static_cast<double>(features[i]);
  return sum;
}

/// Maximum conditional likelihood of the real fix among the candidates, by stochastic gradient with AdaGrad steps.
void TokenEdits::train(const std::vector<TokenPair>& pairs) {
  struct Example {
    std::vector<std::vector<float>> features;
    std::size_t right = 0;
  };
  std::vector<Example> examples;
  for (const TokenPair& pair : pairs) {
    Example example;
    bool has_right = false;
    for (Candidate& one : candidates(pair.failed, &pair)) {
      if (one.row == pair.fixed) {
        has_right = true;
        example.right = example.features.size();
      }
      example.features.push_back(std::move(one.features));
    }
    if (has_right && example.features.size() > 1) examples.push_back(std::move(example));
  }
  weights_.assign(feature_count, 0.0);
  weights_[slots * per_width] = 1.0;
  std::vector<double> squares(feature_count, 1.0);
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (const Example& example : examples) {
      std::vector<double> chance;
      double top = -1e300, total = 0;
      for (const auto& features : example.features) chance.push_back(score(features));
      for (const double one : chance) top = std::max(top, one);
      for (double& one : chance) total += one = std::exp(one - top);
      std::vector<double> gradient(feature_count, 0.0);
      for (std::size_t c = 0; c < chance.size(); ++c) {
        const double push = (c == example.right ? 1.0 : 0.0) - chance[c] / total;
        for (std::size_t i = 0; i < feature_count; ++i) gradient[i] += push * static_cast<double>(example.features[c][i]);
      }
      for (std::size_t i = 0; i < feature_count; ++i) {
        const double step = gradient[i] - 1e-3 * weights_[i];
        squares[i] += step * step;
        weights_[i] += 0.2 * step / std::sqrt(squares[i]);
      }
    }
}

void TokenEdits::learn(const std::vector<TokenPair>& pairs) {
  windows_.clear();
  grams_.clear();
  for (const TokenPair& pair : pairs) remember(pair);
  for (const TokenPair& pair : pairs) {
    count(pair.failed, false);
    count(pair.fixed, true);
    count_grams(pair.failed, false);
    count_grams(pair.fixed, true);
  }
  train(pairs);
}

std::vector<TokenProposal> TokenEdits::propose(const TokenRow& failed, std::size_t limit) const {
  std::vector<TokenProposal> proposals;
  if (weights_.empty()) return proposals;
  for (Candidate& one : candidates(failed, nullptr)) proposals.push_back({std::move(one.row), score(one.features)});
  std::stable_sort(proposals.begin(), proposals.end(), [](const TokenProposal& a, const TokenProposal& b) { return a.score > b.score; });
  if (proposals.size() > limit) proposals.resize(limit);
  return proposals;
}

}  // namespace autodev::mine
