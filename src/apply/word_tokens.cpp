// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sets of tasks as bits of one number, so that a comparison is a population count.
#include "apply/word_tokens.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>

#include "apply/code_tokens.h"
#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_tasks = 64;
constexpr std::size_t max_offered = 6;
constexpr double least_strength = 0.6;  // a third of the occurrences alone would be 0.67 of one side

double dice(std::uint64_t a, std::uint64_t b) {
  const int both = std::popcount(a & b);
  return 2.0 * both / (std::popcount(a) + std::popcount(b));
}

char kind_of(CodeTokenKind kind) {
  switch (kind) {
    case CodeTokenKind::number:
      return 'n';
    case CodeTokenKind::string:
      return 's';
    case CodeTokenKind::identifier:
      return 'i';
    default:
      return 0;
  }
}

}  // namespace

void WordTokens::add(const VisibleTask& task, std::string_view code, std::size_t body) {
  if (count_ == max_tasks) return;
  const Tasks bit = Tasks{1} << count_++;
  std::map<std::string, int> said;  // by base form
  for (const auto& piece : pieces_of(task.spec)) ++said[piece.number ? piece.lower : base_form(piece.lower)];
  std::set<std::string> spelled;
  for (const auto& token : tokens_of(code, task.language)) {
    if (token.start < body || kind_of(token.kind) == 0) continue;
    const auto text = text_of(code, token);
    bool explained = false;
    for (const auto& piece : pieces_of(text)) {
      const auto word = piece.number ? piece.lower : base_form(piece.lower);
      const auto found = said.find(word);
      if (found == said.end()) continue;
      spelled.insert(word);
      explained = !piece.number || found->second-- > 0;  // each mention of a number explains one
    }
    if (explained) continue;
    auto& known = tokens_[std::string(text)];
    known.tasks |= bit;
    known.kind = kind_of(token.kind);
  }
  for (const auto& [word, count] : said)
    if (!spelled.contains(word) && !is_filler_word(word)) words_[word] |= bit;
}

WordTokens::Meaning WordTokens::meaning_of(const std::string& word, char kind) const {
  Meaning best;
  const auto known = words_.find(word);
  if (known == words_.end()) return best;
  bool rivalled = false;
  for (const auto& [token, seen] : tokens_) {
    if (seen.kind != kind) continue;
    const double strength = dice(known->second, seen.tasks);
    rivalled = strength == best.strength ? true : strength > best.strength ? false : rivalled;
    if (strength > best.strength) best = {token, strength};
  }
  if (rivalled || best.strength < least_strength) return {};
  return best;
}

std::vector<LearnedRewrite> WordTokens::for_difference(const TextDifference& difference) const {
  std::vector<std::pair<double, LearnedRewrite>> all;
  for (const auto& rule : difference.rules) {
    if (rule.from.size() != 1 || rule.to.size() != 1 || rule.from[0].number || rule.to[0].number) continue;
    const auto removed = base_form(rule.from[0].lower);
    const auto added = base_form(rule.to[0].lower);
    for (const char kind : std::array{'n', 's', 'i'}) {
      const auto old = meaning_of(removed, kind);
      const auto now = meaning_of(added, kind);
      if (old.token.empty() || now.token.empty() || old.token == now.token) continue;
      const auto seen = std::popcount(words_.at(added) & tokens_.at(now.token).tasks);
      all.emplace_back(old.strength * now.strength,
                       LearnedRewrite{removed, added, old.token, now.token, static_cast<std::uint32_t>(seen), 0});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  std::vector<LearnedRewrite> offered;
  for (auto& entry : all) {
    LearnedRewrite& rewrite = entry.second;
    const auto same = [&rewrite](const LearnedRewrite& o) { return o.before == rewrite.before; };
    if (offered.size() < max_offered && std::none_of(offered.begin(), offered.end(), same))
      offered.push_back(std::move(rewrite));
  }
  return offered;
}

}  // namespace autodev::apply
