// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Pairs: two single candidates at once, where both are probable or alike. A fix in two places often does the same twice (Saha et al., ICSE 2019:
// evolutionary siblings), so equal kinds and near places get a bonus. Pairs join the order of trial with the sum of their scores.
#include <algorithm>
#include <map>

#include "apply/repair_candidate.h"

namespace autodev::apply {
namespace {

constexpr std::size_t singles = 160;     ///< most probable candidates that are paired with each other
constexpr std::size_t max_pairs = 4'000;
// In units of log-odds, chosen on development problems.
constexpr double pair_cost = 3.0, alike_bonus = 5.0, same_place_bonus = 1.5;

bool disjoint(const std::vector<RepairEdit>& a, const std::vector<RepairEdit>& b) {
  for (const auto& x : a)
    for (const auto& y : b)
      if (!(x.end < y.start || y.end < x.start)) return false;
  return true;
}

bool alike(const RepairCandidate& a, const RepairCandidate& b) {
  if (a.kind != b.kind || a.detail != b.detail) return false;
  return a.edits.size() != 1 || b.edits.size() != 1 || a.kind == "operator" || a.edits[0].text == b.edits[0].text || a.kind == "operand";
}

RepairCandidate joined(const RepairCandidate& a, const RepairCandidate& b) {
  RepairCandidate pair = a;
  pair.kind = "pair";
  pair.detail = a.kind + " and " + b.kind;
  pair.edits.insert(pair.edits.end(), b.edits.begin(), b.edits.end());
  std::sort(pair.edits.begin(), pair.edits.end(), [](const RepairEdit& x, const RepairEdit& y) { return x.start < y.start; });
  pair.names.insert(pair.names.end(), b.names.begin(), b.names.end());
  return pair;
}

}  // namespace

void add_pairs(const RepairProgram& program, double log_total, std::vector<RepairCandidate>& ranked) {
  std::vector<RepairCandidate> pairs;
  const auto consider = [&](std::size_t i, std::size_t j, double bonus) {
    const auto &a = ranked[i], &b = ranked[j];
    if (!disjoint(a.edits, b.edits)) return;
    if (program.statement_of(a.node) == program.statement_of(b.node)) bonus += same_place_bonus;
    RepairCandidate pair = joined(a, b);
    pair.score = a.score + b.score - log_total - pair_cost + bonus;
    pairs.push_back(std::move(pair));
  };
  const std::size_t near = std::min(singles, ranked.size());
  for (std::size_t i = 0; i < near; ++i)
    for (std::size_t j = i + 1; j < near; ++j) consider(i, j, alike(ranked[i], ranked[j]) ? alike_bonus : 0);
  // The same change in two places, further down the order.
  std::map<std::string, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), 3'000); ++i) {
    auto& group = groups[ranked[i].kind + "|" + ranked[i].detail];
    if (group.size() >= 10) continue;
    for (const auto other : group)
      if (i >= near && alike(ranked[other], ranked[i])) consider(other, i, alike_bonus);
    group.push_back(i);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  if (pairs.size() > max_pairs) pairs.resize(max_pairs);
  const auto middle = static_cast<std::ptrdiff_t>(ranked.size());
  ranked.insert(ranked.end(), std::make_move_iterator(pairs.begin()), std::make_move_iterator(pairs.end()));
  std::inplace_merge(ranked.begin(), ranked.begin() + middle, ranked.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
}

}  // namespace autodev::apply
