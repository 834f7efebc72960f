// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Retrieve: which earlier solutions are worth adapting.
//
// Two rankings are interleaved: by words (what is asked) and by signature shape (what goes in and out). In API families
// the text is unique and the shape tells the template; in text problems it is the other way round.
#pragma once

#include <vector>

#include "apply/adapt.h"
#include "apply/learned_rewrites.h"
#include "apply/nearest.h"
#include "apply/treatment.h"

namespace autodev::apply {

class Library {
 public:
  void add(Learned learned);
  /// Compares what came since the last call with its nearest earlier tasks, to learn rewrites; at most the latest 500.
  /// Cost: a retrieval by words each.
  void study();
  /// At most `limit` distinct earlier tasks, most promising first.
  [[nodiscard]] std::vector<Neighbour> retrieve(const VisibleTask& task, const SignatureShape& shape,
                                                std::size_t limit) const;
  [[nodiscard]] const Learned& at(std::size_t number) const { return learned_[number]; }
  [[nodiscard]] std::size_t size() const noexcept { return learned_.size(); }
  [[nodiscard]] const Treatments& treatments() const noexcept { return treatments_; }
  [[nodiscard]] const LearnedRewrites& rewrites() const noexcept { return rewrites_; }
  [[nodiscard]] double rarity(std::string_view word) const { return index_.rarity(word); }
  /// A base-form word that a quarter of the tasks have, two at least: it tells nothing of one.
  [[nodiscard]] bool is_common(std::string_view word) const {
    const auto with = index_.tasks_with(word);
    return with >= 2 && 4 * with >= learned_.size();
  }

 private:
  TaskIndex index_;
  Treatments treatments_;
  LearnedRewrites rewrites_;
  std::size_t studied_ = 0;
  std::vector<Learned> learned_;
};

}  // namespace autodev::apply
