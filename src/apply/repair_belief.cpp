// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Belief: from what the search saw to the probability that a plausible patch is right beyond the visible tests.
//
// A logistic model with fixed signs over five terms that mean the same for every program. Its weights were fitted on
// all plausible patches of 230 C programs of the development data, each program weighing alike, judged by held-out
// tests (bench/fit_repair_belief.py, rounded). What was tried and told nothing more there, in folds by problem: the
// ranking model's probability, how often edits of the same statement pass, the number of behaviours and of passing
// candidates, new large numbers, how much changes near failed tests or on inputs that are not near any.
#include <cmath>
#include <set>

#include "apply/repair_search.h"

namespace autodev::apply {
namespace {

struct Term {
  const char* name;
  double weight;
  double usual;  ///< where nothing is known: the mean of the fit
};

constexpr double intercept = -1.8;
constexpr Term terms[] = {
    // Share of the rivals that behave alike on a probe, on average; drawn to 0.6 where rivals are few.
    {"agreement", 2.2, 0.6},
    // Share of the probes near passed tests whose output the edit changes.
    {"changed", -0.85, 0.2},
    // Visible tests with different inputs, at most 6.
    {"tests", 0.3, 3.3},
    // log(1 + length) of the longest output that was wrong, without words that the edit itself writes in; at most 2.5.
    {"length", 0.64, 1.3},
    // The kind writes in one of many names or numbers.
    {"guess", -1.0, 0},
};

}  // namespace

bool guesses_content(std::string_view kind) {
  static const std::set<std::string_view> kinds = {"variable",   "element",        "number", "conjunct",
                                                   "comparison", "name to number", "wrap",   "regroup"};
  return kinds.contains(kind);
}

double repair_belief(const std::map<std::string, double>& evidence) {
  double z = intercept;
  for (const Term& term : terms) {
    const auto found = evidence.find(term.name);
    z += term.weight * (found != evidence.end() ? found->second : term.usual);
  }
  return 1 / (1 + std::exp(-z));
}

}  // namespace autodev::apply
