// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Belief: from what the search saw to the probability that a plausible patch is right beyond the visible tests.
//
// A logistic model with fixed signs. Its weights were fitted on patches of development problems that were judged by held-out tests.
#include <cmath>

#include "apply/repair_search.h"

namespace autodev::apply {
namespace {

struct Term {
  const char* name;
  double weight;
};

constexpr double intercept = 0.5;
constexpr Term terms[] = {{"log p", 0.2}, {"share", 1.0}, {"groups", -0.3}, {"tests", 0.1}, {"strictness", 0.1}, {"deletes", -0.3}, {"literal", -0.3}};

}  // namespace

double repair_belief(const std::map<std::string, double>& evidence) {
  double z = intercept;
  for (const Term& term : terms) {
    const auto found = evidence.find(term.name);
    if (found != evidence.end()) z += term.weight * found->second;
  }
  return 1 / (1 + std::exp(-z));
}

}  // namespace autodev::apply
