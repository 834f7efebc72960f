// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Belief: from what the search saw to the probability that a plausible patch is right beyond the visible tests.
//
// A logistic model with fixed signs. Its weights were fitted once, on 135 plausible patches of 203 C programs of the development data (judged
// by held-out tests; folds by problem gave 54 right of 60 accepted), rounded; "foreign" was strengthened by hand. What was tried and told
// nothing there: the ranking model's probability, the share of the chosen group, how many outputs on probes changed.
#include <cmath>

#include "apply/repair_search.h"

namespace autodev::apply {
namespace {

struct Term {
  const char* name;
  double weight;
};

constexpr double intercept = 1.3;
constexpr Term terms[] = {
    {"tests", 0.36},    // visible tests, at most 6
    {"cheap", -0.82},   // a kind that fits a test easily: numbers, texts, comparisons, insertions, moves, pairs
    {"foreign", -1.2},  // a number of three digits or more that stands nowhere in the program
    {"single", -0.95},  // nothing else passes: neither variants of the same fix nor rivals
    {"mixed", -1.23},   // a third to four fifths of the tests failed before: neither a corner case nor a total failure
    {"groups", -0.23},  // log of the number of different behaviours among what passes
};

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
