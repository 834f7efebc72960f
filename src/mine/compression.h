// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Compression of a corpus of terms by a library of abstractions: search the best one, rewrite the corpus with it,
// repeat.
//
// Rewriting applies the abstraction where that is cheapest overall (one pass over the different terms). The arguments
// of a call are ordered from the least to the most varied: calls are curried, so that the next abstractions can capture
// `(f a)` with the rarely changing `a` in it. The order costs nothing and is not part of the utility.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "mine/abstraction_search.h"

namespace autodev::mine {

struct CompressionOptions {
  unsigned max_arity = 3;
  unsigned iterations = 10;              ///< abstractions at most
  std::uint64_t max_steps = UINT64_MAX;  ///< per abstraction; beyond it the best so far is taken
};

struct LearnedAbstraction {
  std::string name;  ///< fn_0, fn_1, …
  std::string body;  ///< with #0, #1, … for the parameters
  unsigned arity = 0;
  std::int64_t utility = 0;
  std::int64_t calls = 0;       ///< in the corpus as it is rewritten with this abstraction
  std::int64_t cost_after = 0;  ///< of the corpus
  std::uint64_t steps = 0;
  bool optimal = true;  ///< the search ended before max_steps
};

struct CompressionReport {
  std::int64_t original_cost = 0, final_cost = 0;
  std::vector<LearnedAbstraction> abstractions;
  std::vector<std::string> rewritten;
  bool optimal = true;  ///< no search was cut short by max_steps or memory, not even one that found nothing
  /// Every rewritten program gives the original again when its calls are replaced by their bodies.
  bool faithful = false;

  /// original_cost / final_cost, bodies of abstractions not counted (as in the paper's tables).
  [[nodiscard]] double ratio() const;
};

/// `bad_data` with the number of the program when one cannot be read (see TermBank::parse).
[[nodiscard]] Result<CompressionReport> compress(
    const std::vector<std::string>& programs, const CompressionOptions& options,
    const std::function<void(const LearnedAbstraction&)>& on_abstraction = {});

}  // namespace autodev::mine
