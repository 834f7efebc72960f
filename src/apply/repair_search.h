// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Repair search: the most probable candidates first, until the time is over; of those that pass all visible tests, one is chosen and
// a probability says how far to believe it.
//
// Passing the tests is not being right: most plausible patches of early systems were wrong (Qi et al., ISSTA 2015). So rivals are
// kept and run on inputs of their own (repair_probes.h); the one that is believed most wins.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apply/repair_ranking.h"
#include "apply/repair_runner.h"
#include "base/env.h"

namespace autodev::apply {

struct RepairTask {
  Language language = Language::c;
  std::string source;
  std::vector<RepairTest> tests;  ///< visible ones
};

struct RepairOptions {
  double seconds = 60;
  std::uint64_t seed = 1;
  bool keep_rivals = false;  ///< fill RepairOutcome::rivals
  std::function<void(std::size_t tried, std::size_t passing)> on_progress;
};

/// A candidate that passes all visible tests, with what speaks for it.
struct RepairRival {
  RepairCandidate candidate;
  std::map<std::string, double> evidence;
  double probability = 0;
};

struct RepairOutcome {
  enum class End { repaired, nothing_found, tests_pass, does_not_build };
  End end = End::nothing_found;
  RepairCandidate candidate;   ///< when repaired
  std::string code;            ///< the whole repaired program
  double probability = 0;      ///< of being right beyond the visible tests
  std::map<std::string, double> evidence;  ///< what the probability was made from
  std::size_t candidates = 0, tried = 0, passing = 0;
  std::vector<RepairRival> rivals;         ///< all that pass, the chosen one first if it passed alone; only when asked for
  double seconds = 0;
  double prepared = 0;         ///< seconds until the candidates were in order
  std::size_t calls = 0;       ///< of the runner
};

[[nodiscard]] Result<RepairOutcome> repair_program(base::Env& env, Sandbox& sandbox, const RepairTask& task, const RepairRanking& ranking,
                                                   const RepairOptions& options);

/// Kinds of edits that write in one of many names or numbers: with so many to choose from, one of them fits a few tests by chance.
[[nodiscard]] bool guesses_content(std::string_view kind);

/// Probability from evidence (repair_belief.cpp). What is absent counts as usual.
[[nodiscard]] double repair_belief(const std::map<std::string, double>& evidence);

}  // namespace autodev::apply
