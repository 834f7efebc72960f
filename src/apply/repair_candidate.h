// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair candidate: one possible fix as edits of the program's text, with the words that describe it to the ranking model.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "apply/repair_program.h"

namespace autodev::apply {

struct RepairEdit {
  std::size_t start = 0, end = 0;  ///< bytes of the failed program
  std::string text;

  bool operator==(const RepairEdit&) const = default;
};

struct RepairCandidate {
  std::vector<RepairEdit> edits;  ///< disjoint, in order
  std::string kind;               ///< family: "relation", "variable", "insert statement", ...
  std::string detail;             ///< what exactly, without names: "< to <="
  std::uint32_t node = 0;         ///< where: index into the program's tree
  std::vector<std::string> names; ///< names that were written in
  double score = 0;               ///< log-odds of the ranking model, comparable within one program
};

[[nodiscard]] std::string apply_edits(std::string_view source, const std::vector<RepairEdit>& edits);

/// Gathers candidates, each text once.
class CandidateList {
 public:
  explicit CandidateList(const RepairProgram& program, std::size_t limit) : program_(program), limit_(limit) { seen_.reserve(16'384); }

  /// One edit: bytes [start, end) become `text`. Edits that change nothing and repetitions are dropped.
  void add(std::string kind, std::string detail, std::uint32_t node, std::size_t start, std::size_t end, std::string text,
           std::vector<std::string> names = {});
  /// The whole node becomes `text`.
  void replace(std::string kind, std::string detail, std::uint32_t node, std::string text, std::vector<std::string> names = {});
  void add_all(std::string kind, std::string detail, std::uint32_t node, std::vector<RepairEdit> edits);

  [[nodiscard]] bool full() const noexcept { return list_.size() >= limit_; }
  [[nodiscard]] std::vector<RepairCandidate>& list() noexcept { return list_; }
  [[nodiscard]] const RepairProgram& program() const noexcept { return program_; }

 private:
  const RepairProgram& program_;
  std::size_t limit_;
  std::vector<RepairCandidate> list_;
  std::unordered_set<std::uint64_t> seen_;
};

/// Words and numbers to write in that are not in the program: from the tests, from earlier fixes.
struct RepairIngredients {
  std::vector<std::string> words;    ///< of expected outputs
  std::vector<std::string> numbers;  ///< frequent replacements in earlier fixes
};

// One family each (repair_<family>.cpp).
void operator_candidates(CandidateList& list);
void value_candidates(CandidateList& list, const RepairIngredients& ingredients);
void condition_candidates(CandidateList& list);
void statement_candidates(CandidateList& list);
void insertion_candidates(CandidateList& list);
void text_candidates(CandidateList& list, const RepairIngredients& ingredients);
void type_candidates(CandidateList& list);

/// All families, at most `limit` candidates.
[[nodiscard]] std::vector<RepairCandidate> repair_candidates(const RepairProgram& program, const RepairIngredients& ingredients,
                                                             std::size_t limit = 40'000);

/// Adds pairs of candidates to `ranked`, which is in order of its scores; `log_total`: log of the sum of exp(score).
void add_pairs(const RepairProgram& program, double log_total, std::vector<RepairCandidate>& ranked);

/// Log-odds of a kind of edit, from counts over past fixes: the order of trial before anything was learned.
[[nodiscard]] double kind_prior(std::string_view kind) noexcept;

/// Binding strength of a binary operator, higher binds tighter; 0 unknown.
[[nodiscard]] int precedence(std::string_view operation) noexcept;
/// `text` with `operation` outermost, in brackets where the place of `node` needs them.
[[nodiscard]] std::string bracketed(const RepairProgram& program, std::uint32_t node, std::string text, std::string_view operation);

}  // namespace autodev::apply
