// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Decider: question -> votes -> choice, and outcome -> what is remembered.
//
//   judge      every voter says what it thinks of every option; the weights blend it into one forecast each
//   choose     the option that is most likely the best, or, with the probability that another one is, that one
//   remember   a choice was made (numbers its type's decisions and gives features their slots)
//   learn      an outcome came in: voters are charged, tallies move, changes are noticed
//
// Nothing here knows time, chance, files or the journal: chance comes in as one number, state as rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vote/weights.h"

namespace autodev::vote {

struct OptionFacts {
  std::optional<double> cost;     ///< in any unit, >= 0
  std::optional<double> quality;  ///< of the pattern behind it, [0, 1]
  std::string veto;               ///< why a guard forbids it; empty: allowed
};

struct Question {
  std::string type;
  std::vector<std::string> options;
  std::vector<OptionFacts> facts;  ///< by option, or empty
  Context context;
  std::string prefer;              ///< one of the options, or empty
};

struct Settings {
  double cost_weight = 0.05;      ///< successes that the dearest option must gain over a free one
  bool explore = true;            ///< false: always the option with the best forecast
  std::optional<Voter> only;      ///< measurement: this voter alone
  bool equal_weights = false;     ///< measurement: weights are not learned
};

/// Everything said about one option.
struct OptionVote {
  std::string option;
  Says says;
  double estimate = 0.5;    ///< blended forecast, [0, 1]
  double evidence = 0;      ///< outcomes behind it, blended
  double cost = 0;          ///< cost as a share of the dearest option
  double value = 0.5;       ///< estimate - cost_weight x cost: what is compared
  double propensity = 0;    ///< probability of being chosen
  std::uint32_t chosen = 0, successes = 0, failures = 0;
  bool deprecated = false;  ///< estimate < 0.1 on enough evidence
  bool probe_due = false;   ///< deprecated, but not tried for long
  std::string veto;
};

struct Judgement {
  std::vector<OptionVote> options;  ///< as asked
  Weights weights{};
  bool anything_known = false;      ///< some option has an outcome, a quality or a preference
  std::uint64_t decisions = 0, outcomes = 0;  ///< of the type
  std::optional<ChangeSeen> change;           ///< the last one
};

struct Choice {
  std::size_t option = 0;
  std::size_t best = 0;   ///< by forecast
  bool probe = false;     ///< a deprecated option gets its chance to come back
};

/// An option with an estimate below this is set aside (the specification's number) ...
inline constexpr double deprecation_estimate = 0.1;
/// ... and tried again once this many decisions of its type passed without it.
inline constexpr std::uint64_t probe_after = 50;

[[nodiscard]] Result<Judgement> judge(const MemoryRead& memory, const Question& question, const Settings& settings);
/// Fills the propensities. `chance` in [0, 1).
[[nodiscard]] Choice choose(Judgement& judgement, const Settings& settings, double chance);
/// What would have led to another choice, as sentences; most telling first. Costs some hundred judgements.
[[nodiscard]] Result<std::vector<std::string>> what_would_change(const MemoryRead& memory, const Question& question, const Settings& settings,
                                                                 const Judgement& judgement, const Choice& choice);
[[nodiscard]] Spoken spoken_of(const Judgement& judgement);

Result<void> remember(Memory& memory, const Question& question, std::size_t chosen);

struct Outcome {
  std::size_t option = 0;
  double reward = 0;      ///< [0, 1]
  double seen = 1;        ///< probability with which it came to be seen
  bool first = true;      ///< the first one of its decision
  Digest decision;
};
Result<void> learn(Memory& memory, const Question& question, const Spoken& spoken, const Outcome& outcome);

}  // namespace autodev::vote
