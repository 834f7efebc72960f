// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the abstraction search asks about the terms of a corpus, per term id in flat columns.
#pragma once

#include <cstdint>
#include <vector>

#include "mine/lambda_term.h"

namespace autodev::mine {

/// Of one term of the corpus.
struct CorpusTerm {
  std::uint32_t first = 0, second = 0;  ///< parts, as in TermNode
  std::uint32_t label = 0;              ///< equal for equal heads: label_application, label_lambda, else one per leaf
  std::uint32_t shape = 0;              ///< equal for terms that differ in their leaves only
  std::uint64_t leaves = 0;             ///< set of the leaves in it, in 64 bits: exact up to 64 different leaves
  std::uint64_t inner = 0;              ///< set of the applications and lambdas in it, in 64 bits
  std::uint64_t self = 0;               ///< its own bit, in `leaves` of a leaf, else in `inner`
  std::uint64_t free = 0;               ///< see TermBank::free_variables
  std::int64_t cost = 0;
};

inline constexpr std::uint32_t label_application = 0;
inline constexpr std::uint32_t label_lambda = 1;

class TermCorpus {
 public:
  static constexpr std::int32_t many_programs = -1;

  /// `bank` is compacted to `programs`. Cost: O(terms).
  TermCorpus(const TermBank& bank, const std::vector<TermId>& programs);

  [[nodiscard]] std::size_t size() const { return terms_.size(); }
  [[nodiscard]] const CorpusTerm& operator[](TermId term) const { return terms_[term]; }
  /// How often the term occurs in all programs.
  [[nodiscard]] std::int64_t occurrences(TermId term) const { return occurrences_[term]; }
  /// The only program it occurs in, or many_programs.
  [[nodiscard]] std::int32_t only_program(TermId term) const { return only_program_[term]; }
  [[nodiscard]] std::uint32_t labels() const { return labels_; }
  [[nodiscard]] std::uint32_t shapes() const { return shapes_; }

 private:
  void describe(const TermBank& bank);
  void count(const std::vector<TermId>& programs);

  std::vector<CorpusTerm> terms_;
  std::vector<std::int64_t> occurrences_;
  std::vector<std::int32_t> only_program_;
  std::uint32_t labels_ = 2, shapes_ = 0;
};

}  // namespace autodev::mine
