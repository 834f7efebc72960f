// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Calibrate: the probability that a candidate is right, from terms that can be printed.
//
// A Bayesian logistic regression over a dozen features that mean the same for every kind of task, with a random
// intercept per stream. It starts from a shipped prior (calibrate_prior.cpp), learns from every outcome that is
// revealed after scoring, and what it does not know pulls the probability towards one half, so too little evidence
// means abstaining:
//
//   z = w.x + d_stream        w ~ N(w0, S0) posterior N(w, S);   d ~ N(0, tau^2) posterior N(d, v)
//   p = sigmoid(z / sqrt(1 + pi (x'Sx + v) / 8))                 (MacKay's approximation of the mean)
//
// Posteriors are Laplace approximations: Newton steps, refitted as outcomes come. Weights keep their sign: more
// unexplained meaning or weaker tests can never raise p.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace autodev::apply {

struct CandidateFeatures {
  bool tests_passed = false;  ///< false: there were none
  double test_strength = 0;   ///< how many of the candidates the visible tests threw out, [0, 1]
  double spec_residue = 1, name_residue = 1;
  std::size_t sources = 1;  ///< earlier tasks that lead to the same code
  double rivals = 0;        ///< share of other codes among those that passed, weighted by score, [0, 1]
  std::size_t missing = 0;  ///< anchors of the specification that the code does not have
  double splices = 0;       ///< pieces taken over from other earlier solutions
  double shape = 0;         ///< shape similarity of the signatures
  double strange = 0;       ///< how unlike earlier ones the least familiar parameter is treated, [0, 1]
  double unused = 0;        ///< share of the parameters that the code never mentions
  double size = 0;          ///< tokens of the code
};

/// What a candidate looks like to the model, each in [0, 1]; order of `feature_names`.
inline constexpr std::size_t feature_count = 14;
using FeatureVector = std::array<double, feature_count>;
[[nodiscard]] FeatureVector vector_of(const CandidateFeatures& features);
[[nodiscard]] const std::array<const char*, feature_count>& feature_names() noexcept;

/// What became known about a candidate.
enum class Revealed : std::uint8_t {
  right,      ///< it ended the cycle, or is the code that did, up to layout, local names and order
  wrong,      ///< it was applied and failed
  different,  ///< it was not applied, and the code that ended the cycle is another: perhaps right all the same
};

/// Prior of the weights: mean, standard deviation, and the sign a weight must keep (+1, -1, 0 free).
struct WeightPrior {
  double mean, deviation;
  int sign;
};
[[nodiscard]] const std::array<WeightPrior, feature_count>& shipped_prior() noexcept;

class Calibration {
 public:
  Calibration();
  /// Probability that the candidate is right.
  [[nodiscard]] double probability(const CandidateFeatures& features, const std::string& stream) const {
    return probability(vector_of(features), stream);
  }
  [[nodiscard]] double probability(const FeatureVector& x, const std::string& stream) const;
  /// "tested +2.1, spec residue -0.4, ...": the terms behind it, largest first; at most `limit`.
  [[nodiscard]] std::string explain(const CandidateFeatures& features, const std::string& stream,
                                    std::size_t limit) const;
  /// Tells the outcome of a candidate. `different` counts as right to the degree p e / (p e + 1 - p) that Bayes' rule
  /// gives when a share e of right candidates is written differently. Cost: O(outcomes * features^2); 2,000 outcomes
  /// are kept.
  void reveal(const CandidateFeatures& features, const std::string& stream, Revealed revealed) {
    reveal(vector_of(features), stream, revealed);
  }
  void reveal(const FeatureVector& x, const std::string& stream, Revealed revealed);

 private:
  struct Outcome {
    FeatureVector x{};
    double right = 0;  ///< [0, 1]
  };
  struct Offset {
    double mean = 0, variance = 0;
  };
  using Matrix = std::array<FeatureVector, feature_count>;

  void refit();
  void refit_offset(const std::string& stream);
  [[nodiscard]] double score(const FeatureVector& x) const;
  [[nodiscard]] double variance(const FeatureVector& x) const;
  [[nodiscard]] Offset offset(const std::string& stream) const;

  std::vector<Outcome> outcomes_;
  std::map<std::string, std::vector<Outcome>> by_stream_;
  std::map<std::string, Offset> offsets_;
  FeatureVector weights_{};
  Matrix covariance_{};
};

}  // namespace autodev::apply
