// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Defect model: which line of a failed program is wrong, and what kind of defect it is.
//
// One log-linear model over pairs (line, label): what a line looks like, alone and per label, plus what the program and
// its failed check look like per label. Summing the pairs' probabilities over labels ranks the lines, over lines the
// labels; so "a condition with <= in a loop" speaks for its line and for its label at once. Labels are data: the model
// knows none. Learned by stochastic gradient with AdaGrad steps (Duchi et al., JMLR 2011) in the order given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace autodev::mine {

/// A failed program in features: hashes of whatever was observed.
struct FailedProgram {
  std::vector<std::vector<std::uint32_t>> lines;  ///< features by line; empty for blank lines
  std::vector<std::uint32_t> whole;               ///< features of program, verdict and failed check
  std::vector<std::size_t> faulty;                ///< training: indices of lines
  std::size_t label = 0;                          ///< training
};

inline constexpr std::uint32_t feature_space = 1u << 15;  ///< features are hashed into it

/// Features of source text in any curly-brace or indented language: tokens, their neighbours, what a line begins with, how
/// deep it stands. `facts` are observations about the failure ("verdict=timeout", "expected=decimal", ...).
[[nodiscard]] FailedProgram describe_program(std::string_view source, const std::vector<std::string>& facts);

struct DefectGuess {
  std::vector<double> labels;        ///< probability by label
  std::vector<std::size_t> lines;    ///< line indices, most suspicious first
};

class DefectModel {
 public:
  /// `prior_power`: how far the choice of a label corrects for its frequency; 0: not at all, 1: as if all were as frequent.
  void learn(const std::vector<FailedProgram>& programs, std::size_t labels);
  [[nodiscard]] DefectGuess guess(const FailedProgram& program) const;
  /// argmax of probability / frequency^power.
  [[nodiscard]] std::size_t choose(const DefectGuess& guess, double power) const;

 private:
  struct Scores {
    std::vector<double> pairs;  ///< [line * labels + label], normalised
    std::vector<std::size_t> rows;
  };
  [[nodiscard]] Scores score(const FailedProgram& program) const;
  void step(const FailedProgram& program);
  void push(std::size_t weight, double gradient);

  std::size_t labels_ = 0;
  std::vector<double> frequency_;
  std::vector<float> weights_, squares_;  ///< (1 + 2 * labels) blocks of feature_space
};

}  // namespace autodev::mine
