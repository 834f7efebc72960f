// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The comparison, by the pairs of opposites that retrieval knows too (index/opposites.h).
#include "apply/gate.h"

#include <algorithm>
#include <map>
#include <set>

#include "apply/pieces.h"
#include "apply/signature_shape.h"
#include "index/opposites.h"

namespace autodev::apply {
namespace {

using Counts = std::map<std::string, int>;

Counts words_of(const VisibleTask& task) {
  Counts counts;
  const auto entry = parse_signature(task.signature, task.language).entry;
  for (const std::string_view text : {std::string_view(task.spec), std::string_view(entry)})
    for (const auto& piece : pieces_of(text)) {
      if (piece.number) continue;
      ++counts[piece.lower];
      const auto base = base_form(piece.lower);
      if (base != piece.lower) ++counts[base];
      if (base + "e" != piece.lower) ++counts[base + "e"];  // "encoding" -> "encode"
    }
  return counts;
}

int negations_in(const Counts& counts) {
  int total = 0;
  for (const auto& [word, count] : counts)
    if (index::is_negation(word)) total += count;
  return total;
}

}  // namespace

PolarityDifference compare_polarity(const VisibleTask& earlier, const VisibleTask& now) {
  const Counts old_words = words_of(earlier);
  const Counts new_words = words_of(now);
  const auto only_old = [&](std::string_view w) {
    return old_words.count(std::string(w)) > 0 && new_words.count(std::string(w)) == 0;
  };
  const auto only_new = [&](std::string_view w) {
    return new_words.count(std::string(w)) > 0 && old_words.count(std::string(w)) == 0;
  };
  PolarityDifference difference;
  std::set<std::string> flipped;
  std::set<std::string> lone;
  for (const auto& pair : index::opposite_pairs()) {
    for (const auto& [gone, come] : {std::pair(pair.one, pair.other), std::pair(pair.other, pair.one)}) {
      if (only_old(gone) && only_new(come)) {
        difference.flips.emplace_back(gone, come);
        flipped.insert(std::string(gone));
        flipped.insert(std::string(come));
      }
      if (only_old(gone) || only_new(gone)) lone.insert(std::string(gone));
    }
  }
  std::set_difference(lone.begin(), lone.end(), flipped.begin(), flipped.end(),
                      std::back_inserter(difference.one_sided));
  difference.negation = negations_in(old_words) != negations_in(new_words);
  return difference;
}

bool may_adapt(const PolarityDifference& difference, const std::vector<std::string>& rewritten) {
  if (difference.negation) return false;
  const auto was_rewritten = [&](const std::string& word) {
    return std::any_of(rewritten.begin(), rewritten.end(), [&](const std::string& r) {
      return r == word || base_form(r) == word || base_form(r) + "e" == word;
    });
  };
  return std::all_of(difference.flips.begin(), difference.flips.end(),
                     [&](const auto& flip) { return was_rewritten(flip.first); });
}

}  // namespace autodev::apply
