// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair ranking: which of all candidates is the fix, learned from fixes of other programs.
//
// For each past fix all candidates of the failed program are made; those that give the fixed program are right. A conditional
// log-linear model learns to tell them from the others by what is changed, how, and where (as Prophet: Long & Rinard, POPL 2016;
// history-driven repair: Le, Lo & Le Goues, SANER 2016), with AdaGrad steps (Duchi et al., JMLR 2011). So the same model says where to look
// and what to try. It starts from counts by kind of edit that were made once and are shipped (repair_prior.cpp), so that it has an order before the first fix.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apply/repair_candidate.h"

namespace autodev::apply {

struct RepairExample {
  Language language = Language::c;
  std::string failed, fixed;
  std::vector<std::string> facts;
};

/// Observations about failing tests that the ranking may use, from their texts: decimals expected, words, several lines, ...
struct RepairTest;
[[nodiscard]] std::vector<std::string> facts_of_tests(const std::vector<RepairTest>& tests);
/// Words of expected outputs, shortest first, at most 8.
[[nodiscard]] std::vector<std::string> words_of_tests(const std::vector<RepairTest>& tests);

class RepairRanking {
 public:
  struct Learned {
    std::size_t examples = 0;   ///< given
    std::size_t reachable = 0;  ///< whose fix is among the candidates
    std::vector<std::pair<std::size_t, std::string>> edits;  ///< of those: index of the example, "kind|detail" of its fix
  };

  RepairRanking();
  /// The same result for any number of threads.
  Learned learn(const std::vector<RepairExample>& examples, std::size_t threads = 1);

  /// Sets `score` of each candidate and sorts, best first (stable).
  void rank(const RepairProgram& program, const std::vector<std::string>& facts, std::vector<RepairCandidate>& candidates) const;
  /// Position of the first candidate that gives the example's fix in the order of trial; absent when there is none.
  [[nodiscard]] std::optional<std::size_t> rank_of_fix(const RepairExample& example, const std::vector<std::string>& words) const;
  /// Numbers that fixes wrote and programs lacked, most frequent first.
  [[nodiscard]] const std::vector<std::string>& numbers() const noexcept { return numbers_; }
  /// Index of the candidates that give `fixed`, blanks aside.
  [[nodiscard]] static std::vector<std::size_t> right_candidates(const RepairProgram& program, const std::vector<RepairCandidate>& candidates,
                                                                 std::string_view fixed);

 private:
  using Features = std::vector<std::uint32_t>;
  struct Prepared {
    std::vector<Features> rows;
    std::vector<double> offsets;  ///< by kind, not learned
    std::vector<bool> right;
    std::string edit;  ///< kind and detail of a right one
  };
  [[nodiscard]] static std::optional<Prepared> prepare(const RepairExample& example, std::size_t number);
  void count_numbers(const std::vector<RepairExample>& examples);
  [[nodiscard]] double score(const Features& features) const;
  void step(const std::vector<Features>& rows, const std::vector<double>& offsets, const std::vector<bool>& right);

  std::vector<float> weights_, squares_;
  std::vector<std::string> numbers_;
};

/// Features of one candidate, hashed.
[[nodiscard]] std::vector<std::uint32_t> repair_features(const RepairProgram& program, const RepairCandidate& candidate,
                                                         const std::vector<std::string>& facts);
inline constexpr std::uint32_t repair_feature_space = 1u << 19;

}  // namespace autodev::apply
